package aggregate_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/storage"
)

// A host that sources are redirected to asks to be left alone.
func TestWaitingBehindRedirects(t *testing.T) {
	t.Run("P36 P53 nobody is led to a host that asked to wait", func(t *testing.T) {
		var busy atomic.Bool
		there := newDesk(t, func(w http.ResponseWriter, r *http.Request) {
			if busy.Load() {
				w.Header().Set("Retry-After", "86400")
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			etagged(w, r)
		})
		here := newDesk(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, there.url+r.URL.Path, http.StatusFound)
		})
		sources := append(numbered(5, here.url), coranto.Source{ID: "there", URL: there.url + "/there"})
		p := newPlanet(t, sources...)
		p.pass()
		busy.Store(true)
		for there.requests() == 6 {
			p.live(time.Minute)
		}
		told := p.now()
		p.live(2 * time.Hour)
		p.restart()
		if r := p.call(aggregate.Call{IDs: []coranto.SourceID{"s3"}, Force: true})["s3"]; !errors.Is(r.Err, aggregate.ErrWait) {
			t.Errorf("forced after a restart: %v, want ErrWait", r.Err)
		}
		p.live(told.Add(day - 2*time.Minute).Sub(p.now()))
		if got := there.requests() - 6; got != 1 {
			t.Errorf("%d requests to a host that asked for a day, want the one that was told", got)
		}
		if got := here.requests() - 5; got > 7 {
			t.Errorf("%d requests to the host before it, want each source's put off once at most", got)
		}
		failed := 0
		for _, src := range sources {
			st := p.state(src.ID)
			failed += st.Fails
			if st.Next.Before(told.Add(day - time.Minute)) {
				t.Errorf("%s: next visit %s, want none before the wait is over", src.ID, told.Add(day).Sub(st.Next))
			}
		}
		if failed != 1 {
			t.Errorf("%d failures are counted, want that of the source that was told", failed)
		}
		busy.Store(false)
		p.live(2 * day)
		for _, src := range sources {
			if st := p.state(src.ID); st.LastError != "" || st.Outcome == storage.OutcomeFailed {
				t.Errorf("%s after the wait: %s %q, want it well", src.ID, st.Outcome, st.LastError)
			}
		}
	})
}

// A host that is spelled in several ways has one queue and one wait.
func TestSpellingsOfHosts(t *testing.T) {
	t.Run("P28 P36 one host of many spellings", func(t *testing.T) {
		listener, err := net.Listen("tcp", "127.0.0.77:80")
		if err != nil {
			t.Skipf("port 80 can't be listened to: %v", err)
		}
		var asked atomic.Int32
		server := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(
			func(w http.ResponseWriter, _ *http.Request) {
				asked.Add(1)
				w.Header().Set("Retry-After", "86400")
				w.WriteHeader(http.StatusServiceUnavailable)
			})}
		go func() { _ = server.Serve(listener) }() // ends with Close
		t.Cleanup(func() { _ = server.Close() })
		p := newPlanet(t,
			coranto.Source{ID: "a", URL: "http://127.0.0.77/a"}, coranto.Source{ID: "b", URL: "http://127.0.0.77:80/b"},
			coranto.Source{ID: "c", URL: "HTTP://127.0.0.77:80/c"})
		p.live(3 * time.Hour)
		if got := asked.Load(); got != 1 {
			t.Errorf("%d requests to a host that asked for a day at the first, want 1", got)
		}
	})
}

// Sources of one domain are visited one after another, whatever their hosts are called.
func TestLanesByDomain(t *testing.T) {
	tests := []struct {
		name  string
		hosts []string
		most  int32 // requests at a time
	}{
		{"P60 hosts of one domain", []string{"a.one.example", "b.one.example", "one.example:8080", "C.One.example."}, 1},
		{"P60 hosts of several domains", []string{"a.one.example", "a.two.example"}, 2},
		{"P60 hosts below a public suffix", []string{"one.github.io", "two.github.io"}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var now, most atomic.Int32
			full := make(chan struct{}) // as many as may be are inside
			all := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				n := now.Add(1)
				defer now.Add(-1)
				if n > most.Load() {
					most.Store(n)
				}
				if n == tt.most && tt.most > 1 {
					close(full)
				} else if tt.most > 1 {
					<-full
				}
				etagged(w, r)
			}))
			t.Cleanup(all.Close)
			var sources []coranto.Source
			var names []string
			for i, host := range tt.hosts {
				name, _, _ := strings.Cut(host, ":")
				names = append(names, name)
				sources = append(sources, coranto.Source{
					ID: coranto.SourceID(fmt.Sprint("s", i)), URL: "http://" + host + "/feed",
				})
			}
			p := newPlanet(t, sources...)
			client := fetch.New(fetch.Options{Now: p.now, Proxy: all.URL, AllowHosts: names})
			t.Cleanup(client.CloseIdle)
			p.agg = aggregate.New(aggregate.Options{Store: p.store, Clock: p.now, Workers: 8, Fetch: client})
			p.pass()
			if got := most.Load(); got != tt.most {
				t.Errorf("%d requests at a time, want %d", got, tt.most)
			}
			for _, r := range p.seen {
				if r.Err != nil {
					t.Errorf("%s: %v", r.Source, r.Err)
				}
			}
		})
	}
}

