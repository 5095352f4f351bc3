package bolt

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
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
		st.Categories = categories(tx)
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

func categories(tx *bbolt.Tx) (counts []storage.Count) {
	first := []byte{byte(storage.ByCategory)}
	c := tx.Bucket([]byte(rows.Tallies)).Cursor()
	for k, v := c.Seek(first); bytes.HasPrefix(k, first); k, v = c.Next() {
		f := layout.ParseTallyKey(k)
		if t := layout.ParseTally(v); t.Items > 0 {
			newest := rows.Find(tx, f, storage.Query{}).Key
			counts = append(counts, storage.Count{
				Slug: coranto.Slug(f.Value), Items: int(t.Items), Bytes: t.Size,
				Newest: layout.ParsePlace(newest).Published,
			})
		}
	}
	return counts
}

// Backup implements storage.Backuper. The copy is a store file; while it is
// written, pages that commits replace are not reused.
func (s *Store) Backup(ctx context.Context, w io.Writer) (n int64, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		n, err = tx.WriteTo(contextWriter{ctx, w})
		return err
	})
	if err != nil {
		return n, fmt.Errorf("back up store %s: %w", s.path, err)
	}
	return n, nil
}

// contextWriter stops writing when ctx ends.
type contextWriter struct {
	ctx context.Context
	w   io.Writer
}

func (c contextWriter) Write(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.w.Write(p)
}
