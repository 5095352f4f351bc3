package aggregate_test

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/storage"
)

var fullDay = flag.Bool("day.full", false, "TestDay visits 10,000 feeds on 2,000 hosts, for minutes")

// TestDay lives a day with a restart every hour.
func TestDay(t *testing.T) {
	t.Parallel()
	feeds, hosts := 500, 100
	if *fullDay {
		feeds, hosts = 10_000, 2_000
	}
	t.Run("R11 R14 P26 P60 a day of many feeds, each at its time", func(t *testing.T) {
		l := newLedger(t, feeds, hosts)
		began := time.Now()
		l.live(24 * time.Hour)
		l.check()
		t.Logf("%d feeds on %d hosts: %d requests, %d restarts, %d visits, %d of them on time, in %s",
			feeds, hosts, l.requests(), l.restarts, l.visits, l.visits-l.late, time.Since(began).Round(time.Second))
	})
}

// keptPosts is how many posts a document has.
const keptPosts = 20

// ledger is origins that write down who asked when, and the planet that asks.
type ledger struct {
	*planet
	began    time.Time
	hosts    []*ledgerHost
	feeds    map[coranto.SourceID]*ledgerFeed
	restarts int

	visits, late, early int
	due, last           map[coranto.SourceID]time.Time
}

type ledgerHost struct {
	l        *ledger
	mu       sync.Mutex
	flight   int
	crowded  int // requests that met another
	quiet    time.Time
	rude     int // requests while it wanted to be left alone
	requests int
	tired    bool // it answers 429 once, at noon
	feeds    []*ledgerFeed
}

type ledgerFeed struct {
	id          coranto.SourceID
	every       time.Duration
	phase       time.Duration
	maxAge      time.Duration
	first, post int // of the posts served
	visits      int
	asked       time.Time
	hasty       int // requests within the gap that is allowed
}

func newLedger(t *testing.T, feeds, hosts int) *ledger {
	l := &ledger{
		feeds: make(map[coranto.SourceID]*ledgerFeed),
		due:   make(map[coranto.SourceID]time.Time), last: make(map[coranto.SourceID]time.Time),
	}
	var sources []coranto.Source
	for i := range hosts {
		listener, err := net.Listen("tcp", fmt.Sprintf("127.9.%d.%d:0", i/250, i%250+1))
		if err != nil {
			t.Fatal(err)
		}
		h := &ledgerHost{l: l, tired: i%50 == 7}
		for k := i; k < feeds; k += hosts {
			f := newLedgerFeed(k)
			h.feeds = append(h.feeds, f)
			l.feeds[f.id] = f
			sources = append(sources, coranto.Source{
				ID: f.id, URL: fmt.Sprintf("http://%s/%d", listener.Addr(), len(h.feeds)-1),
			})
		}
		server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
		go func() { _ = server.Serve(listener) }() // ends with Close
		t.Cleanup(func() { _ = server.Close() })
		l.hosts = append(l.hosts, h)
	}
	l.planet = newPlanet(t, sources...)
	l.began = l.now()
	return l
}

// newLedgerFeed is one of three kinds: hourly, a few a day, daily.
func newLedgerFeed(k int) *ledgerFeed {
	f := &ledgerFeed{id: coranto.SourceID(fmt.Sprintf("f%05d", k)), every: 24 * time.Hour, first: -1}
	switch k % 10 {
	case 0:
		f.every = time.Hour
	case 1, 2, 3:
		f.every = 6 * time.Hour
	}
	if k%7 == 0 {
		f.maxAge = 2 * time.Hour
	}
	f.phase = time.Duration(k*7919%86400) * time.Second % f.every
	return f
}

