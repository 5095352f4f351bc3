package bolt

import (
	"context"
	"errors"

	bbolt "go.etcd.io/bbolt"
)

// errUnchanged ends an update that found nothing to write: it is rolled back,
// costs no sync and is no error.
var errUnchanged = errors.New("unchanged")

// view runs fn on a snapshot. Everything fn keeps must be copied.
func (s *Store) view(ctx context.Context, fn func(*bbolt.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.file.View(fn)
}

// update runs fn in a durable transaction. The caller holds s.writing.
func (s *Store) update(ctx context.Context, fn func(*bbolt.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	err := s.file.Update(fn)
	if err == nil {
		s.commits.Add(1)
	}
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}
