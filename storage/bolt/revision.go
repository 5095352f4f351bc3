package bolt

import (
	"bytes"
	"context"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/bolt/rows"
)

// Revisions implements storage.Store. One that is damaged is left out with a
// warning.
func (s *Store) Revisions(ctx context.Context, id coranto.ItemID) (list []storage.Record, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		row, ok := rows.Key(tx, id)
		if !ok {
			return storage.ErrNotFound
		}
		bucket := tx.Bucket([]byte(rows.Revisions))
		if bucket == nil {
			return nil // of an older version, opened to read
		}
		prefix := layout.Number(row.Seq)
		c := bucket.Cursor()
		for k, v := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, v = c.Next() {
			r, err := s.codec.DecodeRecord(v, false)
			if err != nil {
				s.log.Warn("damaged revision passed over", "item", id.String(), "err", err)
				continue
			}
			list = append([]storage.Record{*r}, list...)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read revisions of item %s: %w", id, err)
	}
	return list, nil
}

// keepRevision keeps the value that an item had as its n-th revision, and forgets
// the one that is too many.
func (b *batch) keepRevision(seq uint64, n int, value []byte) error {
	if n > storage.RevisionsKept {
		if err := b.forgetRevision(layout.RevisionKey(seq, n-storage.RevisionsKept)); err != nil {
			return err
		}
	}
	b.sums[rows.MetaRevisions]++
	b.sums[rows.MetaRevisionBytes] += int64(len(value))
	// The value lies in a page that bbolt may reuse before the commit.
	return b.bucket(rows.Revisions).Put(layout.RevisionKey(seq, n), bytes.Clone(value))
}

func (b *batch) forgetRevision(key []byte) error {
	bucket := b.bucket(rows.Revisions)
	value := bucket.Get(key)
	if value == nil {
		return nil
	}
	b.sums[rows.MetaRevisions]--
	b.sums[rows.MetaRevisionBytes] -= int64(len(value))
	return bucket.Delete(key)
}

// forgetRevisions forgets all that an item was.
func (b *batch) forgetRevisions(seq uint64) error {
	var keys [][]byte
	prefix := layout.Number(seq)
	c := b.tx.Bucket([]byte(rows.Revisions)).Cursor()
	for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		keys = append(keys, bytes.Clone(k))
	}
	for _, k := range keys {
		if err := b.forgetRevision(k); err != nil {
			return err
		}
	}
	return nil
}
