package aggregate

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/clock"
	"github.com/coranto/coranto/aggregate/outage"
	"github.com/coranto/coranto/aggregate/persist"
	"github.com/coranto/coranto/aggregate/schedule"
	"github.com/coranto/coranto/aggregate/source"
	"github.com/coranto/coranto/internal/oneline"
	"github.com/coranto/coranto/storage"
)

// keepStates commits the states alone of visits that can't be stored as they are, as
// failures, so that their origins are not asked again before their time (P27). What
// can't be stored even so is remembered. kept says of which visits the state is stored.
func (c *crew) keepStates(b *batch, results []storage.VisitResult) (kept []bool) {
	kept = make([]bool, len(results))
	var visits []storage.Visit
	var of []int // their places in the batch
	for i, result := range results {
		aside := &b.asides[i]
		switch {
		case aside.rec == nil:
		case result.Err == nil:
			c.a.unstored.Forget(aside.rec.ID)
		case !persist.Settled(result.Err) && !persist.Passing(result.Err):
			visit := storage.Visit{Lease: b.visits[i].Lease, Source: aside.rec.ID}
			visit.State = c.a.undone(aside.rec, b.visits[i].State, result.Err)
			aside.report.Next = visit.State.Next
			visits, of = append(visits, visit), append(of, i)
		}
	}
	if len(visits) == 0 {
		return kept
	}
	late, err := c.a.store.Commit(context.WithoutCancel(c.ctx), visits)
	for k, i := range of {
		if kept[i] = err == nil && persist.Settled(late[k].Err); !kept[i] {
			c.a.unstored.Note(b.asides[i].rec, visits[k].State)
		}
	}
	return kept
}

// takeBack undoes what visits counted as failures before it was understood that our own
// connection was down (P44). What else is stored of their sources by now stays.
func (c *crew) takeBack(lost []storage.SourceRecord) error {
	if len(lost) == 0 {
		return nil
	}
	before := make(map[coranto.SourceID]*storage.SourceRecord, len(lost))
	for i := range lost {
		before[lost[i].ID] = &lost[i]
	}
	query := storage.SourceQuery{IDs: slices.Sorted(maps.Keys(before))}
	var visits []storage.Visit
	for rec, err := range c.a.store.Sources(context.WithoutCancel(c.ctx), query) {
		if err != nil {
			c.a.log.Warn("an outage stays counted", "err", err)
			continue
		}
		was := before[rec.ID]
		after := c.a.uncounted(*was, c.a.now().UTC())
		if state, ok := outage.TakeBack(rec.State, was, after); ok {
			visits = append(visits, storage.Visit{Source: rec.ID, State: state})
		}
	}
	if len(visits) == 0 {
		return nil
	}
	if _, err := c.persist.Commit(c.ctx, visits); err != nil {
		return fmt.Errorf("take back what an outage counted: %w", err)
	}
	return nil
}

// heavyBody is from which size on a document might take the process with it, by the
// memory that it needs.
const heavyBody = 1 << 20

// errUnread is what is stored of a source while a heavy document of it is read.
var errUnread = errors.New("the program ended while it read the document; is there memory enough?")

// attempt notes a visit as a failure before a heavy document is read, so that a process
// that dies of it, and is started again and again, does not ask its origin each time
// (P26). withdraw takes that back; a visit that is stored has it replaced.
func (a *Aggregator) attempt(
	ctx context.Context, rec storage.SourceRecord, stored storage.SourceState, list *source.Listing,
) (withdraw func()) {
	if len(list.Body) < heavyBody {
		return func() {}
	}
	rec.State = stored
	put := func(ctx context.Context, state storage.SourceState) {
		results, err := a.store.Commit(ctx, []storage.Visit{{Source: rec.ID, State: state}})
		if err == nil {
			err = results[0].Err
		}
		if err != nil {
			a.log.Warn("visit not noted before a document is read", "source", string(rec.ID), "err", err)
		}
	}
	put(ctx, a.undone(&rec, stored, errUnread))
	return func() { put(context.WithoutCancel(ctx), stored) }
}

// undone is the state of a source of whose visit nothing is kept but that it was made,
// and what the origin asked for: a failure, of which tried is what the visit came to.
func (a *Aggregator) undone(
	rec *storage.SourceRecord, tried storage.SourceState, why error,
) storage.SourceState {
	now, state := a.now().UTC(), rec.State
	state.Outcome, state.LastError, state.Fresh = storage.OutcomeFailed, oneline.Of(why.Error()), time.Time{}
	state.Fails++
	state.LastVisit, state.Clock = now, clock.Stamp(now, a.absence.Latest())
	a.plan(&state, schedule.Input{
		Source: rec.ID, Now: now, Outcome: state.Outcome, Fails: state.Fails, Hints: state.Hints,
		Interval: rec.State.Interval, Every: rec.Every, LastNew: rec.State.LastNew,
	})
	state.Wait, state.WaitHost, state.HostFails = tried.Wait, tried.WaitHost, tried.HostFails
	if tried.Next.After(state.Next) {
		state.Next = tried.Next
	}
	return state
}
