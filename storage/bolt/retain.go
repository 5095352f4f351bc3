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

// Retain implements storage.Store. Each source that loses items gets a change.
// A full store must be able to make room, and bbolt needs new pages before it
// gives up old ones, so the budget of the file does not count here.
func (s *Store) Retain(ctx context.Context, p storage.Policy, budget int) (
	more bool, stats storage.RetainStats, err error,
) {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.file.Limit(0)
	defer s.file.Limit(s.opts.MaxSize)
	var b *batch
	err = s.update(ctx, func(tx *bbolt.Tx) error {
		b = s.newBatch(tx)
		return b.run(func() error {
			excess := newExcess(tx, p, max(0, budget)+1)
			if more = len(excess.items) > max(0, budget); more {
				excess.items = excess.items[:max(0, budget)]
			}
			return b.removeAll(excess.items, &stats)
		})
	})
	if err != nil {
		return false, storage.RetainStats{}, fmt.Errorf("retain: %w", err)
	}
	if b.logged > 0 {
		s.hints.notify()
	}
	return more, stats, nil
}

// doomed is an item that a policy no longer keeps.
type doomed struct {
	id  coranto.ItemID
	seq uint64
}

// excess gathers, oldest first, the items that a policy no longer keeps.
type excess struct {
	tx    *bbolt.Tx
	limit int
	items []doomed
	seen  map[coranto.ItemID]bool
}

func newExcess(tx *bbolt.Tx, p storage.Policy, limit int) *excess {
	e := &excess{tx: tx, limit: limit, seen: map[coranto.ItemID]bool{}}
	all := layout.Filing{By: storage.All}
	if !p.Before.IsZero() {
		e.gather(all, func(_ int64, at storage.OrderKey) bool { return at.Published.Before(p.Before) })
	}
	if p.TotalItems > 0 {
		e.beyond(all, p.TotalItems)
	}
	if p.PerSource > 0 {
		e.perSource(p.PerSource)
	}
	return e
}

// gather takes rows from the oldest on, as long as match says so of their
// number, from 0, and place.
func (e *excess) gather(f layout.Filing, match func(n int64, at storage.OrderKey) bool) {
	w := oldestFirst(e.tx, f)
	for n := int64(0); w.key != nil && len(e.items) < e.limit; n++ {
		at := layout.ParsePlace(w.key)
		if !match(n, at) {
			return
		}
		if !e.seen[at.ID] {
			e.seen[at.ID] = true
			e.items = append(e.items, doomed{at.ID, layout.ParseNumber(w.value)})
		}
		w.step()
	}
}

// beyond takes all but the newest rows.
func (e *excess) beyond(f layout.Filing, keep int) {
	surplus := getTally(e.tx, f).Items - int64(keep)
	e.gather(f, func(n int64, _ storage.OrderKey) bool { return n < surplus })
}

func (e *excess) perSource(keep int) {
	first := []byte{byte(storage.BySource)}
	c := e.tx.Bucket([]byte(bucketTally)).Cursor()
	for k, v := c.Seek(first); bytes.HasPrefix(k, first) && len(e.items) < e.limit; k, v = c.Next() {
		if layout.ParseTally(v).Items > int64(keep) {
			e.beyond(layout.ParseTallyKey(k), keep)
		}
	}
}

// removeAll removes items and tells readers of it.
func (b *batch) removeAll(items []doomed, stats *storage.RetainStats) error {
	changes := map[coranto.SourceID]*storage.Change{}
	var order []coranto.SourceID
	for _, d := range items {
		value := getRecord(b.tx, d.seq)
		size := len(value)
		r, err := b.s.codec.DecodeRecord(value, true)
		if err == nil {
			err = b.remove(d.seq, r, size)
		} else {
			r, err = b.removeDamaged(d.id, d.seq, size)
		}
		if err != nil {
			return err
		}
		if changes[r.Source] == nil {
			changes[r.Source] = &storage.Change{At: b.now, Source: r.Source}
			order = append(order, r.Source)
		}
		note(changes[r.Source], nil, r)
		stats.Items++
		stats.Bytes += int64(size)
	}
	for _, id := range order {
		if err := b.append(changes[id]); err != nil {
			return err
		}
	}
	return nil
}

// removeDamaged removes an item whose record can't be read, and returns what
// the indices know of it. Its dedup rows stay: they count for nothing without
// their item.
func (b *batch) removeDamaged(id coranto.ItemID, seq uint64, size int) (*storage.Record, error) {
	r := &storage.Record{Item: coranto.Item{ID: id}}
	at, err := b.findPlace(id, seq)
	if err != nil {
		return nil, err
	}
	r.Published = at.Published
	var listed []layout.Filing
	err = b.tx.Bucket([]byte(bucketTally)).ForEach(func(k, _ []byte) error {
		f := layout.ParseTallyKey(k)
		if name := indexBucket(f); name != "" && b.tx.Bucket([]byte(name)).Get(f.Key(at)) != nil {
			listed = append(listed, f)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, f := range listed {
		switch f.By {
		case storage.BySource:
			r.Source = coranto.SourceID(f.Value)
		case storage.ByCategory:
			r.Categories = append(r.Categories, coranto.Slug(f.Value))
		case storage.ByTag:
			r.Tags = append(r.Tags, coranto.Tag{Term: f.Value})
		}
	}
	return r, b.remove(seq, r, size)
}

// findPlace looks an item up in the index of all items by its seq: slow, and
// only ever needed for a damaged record.
func (b *batch) findPlace(id coranto.ItemID, seq uint64) (at storage.OrderKey, err error) {
	want := layout.Number(seq)
	err = b.tx.Bucket([]byte(bucketAll)).ForEach(func(k, v []byte) error {
		if bytes.Equal(v, want) && bytes.HasSuffix(k, id[:]) {
			at = layout.ParsePlace(slices.Clone(k))
		}
		return nil
	})
	return at, err
}
