package farm

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// hangTime is how long a source of class Hang keeps a patient client waiting.
const hangTime = 90 * time.Second

// serveFeed answers a request for a feed in the way of its class. moved says
// that it was asked for at its new address.
func (f *Farm) serveFeed(v *visit, s *slot, moved bool) {
	s.manners.request(f.Clock())
	switch Class(s.fault.Load()) {
	case NotFound:
		v.send(http.StatusNotFound, []byte("not found"))
	case Gone:
		v.send(http.StatusGone, []byte("gone"))
	case TooMany:
		wait := time.Duration(f.RetryAfter) * time.Second
		s.manners.retryAt.Store(f.Clock().Add(wait).UnixNano())
		v.w.Header().Set("Retry-After", strconv.Itoa(f.RetryAfter))
		v.send(http.StatusTooManyRequests, []byte("slow down"))
	case ServerError:
		v.send(http.StatusInternalServerError+s.feed.ID%4, []byte("error"))
	case Hang:
		f.hang(v)
	case Redirect:
		f.serveMoved(v, s, moved)
	default:
		f.serveDocument(v, s)
	}
}

// hang answers nothing. The visit leaves at once, because the moment when the
// client gives up is seen here too late to judge what it does next.
func (f *Farm) hang(v *visit) {
	f.totals.status[0].Add(1)
	v.leave()
	timer := time.NewTimer(hangTime)
	defer timer.Stop()
	select {
	case <-v.r.Context().Done():
	case <-f.closed:
	case <-timer.C:
	}
}

func (f *Farm) serveMoved(v *visit, s *slot, moved bool) {
	if moved {
		f.serveDocument(v, s)
		return
	}
	ext := "." + s.feed.Format.Ext()
	to := strings.Replace(f.feedURL(&s.feed), ext, "-new"+ext, 1)
	v.w.Header().Set("Location", to)
	status := [...]int{
		http.StatusMovedPermanently, http.StatusFound,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect,
	}
	v.send(status[s.feed.ID%4], nil)
}

// serveDocument answers with the feed, or with 304 when the client has it.
func (f *Farm) serveDocument(v *visit, s *slot) {
	b := f.body(s)
	header := v.w.Header()
	if s.feed.ETag {
		header.Set("ETag", b.etag)
	}
	if s.feed.LM {
		header.Set("Last-Modified", b.date)
	}
	header.Set("Vary", "Accept-Encoding")
	if s.feed.matches(v.r.Header, b) {
		f.totals.notModified.Add(1)
		v.send(http.StatusNotModified, nil)
		return
	}
	s.manners.full(v.r.Header, s.feed.ETag || s.feed.LM)
	f.totals.full.Add(1)
	header.Set("Content-Type", s.feed.Format.MIME())
	if s.feed.Gzip && strings.Contains(v.r.Header.Get("Accept-Encoding"), "gzip") {
		header.Set("Content-Encoding", "gzip")
		f.totals.gzipSent.Add(1)
		v.send(http.StatusOK, b.gzip)
		return
	}
	v.send(http.StatusOK, b.plain)
}

// matches evaluates the preconditions of a request (RFC 9110 §13.2.2): If-None-Match
// by weak comparison, and If-Modified-Since only without it.
func (f *Feed) matches(header http.Header, b *body) bool {
	if tag := header.Get("If-None-Match"); f.ETag && tag != "" {
		return strings.TrimPrefix(tag, "W/") == strings.TrimPrefix(b.etag, "W/")
	}
	since := header.Get("If-Modified-Since")
	if !f.LM || since == "" {
		return false
	}
	t, err := http.ParseTime(since)
	return err == nil && !b.modified.After(t)
}