// ServeHTTP answers and writes it down.
func (h *ledgerHost) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := h.l.now()
	h.mu.Lock()
	h.requests++
	h.flight++
	if h.flight > 1 {
		h.crowded++
	}
	if now.Before(h.quiet) {
		h.rude++
	}
	k, err := strconv.Atoi(r.URL.Path[1:])
	if err != nil {
		h.mu.Unlock()
		w.WriteHeader(http.StatusNotFound)
		return
	}
	f := h.feeds[k]
	tired := h.tired && now.Sub(h.l.began) > 12*time.Hour
	if tired {
		h.tired, h.quiet = false, now.Add(time.Hour)
	}
	body, etag := f.answer(now, now.Sub(h.l.began), tired, r.Header.Get("If-None-Match"))
	h.mu.Unlock()
	defer func() {
		h.mu.Lock()
		h.flight--
		h.mu.Unlock()
	}()
	w.Header().Set("Date", now.Format(http.TimeFormat))
	switch {
	case tired:
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
		return
	case f.maxAge > 0:
		w.Header().Set("Cache-Control", fmt.Sprint("max-age=", int(f.maxAge.Seconds())))
	}
	w.Header().Set("ETag", etag)
	if body == "" {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write([]byte(body))
}

// answer is the document of a feed; "" when the visitor has it.
func (f *ledgerFeed) answer(now time.Time, at time.Duration, tired bool, match string) (body, etag string) {
	if least := max(15*time.Minute, f.maxAge); !f.asked.IsZero() && now.Sub(f.asked) < least {
		f.hasty++
	}
	f.asked = now
	f.visits++
	post := int((at+f.phase)/f.every) + keptPosts
	etag = fmt.Sprintf(`"%d"`, post)
	if match == etag || tired {
		return "", etag
	}
	if f.first < 0 {
		f.first = post - keptPosts + 1
	}
	f.post = post
	var b strings.Builder
	b.WriteString(feedHead)
	for n := post; n > post-keptPosts; n-- {
		published := now.Add(-at - f.phase + time.Duration(n-keptPosts)*f.every)
		fmt.Fprintf(&b, "<item><guid isPermaLink=\"false\">%s-%d</guid><title>Post %d of %s</title><pubDate>%s</pubDate></item>",
			f.id, n, n, f.id, published.Format(time.RFC1123Z))
	}
	b.WriteString("</channel></rss>")
	return b.String(), etag
}

// live passes time in steps of half a minute, with a restart every hour.
func (l *ledger) live(d time.Duration) {
	end, restart := l.now().Add(d), l.now().Add(time.Hour)
	for l.now().Before(end) {
		if !l.now().Before(restart) {
			l.restart()
			l.restarts++
			restart = restart.Add(time.Hour)
		}
		next, err := l.agg.Pass(l.Context(), aggregate.Observer{Stored: l.note})
		if err != nil {
			l.Fatal(err)
		}
		if next < 0 {
			next = time.Hour
		}
		const step = 30 * time.Second
		steps := max((next+step-1)/step, 1)
		l.wait(min(steps*step, restart.Sub(l.now())))
	}
}

// note compares a visit with when it was due.
func (l *ledger) note(r aggregate.Report) {
	now := l.now()
	due, known := l.due[r.Source]
	if known && r.Outcome != storage.OutcomeFailed {
		l.visits++
		if now.Before(due) {
			l.early++
		}
		if now.Sub(due) > due.Sub(l.last[r.Source])/20 {
			l.late++
		}
	}
	l.due[r.Source], l.last[r.Source] = r.Next, now
}

func (l *ledger) requests() (n int) {
	for _, h := range l.hosts {
		n += h.requests
	}
	return n
}

func (l *ledger) check() {
	l.Helper()
	for i, h := range l.hosts {
		if h.crowded+h.rude > 0 {
			l.Errorf("host %d: %d requests at the same time as another, %d while it wanted to be left alone, want none",
				i, h.crowded, h.rude)
		}
	}
	if l.early > 0 || l.late*100 > l.visits {
		l.Errorf("%d visits: %d before they were due, %d late, want none and at most 1 %%", l.visits, l.early, l.late)
	}
	for rec, err := range l.store.Sources(l.Context(), storage.SourceQuery{}) {
		if err != nil {
			l.Fatal(err)
		}
		f := l.feeds[rec.ID]
		if f.hasty > 0 {
			l.Errorf("%s: %d requests within the gap that is allowed, want none", f.id, f.hasty)
		}
		if want := f.post - f.first + 1; rec.Items != want || f.visits == 0 {
			l.Errorf("%s: %d items are stored after %d visits, want %d", f.id, rec.Items, f.visits, want)
		}
	}
}
