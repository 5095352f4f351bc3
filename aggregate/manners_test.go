package aggregate_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/internal/host"
	"github.com/coranto/coranto/storage"
)

const day = 24 * time.Hour

// B23: the whole host is left alone for as long as one of its answers says.
func TestHostWaits(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status int
		after  func(now time.Time) string
		quiet  time.Duration
	}{
		{"P36 B23 429 with seconds", 429, func(time.Time) string { return "3600" }, time.Hour},
		{"P36 503 with seconds", 503, func(time.Time) string { return "7200" }, 2 * time.Hour},
		{"P36 B23 429 with a date", 429, func(now time.Time) string {
			return now.Add(3 * time.Hour).Format(http.TimeFormat)
		}, 3 * time.Hour},
		{"P36 B23 429 with less than nothing", 429, func(time.Time) string { return "-5" }, 30 * time.Minute},
		{"P36 B23 429 with a word", 429, func(time.Time) string { return "soon" }, 30 * time.Minute},
		{"P36 B23 429 with eternity", 429, func(time.Time) string { return "1000000000000000000" }, 7 * day},
		{"P36 302 with seconds", 302, func(time.Time) string { return "3600" }, time.Hour},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var p *planet
			var busy atomic.Bool
			d := newDesk(t, func(w http.ResponseWriter, r *http.Request) {
				if !busy.Load() || r.URL.Path == "/there" {
					etagged(w, r)
					return
				}
				w.Header().Set("Retry-After", tt.after(p.now()))
				w.Header().Set("Location", "/there")
				w.WriteHeader(tt.status)
			})
			p = newPlanet(t, numbered(5, d.url)...)
			p.pass()
			busy.Store(true)
			for d.requests() == 5 {
				p.live(time.Minute)
			}
			asked := d.requests()
			if hops := 1; asked > 6+hops {
				t.Fatalf("%d requests, want 5 and no more than one that was told to wait", asked)
			}
			p.restart()
			if r := p.call(aggregate.Call{IDs: []coranto.SourceID{"s3"}, Force: true})["s3"]; !errors.Is(r.Err, aggregate.ErrWait) {
				t.Errorf("forced: %v, want ErrWait", r.Err)
			}
			p.live(tt.quiet - 2*time.Minute)
			if got := d.requests() - asked; got != 0 {
				t.Errorf("%d requests while the host asked to be left alone, want none", got)
			}
			busy.Store(false)
			p.live(2 * day)
			for _, src := range numbered(5, "") {
				if st := p.state(src.ID); st.LastError != "" || p.now().Sub(st.LastOK) > 2*day {
					t.Errorf("%s after the wait: %q, last success %s", src.ID, st.LastError, st.LastOK)
				}
			}
		})
	}
}

