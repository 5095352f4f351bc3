package aggregate_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/storage"
)

// wrong is a planet whose clock may be wrong, and an origin that knows better.
type wrong struct {
	*planet
	skew time.Duration // the clock is ahead by it

	mu     sync.Mutex
	early  []string // requests before their time
	asked  map[string]time.Time
	minute map[int64]int // requests in each
	quiet  map[string]time.Time
}

// Sources of wrong are of three kinds.
const (
	daily  = 12 // fresh for a day
	steady = 4  // as the operator wants it
	tired  = 3  // told to wait for two days once they were read
)

func newWrong(t *testing.T) *wrong {
	w := &wrong{asked: map[string]time.Time{}, minute: map[int64]int{}, quiet: map[string]time.Time{}}
	var sources []coranto.Source
	for i := range daily + steady + tired {
		src := coranto.Source{ID: coranto.SourceID(fmt.Sprintf("s%02d", i))}
		gap := 24 * time.Hour
		if i >= daily {
			src.Every, gap = 4*time.Hour, 3*time.Hour+30*time.Minute // jitter
		}
		patient := i < daily+steady
		src.URL = newDesk(t, func(rw http.ResponseWriter, r *http.Request) { w.answer(rw, r, src.ID, gap, patient) }).url
		sources = append(sources, src)
	}
	w.planet = newPlanet(t, sources...)
	return w
}

func (w *wrong) truth() time.Time { return w.now().Add(-w.skew) }

func (w *wrong) answer(
	rw http.ResponseWriter, r *http.Request, id coranto.SourceID, gap time.Duration, patient bool,
) {
	now, key := w.truth(), string(id)
	w.mu.Lock()
	last, known := w.asked[key]
	// What a clock that is ahead does can't be told from time going by.
	if known && w.skew <= 0 && (now.Sub(last) < gap || now.Before(w.quiet[key])) {
		w.early = append(w.early, fmt.Sprintf("%s at %s after %s, not before %s", id, now, now.Sub(last), w.quiet[key]))
	}
	w.asked[key] = now
	w.minute[now.Unix()/60]++
	rest := !patient && known
	if rest {
		w.quiet[key] = now.Add(2 * day)
	}
	w.mu.Unlock()
	if rest {
		rw.Header().Set("Retry-After", "172800")
		rw.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if gap == day {
		rw.Header().Set("Cache-Control", "max-age=86400")
	}
	etagged(rw, r)
}

// set sets the clock, ahead of the truth or behind it.
func (w *wrong) set(skew time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wait(skew - w.skew)
	w.skew = skew
}

// step is a time that the program lives with its clock set so.
type step struct {
	skew   time.Duration
	boot   bool // the program begins again
	length time.Duration
}

func TestClock(t *testing.T) {
	t.Parallel()
	const year = 365 * day
	boot1970 := time.Unix(10, 0).Sub(time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC))
	reboots := func(skew time.Duration) (steps []step) {
		for range 10 {
			steps = append(steps, step{skew, true, 2 * time.Minute}, step{0, false, 40 * time.Minute})
		}
		return steps
	}
	tests := []struct {
		name  string
		steps []step
	}{
		{"R12 P26 P36 1970 at boot for ten minutes", []step{{boot1970, true, 10 * time.Minute}}},
		{"R12 P26 1970 at ten boots", reboots(boot1970)},
		{"R12 1970 while running", []step{{boot1970, false, 10 * time.Minute}}},
		{"R12 P26 P36 20 days back at boot for ten minutes", []step{{-20 * day, true, 10 * time.Minute}}},
		{"R12 P26 20 days back at ten boots", reboots(-20 * day)},
		{"R12 P36 a day back for 40 minutes", []step{{-day, false, 40 * time.Minute}}},
		{"R12 P36 a day back at boot for 40 minutes", []step{{-day, true, 40 * time.Minute}}},
		{"R12 P36 three days back for 30 hours", []step{{-3 * day, false, 30 * time.Hour}}},
		{"R12 P36 20 days back for 60 hours, with boots", []step{
			{-20 * day, true, 20 * time.Hour}, {-20 * day, true, 20 * time.Hour}, {-20 * day, true, 20 * time.Hour},
		}},
		{"R12 20 days back and set right while it is off", []step{{-20 * day, true, 20 * time.Hour}, {0, true, time.Hour}}},
		{"R12 an hour back for 50 minutes", []step{{-time.Hour, false, 50 * time.Minute}}},
		{"R12 a day ahead for ten minutes", []step{{day, false, 10 * time.Minute}}},
		{"R12 a day ahead at boot for a minute", []step{{day, true, time.Minute}}},
		{"R12 a day ahead for two days", []step{{day, true, 2 * day}}},
		{"R12 a year ahead for 40 minutes", []step{{year, false, 40 * time.Minute}}},
		{"R12 a year ahead at boot for a minute", []step{{year, true, time.Minute}}},
		{"R12 a year ahead and set right while it is off", []step{{year, true, 40 * time.Minute}, {0, true, time.Minute}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWrong(t)
			w.live(9 * time.Hour)
			for _, s := range tt.steps {
				w.set(s.skew)
				if s.boot {
					w.restart()
				}
				w.live(s.length)
			}
			w.set(0)
			w.live(56 * time.Hour)
			w.check()
		})
	}
	for name, skew := range map[string]time.Duration{"a day": -day, "a year": -year} {
		t.Run("R12 "+name+" back for good, since it was ahead", func(t *testing.T) {
			w := newWrong(t)
			w.wait(year)
			w.live(9 * time.Hour)
			w.set(skew)
			w.live(80 * time.Hour)
			w.check()
		})
	}
	t.Run("R12 a round by a clock at 1970 asks nobody", func(t *testing.T) {
		w := newWrong(t)
		w.set(boot1970)
		err := w.agg.Round(t.Context(), aggregate.Call{}, aggregate.Observer{})
		if !errors.Is(err, aggregate.ErrClock) || len(w.asked) > 0 {
			t.Errorf("%v and %d requests, want %v and none", err, len(w.asked), aggregate.ErrClock)
		}
	})
	t.Run("R12 P35 a round by a clock a day back obeys Retry-After", func(t *testing.T) {
		w := newWrong(t)
		w.live(9 * time.Hour)
		w.set(-day)
		w.restart()
		for id, r := range w.call(aggregate.Call{Force: true}) {
			if tired := id >= "s16"; tired != errors.Is(r.Err, aggregate.ErrWait) {
				t.Errorf("%s: %v, want told to wait: %v", id, r.Err, tired)
			}
		}
	})
}

