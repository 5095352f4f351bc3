package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// Latest implements storage.Store. A record that is damaged is passed over with
// a warning.
func (s *Store) Latest(ctx context.Context, q storage.Query) (page storage.Page, err error) {
	if q.Limit <= 0 {
		q.Limit = 50
	}
	f := filing{q.By, q.Value}
	if q.By == storage.All {
		f.value = ""
	}
	if f.bucket() == "" {
		return page, fmt.Errorf("read items: no index %d", q.By)
	}
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		page.Modified = getTally(tx, f).modified
		w := newWalk(tx, f, q)
		for ; w.key != nil && len(page.Records) < q.Limit; w.step() {
			r, err := s.recordAt(tx, w.value, q.Heads)
			if err != nil {
				id := parsePlace(w.key).ID
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
func newWalk(tx *bbolt.Tx, f filing, q storage.Query) *walk {
	w := &walk{cursor: tx.Bucket([]byte(f.bucket())).Cursor(), prefix: f.prefix()}
	switch {
	case !q.After.IsZero():
		w.newer = true
		w.seekNewer(f.key(q.After))
	case !q.Before.IsZero():
		from := f.key(q.Before)
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
func oldestFirst(tx *bbolt.Tx, f filing) *walk {
	w := &walk{cursor: tx.Bucket([]byte(f.bucket())).Cursor(), prefix: f.prefix(), newer: true}
	w.seekNewer(append(f.prefix(), bytes.Repeat([]byte{0xff}, placeSize+1)...))
	return w
}

func (w *walk) step() {
	if w.newer {
		w.set(w.cursor.Prev())
	} else {
		w.set(w.cursor.Next())
	}
}

func (w *walk) set(key, value []byte) {
	if key == nil || len(key) != len(w.prefix)+placeSize || !bytes.HasPrefix(key, w.prefix) {
		key, value = nil, nil
	}
	w.key, w.value = key, value
}

// recordAt reads the record whose seq is the value of an index row.
func (s *Store) recordAt(tx *bbolt.Tx, seq []byte, heads bool) (*storage.Record, error) {
	return s.codec.decodeRecord(tx.Bucket([]byte(bucketItems)).Get(seq), heads)
}

// Item implements storage.Store. The error wraps ErrCorrupt when the record is
// damaged.
func (s *Store) Item(ctx context.Context, id coranto.ItemID) (r *storage.Record, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		row, ok := getKey(tx, id)
		if !ok {
			return storage.ErrNotFound
		}
		if r, err = s.recordAt(tx, number(row.seq), false); err != nil {
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
		for i, k := range keys {
			o, _ := findOriginal(tx, k)
			ids[i] = o.id
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find duplicates: %w", err)
	}
	return ids, nil
}

func seqOf(value []byte) uint64 {
	if len(value) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(value)
}
