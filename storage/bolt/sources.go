package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
)

// maxSourceID is the longest id of a source, in bytes.
const maxSourceID = 255

// decodeSource reads a value of the src bucket.
func (s *Store) decodeSource(value []byte) (storage.SourceRecord, error) {
	var r storage.SourceRecord
	first, second, err := layout.SplitFrames(value)
	if err != nil {
		return r, err
	}
	d, err := s.codec.DecodeDescription(first)
	if err != nil {
		return r, err
	}
	r.Source, r.Rev = d.Source, d.Rev
	r.State, err = s.codec.DecodeState(second)
	return r, err
}

// getSource reads one source; nil when there is none. The error wraps
// ErrCorrupt.
func (s *Store) getSource(tx *bbolt.Tx, id coranto.SourceID) (*storage.SourceRecord, error) {
	value := tx.Bucket([]byte(bucketSources)).Get([]byte(id))
	if value == nil {
		return nil, nil
	}
	r, err := s.decodeSource(value)
	if err != nil {
		return nil, fmt.Errorf("source %s: %w: %w", id, storage.ErrCorrupt, err)
	}
	r.Items = int(getTally(tx, layout.Filing{By: storage.BySource, Value: string(id)}).Items)
	return &r, nil
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
	if b.logged > 0 {
		s.hints.notify()
	}
	return nil
}

// describe writes the description of one source if it is new or changed.
func (b *batch) describe(src *coranto.Source, revs []uint64, i int) error {
	if src.ID == "" || len(src.ID) > maxSourceID {
		return errors.New("an id has 1 to 255 bytes")
	}
	old, err := b.s.getSource(b.tx, src.ID)
	if err != nil {
		b.s.log.Error("damaged source written anew", "source", string(src.ID), "err", err)
	}
	if old == nil {
		old = new(storage.SourceRecord)
	}
	if revs != nil && revs[i] != old.Rev {
		return storage.ErrConflict
	}
	encode := b.s.codec.EncodeDescription
	same := encode(layout.Description{Source: old.Source, Rev: old.Rev})
	if old.Rev > 0 && bytes.Equal(encode(layout.Description{Source: *src, Rev: old.Rev}), same) {
		return nil
	}
	next := encode(layout.Description{Source: *src, Rev: old.Rev + 1})
	value := layout.JoinFrames(next, b.s.codec.EncodeState(&old.State))
	if err := b.bucket(bucketSources).Put([]byte(src.ID), value); err != nil {
		return err
	}
	if old.Rev == 0 || creditOf(src, old.State.Feed) == creditOf(&old.Source, old.State.Feed) {
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
func (b *batch) state(v *prepared, result *storage.VisitResult) (credit bool, err error) {
	value := b.tx.Bucket([]byte(bucketSources)).Get([]byte(v.Source))
	first, second, err := layout.SplitFrames(value)
	if err != nil {
		return false, fmt.Errorf("source %s: %w: %w", v.Source, storage.ErrCorrupt, err)
	}
	old, err := b.s.codec.DecodeState(second)
	if err != nil {
		b.s.log.Warn("damaged state replaced", "source", string(v.Source), "err", err)
	}
	b.complete(&v.State, &old, result)
	next := b.s.codec.EncodeState(&v.State)
	if bytes.Equal(second, next) {
		return false, nil
	}
	credit, err = b.s.creditChanged(first, old.Feed, v.State.Feed)
	if err != nil {
		return false, fmt.Errorf("source %s: %w: %w", v.Source, storage.ErrCorrupt, err)
	}
	return credit, b.bucket(bucketSources).Put([]byte(v.Source), layout.JoinFrames(first, next))
}

// complete fills in what only the commit knows: whether anything was new.
func (b *batch) complete(state, old *storage.SourceState, result *storage.VisitResult) {
	if state.Outcome == storage.OutcomeNew && result.New+result.Updated == 0 {
		state.Outcome = storage.OutcomeUnchanged
	}
	state.LastNew = old.LastNew
	if result.New > 0 {
		state.LastNew = b.now
	}
}

// creditChanged compares two states of a source's feed as they show under the
// description in frame.
func (s *Store) creditChanged(frame []byte, old, next coranto.Attribution) (bool, error) {
	if creditOf(new(coranto.Source), old) == creditOf(new(coranto.Source), next) {
		return false, nil
	}
	d, err := s.codec.DecodeDescription(frame)
	if err != nil {
		return false, err
	}
	return creditOf(&d.Source, old) != creditOf(&d.Source, next), nil
}

// creditShown is what readers see of a source beside each of its items.
type creditShown struct {
	id, title, link, feed, language, rights, license, icon string

	credit    string
	republish coranto.Republish
}

func creditOf(src *coranto.Source, feed coranto.Attribution) creditShown {
	a := src.Attribution(feed)
	return creditShown{
		id: a.ID, title: a.Title, link: a.Link, feed: a.Feed, language: a.Language,
		rights: a.Rights, license: a.License, icon: a.Icon,
		credit: src.Credit, republish: src.Republish,
	}
}

// sourceChunk is how many sources are read in one snapshot.
const sourceChunk = 500

// Sources implements storage.Store. The sources are read some hundreds at a
// time, each time from one snapshot, so that a slow reader pins no pages.
func (s *Store) Sources(ctx context.Context, q storage.SourceQuery) iter.Seq2[storage.SourceRecord, error] {
	ids := sortedSet(q.IDs)
	return func(yield func(storage.SourceRecord, error) bool) {
		next := s.sourceReader(q.IDs == nil, ids)
		for {
			records, err := next(ctx)
			for _, r := range records {
				if !yield(r, nil) {
					return
				}
			}
			if err != nil {
				yield(storage.SourceRecord{}, fmt.Errorf("read sources: %w", err))
				return
			}
			if len(records) == 0 {
				return
			}
		}
	}
}

// sourceReader returns a function that reads the next chunk, empty at the end.
func (s *Store) sourceReader(all bool, ids []coranto.SourceID) func(context.Context) ([]storage.SourceRecord, error) {
	if !all {
		return func(ctx context.Context) ([]storage.SourceRecord, error) {
			var chunk []storage.SourceRecord
			var err error
			for len(ids) > 0 && len(chunk) == 0 && err == nil {
				n := min(len(ids), sourceChunk)
				chunk, err = s.readSources(ctx, ids[:n])
				ids = ids[n:]
			}
			return chunk, err
		}
	}
	var last []byte
	return func(ctx context.Context) (chunk []storage.SourceRecord, err error) {
		chunk, last, err = s.scanSources(ctx, last)
		return chunk, err
	}
}

// readSources reads the sources among ids that there are.
func (s *Store) readSources(ctx context.Context, ids []coranto.SourceID) (records []storage.SourceRecord, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		for _, id := range ids {
			r, err := s.getSource(tx, id)
			if err != nil {
				return err
			}
			if r != nil {
				records = append(records, *r)
			}
		}
		return nil
	})
	return records, err
}

