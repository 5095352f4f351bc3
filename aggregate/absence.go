package aggregate

import (
	"cmp"
	"context"
	"time"

	"github.com/coranto/coranto/aggregate/clock"
	"github.com/coranto/coranto/aggregate/hosts"
	"github.com/coranto/coranto/aggregate/persist"
	"github.com/coranto/coranto/aggregate/schedule"
	"github.com/coranto/coranto/storage"
)

// spread puts off a source that became due while nobody made visits, so that all
// those do not come at once (P29). ok is false when it is to be visited now.
func (a *Aggregator) spread(
	rec storage.SourceRecord,
) (visit storage.Visit, report Report, ok bool) {
	late := a.absence.Overdue(rec.State)
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
		a.absence.Hear(clock.Told(&rec.State))
		if clock.Behind(now, rec.State.LastVisit) || !rec.State.Clock.IsZero() ||
			rec.State.Next.After(a.farthest(&rec, now)) {
			wrong = append(wrong, rec)
		}
	}
	told := a.absence.Latest()
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
		_, err = persist.Late(results, nil)
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
