package score

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"text/tabwriter"
	"time"
)

// record is what a feed knows of its visitor.
type record struct {
	visits, unasked, unmodified int
	post                        int // of the last whole answer
	etag, modified              string
	last                        map[string]time.Time // visit, by the path below the name
	gap                         time.Duration        // the shortest; 0 before the second visit
	refused                     map[refusal]time.Time
	redirects                   int // visits to the address that redirects
	moved                       time.Time
	sub                         subscription
	demerits                    []string
}

// matches reports whether a request is for what the visitor was given last.
func (r *record) matches(h http.Header) bool {
	if r.etag != "" {
		return h.Get("If-None-Match") == r.etag
	}
	return r.modified != "" && h.Get("If-Modified-Since") == r.modified
}

// told reports whether a host that asked for a wait has said so before, and so must
// see nobody until it is over.
func (r *record) told(no refusal) bool {
	_, told := r.refused[no]
	return told && no.wait > 0
}

func (r *record) demerit(now time.Time, format string, args ...any) {
	r.demerits = append(r.demerits, now.Format("Mon 15:04:05 ")+fmt.Sprintf(format, args...))
}

// judge marks a request and notes its answer.
func (f *feed) judge(h *host, now time.Time, rest string, r *http.Request, a answer) {
	rec := &f.record
	if rec.last == nil {
		rec.last, rec.refused = make(map[string]time.Time), make(map[refusal]time.Time)
	}
	if now.Before(h.quiet) {
		rec.demerit(now, "asked although its host wanted to be left alone until %s",
			h.quiet.Format("15:04:05"))
	}
	f.judgePush(now)
	f.judgePace(now, rest)
	f.judgeHeader(now, r)
	if f.redirect != 0 && rest == "" {
		f.judgeMove(now, r)
		return
	}
	f.judgeValidators(now, r.Header)
	rec.visits++
	f.note(now, h, a)
}

// judgePace marks visits that come too soon.
func (f *feed) judgePace(now time.Time, rest string) {
	rec := &f.record
	last, before := rec.last[rest]
	rec.last[rest] = now
	if !before {
		return
	}
	gap := now.Sub(last)
	if rec.gap == 0 || gap < rec.gap {
		rec.gap = gap
	}
	told := rec.sub.news // which is worth a visit at any time
	rec.sub.news = false
	if least := max(time.Hour, f.least, f.maxAge, f.expires); gap < least && !told {
		rec.demerit(now, "asked %s after the last time, not %s", gap, least)
	}
	if f.most > 0 && gap > f.most {
		rec.demerit(now, "asked only %s after the last time, not %s", gap, f.most)
	}
}

// judgeHeader marks what has no place in a request for a feed.
func (f *feed) judgeHeader(now time.Time, r *http.Request) {
	agent := regexp.MustCompile(`^[A-Za-z]+/[0-9][0-9A-Za-z.+-]* \(\+https?://[^ )]+.*\)$`)
	for _, name := range []string{"Cookie", "Referer", "Pragma", "Cache-Control", "Authorization", "X-Key"} {
		value, mine := r.Header.Get(name), f.wants(name)
		switch {
		case value != "" && !mine:
			f.record.demerit(now, "sent %s: %s", name, value)
		case value == "" && mine:
			f.record.demerit(now, "sent no %s, which it was given for this host", name)
		}
	}
	if r.URL.RawQuery != "" {
		f.record.demerit(now, "added the query %s", r.URL.RawQuery)
	}
	if ua := r.UserAgent(); !agent.MatchString(ua) {
		f.record.demerit(now, "User-Agent %q does not name a product and its address", ua)
	}
	if r.Method == http.MethodGet && !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		f.record.demerit(now, "does not take gzip")
	}
}

// wants reports whether a header was given to the visitor for this feed's host.
func (f *feed) wants(header string) bool {
	switch header {
	case "Cookie":
		return f.access.Cookies != ""
	case "Authorization":
		return f.access.Password != ""
	}
	return f.access.Headers[header] != ""
}

// judgeMove marks visits to an address that leads elsewhere: no validators are
// known of it, and after three visits over a day nothing is to be had there.
func (f *feed) judgeMove(now time.Time, r *http.Request) {
	rec := &f.record
	rec.redirects++
	if r.Header.Get("If-None-Match")+r.Header.Get("If-Modified-Since") != "" {
		rec.demerit(now, "sent validators to an address that gave none")
	}
	if f.redirect != http.StatusMovedPermanently && f.redirect != http.StatusPermanentRedirect {
		return
	}
	if rec.redirects == 1 {
		rec.moved = now
	}
	if rec.redirects > 3 && now.Sub(rec.moved) > 2*day {
		rec.demerit(now, "asked again where it was told for two days that the feed has moved")
	}
}

// judgeValidators marks what differs from the last validators sent.
func (f *feed) judgeValidators(now time.Time, h http.Header) {
	rec := &f.record
	etag, modified := h.Get("If-None-Match"), h.Get("If-Modified-Since")
	if etag == "" && modified == "" {
		rec.unasked++
		if rec.etag+rec.modified == "" {
			return
		}
	}
	if etag != rec.etag {
		rec.demerit(now, "sent If-None-Match: %s, was given %q", etag, rec.etag)
	}
	if modified != rec.modified {
		rec.demerit(now, "sent If-Modified-Since: %s, was given %q", modified, rec.modified)
	}
}

// note remembers what the visitor has been told.
func (f *feed) note(now time.Time, h *host, a answer) {
	rec := &f.record
	switch a.status {
	case http.StatusOK:
		rec.etag, rec.modified = a.etag, a.modified
		return
	case http.StatusNotModified:
		rec.unmodified++
		if a.etag != "" {
			rec.etag = a.etag
		}
		if a.modified != "" {
			rec.modified = a.modified
		}
		return
	}
	at := now.Sub(h.origin.began)
	for _, no := range f.refuse {
		if at < no.from || at >= no.to || no.status != a.status {
			continue
		}
		first, told := rec.refused[no]
		switch {
		case !told:
			rec.refused[no] = now
		case no.status == http.StatusGone && now.Sub(first) > 3*day:
			rec.demerit(now, "asked for what has been gone for %s", now.Sub(first))
		}
	}
}

// neglect is what is wrong with never having asked, or not any more.
func (f *feed) neglect(now time.Time) []string {
	rec := &f.record
	if rec.visits+rec.redirects == 0 {
		return []string{f.name + ": never asked"}
	}
	if since := now.Sub(rec.last[""]); f.most > 0 && since > f.most {
		return []string{fmt.Sprintf("%s: not asked any more for %s", f.name, since)}
	}
	return nil
}

// Report writes a line a feed and then every demerit, and returns how many there
// are.
func (o *Origin) Report(w io.Writer) (demerits int, err error) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "feed\thabit\trequests\tunconditional\t304\tshortest gap\tdemerits")
	var list []string
	for _, h := range o.hosts {
		h.mu.Lock()
		for _, f := range h.feeds {
			rec := &f.record
			fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%d\t%s\t%d\n", f.name, f.habit, max(rec.visits, rec.redirects), rec.unasked,
				rec.unmodified, rec.gap.Round(time.Minute), len(rec.demerits))
			for _, d := range rec.demerits {
				list = append(list, f.name+": "+d)
			}
			list = append(list, f.neglect(o.now())...)
		}
		for _, path := range h.strangers {
			list = append(list, "asked for "+path+", which nobody offered")
		}
		h.mu.Unlock()
	}
	if err := table.Flush(); err != nil {
		return 0, err
	}
	for _, line := range list {
		if _, err := fmt.Fprintln(w, line); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}