// TestHostBreaker goes to a host that does not answer.
func TestHostBreaker(t *testing.T) {
	t.Run("P38 five lost connections close a host, one probe opens it", func(t *testing.T) {
		p := newPlanet(t, numbered(20, "http://127.0.0.9:9")...)
		p.pass()
		tried, silent := 0, 0
		for _, r := range p.seen {
			if errors.Is(r.Err, aggregate.ErrSilent) {
				silent++
			} else {
				tried++
			}
		}
		if tried != 5 || silent != 15 {
			t.Errorf("%d visits tried, %d put off, want 5 and 15", tried, silent)
		}
		p.restart()
		p.seen = nil
		p.live(14 * time.Minute)
		if len(p.seen) != 0 {
			t.Errorf("%d visits within the pause after a restart, want none: %v", len(p.seen), p.seen[0])
		}
		p.live(20 * time.Minute) // one probe, and the host is closed for longer
		tried = 0
		for _, r := range p.seen {
			if !errors.Is(r.Err, aggregate.ErrSilent) {
				tried++
			}
		}
		if tried != 1 {
			t.Errorf("%d visits half an hour later, want one probe", tried)
		}
	})
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status int
		days   int
		most   int // requests in all
		least  int
		text   string
	}{
		{"P41 B24 404 for a month, then for a month more", 404, 60, 46, 34, "404"},
		{"P41 401 once a day", 401, 10, 13, 9, "credentials"},
		{"P41 403 once a day", 403, 10, 13, 9, "credentials"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var gone atomic.Bool
			d := newDesk(t, func(w http.ResponseWriter, r *http.Request) {
				if gone.Load() {
					w.WriteHeader(tt.status)
					return
				}
				etagged(w, r)
			})
			p := newPlanet(t, coranto.Source{ID: "a", URL: d.url, Every: 10 * time.Minute})
			p.pass()
			gone.Store(true)
			p.live(time.Duration(tt.days) * day)
			if got := d.requests() - 1; got > tt.most || got < tt.least {
				t.Errorf("%d requests in %d days, want %d to %d", got, tt.days, tt.least, tt.most)
			}
			if st := p.state("a"); !strings.Contains(st.LastError, tt.text) || st.Outcome != storage.OutcomeFailed {
				t.Errorf("outcome %s: %q, want failed and %q", st.Outcome, st.LastError, tt.text)
			}
			stats, err := p.store.Stats(t.Context())
			if err != nil || stats.Items != 1 {
				t.Errorf("%d items are stored, %v, want the one from before", stats.Items, err)
			}
			gone.Store(false)
			p.live(8 * day)
			if st := p.state("a"); st.Fails != 0 || !st.Missing.IsZero() {
				t.Errorf("back again: %d fails, missing since %s", st.Fails, st.Missing)
			}
		})
	}
}

// TestOwnOutage has hosts that can't be reached, as if the cable were out.
func TestOwnOutage(t *testing.T) {
	// Nobody listens at port 9 of these addresses; the first fine ones are moved to
	// where somebody does.
	hosts := func(n, fine int) (sources []coranto.Source) {
		for i := range n {
			url := fmt.Sprintf("http://127.0.1.%d:9/", i+1)
			if i < fine {
				url = newDesk(t, etagged).url
			}
			sources = append(sources, coranto.Source{ID: coranto.SourceID(fmt.Sprintf("h%02d", i)), URL: url})
		}
		return sources
	}
	tests := []struct {
		name        string
		hosts, fine int
		offline     bool
	}{
		{"P44 no host can be reached", 30, 0, true},
		{"P44 none of nine hosts can be reached", 9, 0, true},
		{"P44 none of two", 2, 0, true},
		{"P44 a single host can't be told from an outage", 1, 0, false},
		{"P44 one of nine answers", 9, 1, false},
		{"P44 half of them", 30, 15, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPlanet(t, hosts(tt.hosts, tt.fine)...)
			p.agg = aggregate.New(aggregate.Options{
				Store: p.store, Clock: p.now, Workers: 1, Fetch: loopbackClient(0),
			})
			p.pass()
			for i := tt.fine; i < tt.hosts; i++ {
				id := coranto.SourceID(fmt.Sprintf("h%02d", i))
				st := p.state(id)
				if tt.offline != (st.Outcome == storage.OutcomeOffline && st.Fails == 0) {
					t.Errorf("%s: outcome %s, %d fails, want offline and none: %v", id, st.Outcome, st.Fails, tt.offline)
				}
				if got := p.until(id); tt.offline && (got < 5*time.Minute || got > 10*time.Minute) {
					t.Errorf("%s: next visit in %s, want 5 to 10 minutes", id, got)
				}
			}
		})
	}
}

