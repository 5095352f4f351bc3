package aggregate

import (
	"cmp"
	"context"
	"sync"
	"time"

	"github.com/coranto/coranto/aggregate/clock"
	"github.com/coranto/coranto/aggregate/hosts"
	"github.com/coranto/coranto/aggregate/schedule"
	"github.com/coranto/coranto/storage"
)

const (
	// shortAbsence is how late a source may be without being spread: what became
	// due in so little time is not many.
	shortAbsence = time.Minute

	// jumpCheck is after which time visits are over that were going on when the clock
	// jumped.
	jumpCheck = 5 * time.Minute

	// longSilence is a time without a claim in which the machine must have slept, or
	// its clock have jumped (R12): an idle run claims every few seconds.
	longSilence = 10 * time.Minute
)

// absence knows since when visits are made again, and what times the clock has told.
// It is safe for concurrent use.
type absence struct {
	mu    sync.Mutex
	ended time.Time // by the clock on the wall; zero when it never began
	last  time.Time // the last claim
	told  time.Time // the latest that the clock is known to have told
	check time.Time // when it is time to look at the stored times again; zero for never
	wrong bool      // the clock can't be right
}

// claim notes that sources are claimed, and reports whether stored times must be
// looked at because the clock was set back, or is where it was before that. They are
// looked at twice, because visits go on meanwhile.
func (b *absence) claim(now time.Time) (jumped bool) {
	now = now.Round(0) // a monotonic clock tells nothing of jumps
	b.mu.Lock()
	defer b.mu.Unlock()
	back := clock.Behind(now, b.last)
	came := clock.Behind(b.last, b.told) && !clock.Behind(now, b.told)
	first := b.last.IsZero()
	checked := !b.check.IsZero() && !now.Before(b.check)
	if first || back || now.Sub(b.last) > longSilence {
		b.ended = now
	}
	switch {
	case !first && (back || came):
		b.check = now.Add(jumpCheck)
	case checked:
		b.check = time.Time{}
	}
	b.last, b.wrong = now, false
	b.note(now)
	return !first && (back || came) || checked
}

// lost notes that the clock can't be right, and reports whether that is news.
func (b *absence) lost() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	news := !b.wrong
	b.wrong = true
	return news
}

// hear notes a time that the clock has told, as a state has it.
func (b *absence) hear(told time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.note(told)
}

func (b *absence) note(told time.Time) {
	if told.After(b.told) {
		b.told = told
	}
}

// latest is the latest time that the clock is known to have told.
func (b *absence) latest() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.told
}

// overdue is since when a source has been due that became due while nobody made
// visits; 0 when it was not, or not for long.
func (b *absence) overdue(st storage.SourceState) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	late := b.ended.Sub(st.Next)
	if st.Next.IsZero() || b.ended.IsZero() || late < shortAbsence ||
		!clock.From(&st).Before(b.ended) {
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

// rightClock plans by today's clock what was planned by another (R12).
func (a *Aggregator) rightClock(ctx context.Context, now time.Time) error {
	var wrong []storage.SourceRecord // or perhaps not
	for rec, err := range a.store.Sources(ctx, storage.SourceQuery{}) {
		if err != nil {
			return err
		}
		a.absence.hear(clock.Told(&rec.State))
		if clock.Behind(now, rec.State.LastVisit) || !rec.State.Clock.IsZero() ||
			rec.State.Next.After(a.farthest(&rec, now)) {
			wrong = append(wrong, rec)
		}
	}
	told := a.absence.latest()
	var visits []storage.Visit
	for _, rec := range wrong {
		var changed bool
		rec.State, changed = clock.Right(rec.State, now, told)
		if rec.State.Next.After(a.farthest(&rec, now)) {
			rec.State.Next, changed = a.lateBy(&rec, now), true
		}
		if changed {
			visits = append(visits, storage.Visit{Source: rec.ID, State: rec.State})
		}
	}
	if len(visits) == 0 {
		return nil
	}
	a.log.Warn("the clock has jumped; visits are planned anew", "sources", len(visits),
		"now", now, "before", told)
	results, err := a.store.Commit(ctx, visits)
	if err == nil {
		_, err = unstored(results, nil)
	}
	return err
}

// lateBy is when a source is visited that was put off by a clock that was ahead. When
// it was due is lost: it is now, or when no plan of its last visit would be later.
func (a *Aggregator) lateBy(rec *storage.SourceRecord, now time.Time) time.Time {
	due := a.farthest(rec, rec.State.LastVisit)
	if due.Before(now) {
		due = now
	}
	return due.Add(schedule.Spread(rec.ID, 24*time.Hour))
}

// farthest is a time after which no visit was planned at another by a clock like
// today's.
func (a *Aggregator) farthest(rec *storage.SourceRecord, at time.Time) time.Time {
	longest := max(24*time.Hour, a.schedule.Max, rec.Every)
	if !rec.State.Missing.IsZero() {
		longest = max(longest, hosts.Longest)
	}
	far := at.Add(longest + longest/10 + time.Hour)
	if wait := rec.State.Wait.Add(time.Hour); wait.After(far) && wait.Sub(far) < hosts.Longest {
		return wait
	}
	return far
}
