package bolt

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"syscall"

	bbolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/coranto/coranto/storage"
)

// errUnchanged ends an update that found nothing to write: it is rolled back,
// costs no sync and is no error.
var errUnchanged = errors.New("unchanged")

// view runs fn on a snapshot. Everything fn keeps must be copied.
func (s *Store) view(ctx context.Context, fn func(*bbolt.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.closed.Load() {
		return storage.ErrClosed
	}
	return outcome(guard(func() error { return s.db.View(fn) }))
}

// update runs fn in a durable transaction. The caller holds s.writing. After a
// panic within bbolt nothing is written any more: its memory may be as broken
// as the page that caused it. Reads go on.
func (s *Store) update(ctx context.Context, fn func(*bbolt.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.opts.ReadOnly {
		return storage.ErrReadOnly
	}
	if damage := s.damage.Load(); damage != nil {
		return *damage
	}
	err := outcome(guard(func() error { return s.db.Update(fn) }))
	switch {
	case err == nil:
		s.commits.Add(1)
	case errors.Is(err, errUnchanged):
		return nil
	case errors.Is(err, errPanic):
		s.damage.Store(&err)
		s.log.Error("store is damaged: nothing is written any more", "err", err)
	}
	return err
}

// errPanic marks an error that was a panic.
var errPanic = errors.New("unreadable page")

// guard turns the panics with which bbolt answers damaged pages, and the memory
// faults of a file cut short under its map, into errors.
func guard(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("%w: %w: %v", storage.ErrCorrupt, errPanic, cause)
		}
	}()
	return fn()
}

// outcome says an error of bbolt or of the system in the contract's words.
func outcome(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT),
		errors.Is(err, bolterrors.ErrMaxSizeReached):
		return fmt.Errorf("%w: %w", storage.ErrFull, err)
	case errors.Is(err, bolterrors.ErrDatabaseNotOpen):
		return storage.ErrClosed
	case errors.Is(err, bolterrors.ErrDatabaseReadOnly):
		return storage.ErrReadOnly
	}
	return err
}
