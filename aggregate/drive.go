package aggregate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// leaseTime is how long a lane is ours without renewal.
const leaseTime = 2 * time.Minute

// perLane is how many sources of one host the daemon takes before other hosts
// get their turn.
const perLane = 25

// longestRest bounds the wait for the next due source, so that one that was
// made due by someone else is found.
const longestRest = 5 * time.Second

// Round visits every source once, or those of ids when there are any, whether
// due or not, and returns when all outcomes are stored. A source whose origin
// asked to wait is not visited but reported with ErrWait; one that is paused is
// passed over, and one that is gone too unless ids names it. report is called
// after each visit's commit, by one goroutine at a time. The error is that of
// the store or of the context: a failed visit is a report.
func (a *Aggregator) Round(ctx context.Context, ids []coranto.SourceID, report func(Report)) error {
	wanted, err := a.wanted(ctx, ids, report)
	if err != nil {
		return err
	}
	leases, _, err := a.store.Claim(ctx, a.owner, math.MaxInt, math.MaxInt, leaseTime)
	if err != nil {
		return fmt.Errorf("claim sources: %w", err)
	}
	crew := a.newCrew(ctx, len(wanted), report)
	for _, lease := range leases {
		lease.Due = only(lease.Due, wanted)
		crew.take(lease)
	}
	if err := crew.finish(); err != nil {
		return err
	}
	return context.Cause(ctx)
}

// wanted makes the sources of a round due and returns the set of them.
func (a *Aggregator) wanted(ctx context.Context, ids []coranto.SourceID, report func(Report)) (map[coranto.SourceID]bool, error) {
	wanted := make(map[coranto.SourceID]bool)
	var due []coranto.SourceID
	for rec, err := range a.store.Sources(ctx, storage.SourceQuery{IDs: ids}) {
		if err != nil {
			return nil, fmt.Errorf("list sources: %w", err)
		}
		switch {
		case rec.Paused, rec.Retired, len(ids) == 0 && rec.State.Outcome == storage.OutcomeGone:
		case rec.State.Wait.After(a.now()):
			report(waiting(rec))
		default:
			wanted[rec.ID] = true
			due = append(due, rec.ID)
		}
	}
	if err := a.store.DueNow(ctx, due); err != nil {
		return nil, fmt.Errorf("make sources due: %w", err)
	}
	return wanted, nil
}

func waiting(rec storage.SourceRecord) Report {
	err := fmt.Errorf("%w until %s (%s)", ErrWait,
		rec.State.Wait.UTC().Format(time.DateTime+" MST"), rec.State.LastError)
	return Report{
		Source: rec.ID, Title: rec.Attribution().Title, Outcome: storage.OutcomeFailed,
		Next: rec.State.Next, Err: &Error{rec.ID, StageSchedule, err},
	}
}

func only(due []storage.SourceRecord, wanted map[coranto.SourceID]bool) []storage.SourceRecord {
	return slices.DeleteFunc(due, func(rec storage.SourceRecord) bool { return !wanted[rec.ID] })
}

// Run visits sources when they are due until ctx ends; then visits in flight are
// given up, finished ones are stored, and it returns nil. It returns an error
// when the store fails for good. report may be nil.
func (a *Aggregator) Run(ctx context.Context, report func(Report)) error {
	if report == nil {
		report = func(Report) {}
	}
	crew := a.newCrew(ctx, 0, report)
	err := a.claim(crew.ctx, crew)
	return errors.Join(err, crew.finish())
}

// claim leases lanes and hands them to the crew as it becomes free.
func (a *Aggregator) claim(ctx context.Context, crew *crew) error {
	for ctx.Err() == nil {
		leases, wait, err := a.store.Claim(ctx, a.owner, a.workers, perLane, leaseTime)
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			return fmt.Errorf("claim sources: %w", err)
		}
		for _, lease := range leases {
			crew.take(lease)
		}
		if len(leases) == 0 {
			rest(ctx, wait, crew.returned)
		}
	}
	return nil
}

// rest waits until a source may be due: the time that Claim gave is over, or a
// lane came back.
func rest(ctx context.Context, wait time.Duration, returned <-chan struct{}) {
	if wait < 0 || wait > longestRest {
		wait = longestRest
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-returned:
	}
}
