package bolt

import (
	"slices"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/bolt/rows"
)

// batch is one write transaction with what it has changed so far. Tallies are
// written once each, by finish, however many items touch them.
type batch struct {
	s   *Store
	tx  *bbolt.Tx
	now time.Time

	deltas  map[layout.Filing]weight // a zero means touched
	sums    map[string]int64         // by key of the meta bucket: what is added to it
	written int64                    // items
	logged  int                      // changes

	moved []coranto.SourceID // sources with a new URL
	dirty bool
}

// weight is what is added to a tally.
type weight struct{ items, bytes int64 }

// run runs fn as a batch and finishes it. The caller holds s.writing.
func (b *batch) run(fn func() error) error {
	if err := fn(); err != nil {
		return err
	}
	if !b.dirty {
		return errUnchanged
	}
	return b.finish()
}

func (s *Store) newBatch(tx *bbolt.Tx) *batch {
	return &batch{
		s: s, tx: tx, now: layout.Storable(s.now()),
		deltas: map[layout.Filing]weight{}, sums: map[string]int64{},
	}
}

// bucket returns a bucket for writing.
func (b *batch) bucket(name string) *bbolt.Bucket {
	b.dirty = true
	bucket := b.tx.Bucket([]byte(name))
	if name == rows.Items || name == rows.Log {
		bucket.FillPercent = 1 // keys only ever grow
	}
	return bucket
}

// finish writes the tallies and cuts the log.
func (b *batch) finish() error {
	if err := b.flush(); err != nil {
		return err
	}
	for key, delta := range b.sums {
		if delta == 0 {
			continue
		}
		meta := b.bucket(rows.Meta)
		if err := rows.PutNumber(meta, key, uint64(int64(rows.Number(meta, key))+delta)); err != nil {
			return err
		}
	}
	if b.logged == 0 {
		return nil
	}
	return b.trimLog()
}

// flush writes the tallies that were touched.
func (b *batch) flush() error {
	for f, delta := range b.deltas {
		t := rows.Tally(b.tx, f)
		t.Items += delta.items
		t.Size += delta.bytes
		if b.now.After(t.Modified) {
			t.Modified = b.now
		}
		if err := b.bucket(rows.Tallies).Put(f.TallyKey(), t.Bytes()); err != nil {
			return err
		}
	}
	clear(b.deltas)
	return nil
}

// put writes a record and everything derived from it. old is what it replaces,
// nil for a new one; oldSize is the size of old's value.
func (b *batch) put(seq uint64, r, old *storage.Record, oldSize int) error {
	plain := *r
	plain.Seq = 0 // it is the key
	value := b.s.codec.EncodeRecord(&plain)
	if err := b.bucket(rows.Items).Put(layout.Number(seq), value); err != nil {
		return err
	}
	row := layout.ItemKey{Seq: seq, Hash: r.Hash, Filing: layout.FilingHash(r.Categories)}
	if err := b.bucket(rows.Keys).Put(r.ID[:], row.Bytes()); err != nil {
		return err
	}
	b.sums[rows.MetaBytes] += int64(len(value) - oldSize)
	b.written++
	if err := b.file(seq, r, old, int64(len(value)), int64(oldSize)); err != nil {
		return err
	}
	return b.putDedup(seq, r, old)
}

// remove deletes a record and everything derived from it.
func (b *batch) remove(seq uint64, r *storage.Record, size int) error {
	if err := b.bucket(rows.Items).Delete(layout.Number(seq)); err != nil {
		return err
	}
	if err := b.bucket(rows.Keys).Delete(r.ID[:]); err != nil {
		return err
	}
	b.sums[rows.MetaBytes] -= int64(size)
	if err := b.file(seq, nil, r, 0, int64(size)); err != nil {
		return err
	}
	if err := b.forgetRevisions(seq); err != nil {
		return err
	}
	return b.putDedup(seq, nil, r)
}

// file moves the index rows of an item from where old stood to where r stands;
// either may be nil. Both places count as touched. size and oldSize are those of
// their values.
func (b *batch) file(seq uint64, r, old *storage.Record, size, oldSize int64) error {
	var before, after []layout.Filing
	if old != nil {
		before = layout.Filings(&old.Item)
	}
	if r != nil {
		after = layout.Filings(&r.Item)
	}
	for _, f := range before {
		if slices.Contains(after, f) {
			continue
		}
		if err := b.unlist(f, seq, old.Order(), oldSize); err != nil {
			return err
		}
	}
	for _, f := range after {
		if slices.Contains(before, f) {
			b.weigh(f, 0, size-oldSize)
			continue
		}
		b.weigh(f, 1, size)
		if err := b.list(f, seq, r.Order()); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) list(f layout.Filing, seq uint64, at storage.OrderKey) error {
	if rows.HasArrivals(f) {
		if err := b.bucket(rows.Arrivals).Put(f.ArrivalKey(seq), nil); err != nil {
			return err
		}
	}
	if name := rows.Index(f); name != "" {
		return b.bucket(name).Put(f.Key(at), layout.Number(seq))
	}
	return nil
}

// weigh adds to the tally of a filing.
func (b *batch) weigh(f layout.Filing, items, bytes int64) {
	w := b.deltas[f]
	b.deltas[f] = weight{w.items + items, w.bytes + bytes}
}

func (b *batch) unlist(f layout.Filing, seq uint64, at storage.OrderKey, size int64) error {
	b.weigh(f, -1, -size)
	if rows.HasArrivals(f) {
		if err := b.bucket(rows.Arrivals).Delete(f.ArrivalKey(seq)); err != nil {
			return err
		}
	}
	if name := rows.Index(f); name != "" {
		return b.bucket(name).Delete(f.Key(at))
	}
	return nil
}

// putDedup keeps, for each dedup key, a row for every item that has it, in the
// order of their seq: the first is the item that was stored with it first.
func (b *batch) putDedup(seq uint64, r, old *storage.Record) error {
	var before, after []storage.DedupKey
	if old != nil {
		before = storage.DedupKeys(&old.Item)
	}
	if r != nil {
		after = storage.DedupKeys(&r.Item)
	}
	for _, k := range before {
		if slices.Contains(after, k) {
			continue
		}
		if err := b.bucket(rows.Dedup).Delete(layout.DedupRow(k, seq)); err != nil {
			return err
		}
	}
	var value []byte
	if r != nil {
		value = append(r.ID[:], r.Source...)
	}
	for _, k := range after {
		if slices.Contains(before, k) {
			continue
		}
		if err := b.bucket(rows.Dedup).Put(layout.DedupRow(k, seq), value); err != nil {
			return err
		}
	}
	return nil
}
