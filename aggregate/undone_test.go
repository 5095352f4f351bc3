package aggregate_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
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
