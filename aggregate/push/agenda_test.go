package push_test

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/push"
	"github.com/coranto/coranto/storage"
)

// counted is a store that counts the sources that are read of it.
type counted struct {
	storage.Store
	read int
}

func (c *counted) Sources(
	ctx context.Context, q storage.SourceQuery,
) iter.Seq2[storage.SourceRecord, error] {
	return func(yield func(storage.SourceRecord, error) bool) {
		for rec, err := range c.Store.Sources(ctx, q) {
			c.read++
			if !yield(rec, err) {
				return
			}
		}
	}
}

// Sources that need nothing are not read each minute.
func TestAgenda(t *testing.T) {
	w := newWorld(t, false)
	for i := range 24 {
		w.put(coranto.Source{ID: coranto.SourceID(fmt.Sprint("s", i)), URL: fmt.Sprint(w.origin.URL, "/", i)})
	}
	w.pass()
	store := &counted{Store: w.store}
	w.opts.Store = store
	w.sub = push.New(w.opts)
	w.keep()
	w.keep() // settles what the hub has verified
	store.read = 0
	for range 57 {
		w.clock.Advance(time.Minute)
		w.keep()
	}
	if store.read != 0 {
		t.Errorf("%d sources read in an hour without changes, want none", store.read)
	}
	w.sub.Look("s7")
	w.keep()
	if store.read != 1 {
		t.Errorf("%d sources read after one changed, want one", store.read)
	}
	w.clock.Advance(time.Hour)
	w.keep()
	if store.read != 1+25 {
		t.Errorf("%d sources read when the hour was over, want all 25", store.read-1)
	}
	w.clock.Advance(w.until(6*day + 16*time.Hour + time.Minute))
	w.keep()
	if n := len(w.hub.requests()); n != 50 {
		t.Errorf("S50 %d requests to the hub after two thirds of the lease, want 50", n)
	}
}

// offering is an origin that names a hub.
func offering(t *testing.T, hub string) string {
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "<"+hub+"/>; rel=hub")
		fmt.Fprint(w, document("", "a"))
	}))
	t.Cleanup(origin.Close)
	return origin.URL
}

func (w *world) subscriptionOf(id coranto.SourceID) storage.Subscription {
	w.Helper()
	for rec, err := range w.store.Sources(w.Context(), storage.SourceQuery{IDs: []coranto.SourceID{id}}) {
		if err != nil {
			w.Fatal(err)
		}
		return rec.State.Push.Subscription
	}
	return storage.Subscription{}
}

// S50: a hub that hangs holds up no other, not even one that is met later.
func TestHubsAreIndependent(t *testing.T) {
	w := newWorld(t, false)
	asked, release := make(chan struct{}), make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked <- struct{}{}
		<-release
		w.WriteHeader(http.StatusAccepted)
	}))
	t.Cleanup(hanging.Close)
	w.put(coranto.Source{ID: "slow", URL: offering(t, hanging.URL)})
	w.pass()
	done := make(chan error)
	go func() { done <- w.sub.Keep(t.Context()) }()
	<-asked
	other := newHub(t, false)
	w.put(coranto.Source{ID: "late", URL: offering(t, other.URL)})
	w.pass()
	w.keep()
	if sub := w.subscriptionOf("late"); !sub.Active(w.clock.Now()) {
		t.Errorf("subscription %+v beside a hub that hangs, want an active one", sub)
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// S50: a hub that is down is asked for one subscription, not for all of them.
func TestHubRests(t *testing.T) {
	tests := []struct {
		name string
		set  func(http.Header) int // the status
		most int                   // requests in an hour
	}{
		{"P36 429 with Retry-After", func(h http.Header) int { h.Set("Retry-After", "7200"); return 429 }, 1},
		{"P36 503 with Retry-After", func(h http.Header) int { h.Set("Retry-After", "7200"); return 503 }, 1},
		{"S50 500", func(http.Header) int { return 500 }, 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, false)
			asked, well := 0, false
			hub := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if asked++; well {
					rw.WriteHeader(http.StatusAccepted)
					return
				}
				rw.WriteHeader(tt.set(rw.Header()))
			}))
			t.Cleanup(hub.Close)
			w.origin.link = []string{"<" + hub.URL + "/>; rel=hub"}
			for i := range 9 {
				w.put(coranto.Source{ID: coranto.SourceID(fmt.Sprint("x", i)), URL: fmt.Sprint(w.origin.URL, "/f", i)})
			}
			w.pass()
			before := w.commits()
			for range 60 {
				w.keep()
				w.clock.Advance(time.Minute)
			}
			if asked > tt.most {
				t.Errorf("%d requests in an hour, want %d at most", asked, tt.most)
			}
			if got := w.commits() - before; got > int64(2*asked) {
				t.Errorf("%d commits by %d requests", got, asked)
			}
			well, asked = true, 0
			for range 26 {
				w.clock.Advance(time.Hour)
				w.keep()
			}
			if asked < 10 {
				t.Errorf("%d requests on the day after, want one of each source at least", asked)
			}
		})
	}
}