// check holds that nobody was asked early, all at once, or not at all.
func (w *wrong) check() {
	w.Helper()
	if len(w.early) > 0 {
		w.Errorf("%d requests before their time, want none; the first: %s", len(w.early), w.early[0])
	}
	first := slices.Min(slices.Collect(maps.Keys(w.minute)))
	for m, n := range w.minute {
		if m > first && n > 8 {
			w.Errorf("%d requests in a minute, want 8 at most", n)
		}
	}
	for id, at := range w.asked {
		if since := w.truth().Sub(at); since > 54*time.Hour {
			w.Errorf("%s was not asked for %s", id, since)
		}
	}
}

// full is a store that can't be written for the first few commits.
type full struct {
	storage.Store
	left *atomic.Int32
}

func (s full) Commit(ctx context.Context, visits []storage.Visit) ([]storage.VisitResult, error) {
	if s.left.Add(-1) >= 0 {
		return nil, fmt.Errorf("commit: %w", storage.ErrFull)
	}
	return s.Store.Commit(ctx, visits)
}

func TestClockAndFullDisk(t *testing.T) {
	t.Run("R07 R12 a clock that is set back while the disk is full ends no run", func(t *testing.T) {
		d := newDesk(t, etagged)
		p := newPlanet(t, numbered(3, d.url)...)
		p.pass()
		p.wait(-20 * day)
		var left atomic.Int32
		left.Store(1)
		agg := aggregate.New(aggregate.Options{Store: full{p.store, &left}, Clock: p.now, Fetch: p.fetch})
		wait, err := agg.Pass(t.Context(), aggregate.Observer{})
		if err != nil || wait > time.Minute {
			t.Fatalf("%v, next in %s; want no error and another look soon", err, wait)
		}
		if _, err := agg.Pass(t.Context(), aggregate.Observer{}); err != nil || d.requests() != 3 {
			t.Errorf("%v, %d requests; want none but the first three", err, d.requests()-3)
		}
		if st := p.state("s0"); !st.Clock.Equal(p.now()) {
			t.Errorf("the state is held since %s, want %s", st.Clock, p.now())
		}
	})
}