// TestOutageTakesBackItsOwn has a source that is not found, then a change to what is stored
// of it, and then another one by which it is seen that the outage is ours.
func TestOutageTakesBackItsOwn(t *testing.T) {
	tests := []struct {
		name    string
		change  func(*storage.SourceState)
		fails   int
		outcome storage.Outcome
	}{
		{"P44 a hub told of it", func(*storage.SourceState) {}, 0, storage.OutcomeOffline},
		{"P44 it was found meanwhile", func(st *storage.SourceState) {
			st.Outcome, st.Fails, st.LastError = storage.OutcomeUnchanged, 0, ""
		}, 0, storage.OutcomeUnchanged},
		{"P44 it failed otherwise meanwhile", func(st *storage.SourceState) { st.Fails++ }, 2, storage.OutcomeFailed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPlanet(t, coranto.Source{ID: "a", URL: "http://127.0.1.1:9/"})
			p.fetch = loopbackClient(0)
			p.agg = aggregate.New(aggregate.Options{Store: p.store, Clock: p.now, Workers: 1, Fetch: p.fetch})
			p.pass()
			st := p.state("a")
			if st.Fails != 1 {
				t.Fatalf("%d failures after the first visit, want 1", st.Fails)
			}
			st.Push.Last, st.ETag = p.now().Add(time.Minute), `"meanwhile"`
			tt.change(&st)
			if _, err := p.store.Commit(t.Context(), []storage.Visit{{Source: "a", State: st}}); err != nil {
				t.Fatal(err)
			}
			p.upsert(coranto.Source{ID: "b", URL: "http://127.0.1.2:9/"})
			p.wait(2 * time.Minute)
			p.pass()
			if b := p.state("b"); b.Outcome != storage.OutcomeOffline {
				t.Fatalf("b: outcome %s, want the outage known", b.Outcome)
			}
			now := p.state("a")
			if now.Fails != tt.fails || now.Outcome != tt.outcome {
				t.Errorf("outcome %s, %d failures, want %s, %d", now.Outcome, now.Fails, tt.outcome, tt.fails)
			}
			if !now.Push.Last.Equal(st.Push.Last) || now.ETag != st.ETag {
				t.Errorf("a hub told at %s, ETag %s, want %s, %s as stored meanwhile",
					now.Push.Last, now.ETag, st.Push.Last, st.ETag)
			}
			if left := p.until("a"); tt.outcome == storage.OutcomeOffline && left > 10*time.Minute {
				t.Errorf("next visit in %s, want soon", left)
			}
		})
	}
}

// TestManualRounds is what `coranto fetch` may ask.
func TestManualRounds(t *testing.T) {
	tests := []struct {
		name   string
		maxAge string
		after  time.Duration
		force  bool
		asked  bool
	}{
		{"P30 at once", "", time.Second, false, false},
		{"P30 after five minutes", "", 5 * time.Minute, false, true},
		{"P30 within freshness", "max-age=3600", 59 * time.Minute, false, false},
		{"P30 after freshness", "max-age=3600", time.Hour, false, true},
		{"P30 forced", "max-age=3600", time.Second, true, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t, func(w http.ResponseWriter, r *http.Request) {
				if tt.maxAge != "" {
					w.Header().Set("Cache-Control", tt.maxAge)
				}
				etagged(w, r)
			})
			p := newPlanet(t, coranto.Source{ID: "a", URL: d.url})
			p.call(aggregate.Call{})
			p.wait(tt.after)
			r := p.call(aggregate.Call{Force: tt.force})["a"]
			if asked := d.requests() == 2; asked != tt.asked || (r.Outcome == aggregate.OutcomeFresh) == asked {
				t.Errorf("asked again: %v (%s), want %v", asked, r.Outcome, tt.asked)
			}
		})
	}
	t.Run("P30 a failure is told again", func(t *testing.T) {
		d := newDesk(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
		p := newPlanet(t, coranto.Source{ID: "a", URL: d.url})
		p.call(aggregate.Call{})
		if r := p.call(aggregate.Call{})["a"]; d.requests() != 1 || r.Err == nil || !strings.Contains(r.Err.Error(), "500") {
			t.Errorf("%d requests, report %v, want one and its error again", d.requests(), r.Err)
		}
	})
}

// TestRestarts is P26 and P27: the next visit is stored whatever the outcome.
func TestRestarts(t *testing.T) {
	tests := []struct {
		name   string
		answer http.HandlerFunc
	}{
		{"P26 P27 a feed", etagged},
		{"P27 an empty body", func(http.ResponseWriter, *http.Request) {}},
		{"P27 an error", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }},
		{"P27 a page", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>sorry</html>") }},
		{"P27 too large", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "<rss>", strings.Repeat(" ", 16<<20), "</rss>")
		}},
		{"P27 too short", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, "<rss>")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t, tt.answer)
			p := newPlanet(t, coranto.Source{ID: "a", URL: d.url})
			for range 20 {
				p.pass()
				p.restart()
				p.wait(150 * time.Second)
			}
			if got := d.requests(); got != 1 {
				t.Errorf("%d requests in 20 restarts within 50 minutes, want 1", got)
			}
		})
	}
}

