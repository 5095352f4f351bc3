package aggregate

import (
	"context"
	"errors"
	"fmt"
	"maps"
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

// shortestRest keeps a claimer from asking again and again for a source that is
// due but in other hands.
const shortestRest = 10 * time.Millisecond

// Round visits every source once, or those of ids when there are any, whether
// due or not, and returns when all outcomes are stored. A source whose origin
// asked to wait is not visited but reported with ErrWait, and one that another
// node visits at the moment with ErrElsewhere; one that is paused is passed
// over, and one that is gone too unless ids names it. The error is that of the
// store or of the context: a failed visit is a report.
func (a *Aggregator) Round(ctx context.Context, ids []coranto.SourceID, observer Observer) error {
	wanted, err := a.wanted(ctx, ids, observer)
	if err != nil {
		return err
	}
	until := time.Now().Add(leaseTime)
	leases, _, err := a.store.Claim(ctx, a.owner, math.MaxInt, math.MaxInt, leaseTime)
	if err != nil {
		return fmt.Errorf("claim sources: %w", err)
	}
	visits := 0
	for i := range leases {
		leases[i].Due = take(leases[i].Due, wanted)
		visits += len(leases[i].Due)
	}
	crew := a.newCrew(ctx, terms{observer: observer, expected: visits, lazyWait: roundWait})
	crew.take(leases, until)
	if err := crew.finish(); err != nil {
		return err
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return a.elsewhere(ctx, wanted, observer)
}

// wanted makes the sources of a round due and returns them.
func (a *Aggregator) wanted(ctx context.Context, ids []coranto.SourceID, observer Observer) (map[coranto.SourceID]bool, error) {
	wanted := make(map[coranto.SourceID]bool)
	var due []coranto.SourceID
	for rec, err := range a.store.Sources(ctx, storage.SourceQuery{IDs: ids}) {
		if err != nil {
			return nil, fmt.Errorf("list sources: %w", err)
		}
		switch {
		case rec.Paused, rec.Retired, len(ids) == 0 && rec.State.Outcome == storage.OutcomeGone:
		case rec.State.Wait.After(a.now()):
			observer.stored(unvisited(rec, fmt.Errorf("%w until %s (%s)", ErrWait,
				rec.State.Wait.UTC().Format(time.DateTime+" MST"), rec.State.LastError)))
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

// elsewhere reports the sources that are still wanted when all lanes that could
// be had were claimed.
func (a *Aggregator) elsewhere(ctx context.Context, wanted map[coranto.SourceID]bool, observer Observer) error {
	if len(wanted) == 0 {
		return nil
	}
	ids := slices.Sorted(maps.Keys(wanted))
	for rec, err := range a.store.Sources(ctx, storage.SourceQuery{IDs: ids}) {
		if err != nil {
			return fmt.Errorf("list sources: %w", err)
		}
		observer.stored(unvisited(rec, ErrElsewhere))
	}
	return nil
}

// unvisited reports a source that a round has left out.
func unvisited(rec storage.SourceRecord, why error) Report {
	return Report{
		Source: rec.ID, Title: rec.Attribution().Title, Outcome: storage.OutcomeFailed,
		Next: rec.State.Next, Err: &Error{rec.ID, StageSchedule, why},
	}
}

// take moves out of wanted what a lane has of it.
func take(due []storage.SourceRecord, wanted map[coranto.SourceID]bool) []storage.SourceRecord {
	kept := due[:0]
	for i := range due {
		if id := due[i].ID; wanted[id] {
			delete(wanted, id)
			kept = append(kept, due[i])
		}
	}
	return kept
}

// Run visits sources when they are due until ctx ends; then visits in flight are
// given up, finished ones are stored, and it returns nil. It waits where the
// store can't be written for now, and returns an error when it never will.
func (a *Aggregator) Run(ctx context.Context, observer Observer) error {
	crew := a.newCrew(ctx, terms{observer: observer, lazyWait: lazyWait, patient: true})
	err := a.claim(crew.ctx, crew)
	return errors.Join(err, crew.finish())
}

// claim leases lanes and hands them to the crew as it becomes free.
func (a *Aggregator) claim(ctx context.Context, crew *crew) error {
	for ctx.Err() == nil {
		until := time.Now().Add(leaseTime)
		leases, wait, err := a.store.Claim(ctx, a.owner, a.workers, perLane, leaseTime)
		if err != nil && ctx.Err() == nil {
			return fmt.Errorf("claim sources: %w", err)
		}
		crew.take(leases, until)
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
	wait = max(wait, shortestRest)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-returned:
	}
}