// A host in the middle of a chain of redirects asks to be left alone; the chain goes on.
func TestWaitInTheMiddle(t *testing.T) {
	t.Run("P36 a restart knows which host on the way asked", func(t *testing.T) {
		end := newDesk(t, etagged)
		middle := newDesk(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "86400")
			http.Redirect(w, r, end.url, http.StatusFound)
		})
		start := newDesk(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/led" {
				http.Redirect(w, r, middle.url, http.StatusFound)
				return
			}
			etagged(w, r)
		})
		p := newPlanet(t,
			coranto.Source{ID: "led", URL: start.url + "/led"},
			coranto.Source{ID: "own", URL: start.url + "/own", Every: 30 * time.Minute},
			coranto.Source{ID: "middle", URL: middle.url + "/m", Paused: true})
		p.pass()
		if st := p.state("led"); st.LastError != "" || "http://"+st.WaitHost != middle.url {
			t.Errorf("%q, %q asked to wait; want no error and %s", st.LastError, st.WaitHost, middle.url)
		}
		p.restart()
		if err := p.store.UpsertSources(t.Context(),
			[]coranto.Source{{ID: "middle", URL: middle.url + "/m"}}, nil); err != nil {
			t.Fatal(err)
		}
		p.live(23 * time.Hour)
		if got := middle.requests(); got != 1 {
			t.Errorf("%d requests to the host that asked for a day, want 1", got)
		}
		if got := p.now().Sub(p.state("own").LastOK); got > time.Hour {
			t.Errorf("its neighbor that nobody asked to wait was read %s ago", got)
		}
	})
}

// What a host asked for outlives what is known of the source that was told.
func TestWaitsAreKept(t *testing.T) {
	t.Parallel()
	var busy atomic.Bool
	d := newDesk(t, func(w http.ResponseWriter, r *http.Request) {
		if busy.Load() {
			w.Header().Set("Retry-After", "259200")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		etagged(w, r)
	})
	sources := numbered(3, d.url)
	p := newPlanet(t, sources...)
	p.pass()
	busy.Store(true)
	p.live(3 * time.Hour)
	if got := d.requests(); got != 4 {
		t.Fatalf("%d requests, want 3 and the one that was told", got)
	}
	told := slices.IndexFunc(sources, func(src coranto.Source) bool {
		return p.state(src.ID).LastError != ""
	})
	sources[told].URL += "/feed"
	p.upsert(sources...)
	p.restart()
	var log bytes.Buffer
	p.agg = aggregate.New(aggregate.Options{
		Store: p.store, Clock: p.now, Fetch: p.fetch, Logger: slog.New(slog.NewTextHandler(&log, nil)),
	})
	p.live(2 * day)
	t.Run("P36 another address and a restart make nobody ask a host early", func(t *testing.T) {
		if got := d.requests(); got != 4 {
			t.Errorf("%d requests to a host that asked for three days, want none", got-4)
		}
	})
	t.Run("P36 a source at another host is not held back", func(t *testing.T) {
		other := newDesk(t, etagged)
		sources[told].URL = other.url
		p.upsert(sources...)
		r := p.call(aggregate.Call{IDs: []coranto.SourceID{sources[told].ID}})[sources[told].ID]
		if r.Err != nil || other.requests() != 1 {
			t.Errorf("%d requests, %v; want one and no error", other.requests(), r.Err)
		}
		p.restart()
		p.live(day / 2)
		if got := d.requests(); got != 4 {
			t.Errorf("%d requests to the old host, want none", got-4)
		}
	})
	t.Run("R12 a long wait is not taken for a clock that jumped", func(t *testing.T) {
		if text := log.String(); strings.Contains(text, "clock") {
			t.Errorf("log %s, want nothing of clocks", text)
		}
	})
}
