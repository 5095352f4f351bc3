package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/calls"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/bolt/rows"
	"github.com/coranto/coranto/storage/record"
)

// maxSourceID is the longest id of a source, in bytes.
const maxSourceID = 255

// getSource reads one source; nil when there is none. The error wraps
// ErrCorrupt.
func (s *Store) getSource(
	tx *bbolt.Tx, id coranto.SourceID,
) (r storage.SourceRecord, found bool, err error) {
	value := tx.Bucket([]byte(rows.Sources)).Get([]byte(id))
	if value == nil {
		return r, false, nil
	}
	r, err = s.codec.DecodeSource(value)
	if err != nil {
		return r, false, fmt.Errorf("source %s: %w: %w", id, storage.ErrCorrupt, err)
	}
	held := rows.Tally(tx, layout.Filing{By: storage.BySource, Value: string(id)})
	r.Items, r.Bytes = int(held.Items), held.Size
	return r, true, nil
}

// UpsertSources implements storage.Store. A source whose record is damaged is
// written anew, without its state: the operator's file tells the rest.
func (s *Store) UpsertSources(ctx context.Context, sources []coranto.Source, revs []uint64) error {
	if revs != nil && len(revs) != len(sources) {
		return fmt.Errorf("upsert sources: %d revs for %d sources", len(revs), len(sources))
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	var b *batch
	err := s.update(ctx, func(tx *bbolt.Tx) error {
		b = s.newBatch(tx)
		return b.run(func() error {
			for i := range sources {
				if err := b.describe(&sources[i], revs, i); err != nil {
					return fmt.Errorf("source %q: %w", sources[i].ID, err)
				}
			}
			return nil
		})
	})
	if err != nil {
		return fmt.Errorf("upsert sources: %w", err)
	}
	for i := range sources {
		s.lanes.Describe(&sources[i], new(storage.SourceState), b.now)
	}
	s.lanes.Renew(b.moved, b.now)
	if b.logged > 0 {
		s.hints.Notify()
	}
	return nil
}

// describe writes the description of one source if it is new or changed.
func (b *batch) describe(src *coranto.Source, revs []uint64, i int) error {
	if src.ID == "" || len(src.ID) > maxSourceID {
		return errors.New("an id has 1 to 255 bytes")
	}
	old, _, err := b.s.getSource(b.tx, src.ID)
	if err != nil {
		b.s.log.Error("damaged source written anew", "source", string(src.ID), "err", err)
	}
	if revs != nil && revs[i] != old.Rev {
		return storage.ErrConflict
	}
	encode := b.s.codec.EncodeDescription
	same := encode(layout.Description{Source: old.Source, Rev: old.Rev})
	if old.Rev > 0 && bytes.Equal(encode(layout.Description{Source: *src, Rev: old.Rev}), same) {
		return nil
	}
	if old.Rev > 0 && record.Redirect(&old, src, layout.SameAccess(old.Access, src.Access), b.now) {
		b.moved = append(b.moved, src.ID)
	}
	next := encode(layout.Description{Source: *src, Rev: old.Rev + 1})
	value := layout.JoinFrames(next, b.s.codec.EncodeState(&old.State))
	if err := b.bucket(rows.Sources).Put([]byte(src.ID), value); err != nil {
		return err
	}
	if old.Rev == 0 || record.SameCredit(src, &old.Source, old.State.Feed, old.State.Feed) {
		return nil
	}
	change := storage.Change{At: b.now, Source: src.ID}
	if err := b.credit(&change); err != nil {
		return err
	}
	return b.append(&change)
}

// state replaces the state of a visit's source and reports whether that shows
// in what is published of its items.
func (b *batch) state(v *calls.Visit) (credit bool, err error) {
	value := b.tx.Bucket([]byte(rows.Sources)).Get([]byte(v.Source))
	first, second, err := layout.SplitFrames(value)
	if err != nil {
		return false, fmt.Errorf("source %s: %w: %w", v.Source, storage.ErrCorrupt, err)
	}
	old, err := b.s.codec.DecodeHeld(second)
	if err != nil {
		b.s.log.Warn("damaged state replaced", "source", string(v.Source), "err", err)
	}
	record.Complete(&v.State, &old, &v.Result, b.now)
	next := b.s.codec.EncodeState(&v.State)
	if bytes.Equal(second, next) {
		return false, nil
	}
	credit, err = b.s.creditChanged(first, old.Feed, v.State.Feed)
	if err != nil {
		return false, fmt.Errorf("source %s: %w: %w", v.Source, storage.ErrCorrupt, err)
	}
	return credit, b.bucket(rows.Sources).Put([]byte(v.Source), layout.JoinFrames(first, next))
}

// creditChanged compares two states of a source's feed as they show under the
// description in frame.
func (s *Store) creditChanged(frame []byte, old, next coranto.Attribution) (bool, error) {
	if record.SameFeed(&old, &next) {
		return false, nil
	}
	d, err := s.codec.DecodeDescription(frame)
	if err != nil {
		return false, err
	}
	return !record.SameCredit(&d.Source, &d.Source, old, next), nil
}

// Seen implements storage.Store. A file of an older version has no bucket for it.
func (s *Store) Seen(ctx context.Context, id coranto.SourceID) (seen []byte, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		bucket := tx.Bucket([]byte(rows.Seen))
		if bucket == nil {
			return nil
		}
		value := bucket.Get([]byte(id))
		if value == nil {
			return nil
		}
		var err error
		if seen, err = s.codec.DecodeSeen(value); err != nil {
			s.log.Warn("what was seen of a source is damaged; it is read whole",
				"source", string(id), "err", err)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("what was seen of source %s: %w", id, err)
	}
	return seen, nil
}

// seen stores or forgets what a visit has seen.
func (b *batch) seen(v *calls.Visit) error {
	switch {
	case v.Seen == nil:
		return nil
	case len(v.Seen) == 0:
		return b.bucket(rows.Seen).Delete([]byte(v.Source))
	}
	return b.bucket(rows.Seen).Put([]byte(v.Source), b.s.codec.EncodeSeen(v.Seen))
}
