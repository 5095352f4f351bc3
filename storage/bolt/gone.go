package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/excess"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/bolt/rows"
	"github.com/coranto/coranto/storage/record"
)

// gone reports whether an item was removed and must not be stored again. The memory
// of one that expired lasts longer for it.
func (b *batch) gone(id coranto.ItemID) (bool, error) {
	value := b.tx.Bucket([]byte(rows.Gone)).Get(id[:])
	if value == nil {
		return false, nil
	}
	t, err := b.s.codec.DecodeTombstone(value)
	if err != nil {
		b.s.log.Warn("item not stored: its tombstone is damaged", "item", id.String(), "err", err)
		return true, nil
	}
	age := b.now.Sub(t.At)
	switch {
	case !t.Expired || age < storage.ExpiredRenewed:
		return true, nil
	case age >= storage.ExpiredFor:
		return false, b.exhume(t)
	}
	if err := b.exhume(t); err != nil {
		return true, err
	}
	t.At = b.now
	return true, errors.Join(b.bury(t), b.tell(t))
}

// bury puts up a tombstone. There must be none of that item.
func (b *batch) bury(t *storage.Tombstone) error {
	if err := b.bucket(rows.Gone).Put(t.ID[:], b.s.codec.EncodeTombstone(t)); err != nil {
		return err
	}
	for _, f := range layout.Graves(t) {
		if err := b.bucket(rows.Graves).Put(f.GraveKey(t.Order()), nil); err != nil {
			return err
		}
	}
	if !t.Expired {
		b.sums[rows.MetaTombstones]++
		return nil
	}
	b.sums[rows.MetaExpired]++
	f := layout.Filing{By: layout.ByExpired, Value: string(t.Source)}
	b.weigh(f, 1, 0)
	return b.forgetExpired(f)
}

// forgetExpired ends the memory of the oldest of a source's expired items, one or
// two, if it lasted long enough or there are too many.
func (b *batch) forgetExpired(f layout.Filing) error {
	for range 2 {
		w := rows.OldestGrave(b.tx, f)
		if w.Key == nil {
			return nil
		}
		at := layout.ParsePlace(w.Key)
		held := rows.Tally(b.tx, f).Items + b.deltas[f].items
		if held <= storage.ExpiredKept && b.now.Sub(at.Published) < storage.ExpiredFor {
			return nil
		}
		t := storage.Tombstone{
			ID: at.ID, At: at.Published, Source: coranto.SourceID(f.Value), Expired: true,
		}
		if err := b.exhume(&t); err != nil {
			return err
		}
	}
	return nil
}

// exhume removes a tombstone.
func (b *batch) exhume(t *storage.Tombstone) error {
	if err := b.bucket(rows.Gone).Delete(t.ID[:]); err != nil {
		return err
	}
	for _, f := range layout.Graves(t) {
		if err := b.bucket(rows.Graves).Delete(f.GraveKey(t.Order())); err != nil {
			return err
		}
	}
	if t.Expired {
		b.sums[rows.MetaExpired]--
		b.weigh(layout.Filing{By: layout.ByExpired, Value: string(t.Source)}, -1, 0)
	} else {
		b.sums[rows.MetaTombstones]--
	}
	return nil
}

// Remove implements storage.Store. A full store must be able to make room, so that
// the budget of the file does not count here.
func (s *Store) Remove(ctx context.Context, ids []coranto.ItemID, why string) (n int, err error) {
	err = s.tidy(ctx, func(b *batch) error {
		n = 0
		var stats storage.RetainStats
		var found []excess.Item
		for _, id := range record.Unique(ids) {
			if row, ok := rows.Key(b.tx, id); ok {
				found = append(found, excess.Item{ID: id, Seq: row.Seq})
				continue
			}
			turned, err := b.condemn(id, why)
			if err != nil {
				return err
			}
			if turned {
				n++
			}
		}
		n += len(found)
		return b.removeAll(found, &stats, func(r *storage.Record) *storage.Tombstone {
			return storage.TakenDown(r, b.now, why)
		})
	})
	if err != nil {
		return 0, fmt.Errorf("take down items: %w", err)
	}
	return n, nil
}

// condemn turns the memory of an expired item into a tombstone of the operator's;
// false when there is no such memory.
func (b *batch) condemn(id coranto.ItemID, why string) (bool, error) {
	t, err := b.s.tombstone(b.tx, id)
	if t == nil || err != nil || !t.Expired {
		return false, err
	}
	err = b.exhume(t)
	t.Expired, t.At, t.Why = false, b.now, why
	return true, errors.Join(err, b.bury(t), b.tell(t))
}

