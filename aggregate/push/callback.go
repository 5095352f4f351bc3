package push

import (
	"context"
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

const (
	tokenMark    = "." // between a source's id and what can't be guessed
	maxChallenge = 4 << 10
	usualLease   = 24 * time.Hour      // of a hub that does not say
	shortRenewal = 10 * time.Minute    // the least time from one renewal to the next
	longestLease = 30 * 24 * time.Hour // that is believed
)

// ServeHTTP is the callback of all subscriptions: the last part of the path says which
// one is called. A GET is a hub's question or its refusal (WebSub §5.2, §5.3), a POST
// its news (§7).
func (s *Subscriber) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("X-Content-Type-Options", "nosniff")
	rec, found := s.called(r)
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		header.Set("Allow", "GET, POST")
		w.WriteHeader(http.StatusMethodNotAllowed)
	case !found:
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodGet:
		s.answer(w, r, rec)
	default:
		// A connection knows no clock but the one on the wall. One without deadlines
		// has no slow end either.
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(s.readingTime))
		status := s.take(w, r, rec)
		if status != http.StatusAccepted {
			header.Set("Connection", "close") // the rest of the body is not waited for
		}
		w.WriteHeader(status)
	}
}

// called is the source whose subscription has the callback that was called.
func (s *Subscriber) called(r *http.Request) (storage.SourceRecord, bool) {
	name := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	cut := strings.LastIndex(name, tokenMark)
	if cut < 0 {
		return storage.SourceRecord{}, false
	}
	rec, found := s.source(r.Context(), coranto.SourceID(name[:cut]))
	if !found {
		return rec, false
	}
	callback := rec.State.Push.Subscription.Callback
	token := callback[strings.LastIndex(callback, tokenMark)+1:]
	same := subtle.ConstantTimeCompare([]byte(token), []byte(name[cut+1:])) == 1
	return rec, same && token != ""
}

// answer answers a hub's question. Only what was asked for and is not settled yet is
// agreed to, once, and only what stands is denied; all else is not found. So calls
// alone, however many, change nothing in the store.
func (s *Subscriber) answer(w http.ResponseWriter, r *http.Request, rec storage.SourceRecord) {
	query, sub, now := r.URL.Query(), rec.State.Push.Subscription, s.now().UTC()
	mode, challenge := query.Get("hub.mode"), query.Get("hub.challenge")
	known := query.Get("hub.topic") == sub.Topic
	ok := false
	switch {
	case !known:
	case mode == "denied" && (sub.Pending != "" || sub.Active(now)):
		if ok = s.save(r.Context(), rec, denied(sub, query.Get("hub.reason"), now)); ok {
			s.log.Warn("hub denied the subscription", "source", string(rec.ID), "url", sub.Hub)
		}
	case challenge == "", len(challenge) > maxChallenge:
	case sub.Pending == "", mode != string(sub.Pending):
	case sub.Pending == storage.ModeUnsubscribe:
		ok = s.save(r.Context(), rec, storage.Subscription{})
	default:
		ok = s.save(r.Context(), rec, verified(sub, lease(query), now))
	}
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	if mode != "denied" {
		_, _ = io.WriteString(w, challenge)
	}
}

// lease is how long a hub says that it will tell of changes.
func lease(query url.Values) time.Duration {
	seconds, err := strconv.ParseInt(query.Get("hub.lease_seconds"), 10, 64)
	if err != nil || seconds <= 0 {
		return usualLease
	}
	return time.Duration(min(seconds, int64(longestLease/time.Second))) * time.Second
}

// verified is a subscription that its hub has confirmed; it is renewed when two
// thirds of its lease are over.
func verified(sub storage.Subscription, lease time.Duration, now time.Time) storage.Subscription {
	sub.Pending, sub.Fails, sub.LastError = "", 0, ""
	sub.Until = now.Add(lease)
	sub.Again = now.Add(max(lease*2/3, shortRenewal))
	return sub
}

// denied is a subscription that its hub does not grant, or not any more.
func denied(sub storage.Subscription, reason string, now time.Time) storage.Subscription {
	if sub.Pending == storage.ModeUnsubscribe {
		return storage.Subscription{}
	}
	fail(&sub, strings.TrimSuffix("the hub denied it: "+reason, ": "))
	sub.Pending, sub.Until = "", earliest(sub.Until, now)
	sub.Again = now.Add(longestWait)
	return sub
}

// take takes a hub's news and returns the status of the answer. The news is read
// later; a hub learns nothing of what comes of it.
func (s *Subscriber) take(w http.ResponseWriter, r *http.Request, rec storage.SourceRecord) int {
	sub := rec.State.Push.Subscription
	if rec.Paused || rec.Retired || sub.Pending == storage.ModeUnsubscribe {
		return http.StatusGone // which ends the hub's subscription (§7)
	}
	if r.ContentLength > s.maxBody {
		return http.StatusRequestEntityTooLarge
	}
	if r.Header.Get("Content-Encoding") != "" {
		return http.StatusUnsupportedMediaType
	}
	body, err := s.read(w, r, rec.ID)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, errCrowded):
		w.Header().Set("Retry-After", "10")
		return http.StatusServiceUnavailable
	case errors.Is(err, os.ErrDeadlineExceeded):
		return http.StatusRequestTimeout
	case err != nil:
		return http.StatusBadRequest
	}
	s.believe(r, rec, body)
	return http.StatusAccepted
}

// read reads a document, if there is room for it.
func (s *Subscriber) read(
	w http.ResponseWriter, r *http.Request, id coranto.SourceID,
) ([]byte, error) {
	ctx, cancel := context.WithTimeout(r.Context(), s.readingTime/2) // the rest is for reading
	defer cancel()
	if !s.places.take(ctx, id) {
		return nil, errCrowded
	}
	doc := &measured{Reader: http.MaxBytesReader(w, r.Body, s.maxBody), places: s.places}
	defer func() { s.places.free(id, doc.bytes) }()
	return io.ReadAll(doc)
}

// believe hands on what a hub has told, as far as it can be believed.
func (s *Subscriber) believe(r *http.Request, rec storage.SourceRecord, body []byte) {
	sub, now := rec.State.Push.Subscription, s.now().UTC()
	news := News{At: now}
	switch {
	case !sub.Active(now):
		return
	case sub.Secret == "":
		// Anybody on the way may have written it.
	case !s.signed(r.Header.Get("X-Hub-Signature"), sub.Secret, body):
		if s.warns.first(rec.ID, now) {
			s.log.Warn("news with a wrong signature passed over", "source", string(rec.ID), "url", sub.Hub)
		}
		return
	case len(body) > 0:
		news.Body, news.ContentType = body, r.Header.Get("Content-Type")
	}
	// The hub may hang up as soon as it has its answer.
	ctx := context.WithoutCancel(r.Context())
	if err := s.deliver(ctx, rec.ID, news); err != nil {
		s.log.Error("news not taken", "source", string(rec.ID), "err", err)
	}
}
