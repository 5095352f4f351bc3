package bolt

import (
	"context"
	"fmt"
	"iter"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/bolt/parts"
	"github.com/coranto/coranto/storage/bolt/rows"
	"github.com/coranto/coranto/storage/bolt/values"
)

// Export implements storage.Exporter. A value that can't be read ends it with
// ErrCorrupt: see package salvage for what is left of a damaged file. While the
// parts are read, pages that commits replace are not reused.
func (s *Store) Export(ctx context.Context) iter.Seq2[storage.Part, error] {
	return func(yield func(storage.Part, error) bool) {
		stopped := false
		err := s.view(ctx, func(tx *bbolt.Tx) error {
			each := func(name string) iter.Seq2[[]byte, []byte] { return rows.Each(tx, name) }
			for part, err := range parts.Read(ctx, s.codec, each, parts.Options{}) {
				if err != nil {
					return err
				}
				if stopped = !yield(part, nil); stopped {
					return nil
				}
			}
			return nil
		})
		if err != nil && !stopped {
			yield(storage.Part{}, fmt.Errorf("export store %s: %w", s.path, err))
		}
	}
}

// A transaction of an import is as many parts as this, or fewer that are large.
const (
	importParts = 1000
	importBytes = 4 << 20
)

// Import implements storage.Importer. Keys, indices, counts and the rows by which
// duplicates are found are made from the items.
func (s *Store) Import(ctx context.Context, all iter.Seq2[storage.Part, error]) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.importAll(ctx, all); err != nil {
		return fmt.Errorf("import into store %s: %w", s.path, err)
	}
	return nil
}

func (s *Store) importAll(ctx context.Context, all iter.Seq2[storage.Part, error]) error {
	if err := s.view(ctx, isEmpty); err != nil {
		return err
	}
	next, stop := iter.Pull2(all)
	defer stop()
	for more := true; more; {
		err := s.update(ctx, func(tx *bbolt.Tx) (err error) {
			b := s.newBatch(tx)
			return b.run(func() error {
				more, err = b.takeParts(next)
				return err
			})
		})
		if err != nil {
			return err
		}
	}
	return s.load()
}

// isEmpty returns ErrConflict when a store holds anything.
func isEmpty(tx *bbolt.Tx) error {
	for _, name := range []string{rows.Sources, rows.Items, rows.Log, rows.Cursors} {
		if k, _ := tx.Bucket([]byte(name)).Cursor().First(); k != nil {
			return fmt.Errorf("%w: it is not empty", storage.ErrConflict)
		}
	}
	return nil
}

// takeParts stores some parts and reports whether there may be more.
func (b *batch) takeParts(next func() (storage.Part, error, bool)) (more bool, err error) {
	taken := func() int64 { return b.sums[rows.MetaBytes] + b.sums[rows.MetaRevisionBytes] }
	for n := 0; n < importParts && taken() < importBytes; n++ {
		part, err, ok := next()
		if err != nil || !ok {
			return false, err
		}
		if err := b.takePart(part); err != nil {
			return false, err
		}
	}
	return true, nil
}

func (b *batch) takePart(p storage.Part) error {
	switch {
	case p.Source != nil:
		return b.takeSource(p.Source)
	case p.Item != nil:
		return b.takeItem(p.Item)
	case p.Revision != nil:
		return b.takeRevision(p.Revision)
	case p.Tombstone != nil:
		return b.takeTombstone(p.Tombstone)
	case p.Touch != nil:
		return b.takeTouch(*p.Touch)
	case p.Value != nil:
		change := storage.ValueChange{Name: p.Value.Name, New: p.Value.Data}
		return values.Set(b.bucket(rows.Values), b.s.codec, change)
	case p.Change != nil:
		return b.append(p.Change)
	case p.Forgotten:
		_, err := b.bucket(rows.Log).NextSequence()
		return err
	case p.Cursor != "":
		return b.takeCursor(p.Cursor)
	}
	return nil
}

func (b *batch) takeSource(p *storage.SourcePart) error {
	codec := b.s.codec
	description := codec.EncodeDescription(layout.Description{Source: p.Source, Rev: p.Rev})
	value := layout.JoinFrames(description, codec.EncodeState(&p.State))
	if err := b.bucket(rows.Sources).Put([]byte(p.ID), value); err != nil || p.Seen == nil {
		return err
	}
	return b.bucket(rows.Seen).Put([]byte(p.ID), codec.EncodeSeen(p.Seen))
}

// takeItem passes over an item that is there already: of a damaged file the same
// may come twice.
func (b *batch) takeItem(r *storage.Record) error {
	if _, known := rows.Key(b.tx, r.ID); known {
		b.s.log.Warn("item passed over that came twice", "item", r.ID.String())
		return nil
	}
	items := b.bucket(rows.Items)
	if r.Seq <= items.Sequence() { // of a stream that knows none, or not in order
		r.Seq = items.Sequence() + 1
	}
	if err := items.SetSequence(r.Seq); err != nil {
		return err
	}
	return b.put(r.Seq, r, nil, 0)
}

// takeRevision passes over what an item was that is not there, or that came twice.
func (b *batch) takeRevision(r *storage.Record) error {
	row, known := rows.Key(b.tx, r.ID)
	held := b.bucket(rows.Revisions).Get(layout.RevisionKey(row.Seq, r.Revision))
	if !known || held != nil {
		return nil
	}
	return b.keepRevision(row.Seq, r.Revision, b.s.codec.EncodeRecord(r))
}

// takeTombstone passes over one of an item that is there, or that came twice.
func (b *batch) takeTombstone(t *storage.Tombstone) error {
	if _, known := rows.Key(b.tx, t.ID); known || b.tx.Bucket([]byte(rows.Gone)).Get(t.ID[:]) != nil {
		return nil
	}
	return b.bury(t)
}

// takeTouch sets when a value of an index last changed, whatever items did to it.
func (b *batch) takeTouch(touch storage.Touch) error {
	if err := b.flush(); err != nil {
		return err
	}
	f := layout.Filing{By: touch.By, Value: touch.Value}
	t := rows.Tally(b.tx, f)
	t.Modified = touch.Modified
	return b.bucket(rows.Tallies).Put(f.TallyKey(), t.Bytes())
}

// takeCursor saves a cursor behind the last change so far. One at the beginning
// is as good as none.
func (b *batch) takeCursor(name string) error {
	seq := b.bucket(rows.Log).Sequence()
	if seq == 0 {
		return nil
	}
	return b.bucket(rows.Cursors).Put([]byte(name), layout.Number(seq))
}
