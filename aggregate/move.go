package aggregate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/moves"
	"github.com/coranto/coranto/aggregate/source"
	"github.com/coranto/coranto/storage"
)

// A source has moved when permanent redirects, and nothing but them, led to its
// feed at this many visits in a row over this time (P51).
const (
	movePolls = 3
	moveTime  = 24 * time.Hour

	// moveFails is how many visits in a row fail at the new address before the
	// old one is asked again.
	moveFails = 3
)

// follow is what a visit that found the feed says of where its source lives
// (P51, P52).
func (a *Aggregator) follow(
	ctx context.Context, rec storage.SourceRecord, list *source.Listing,
) storage.Move {
	m, now := rec.State.Move, a.now().UTC()
	adopted := !m.Adopted.IsZero()
	switch {
	case adopted && list.NotModified && !moves.NewDay(m.Adopted, rec.State.LastVisit, now),
		m.Polls == moves.Undone && m.To == list.URL:
		return m
	case adopted && list.NotModified: // a source may have been added there
		return a.settleDown(ctx, rec, m, m.Adopted)
	case adopted && (list.URL == m.To || !list.Permanent):
		return a.settleDown(ctx, rec, m, m.Adopted)
	case adopted, !list.Permanent, !moves.Movable(rec.URL, list.URL):
		return storage.Move{}
	case m.To != list.URL:
		return storage.Move{To: list.URL, Polls: 1, Since: now}
	}
	m.Polls++
	if m.Polls < movePolls || now.Sub(m.Since) < moveTime {
		return m
	}
	return a.settleDown(ctx, rec, m, now)
}

// settleDown adopts a move that is proven, into another source where that is read at
// the new address already.
func (a *Aggregator) settleDown(
	ctx context.Context, rec storage.SourceRecord, m storage.Move, now time.Time,
) storage.Move {
	into, wait, err := a.neighbor(ctx, &rec, m.To)
	switch {
	case err != nil:
		a.log.Warn("source stays where it is", "source", string(rec.ID), "url", m.To, "err", err)
		return m
	case wait, into == "" && !m.Adopted.IsZero():
		return m
	}
	m.Adopted, m.Into = now, into
	a.log.Info("source has moved", "source", string(rec.ID),
		"url", rec.URL, "to", m.To, "into", string(into))
	return m
}

// neighbor is the source that is read at an address to which rec has moved, "" when
// there is none. Of two on their way to one address the first by id gets there, so
// that they don't both: until it has, or while a source is stored there but not
// read, the other waits and stays where it is.
func (a *Aggregator) neighbor(
	ctx context.Context, rec *storage.SourceRecord, to string,
) (into coranto.SourceID, wait bool, err error) {
	for other, err := range a.store.Sources(ctx, storage.SourceQuery{}) {
		if err != nil {
			return "", false, fmt.Errorf("find a source at %s: %w", to, err)
		}
		switch moves.Sharing(rec, &other, to) {
		case moves.Stays:
			return "", true, nil
		case moves.Lives:
			return other.ID, false, nil
		case moves.Comes:
			wait = true
		}
	}
	return "", wait, nil
}

// merged makes the visit of a source that has moved to where another one is read,
// which costs its origin nothing. ok is false when it is to be asked, maybe again
// because that other one is not read there any more (P52).
func (a *Aggregator) merged(
	ctx context.Context, rec *storage.SourceRecord,
) (visit storage.Visit, report Report, ok bool) {
	m := rec.State.Move
	if m.Into == "" {
		a.merges.Note(rec, m)
		return visit, report, false
	}
	query := storage.SourceQuery{IDs: []coranto.SourceID{m.Into}}
	for other, err := range a.store.Sources(ctx, query) {
		if err != nil {
			a.log.Warn("source stays merged", "source", string(rec.ID), "err", err)
		} else if !moves.IsRead(&other) || !moves.Alike(other.URL, m.To) && !moves.Alike(address(&other), m.To) {
			break
		}
		visit = storage.Visit{Source: rec.ID, State: rec.State}
		visit.State.Next = a.now().Add(mergedRest).UTC()
		report = reportOf(rec, &visit)
		report.Outcome = OutcomeMerged
		return visit, report, true
	}
	a.log.Info("source is asked again; the one it was merged into is not read there any more",
		"source", string(rec.ID), "into", string(m.Into))
	rec.State.Move = storage.Move{}
	a.merges.Note(rec, rec.State.Move)
	return visit, report, false
}

// mergedRest is the time after which it is seen whether a source that was merged
// into another one still is.
const mergedRest = 24 * time.Hour

// Unmove takes back that a source has moved or was merged into another one (P52): it
// is due at once, at the URL of the operator's file, and does not follow redirects
// to that address for good again until they have led elsewhere. The error wraps
// storage.ErrNotFound when there is no such source, and ErrNotMoved when it is where
// it was. A visit that goes on at the moment may still store the move again.
func Unmove(ctx context.Context, store storage.Store, id coranto.SourceID, now time.Time) error {
	query := storage.SourceQuery{IDs: []coranto.SourceID{id}}
	for rec, err := range store.Sources(ctx, query) {
		if err != nil {
			return fmt.Errorf("undo the move of %s: %w", id, err)
		}
		if rec.State.Move.Adopted.IsZero() {
			return fmt.Errorf("undo the move of %s: %w", id, ErrNotMoved)
		}
		visit := storage.Visit{Source: id, State: rec.State}
		backHome(&visit.State, hostOf(&rec))
		visit.State.Move = storage.Move{To: rec.State.Move.To, Polls: moves.Undone, Since: now.UTC()}
		results, err := store.Commit(ctx, []storage.Visit{visit})
		if err == nil {
			err = results[0].Err
		}
		if err != nil {
			return fmt.Errorf("undo the move of %s: %w", id, err)
		}
		return nil
	}
	return fmt.Errorf("undo the move of %s: %w", id, storage.ErrNotFound)
}

// ErrNotMoved is the error of Unmove for a source that has not moved.
var ErrNotMoved = errors.New("the source has not moved")

// backHome makes a source due at its URL, and forgets what is known of the address
// that it had moved to but for how long the host there asked to wait.
func backHome(state *storage.SourceState, host string) {
	state.Move, state.Next, state.Fresh = storage.Move{}, time.Time{}, time.Time{}
	state.GoneSince, state.Missing = time.Time{}, time.Time{}
	state.Fails, state.HostFails = 0, 0
	if !state.Wait.IsZero() {
		state.WaitHost = cmp.Or(state.WaitHost, host)
	}
	if state.Outcome == storage.OutcomeGone {
		state.Outcome = storage.OutcomeFailed
	}
}
