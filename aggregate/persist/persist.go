// Package persist stores visits where a store can't be written for now, as when the disk
// is full (R07).
package persist

import (
	"context"
	"errors"
	"log/slog"
	"syscall"
	"time"

	"github.com/coranto/coranto/storage"
)

// pause is the time before a commit is tried again that could not be stored.
const pause = 5 * time.Second

// Committer commits to a store.
type Committer struct {
	Store   storage.Store
	Patient bool                       // try again what could not be stored for now, until the run ends
	Room    func(context.Context) bool // makes room and reports whether it did; nil makes none
	Log     *slog.Logger               // must not be nil
}

// Commit stores visits as storage.Store's Commit does, also when the run has ended: what
// a run has seen is stored. While a patient committer waits it takes nothing else, so
// that nothing more is fetched meanwhile.
func (p Committer) Commit(run context.Context, visits []storage.Visit) ([]storage.VisitResult, error) {
	ctx := context.WithoutCancel(run)
	results, err := p.Store.Commit(ctx, visits)
	for run.Err() == nil {
		again, cause := Late(results, err)
		made := cause != nil && p.Room != nil && p.Room(run)
		if cause == nil || !made && !p.Patient {
			break
		}
		if !made {
			p.Log.Error("store can't be written; fetching waits (is the disk full?)", "err", cause)
			rest(run)
		}
		if err != nil {
			results, err = p.Store.Commit(ctx, visits)
			continue
		}
		if lateErr := p.again(ctx, visits, results, again); lateErr != nil && !Passing(lateErr) {
			return results, lateErr
		}
	}
	return results, err
}

// again commits some of the visits again and puts their results in place.
func (p Committer) again(
	ctx context.Context, visits []storage.Visit, results []storage.VisitResult, again []int,
) error {
	retried := make([]storage.Visit, len(again))
	for k, i := range again {
		retried[k] = visits[i]
	}
	late, err := p.Store.Commit(ctx, retried)
	if err != nil {
		return err
	}
	for k, i := range again {
		results[i] = late[k]
	}
	return nil
}

func rest(ctx context.Context) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// Late is which visits of a commit could not be stored for now, and why; a nil cause
// when there are none.
func Late(results []storage.VisitResult, err error) (again []int, cause error) {
	if err != nil {
		if Passing(err) {
			return nil, err
		}
		return nil, nil
	}
	for i := range results {
		if e := results[i].Err; Passing(e) {
			again, cause = append(again, i), e
		}
	}
	return again, cause
}

// Settled reports whether a visit is over for the store: stored, or of a source or lease
// that is not there any more.
func Settled(err error) bool {
	return err == nil || errors.Is(err, storage.ErrLeaseLost) || errors.Is(err, storage.ErrNotFound)
}

// Passing reports errors that time or the operator may mend while the program runs.
func Passing(err error) bool {
	for _, e := range []error{storage.ErrFull, syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EROFS} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
