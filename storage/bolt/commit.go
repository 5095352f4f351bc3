package bolt

import (
	"context"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/calls"
	"github.com/coranto/coranto/storage/bolt/graves"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/bolt/rows"
	"github.com/coranto/coranto/storage/record"
)

// Commit implements storage.Store. Calls that come at the same time are written
// in one transaction by one goroutine.
func (s *Store) Commit(ctx context.Context, visits []storage.Visit) ([]storage.VisitResult, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.opts.ReadOnly {
		return nil, fmt.Errorf("commit: %w", storage.ErrReadOnly)
	}
	results, err := s.calls.Commit(ctx, visits)
	if err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	return results, nil
}

// writeVisits stores visits in one transaction and then lets the due queue
// know. On an error nothing was stored.
func (s *Store) writeVisits(visits []*calls.Visit) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	pinned := s.pin(visits)
	var b *batch
	err := s.update(context.Background(), func(tx *bbolt.Tx) error {
		b = s.newBatch(tx)
		return b.run(func() error {
			for _, v := range pinned {
				if err := b.visit(v); err != nil {
					return err
				}
			}
			return nil
		})
	})
	s.settle(pinned, err == nil)
	if err != nil {
		return err
	}
	s.itemWrites.Add(b.written)
	if b.logged > 0 {
		s.hints.Notify()
	}
	return nil
}

// pin checks the leases of visits and returns those that may be written.
func (s *Store) pin(visits []*calls.Visit) (pinned []*calls.Visit) {
	now := s.now()
	for _, v := range visits {
		v.Result = storage.VisitResult{}
		if err := s.lanes.Pin(&v.Visit, now); err != nil {
			v.Result.Err = fmt.Errorf("visit of %s: %w", v.Source, err)
			continue
		}
		pinned = append(pinned, v)
	}
	return pinned
}

func (s *Store) settle(visits []*calls.Visit, stored bool) {
	now := s.now()
	for _, v := range visits {
		s.lanes.Settle(&v.Visit, stored, now)
	}
}

// progress is what the items of a visit add up to.
type progress struct {
	result *storage.VisitResult
	change storage.Change
}

// visit writes one visit: first its items, then its state, then what readers
// are told of it.
func (b *batch) visit(v *calls.Visit) error {
	p := progress{&v.Result, storage.Change{At: b.now, Source: v.Source}}
	for i := range v.Items {
		if err := b.item(&v.Items[i], v.Hashes[i], &p); err != nil {
			return err
		}
	}
	v.Result.Changed = p.change.Items
	if err := b.seen(v); err != nil {
		return err
	}
	credit, err := b.state(v)
	if err != nil {
		return err
	}
	if credit {
		if err := b.credit(&p.change); err != nil {
			return err
		}
	}
	return b.append(&p.change)
}

// item writes one item of a visit unless it is stored already.
func (b *batch) item(it *coranto.Item, hash [16]byte, p *progress) error {
	row, known := rows.Key(b.tx, it.ID)
	if known && row.Hash == hash && row.Filing == layout.FilingHash(it.Categories) {
		p.result.Same++
		return nil
	}
	if !known {
		return b.admit(it, hash, p)
	}
	value := rows.Record(b.tx, row.Seq)
	old, err := b.s.codec.DecodeRecord(value, false)
	if err != nil {
		return b.heal(it, hash, row.Seq, len(value), p)
	}
	r := record.Refiled(old, it, b.now)
	if row.Hash == hash {
		p.result.Same++
	} else {
		r = record.Revised(old, layout.StorableItem(it), hash, b.now)
		p.result.Updated++
		if err := b.keepRevision(row.Seq, old.Revision, value); err != nil {
			return err
		}
	}
	record.Note(&p.change, r, old)
	return b.put(row.Seq, r, old, len(value))
}

// admit writes an item that is not stored, unless it was removed.
func (b *batch) admit(it *coranto.Item, hash [16]byte, p *progress) error {
	gone, err := b.gone(it.ID)
	gone = gone || graves.Refuse(b.tx, b.s.codec, it)
	if err != nil {
		return err
	}
	if gone {
		p.result.Gone++
		return nil
	}
	return b.add(it, hash, p)
}

// add writes an item that was not stored before.
func (b *batch) add(it *coranto.Item, hash [16]byte, p *progress) error {
	r := record.New(layout.StorableItem(it), hash, b.now)
	b.findDup(r)
	p.result.New++
	if !r.DupOf.IsZero() {
		p.result.Dup++
	}
	seq, err := b.bucket(rows.Items).NextSequence()
	if err != nil {
		return err
	}
	record.Note(&p.change, r, nil)
	return b.put(seq, r, nil, 0)
}

// heal replaces a record that can't be read any more by the item as new.
func (b *batch) heal(it *coranto.Item, hash [16]byte, seq uint64, size int, p *progress) error {
	b.s.log.Warn("damaged item replaced", "source", string(it.Source), "item", it.ID.String())
	if _, err := b.removeDamaged(it.ID, seq, size); err != nil {
		return err
	}
	return b.add(it, hash, p)
}

// findDup sets DupOf of a new record, the item of another source that was stored
// first with one of its dedup keys, and DupGUID, which tells that the GUID is one.
func (b *batch) findDup(r *storage.Record) {
	guid, isIRI := storage.GUIDKey(&r.Item)
	c := b.tx.Bucket([]byte(rows.Dedup)).Cursor()
	var first rows.Original
	for _, k := range storage.DedupKeys(&r.Item) {
		o, ok := rows.FindOriginal(b.tx, c, k)
		if !ok || o.Source == r.Source {
			continue
		}
		r.DupGUID = r.DupGUID || isIRI && k == guid
		if first.ID.IsZero() || o.Seq < first.Seq {
			first = o
		}
	}
	r.DupOf = first.ID
}
