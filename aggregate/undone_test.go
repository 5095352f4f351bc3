package aggregate_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/storage"
)

// stubborn is a store that has no room for some visits, as one has that is damaged in
// places.
type stubborn struct {
	storage.Store
	refuses func(storage.Visit) bool
}

func (s *stubborn) Commit(ctx context.Context, visits []storage.Visit) ([]storage.VisitResult, error) {
	results := make([]storage.VisitResult, len(visits))
	for i, v := range visits {
		if s.refuses(v) {
			results[i].Err = fmt.Errorf("page 7: %w", storage.ErrCorrupt)
			continue
		}
		r, err := s.Store.Commit(ctx, []storage.Visit{v})
		if err != nil {
			return nil, err
		}
		results[i] = r[0]
	}
	return results, nil
}

// TestVisitCannotBeStored lets six hours go by in which visits of a source can't be
// stored, next to one whose visits can; then the store is mended.
func TestVisitCannotBeStored(t *testing.T) {
	t.Parallel()
	busy := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "21600")
		w.WriteHeader(http.StatusTooManyRequests)
	}
	nothing := func(v storage.Visit) bool { return v.Source == "s0" }
	noItems := func(v storage.Visit) bool { return v.Source == "s0" && len(v.Items) > 0 }
	tests := []struct {
		name    string
		answer  http.HandlerFunc
		refuses func(storage.Visit) bool
		most    int // requests in that time, backing off from an hour
		items   int // at last
	}{
		{"P27 items can't be stored", etagged, noItems, 3, 1},
		{"P27 nothing of it can be stored", etagged, nothing, 3, 1},
		{"P35 nothing can be stored and it is to wait", busy, nothing, 1, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, other := newDesk(t, tt.answer), newDesk(t, etagged)
			p := newPlanet(t, coranto.Source{ID: "s0", URL: d.url},
				coranto.Source{ID: "s1", URL: other.url, Every: time.Hour})
			start := p.now()
			store := &stubborn{p.store, tt.refuses}
			p.agg = aggregate.New(aggregate.Options{
				Store: store, Clock: p.now, Workers: 1, Fetch: p.fetch,
			})
			p.live(6*time.Hour - time.Minute)
			if got := d.requests(); got > tt.most {
				t.Errorf("%d requests in six hours, want no more than %d", got, tt.most)
			}
			if got := other.requests(); got < 5 {
				t.Errorf("%d requests for the neighbor, want one an hour", got)
			}
			if len(p.seen) > 40 {
				t.Errorf("%d reports in six hours, want one for each visit", len(p.seen))
			}
			if !slices.ContainsFunc(p.seen, func(r aggregate.Report) bool {
				return r.Source == "s0" && errors.Is(r.Err, storage.ErrCorrupt) && r.Next.After(start)
			}) {
				t.Errorf("no report says what is wrong and when it is tried again: %v", p.seen)
			}
			st := p.state("s0")
			if tt.most > 1 && st.LastError != "" && (st.ETag != "" || st.Outcome != storage.OutcomeFailed) {
				t.Errorf("it is stored as %s with validator %q, want it failed without one", st.Outcome, st.ETag)
			}
			store.refuses = func(storage.Visit) bool { return false }
			p.live(24 * time.Hour)
			if got := p.items("s0"); got != tt.items {
				t.Errorf("%d items once the store is mended, want %d", got, tt.items)
			}
			if st := p.state("s0"); tt.items > 0 && st.Fails != 0 {
				t.Errorf("%d failures counted once the store is mended, want none", st.Fails)
			}
		})
	}
}

// mortal is a process that dies when a visit is to be stored by a lease.
type mortal struct{ storage.Store }

func (m mortal) Commit(ctx context.Context, visits []storage.Visit) ([]storage.VisitResult, error) {
	for _, v := range visits {
		if v.Lease != (storage.LeaseRef{}) {
			return nil, errors.New("killed")
		}
	}
	return m.Store.Commit(ctx, visits)
}

// TestCrashLoop starts a process twenty times, ten seconds apart, that each time dies of
// what an origin sends; then one that does not.
func TestCrashLoop(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		fmt.Fprint(w, feedHead, "<item><guid>a</guid><title>A</title><description>",
			strings.Repeat("many words ", 100_000), "</description></item></channel></rss>")
	})
	p := newPlanet(t, coranto.Source{ID: "s0", URL: d.url})
	for range 20 {
		p.restart()
		p.agg = aggregate.New(aggregate.Options{Store: mortal{p.store}, Clock: p.now, Fetch: p.fetch})
		_, _ = p.agg.Pass(t.Context(), aggregate.Observer{}) // which it does not survive
		p.wait(10 * time.Second)
	}
	t.Run("P26 a crash loop asks once", func(t *testing.T) {
		if got := d.requests(); got != 1 {
			t.Errorf("%d requests of 20 processes that died of a document, want 1", got)
		}
		if st := p.state("s0"); !strings.Contains(st.LastError, "the program ended") || st.Fails != 1 {
			t.Errorf("stored as failure %d: %q, want 1 that says so", st.Fails, st.LastError)
		}
	})
	t.Run("P26 it is read when its time comes", func(t *testing.T) {
		p.restart()
		p.live(4 * time.Hour)
		if st := p.state("s0"); p.items("s0") != 1 || st.Fails != 0 || st.LastError != "" {
			t.Errorf("%d items, %d failures, %q, want one item and no failure", p.items("s0"), st.Fails, st.LastError)
		}
	})
}

// watched is a store that tells of commits.
type watched struct {
	storage.Store
	stored chan coranto.SourceID
}

func (s watched) Commit(ctx context.Context, visits []storage.Visit) ([]storage.VisitResult, error) {
	results, err := s.Store.Commit(ctx, visits)
	for _, v := range visits {
		s.stored <- v.Source
	}
	return results, err
}

// TestWishesAreStoredAtOnce has a round in which one origin asks to wait while another
// takes its time.
func TestWishesAreStoredAtOnce(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status int
		wait   string // Retry-After
	}{
		{"P26 429", http.StatusTooManyRequests, ""},
		{"P26 503", http.StatusServiceUnavailable, ""},
		{"P26 503 with a time", http.StatusServiceUnavailable, "3600"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			release := make(chan struct{})
			slow := newDesk(t, func(w http.ResponseWriter, r *http.Request) {
				<-release
				etagged(w, r)
			})
			busy := newDesk(t, func(w http.ResponseWriter, r *http.Request) {
				if tt.wait != "" {
					w.Header().Set("Retry-After", tt.wait)
				}
				w.WriteHeader(tt.status)
			})
			p := newPlanet(t, coranto.Source{ID: "busy", URL: busy.url}, coranto.Source{ID: "slow", URL: slow.url})
			store := watched{p.store, make(chan coranto.SourceID, 8)}
			p.agg = aggregate.New(aggregate.Options{Store: store, Clock: p.now, Workers: 2, Fetch: p.fetch})
			var over sync.WaitGroup
			over.Go(func() {
				if err := p.agg.Round(t.Context(), aggregate.Call{}, aggregate.Observer{}); err != nil {
					t.Error(err)
				}
			})
			late := time.NewTimer(20 * time.Second) // a lazy commit comes after thirty
			defer late.Stop()
			select {
			case id := <-store.stored:
				if st := p.state("busy"); id != "busy" || !st.Next.After(p.now()) {
					t.Errorf("%s is stored first, busy due at %s, want it stored and put off", id, st.Next)
				}
			case <-late.C:
				t.Error("not stored while another origin takes its time")
			}
			close(release)
			over.Wait()
		})
	}
}
