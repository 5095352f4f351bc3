package bolt

import (
	"context"
	"errors"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/excess"
	"github.com/coranto/coranto/storage/bolt/rows"
	"github.com/coranto/coranto/storage/record"
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
	var found []excess.Item
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		found = excess.Find(tx, s.codec, &p, s.now(), budget+1)
		return nil
	})
	if more = len(found) > budget; more {
		found = found[:budget]
	}
	for err == nil && len(found) > 0 {
		limit := s.opts.MaxSize
		if len(found) == 1 {
			limit = 0 // that it grows is better than that it stays full
		}
		err = s.tidyWithin(ctx, limit, func(b *batch) error {
			stats = storage.RetainStats{}
			return b.removeAll(b.still(found), &stats, b.expire)
		})
		if limit == 0 || !errors.Is(err, storage.ErrFull) {
			break
		}
		// Fewer need less room beside what they free.
		found, more, err = found[:len(found)/2], true, nil
	}
	if err != nil {
		return false, storage.RetainStats{}, fmt.Errorf("retain: %w", err)
	}
	return more, stats, nil
}

// still leaves out what was removed or pinned since it was found.
func (b *batch) still(found []excess.Item) (kept []excess.Item) {
	for _, d := range found {
		row, ok := rows.Key(b.tx, d.ID)
		if ok && row.Seq == d.Seq && !excess.IsPinned(b.s.codec, rows.Record(b.tx, d.Seq)) {
			kept = append(kept, d)
		}
	}
	return kept
}

// expire is what is remembered of an item that retention removes.
func (b *batch) expire(r *storage.Record) *storage.Tombstone {
	return &storage.Tombstone{ID: r.ID, Source: r.Source, At: b.now, Expired: true}
}

// removeAll removes items, leaves a tombstone in the place of each, and tells
// readers of it.
func (b *batch) removeAll(
	items []excess.Item, stats *storage.RetainStats, leave func(*storage.Record) *storage.Tombstone,
) error {
	before := b.sums[rows.MetaBytes] + b.sums[rows.MetaRevisionBytes]
	changes := map[coranto.SourceID]*storage.Change{}
	var order []coranto.SourceID
	for _, d := range items {
		value := rows.Record(b.tx, d.Seq)
		size := len(value)
		r, err := b.s.codec.DecodeRecord(value, true)
		if err == nil {
			err = b.remove(d.Seq, r, size)
		} else {
			r, err = b.removeDamaged(d.ID, d.Seq, size)
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
		record.Note(changes[r.Source], nil, r)
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
	at := rows.FindPlace(b.tx, id, seq)
	r.Published = at.Published
	for _, f := range rows.Listed(b.tx, at) {
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
