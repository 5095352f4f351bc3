package aggregate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/clock"
	"github.com/coranto/coranto/aggregate/hosts"
	"github.com/coranto/coranto/aggregate/persist"
	"github.com/coranto/coranto/storage"
)

// leaseTime is how long a lane is ours without renewal.
const leaseTime = 2 * time.Minute

// perLane is how many sources of one domain the daemon takes before others get their
// turn.
const perLane = 25

// longestRest bounds the wait for the next due source, so that one that was
// made due by someone else is found.
const longestRest = 5 * time.Second

// shortestRest keeps a claimer from asking again and again for a source that is
// due but in other hands.
const shortestRest = 10 * time.Millisecond

// Call says whom a round visits. The zero value calls all sources.
type Call struct {
	IDs   []coranto.SourceID // nil means all
	Force bool               // also those whose last answer is still good
}

// clockRest is the time after which a clock that can't be right is read again.
const clockRest = 5 * time.Second

// lately is the time after a visit in which a round does not ask again (P30).
const lately = 5 * time.Minute

// Round visits the sources that are called once, whether due or not, and returns
// when all outcomes are stored. One whose last answer is fresh, or but a few minutes
// old, is not asked but reported with OutcomeFresh, or again with its failure, unless
// the call forces it. Whatever the call, a source whose origin asked to wait is not
// visited but reported with ErrWait, and one that another node visits at the moment
// with ErrElsewhere; one that is paused is passed over, and one that is gone too
// unless it is named. The error is that of the store or of the context: a failed
// visit is a report.
func (a *Aggregator) Round(ctx context.Context, call Call, observer Observer) error {
	if !clock.Possible(a.now()) {
		return fmt.Errorf("%w: it says %s", ErrClock, a.now().UTC().Format(time.DateTime+" MST"))
	}
	if err := a.recall(ctx); err != nil {
		return err
	}
	a.hosts.Reopen()
	wanted, err := a.wanted(ctx, call, observer)
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

// recall takes in what the stored states say of hosts, unless that was done.
func (a *Aggregator) recall(ctx context.Context) error {
	if a.recalled.Swap(true) {
		return nil
	}
	now := a.now().UTC()
	err := a.rightClock(ctx, now)
	for rec, failure := range a.store.Sources(ctx, storage.SourceQuery{}) {
		if err = cmp.Or(err, failure); err != nil {
			break
		}
		remember(a.hosts, &rec, now)
		a.merges.Note(&rec, rec.State.Move)
	}
	if err != nil {
		a.recalled.Store(false)
		return fmt.Errorf("take in what is stored of sources: %w", err)
	}
	return nil
}

// wanted makes the sources of a round due and returns them.
func (a *Aggregator) wanted(
	ctx context.Context, call Call, observer Observer,
) (map[coranto.SourceID]bool, error) {
	wanted := make(map[coranto.SourceID]bool)
	var due []coranto.SourceID
	for rec, err := range a.store.Sources(ctx, storage.SourceQuery{IDs: call.IDs}) {
		if err != nil {
			return nil, fmt.Errorf("list sources: %w", err)
		}
		if rec.Paused || rec.Retired || len(call.IDs) == 0 && rec.State.Outcome == storage.OutcomeGone {
			continue
		}
		if report, known := a.known(rec, call.Force); known {
			observer.stored(report)
			continue
		}
		wanted[rec.ID] = true
		due = append(due, rec.ID)
	}
	if err := a.store.DueNow(ctx, due); err != nil {
		return nil, fmt.Errorf("make sources due: %w", err)
	}
	return wanted, nil
}

// known is the report of a source that a round does not ask: its origin wants to be
// left alone, or what it said last is good enough.
func (a *Aggregator) known(rec storage.SourceRecord, force bool) (report Report, known bool) {
	st, now := rec.State, a.now()
	// A source that was given another address keeps what its old host asked for.
	if st.Wait.After(now) && st.Wait.Sub(now) <= hosts.Longest && st.Outcome != storage.OutcomeNone {
		return unvisited(rec, fmt.Errorf("%w until %s (%s)", ErrWait,
			st.Wait.UTC().Format(time.DateTime+" MST"), cmp.Or(st.LastError, waitHost(&rec)))), true
	}
	if until, why := a.hosts.Shut(hostOf(&rec), now); why != nil {
		return unvisited(rec, fmt.Errorf("%w until %s (another source of %s was told)", why,
			until.UTC().Format(time.DateTime+" MST"), hostOf(&rec))), true
	}
	if force || !a.fresh(rec, now) {
		return report, false
	}
	report = unvisited(rec, errors.New(st.LastError))
	if st.LastError == "" {
		report.Outcome, report.Err = OutcomeFresh, nil
	}
	return report, true
}

// fresh reports whether the last answer of a source is good enough. One that was
// read by other settings is not, nor is a failure of ours.
func (a *Aggregator) fresh(rec storage.SourceRecord, now time.Time) bool {
	st, from := rec.State, clock.From(&rec.State)
	if st.Next.IsZero() || st.Outcome == storage.OutcomeOffline || from.After(now) ||
		st.Reading != reading(rec.Source) && st.LastError == "" {
		return false
	}
	return now.Before(st.Fresh) || now.Sub(from) < lately
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
	outcome := storage.OutcomeFailed
	if errors.Is(why, ErrWait) {
		outcome = OutcomeWaiting
	}
	return Report{
		Source: rec.ID, Title: rec.Attribution().Title, Outcome: outcome,
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
// store can't be written for now, and returns an error when it never will. News of
// hubs that nobody has read by then is left to the next visits, which are due at once.
func (a *Aggregator) Run(ctx context.Context, observer Observer) error {
	crew := a.newCrew(ctx, terms{observer: observer, lazyWait: lazyWait, patient: true, spread: true})
	err := a.claim(crew.ctx, crew)
	err = errors.Join(err, crew.finish())
	a.over.Store(true)
	if dueErr := a.due(context.WithoutCancel(ctx), a.inbox.Unread()...); dueErr != nil {
		a.log.Warn("news of hubs is lost", "err", dueErr)
	}
	return err
}

// Pass visits the sources that are due now and returns when all outcomes are
// stored: what Run does again and again, for those who drive time themselves. The
// duration is the time until the next source is due, as storage.Store's Claim has it.
func (a *Aggregator) Pass(ctx context.Context, observer Observer) (time.Duration, error) {
	if awake, err := a.wake(ctx); err != nil || !awake {
		return clockRest, err
	}
	crew := a.newCrew(ctx, terms{observer: observer, lazyWait: lazyWait, spread: true})
	for claimed := true; claimed && crew.ctx.Err() == nil; {
		until := time.Now().Add(leaseTime)
		leases, _, err := a.store.Claim(crew.ctx, a.owner, a.workers, perLane, leaseTime)
		if err != nil {
			return 0, errors.Join(fmt.Errorf("claim sources: %w", err), crew.finish())
		}
		crew.take(leases, until)
		claimed = len(leases) > 0
	}
	if err := crew.finish(); err != nil {
		return 0, err
	}
	_, wait, err := a.store.Claim(ctx, a.owner, 0, 0, leaseTime)
	return wait, err
}

// wake is done before sources are claimed: after a start, or when the clock has
// jumped, it takes in what is stored. It reports whether sources may be claimed, which
// they may not by a clock that can't be right, nor while what it planned anew can't be
// stored. Sources are made due of which hubs told too often.
func (a *Aggregator) wake(ctx context.Context) (awake bool, err error) {
	now := a.now()
	if !clock.Possible(now) {
		if a.absence.Lost() {
			a.log.Error("the clock is wrong; nothing is visited until it is set", "err",
				fmt.Errorf("%w: it says %s", ErrClock, now.UTC().Format(time.DateTime+" MST")))
		}
		return false, nil
	}
	if a.absence.Claim(now) {
		a.recalled.Store(false)
	}
	if err := a.due(ctx, a.inbox.Ripe(now)...); err != nil {
		a.log.Warn("news of hubs waits for the next visits", "err", err)
	}
	if err = a.recall(ctx); persist.Passing(err) {
		a.log.Error("store can't be written; fetching waits (is the disk full?)", "err", err)
		return false, nil
	}
	return true, err
}

// claim leases lanes and hands them to the crew as it becomes free.
func (a *Aggregator) claim(ctx context.Context, crew *crew) error {
	for ctx.Err() == nil {
		awake, err := a.wake(ctx)
		if err != nil && ctx.Err() == nil {
			return err
		}
		if !awake {
			rest(ctx, clockRest, nil, nil)
			continue
		}
		until := time.Now().Add(leaseTime)
		leases, wait, err := a.store.Claim(ctx, a.owner, a.workers, perLane, leaseTime)
		if err != nil && ctx.Err() == nil {
			return fmt.Errorf("claim sources: %w", err)
		}
		crew.take(leases, until)
		if len(leases) == 0 {
			rest(ctx, wait, crew.returned, a.rung)
		}
	}
	return nil
}

// rest waits until a source may be due: the time that Claim gave is over, a lane came
// back, or a hub told of one.
func rest(ctx context.Context, wait time.Duration, returned, rung <-chan struct{}) {
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
	case <-rung:
	}
}
