package bolt

import (
	"context"
	"fmt"
	"slices"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/bolt/rows"
)

// Latest implements storage.Store. A record that is damaged is passed over with
// a warning.
func (s *Store) Latest(ctx context.Context, q storage.Query) (page storage.Page, err error) {
	if q.Limit <= 0 {
		q.Limit = 50
	}
	f := layout.Filing{By: q.By, Value: q.Value}
	if q.By == storage.All {
		f.Value = ""
	}
	if rows.Index(f) == "" || q.Arrival && q.By == storage.ByTag {
		return page, fmt.Errorf("read items: no index %d", q.By)
	}
	find := rows.Find
	if q.Arrival {
		find = rows.FindArrival
	}
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		page.Modified = rows.Tally(tx, f).Modified
		w := find(tx, f, q)
		for ; w.Key != nil && len(page.Records) < q.Limit; w.Step() {
			seq := w.Seq()
			r, err := s.record(tx, seq, q.Heads)
			if err != nil {
				id := rows.ID(tx, seq)
				s.log.Warn("damaged item passed over", "item", id.String(), "err", err)
				continue
			}
			page.Records = append(page.Records, *r)
		}
		page.More = w.Key != nil
		return nil
	})
	if err != nil {
		return storage.Page{}, fmt.Errorf("read items: %w", err)
	}
	if !q.After.IsZero() || q.AfterSeq != 0 || q.Arrival && q.FromFirst {
		slices.Reverse(page.Records)
	}
	return page, nil
}

// record reads the item with a seq.
func (s *Store) record(tx *bbolt.Tx, seq uint64, heads bool) (*storage.Record, error) {
	r, err := s.codec.DecodeRecord(rows.Record(tx, seq), heads)
	if err == nil {
		r.Seq = seq
	}
	return r, err
}

// Item implements storage.Store. The error wraps ErrCorrupt when the record is
// damaged.
func (s *Store) Item(ctx context.Context, id coranto.ItemID) (r *storage.Record, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		row, ok := rows.Key(tx, id)
		if !ok {
			return storage.ErrNotFound
		}
		if r, err = s.record(tx, row.Seq, false); err != nil {
			return fmt.Errorf("%w: %w", storage.ErrCorrupt, err)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read item %s: %w", id, err)
	}
	return r, nil
}

// FindDup implements storage.Store.
func (s *Store) FindDup(ctx context.Context, keys []storage.DedupKey) ([]coranto.ItemID, error) {
	ids := make([]coranto.ItemID, len(keys))
	err := s.view(ctx, func(tx *bbolt.Tx) error {
		c := tx.Bucket([]byte(rows.Dedup)).Cursor()
		for i, k := range keys {
			o, _ := rows.FindOriginal(tx, c, k)
			ids[i] = o.ID
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find duplicates: %w", err)
	}
	return ids, nil
}
