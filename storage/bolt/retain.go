package bolt

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/bolt/rows"
)

// Retain implements storage.Store. Each source that loses items gets a change.
// What is to go is looked for beside the writer, which does not wait for it.
func (s *Store) Retain(ctx context.Context, p storage.Policy, budget int) (
	more bool, stats storage.RetainStats, err error,
) {
	if s.opts.ReadOnly {
		return false, stats, fmt.Errorf("retain: %w", storage.ErrReadOnly)
	}
	budget = max(0, budget)
	var found []doomed
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		found = s.findExcess(tx, &p, budget+1)
		return nil
	})
	if more = len(found) > budget; more {
		found = found[:budget]
	}
	if err == nil && len(found) > 0 {
		err = s.tidy(ctx, func(b *batch) error {
			stats = storage.RetainStats{}
			return b.removeAll(b.still(found), &stats, b.expire)
		})
	}
	if err != nil {
		return false, storage.RetainStats{}, fmt.Errorf("retain: %w", err)
	}
	return more, stats, nil
}

// doomed is an item that is to be removed.
type doomed struct {
	id  coranto.ItemID
	seq uint64
}

// still leaves out what was removed or pinned since it was found.
func (b *batch) still(found []doomed) (kept []doomed) {
	for _, d := range found {
		row, ok := rows.Key(b.tx, d.id)
		if ok && row.Seq == d.seq && !b.s.isPinned(rows.Record(b.tx, d.seq)) {
			kept = append(kept, d)
		}
	}
	return kept
}

// isPinned tells it from an item's value; one that is damaged is not.
func (s *Store) isPinned(value []byte) bool {
	r, err := s.codec.DecodeRecord(value, true)
	return err == nil && r.Pinned
}

// expire is what is remembered of an item that retention removes.
func (b *batch) expire(r *storage.Record) *storage.Tombstone {
	return &storage.Tombstone{ID: r.ID, Source: r.Source, At: b.now, Expired: true}
}

// excess gathers, oldest first within each filing, the items that a policy no
// longer keeps.
type excess struct {
	s     *Store
	tx    *bbolt.Tx
	now   time.Time
	limit int
	items []doomed
	seen  map[coranto.ItemID]bool
}

// findExcess finds at most limit items that a policy no longer keeps.
func (s *Store) findExcess(tx *bbolt.Tx, p *storage.Policy, limit int) []doomed {
	e := &excess{s: s, tx: tx, now: s.now(), limit: limit, seen: map[coranto.ItemID]bool{}}
	e.beyond(layout.Filing{By: storage.All}, p.Limits)
	for _, id := range valuesOf(tx, storage.BySource, p.PerSource, p.Sources) {
		e.beyond(layout.Filing{By: storage.BySource, Value: string(id)}, p.OfSource(id))
	}
	for _, slug := range valuesOf(tx, storage.ByCategory, p.PerCategory, p.Categories) {
		e.beyond(layout.Filing{By: storage.ByCategory, Value: string(slug)}, p.OfCategory(slug))
	}
	return e.items
}

// valuesOf lists the values of an index that have limits: all of them when limits
// hold for each, else those that have some of their own.
func valuesOf[T ~string](
	tx *bbolt.Tx, by storage.Index, each storage.Limits, own map[T]storage.Limits,
) (values []T) {
	if each.IsZero() {
		return slices.Sorted(maps.Keys(own))
	}
	first := []byte{byte(by)}
	c := tx.Bucket([]byte(rows.Tallies)).Cursor()
	for k, v := c.Seek(first); bytes.HasPrefix(k, first); k, v = c.Next() {
		if layout.ParseTally(v).Items > 0 {
			values = append(values, T(layout.ParseTallyKey(k).Value))
		}
	}
	return values
}

// beyond takes what is beyond the limits of a filing: its rows from the oldest on,
// but for those of pinned items.
func (e *excess) beyond(f layout.Filing, l storage.Limits) {
	if l.IsZero() {
		return
	}
	t := rows.Tally(e.tx, f)
	w := rows.Oldest(e.tx, f)
	for ; w.Key != nil && len(e.items) < e.limit; w.Step() {
		at := layout.ParsePlace(w.Key)
		if !e.over(l, &t, at.Published) {
			return
		}
		seq := layout.ParseNumber(w.Value)
		value := rows.Record(e.tx, seq)
		t.Items--
		t.Size -= int64(len(value))
		if !e.seen[at.ID] && !e.s.isPinned(value) {
			e.seen[at.ID] = true
			e.items = append(e.items, doomed{at.ID, seq})
		}
	}
}

// over reports whether the oldest item of a filing is beyond its limits. t is the
// filing without all that are older.
func (e *excess) over(l storage.Limits, t *layout.Tally, published time.Time) bool {
	return l.Items > 0 && t.Items > int64(l.Items) ||
		l.Bytes > 0 && t.Size > l.Bytes ||
		l.Age > 0 && published.Before(e.now.Add(-l.Age))
}

// removeAll removes items, leaves a tombstone in the place of each, and tells
// readers of it.
func (b *batch) removeAll(
	items []doomed, stats *storage.RetainStats, leave func(*storage.Record) *storage.Tombstone,
) error {
	before := b.sums[rows.MetaBytes] + b.sums[rows.MetaRevisionBytes]
	changes := map[coranto.SourceID]*storage.Change{}
	var order []coranto.SourceID
	for _, d := range items {
		value := rows.Record(b.tx, d.seq)
		size := len(value)
		r, err := b.s.codec.DecodeRecord(value, true)
		if err == nil {
			err = b.remove(d.seq, r, size)
		} else {
			r, err = b.removeDamaged(d.id, d.seq, size)
		}
		if err == nil {
			err = b.bury(leave(r))
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
	}
	stats.Bytes = before - b.sums[rows.MetaBytes] - b.sums[rows.MetaRevisionBytes]
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
	err = b.tx.Bucket([]byte(rows.Tallies)).ForEach(func(k, _ []byte) error {
		f := layout.ParseTallyKey(k)
		if name := rows.Index(f); name != "" && b.tx.Bucket([]byte(name)).Get(f.Key(at)) != nil {
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
	err = b.tx.Bucket([]byte(rows.All)).ForEach(func(k, v []byte) error {
		if bytes.Equal(v, want) && bytes.HasSuffix(k, id[:]) {
			at = layout.ParsePlace(slices.Clone(k))
		}
		return nil
	})
	return at, err
}
