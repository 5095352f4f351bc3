package bolt

import (
	"context"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/rows"
	"github.com/coranto/coranto/storage/bolt/values"
)

// Values implements storage.Store. One that is damaged is left out with a warning.
func (s *Store) Values(
	ctx context.Context, prefix, after string, limit int,
) (list []storage.Value, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		list = values.Read(tx, s.codec, prefix, after, limit, func(name string, err error) {
			s.log.Warn("damaged value passed over", "name", name, "err", err)
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read values %s: %w", prefix, err)
	}
	return list, nil
}

// SetValues implements storage.Store.
func (s *Store) SetValues(ctx context.Context, changes []storage.ValueChange) error {
	if err := storage.CheckValues(changes); err != nil {
		return err
	}
	if s.opts.ReadOnly {
		return fmt.Errorf("store values: %w", storage.ErrReadOnly)
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	err := s.update(ctx, func(tx *bbolt.Tx) error {
		if len(changes) == 0 {
			return errUnchanged
		}
		for _, c := range changes {
			if err := values.Set(tx.Bucket([]byte(rows.Values)), s.codec, c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store values: %w", err)
	}
	return nil
}
