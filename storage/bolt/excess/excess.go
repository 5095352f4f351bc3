// Package excess finds, in a snapshot of a file of package bolt, what a retention
// policy no longer keeps.
package excess

import (
	"bytes"
	"maps"
	"slices"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/bolt/rows"
)

// Item is an item that is to be removed.
type Item struct {
	ID  coranto.ItemID
	Seq uint64
}

// IsPinned tells it from an item's value; one that is damaged is not.
func IsPinned(codec *layout.Codec, value []byte) bool {
	r, err := codec.DecodeRecord(value, true)
	return err == nil && r.Pinned
}

// excess gathers, oldest first within each filing, the items that a policy no
// longer keeps.
type excess struct {
	tx    *bbolt.Tx
	codec *layout.Codec
	now   time.Time
	limit int
	items []Item
	seen  map[coranto.ItemID]bool
}

// Find finds at most limit items that a policy no longer keeps.
func Find(
	tx *bbolt.Tx, codec *layout.Codec, p *storage.Policy, now time.Time, limit int,
) []Item {
	e := &excess{
		tx: tx, codec: codec, now: now, limit: limit, seen: map[coranto.ItemID]bool{},
	}
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
		if !e.seen[at.ID] && !IsPinned(e.codec, value) {
			e.seen[at.ID] = true
			e.items = append(e.items, Item{at.ID, seq})
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
