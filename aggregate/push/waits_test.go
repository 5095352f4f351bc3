package push_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/push"
	"github.com/coranto/coranto/internal/host"
	"github.com/coranto/coranto/storage"
)

// Hubs are hosts like others: who asked to be left alone is not asked.
func TestHubsThatWait(t *testing.T) {
	t.Run("P36 a hub that is busy, of many sources", func(t *testing.T) {
		w := newWorld(t, false)
		var asked atomic.Int32
		hub := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			rw.Header().Set("Retry-After", "86400")
			rw.WriteHeader(http.StatusServiceUnavailable)
		}))
		t.Cleanup(hub.Close)
		w.origin.link = []string{"<" + hub.URL + "/>; rel=hub"}
		for i := range 9 {
			w.put(coranto.Source{ID: coranto.SourceID(fmt.Sprint("x", i)), URL: fmt.Sprint(w.origin.URL, "/f", i)})
		}
		w.pass()
		for range 30 {
			w.keep()
			w.clock.Advance(time.Minute)
		}
		if got := asked.Load(); got != 1 {
			t.Errorf("%d requests to a hub that asked for a day at the first, want 1", got)
		}
		w.opts.Client = fetch.New(fetch.Options{
			AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Now: w.clock.Now,
		})
		w.sub = push.New(w.opts)
		for range 30 {
			w.keep()
			w.clock.Advance(time.Minute)
		}
		if got := asked.Load(); got != 1 {
			t.Errorf("%d requests to the hub after a restart, want still 1", got)
		}
		w.clock.Advance(24 * time.Hour)
		if w.keep(); asked.Load() != 2 {
			t.Errorf("%d requests to the hub a day later, want 2", asked.Load())
		}
	})
	t.Run("P36 a hub at a host that a feed of it made wait", func(t *testing.T) {
		w := newWorld(t, false)
		var busy atomic.Bool
		var posts atomic.Int32
		o := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method == http.MethodPost:
				posts.Add(1)
				rw.WriteHeader(http.StatusAccepted)
			case busy.Load():
				rw.WriteHeader(http.StatusTooManyRequests)
			default:
				rw.Header().Set("Link", "</hub>; rel=hub")
				fmt.Fprint(rw, document("", "a"))
			}
		}))
		t.Cleanup(o.Close)
		w.put(coranto.Source{ID: "s1", URL: o.URL + "/1"})
		w.pass()
		busy.Store(true)
		w.put(coranto.Source{ID: "s2", URL: o.URL + "/2"})
		if _, err := w.agg.Pass(t.Context(), aggregate.Observer{}); err != nil {
			t.Fatal(err)
		}
		w.keep()
		if got := posts.Load(); got != 0 {
			t.Errorf("%d requests to the hub right after, want none", got)
		}
		for range 27 {
			w.clock.Advance(time.Hour)
			w.keep()
		}
		if posts.Load() == 0 {
			t.Error("the hub is never asked again")
		}
	})
}

// P68: a hub is asked the way its source is.
func TestHubByProxy(t *testing.T) {
	t.Run("P68 the hub of a source with a proxy", func(t *testing.T) {
		w := newWorld(t, false)
		var direct, posts atomic.Int32
		hub := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			direct.Add(1)
			rw.WriteHeader(http.StatusAccepted)
		}))
		t.Cleanup(hub.Close)
		proxy := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				posts.Add(1)
				if r.Header.Get("Cookie") != "" {
					t.Error("the hub gets the source's cookies")
				}
				rw.WriteHeader(http.StatusAccepted)
				return
			}
			rw.Header().Set("Link", "<"+hub.URL+"/>; rel=hub")
			fmt.Fprint(rw, document("", "a"))
		}))
		t.Cleanup(proxy.Close)
		w.put(coranto.Source{ID: "p", URL: w.origin.URL + "/p",
			Access: coranto.Access{Proxy: proxy.URL, Cookies: "s=1"}})
		w.pass()
		w.keep()
		if direct.Load() != 0 || posts.Load() != 1 {
			t.Errorf("%d requests to the hub directly and %d by the proxy, want 0 and 1", direct.Load(), posts.Load())
		}
	})
}

// P36: a hub that is to be left alone for now is told later that nothing more is wanted.
func TestEndThatWaits(t *testing.T) {
	w := subscribed(t, false)
	now := w.clock.Now()
	w.opts.Client.Hosts().Ask(host.Of(w.hub.URL), now.Add(2*time.Hour), now)
	w.source.Paused = true
	w.put(w.source)
	w.sub.Look(w.source.ID)
	if w.keep(); len(w.hub.requests()) != 1 {
		t.Errorf("%d requests to a hub that is left alone, want the first alone", len(w.hub.requests()))
	}
	w.live(3 * time.Hour)
	forms := w.hub.requests()
	if last := forms[len(forms)-1].Get("hub.mode"); len(forms) != 2 || last != "unsubscribe" {
		t.Errorf("%d requests, the last to %s; want two and unsubscribe", len(forms), last)
	}
	if sub := w.subscription(); sub != (storage.Subscription{}) {
		t.Errorf("subscription %+v afterwards, want none", sub)
	}
}
