package bolt

import (
	"context"
	"errors"
	"fmt"

	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/excess"
	"github.com/coranto/coranto/storage/bolt/rows"
)

// Bury puts up tombstones of another file of this store, as of the one that a backup
// replaces, so that what was taken down since does not come back. It returns how many
// items that were stored are gone by it. An item that was taken down here already keeps
// the tombstone it has.
func (s *Store) Bury(ctx context.Context, tombstones []storage.Tombstone) (removed int, err error) {
	err = s.tidy(ctx, func(b *batch) error {
		removed = 0
		for i := range tombstones {
			was, err := b.buryOther(&tombstones[i])
			if err != nil {
				return err
			}
			if was {
				removed++
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("put up tombstones: %w", err)
	}
	return removed, nil
}

// buryOther puts up one tombstone, and reports whether its item was stored.
func (b *batch) buryOther(t *storage.Tombstone) (bool, error) {
	if row, ok := rows.Key(b.tx, t.ID); ok {
		doomed := []excess.Item{{ID: t.ID, Seq: row.Seq}}
		var stats storage.RetainStats
		return true, b.removeAll(doomed, &stats, func(*storage.Record) *storage.Tombstone { return t })
	}
	held, err := b.s.tombstone(b.tx, t.ID)
	if err != nil || held != nil && !held.Expired {
		return false, err
	}
	if held != nil {
		err = b.exhume(held)
	}
	return false, errors.Join(err, b.bury(t), b.tell(t))
}