// TestNothingIsUnpublished has a feed that is something else for a while.
func TestNothingIsUnpublished(t *testing.T) {
	tests := []struct {
		name, body string
		failed     bool
	}{
		{"P42 a page of HTML", "<!doctype html><html><body>Domain for sale</body></html>", true},
		{"P42 nothing at all", "", true},
		{"P42 another type", `{"error": "not found"}`, true},
		{"P43 no item any more", feedHead + "</channel></rss>", false},
		{"P43 another format", `<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id><title>T</title></feed>`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var odd atomic.Bool
			d := newDesk(t, func(w http.ResponseWriter, r *http.Request) {
				if !odd.Load() {
					etagged(w, r)
					return
				}
				w.Header().Set("ETag", `"odd"`)
				fmt.Fprint(w, tt.body)
			})
			p := newPlanet(t, coranto.Source{ID: "a", URL: d.url})
			p.pass()
			odd.Store(true)
			r := p.call(aggregate.Call{Force: true})["a"]
			if (r.Err != nil) != tt.failed {
				t.Errorf("error %v, want one: %v", r.Err, tt.failed)
			}
			if st := p.state("a"); tt.failed && st.ETag != `"1"` {
				t.Errorf("ETag %s is stored, want the good one's", st.ETag)
			}
			stats, err := p.store.Stats(t.Context())
			if err != nil || stats.Items != 1 {
				t.Errorf("%d items are stored, %v, want 1", stats.Items, err)
			}
		})
	}
}

// TestStuckOrigin is an origin that says 304 whatever happened.
func TestStuckOrigin(t *testing.T) {
	t.Run("P11 a whole document is asked for once in two weeks", func(t *testing.T) {
		whole := 0
		d := newDesk(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("If-None-Match") == "" {
				whole++
			}
			etagged(w, r)
		})
		p := newPlanet(t, coranto.Source{ID: "a", URL: d.url})
		p.live(11 * day)
		if whole != 1 {
			t.Errorf("%d whole documents in 11 days, want 1", whole)
		}
		p.live(49 * day)
		if whole < 4 || whole > 6 {
			t.Errorf("%d whole documents in 60 days, want one in about 14", whole)
		}
	})
	t.Run("P11 switched off for a source", func(t *testing.T) {
		whole := 0
		d := newDesk(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("If-None-Match") == "" {
				whole++
			}
			etagged(w, r)
		})
		newPlanet(t, coranto.Source{ID: "a", URL: d.url, Access: coranto.Access{Believed: true}}).live(60 * day)
		if whole != 1 {
			t.Errorf("%d whole documents in 60 days, want the first alone", whole)
		}
	})
}

// TestProxyOutage has a proxy that is not there.
func TestProxyOutage(t *testing.T) {
	t.Run("P44 P68 when no host can be reached through the proxy nobody failed", func(t *testing.T) {
		var sources []coranto.Source
		for i := range 12 {
			sources = append(sources, coranto.Source{
				ID: coranto.SourceID(fmt.Sprint("h", i)), URL: fmt.Sprintf("http://127.0.1.%d/", i+1),
			})
		}
		p := newPlanet(t, sources...)
		client := fetch.New(fetch.Options{
			Now: p.now, Proxy: "http://127.0.0.9:9",
			AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		})
		p.agg = aggregate.New(aggregate.Options{Store: p.store, Clock: p.now, Workers: 4, Fetch: client})
		p.pass()
		for _, src := range sources {
			if st := p.state(src.ID); st.Outcome != storage.OutcomeOffline || st.Fails != 0 {
				t.Errorf("%s: %s, %d fails, %q; want offline and none", src.ID, st.Outcome, st.Fails, st.LastError)
			}
			if until, why := client.Hosts().Shut(host.Of(src.URL), p.now()); why != nil {
				t.Errorf("%s is closed until %s: %v; want it open", src.URL, until, why)
			}
		}
	})
}
