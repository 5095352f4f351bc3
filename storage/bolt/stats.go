package bolt

import (
	"context"
	"fmt"
	"io"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/disk"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/bolt/rows"
)

// Stats implements storage.Store.
func (s *Store) Stats(ctx context.Context) (storage.Stats, error) {
	st := storage.Stats{
		Engine:     "bolt",
		Sources:    s.lanes.Len(),
		Commits:    s.commits.Load(),
		ItemWrites: s.itemWrites.Load(),
		MaxBytes:   s.opts.MaxSize,
	}
	err := s.view(ctx, func(tx *bbolt.Tx) error {
		meta := tx.Bucket([]byte(rows.Meta))
		st.Schema = int(rows.Number(meta, rows.MetaSchema))
		st.ItemBytes = int64(rows.Number(meta, rows.MetaBytes))
		st.Items = int(rows.Tally(tx, layout.Filing{By: storage.All}).Items)
		st.Revisions = int(rows.Number(meta, rows.MetaRevisions))
		st.RevisionBytes = int64(rows.Number(meta, rows.MetaRevisionBytes))
		st.Tombstones, st.Expired = int(rows.Number(meta, rows.MetaTombstones)), int(rows.Number(meta, rows.MetaExpired))
		st.FileBytes = tx.Size()
		st.Oldest = s.oldest(tx)
		st.Categories = rows.Categories(tx)
		st.FreeBytes = s.file.Free()
		return nil
	})
	if err != nil {
		return storage.Stats{}, fmt.Errorf("measure store: %w", err)
	}
	return st, nil
}

// oldest is when the item with the smallest seq was first seen.
func (s *Store) oldest(tx *bbolt.Tx) time.Time {
	c := tx.Bucket([]byte(rows.Items)).Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		if r, err := s.codec.DecodeRecord(v, true); err == nil {
			return r.FirstSeen
		}
	}
	return time.Time{}
}

// Backup implements storage.Backuper. The copy is a store file; while it is
// written, pages that commits replace are not reused.
func (s *Store) Backup(ctx context.Context, w io.Writer) (n int64, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		n, err = tx.WriteTo(disk.Until(ctx, w))
		return err
	})
	if err != nil {
		return n, fmt.Errorf("back up store %s: %w", s.path, err)
	}
	return n, nil
}