// scanSources reads one chunk of the sources after an id, and the last id read.
func (s *Store) scanSources(ctx context.Context, after []byte) (records []storage.SourceRecord, last []byte, err error) {
	last = after
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		c := tx.Bucket([]byte(bucketSources)).Cursor()
		k, _ := c.Seek(append(slices.Clone(after), 0))
		for ; k != nil && len(records) < sourceChunk; k, _ = c.Next() {
			r, err := s.getSource(tx, coranto.SourceID(k))
			if err != nil {
				return err
			}
			records, last = append(records, *r), slices.Clone(k)
		}
		return nil
	})
	return records, last, err
}

// DueNow implements storage.Store. The hint is kept in memory: after a crash the
// source is visited when its state says.
func (s *Store) DueNow(ctx context.Context, ids []coranto.SourceID) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.opts.ReadOnly {
		return fmt.Errorf("make sources due: %w", storage.ErrReadOnly)
	}
	s.lanes.Hint(ids, s.now())
	return nil
}

// Claim implements storage.Store.
func (s *Store) Claim(ctx context.Context, owner string, lanes, perLane int, ttl time.Duration) ([]storage.Lease, time.Duration, error) {
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	if s.opts.ReadOnly {
		return nil, 0, fmt.Errorf("claim: %w", storage.ErrReadOnly)
	}
	now := s.now()
	leases, due, wait := s.lanes.Claim(owner, lanes, perLane, now, now.Add(ttl))
	err := s.view(context.WithoutCancel(ctx), func(tx *bbolt.Tx) error {
		for i, ids := range due {
			for _, id := range ids {
				r, err := s.getSource(tx, id)
				if err != nil || r == nil {
					s.log.Error("source is damaged and not visited", "source", string(id), "err", err)
					s.lanes.Postpone(id, now)
					continue
				}
				leases[i].Due = append(leases[i].Due, *r)
			}
		}
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("claim: %w", err)
	}
	return leases, wait, nil
}

// Extend implements storage.Store.
func (s *Store) Extend(ctx context.Context, leases []storage.LeaseRef, ttl time.Duration) ([]bool, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.opts.ReadOnly {
		return nil, fmt.Errorf("extend leases: %w", storage.ErrReadOnly)
	}
	now := s.now()
	return s.lanes.Extend(leases, now, now.Add(ttl)), nil
}