// Lift implements storage.Store.
func (s *Store) Lift(ctx context.Context, ids []coranto.ItemID) (n int, err error) {
	err = s.tidy(ctx, func(b *batch) error {
		n = 0
		sources := map[coranto.SourceID]bool{}
		for _, id := range record.Unique(ids) {
			t, err := b.s.tombstone(b.tx, id)
			if err != nil {
				return err
			}
			if t == nil {
				continue
			}
			if err := errors.Join(b.exhume(t), b.tell(t)); err != nil {
				return err
			}
			sources[t.Source] = true
			n++
		}
		for id := range sources {
			if err := b.unread(id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("lift tombstones: %w", err)
	}
	return n, nil
}

// unread makes the next visit of a source read its document whole.
func (b *batch) unread(id coranto.SourceID) error {
	r, found, err := b.s.getSource(b.tx, id)
	if err != nil || !found {
		return err
	}
	first, _, err := layout.SplitFrames(b.tx.Bucket([]byte(rows.Sources)).Get([]byte(id)))
	if err != nil {
		return err
	}
	r.State.Unread()
	value := layout.JoinFrames(bytes.Clone(first), b.s.codec.EncodeState(&r.State))
	if err := b.bucket(rows.Sources).Put([]byte(id), value); err != nil {
		return err
	}
	return b.bucket(rows.Seen).Delete([]byte(id))
}

// tidy runs fn in a transaction that the budget of the file does not bound.
func (s *Store) tidy(ctx context.Context, fn func(*batch) error) error {
	return s.tidyWithin(ctx, 0, fn)
}

// tidyWithin runs fn in a transaction for which the file may grow to so many bytes; 0
// means that it may grow.
func (s *Store) tidyWithin(ctx context.Context, limit int64, fn func(*batch) error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.file.Limit(limit)
	defer s.file.Limit(s.opts.MaxSize)
	var b *batch
	err := s.update(ctx, func(tx *bbolt.Tx) error {
		b = s.newBatch(tx)
		return b.run(func() error { return fn(b) })
	})
	if err != nil {
		return err
	}
	s.itemWrites.Add(b.written)
	if b.logged > 0 {
		s.hints.Notify()
	}
	return nil
}

// tombstone reads a tombstone; nil when there is none. The error wraps ErrCorrupt.
func (s *Store) tombstone(tx *bbolt.Tx, id coranto.ItemID) (*storage.Tombstone, error) {
	bucket := tx.Bucket([]byte(rows.Gone))
	if bucket == nil {
		return nil, nil // of an older version, opened to read
	}
	value := bucket.Get(id[:])
	if value == nil {
		return nil, nil
	}
	t, err := s.codec.DecodeTombstone(value)
	if err != nil {
		return nil, fmt.Errorf("tombstone of %s: %w: %w", id, storage.ErrCorrupt, err)
	}
	return t, nil
}

// Tombstone implements storage.Store.
func (s *Store) Tombstone(ctx context.Context, id coranto.ItemID) (t *storage.Tombstone, err error) {
	now := s.now()
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		t, err = s.tombstone(tx, id)
		if err == nil && (t == nil || t.Expired && now.Sub(t.At) >= storage.ExpiredFor) {
			err = storage.ErrNotFound
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read tombstone of item %s: %w", id, err)
	}
	return t, nil
}

// Tombstones implements storage.Store. One that is damaged is left out with a
// warning.
func (s *Store) Tombstones(
	ctx context.Context, q storage.TombstoneQuery,
) (page storage.TombstonePage, err error) {
	if q.Limit <= 0 {
		q.Limit = 50
	}
	f := layout.Filing{By: q.By, Value: q.Value}
	switch q.By {
	case storage.All:
		f.Value = ""
	case storage.ByCategory, storage.BySource:
	default:
		return page, fmt.Errorf("read tombstones: no index %d", q.By)
	}
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		if tx.Bucket([]byte(rows.Graves)) == nil {
			return nil // of an older version, opened to read
		}
		w := rows.FindGrave(tx, f, q)
		for ; w.Key != nil && len(page.Tombstones) < q.Limit; w.Step() {
			id := layout.ParsePlace(w.Key).ID
			t, err := s.tombstone(tx, id)
			if t == nil {
				s.log.Warn("damaged tombstone passed over", "item", id.String(), "err", err)
				continue
			}
			page.Tombstones = append(page.Tombstones, *t)
		}
		page.More = w.Key != nil
		return nil
	})
	if err != nil {
		return storage.TombstonePage{}, fmt.Errorf("read tombstones: %w", err)
	}
	if !q.After.IsZero() {
		slices.Reverse(page.Tombstones)
	}
	return page, nil
}
