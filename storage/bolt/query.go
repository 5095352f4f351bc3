package bolt

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
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
	if indexBucket(f) == "" {
		return page, fmt.Errorf("read items: no index %d", q.By)
	}
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		page.Modified = getTally(tx, f).Modified
		w := newWalk(tx, f, q)
		for ; w.key != nil && len(page.Records) < q.Limit; w.step() {
			r, err := s.codec.DecodeRecord(getRecord(tx, layout.ParseNumber(w.value)), q.Heads)
			if err != nil {
				id := layout.ParsePlace(w.key).ID
				s.log.Warn("damaged item passed over", "item", id.String(), "err", err)
				continue
			}
			page.Records = append(page.Records, *r)
		}
		page.More = w.key != nil
		return nil
	})
	if err != nil {
		return storage.Page{}, fmt.Errorf("read items: %w", err)
	}
	if !q.After.IsZero() {
		slices.Reverse(page.Records)
	}
	return page, nil
}

// walk goes through the rows of one value of an index in one direction. key is
// nil at the end.
type walk struct {
	cursor     *bbolt.Cursor
	prefix     []byte
	newer      bool
	key, value []byte
}

// newWalk stands at the first row that q asks for.
func newWalk(tx *bbolt.Tx, f layout.Filing, q storage.Query) *walk {
	w := &walk{cursor: tx.Bucket([]byte(indexBucket(f))).Cursor(), prefix: f.Prefix()}
	switch {
	case !q.After.IsZero():
		w.newer = true
		w.seekNewer(f.Key(q.After))
	case !q.Before.IsZero():
		from := f.Key(q.Before)
		w.set(w.cursor.Seek(from))
		if bytes.Equal(w.key, from) {
			w.step()
		}
	default:
		w.set(w.cursor.Seek(w.prefix))
	}
	return w
}

// seekNewer stands at the row before a key.
func (w *walk) seekNewer(key []byte) {
	if at, _ := w.cursor.Seek(key); at == nil {
		w.set(w.cursor.Last())
		return
	}
	w.set(w.cursor.Prev())
}

// oldestFirst walks a whole value of an index from its end.
func oldestFirst(tx *bbolt.Tx, f layout.Filing) *walk {
	w := &walk{cursor: tx.Bucket([]byte(indexBucket(f))).Cursor(), prefix: f.Prefix(), newer: true}
	w.seekNewer(afterAll(w.prefix))
	return w
}

// afterAll is a key beyond all places below a prefix.
func afterAll(prefix []byte) []byte {
	return append(slices.Clone(prefix), bytes.Repeat([]byte{0xff}, layout.PlaceSize+1)...)
}

func (w *walk) step() {
	if w.newer {
		w.set(w.cursor.Prev())
	} else {
		w.set(w.cursor.Next())
	}
}

func (w *walk) set(key, value []byte) {
	if key == nil || len(key) != len(w.prefix)+layout.PlaceSize || !bytes.HasPrefix(key, w.prefix) {
		key, value = nil, nil
	}
	w.key, w.value = key, value
}

// Item implements storage.Store. The error wraps ErrCorrupt when the record is
// damaged.
func (s *Store) Item(ctx context.Context, id coranto.ItemID) (r *storage.Record, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		row, ok := getKey(tx, id)
		if !ok {
			return storage.ErrNotFound
		}
		if r, err = s.codec.DecodeRecord(getRecord(tx, row.Seq), false); err != nil {
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
		c := tx.Bucket([]byte(bucketDedup)).Cursor()
		for i, k := range keys {
			o, _ := findOriginal(tx, c, k)
			ids[i] = o.id
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find duplicates: %w", err)
	}
	return ids, nil
}
