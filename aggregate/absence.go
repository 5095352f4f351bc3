package aggregate

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/coranto/coranto/aggregate/hosts"
	"github.com/coranto/coranto/aggregate/schedule"
	"github.com/coranto/coranto/storage"
)

const (
	// shortAbsence is how late a source may be without being spread: what became
	// due in so little time is not many.
	shortAbsence = time.Minute

	// longSilence is a time without a claim in which the machine must have slept, or
	// its clock have jumped (R12): an idle run claims every few seconds.
	longSilence = 10 * time.Minute
)

// absence knows since when visits are made again. It is safe for concurrent use.
type absence struct {
	mu    sync.Mutex
	ended time.Time // by the clock on the wall; zero when it never began
	last  time.Time // the last claim
}

// claim notes that sources are claimed, and reports whether the clock was set back.
func (b *absence) claim(now time.Time) (back bool) {
	now = now.Round(0) // a monotonic clock tells nothing of jumps
	b.mu.Lock()
	defer b.mu.Unlock()
	back = !b.last.IsZero() && b.last.Sub(now) > shortAbsence
	if b.last.IsZero() || back || now.Sub(b.last) > longSilence {
		b.ended = now
	}
	b.last = now
	return back
}

// overdue is since when a source has been due that became due while nobody made
// visits; 0 when it was not, or not for long.
func (b *absence) overdue(st storage.SourceState) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	late := b.ended.Sub(st.Next)
	if st.Next.IsZero() || b.ended.IsZero() || late < shortAbsence || !st.LastVisit.Before(b.ended) {
		return 0
	}
	return late
}

// spread puts off a source that became due while nobody made visits, so that all
// those do not come at once (P29). ok is false when it is to be visited now.
func (a *Aggregator) spread(
	rec storage.SourceRecord,
) (visit storage.Visit, report Report, ok bool) {
	late := a.absence.overdue(rec.State)
	if late == 0 {
		return visit, report, false
	}
	interval := cmp.Or(rec.Every, rec.State.Interval, time.Hour)
	visit = storage.Visit{Source: rec.ID, State: rec.State}
	visit.State.Next = a.now().Add(schedule.Spread(rec.ID, min(interval, late))).UTC()
	return visit, report, true
}

// rightClock corrects what was stored while the clock was ahead of the one of today:
// intervals stay, the times they were counted from do not (R12).
func (a *Aggregator) rightClock(ctx context.Context, ahead []storage.SourceRecord) error {
	now := a.now().UTC()
	visits := make([]storage.Visit, 0, len(ahead))
	for _, rec := range ahead {
		st := rec.State
		jump := st.LastVisit.Sub(now)
		st.Next = now.Add(min(max(st.Next.Sub(st.LastVisit), 0), hosts.Longest))
		if !st.Wait.IsZero() {
			st.Wait = st.Wait.Add(-jump)
		}
		if !st.Fresh.IsZero() {
			st.Fresh = st.Fresh.Add(-jump)
		}
		st.LastVisit = now
		visits = append(visits, storage.Visit{Source: rec.ID, State: st})
	}
	if len(visits) == 0 {
		return nil
	}
	a.log.Warn("the clock was set back; next visits are planned anew", "sources", len(visits))
	if _, err := a.store.Commit(ctx, visits); err != nil {
		return fmt.Errorf("plan visits anew: %w", err)
	}
	return nil
}

// isAhead reports whether a state was written by a clock ahead of the one of today.
func isAhead(st storage.SourceState, now time.Time) bool {
	return st.LastVisit.Sub(now) > shortAbsence
}
