package bolt

import (
	"context"
	"fmt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/bolt/rows"
)

// Pin implements storage.Store.
func (s *Store) Pin(ctx context.Context, ids []coranto.ItemID, pinned bool) (n int, err error) {
	err = s.tidy(ctx, func(b *batch) error {
		n = 0
		for _, id := range ids {
			changed, err := b.pin(id, pinned)
			if err != nil {
				return fmt.Errorf("item %s: %w", id, err)
			}
			if changed {
				n++
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("pin items: %w", err)
	}
	return n, nil
}

// pin rewrites one item, with nothing else of it changed. No index of the item
// counts as touched: nothing that is published shows pins.
func (b *batch) pin(id coranto.ItemID, pinned bool) (bool, error) {
	row, ok := rows.Key(b.tx, id)
	if !ok {
		return false, nil
	}
	value := rows.Record(b.tx, row.Seq)
	r, err := b.s.codec.DecodeRecord(value, false)
	if err != nil {
		return false, fmt.Errorf("%w: %w", storage.ErrCorrupt, err)
	}
	if r.Pinned == pinned {
		return false, nil
	}
	r.Pinned = pinned
	oldSize := len(value)
	value = b.s.codec.EncodeRecord(r)
	if err := b.bucket(rows.Items).Put(layout.Number(row.Seq), value); err != nil {
		return false, err
	}
	grown := int64(len(value) - oldSize)
	b.sums[rows.MetaBytes] += grown
	b.written++
	for _, f := range layout.Filings(&r.Item) {
		t := rows.Tally(b.tx, f)
		t.Size += grown
		if err := b.bucket(rows.Tallies).Put(f.TallyKey(), t.Bytes()); err != nil {
			return false, err
		}
	}
	return true, nil
}
