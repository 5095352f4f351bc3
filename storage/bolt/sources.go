package bolt

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/internal/host"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/calls"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/bolt/rows"
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
func (s *Store) getSource(
	tx *bbolt.Tx, id coranto.SourceID,
) (r storage.SourceRecord, found bool, err error) {
	value := tx.Bucket([]byte(rows.Sources)).Get([]byte(id))
	if value == nil {
		return r, false, nil
	}
	r, err = s.decodeSource(value)
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
		s.hints.notify()
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
	if old.Rev > 0 {
		b.redirect(&old, src)
	}
	next := encode(layout.Description{Source: *src, Rev: old.Rev + 1})
	value := layout.JoinFrames(next, b.s.codec.EncodeState(&old.State))
	if err := b.bucket(rows.Sources).Put([]byte(src.ID), value); err != nil {
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

// redirect makes a source due at once that is now asked elsewhere or otherwise.
func (b *batch) redirect(old *storage.SourceRecord, src *coranto.Source) {
	switch {
	case old.URL != src.URL:
		b.moved = append(b.moved, src.ID)
		forget(old, b.now)
	case askable(old, b.now) && !layout.SameAccess(old.Access, src.Access):
		b.moved = append(b.moved, src.ID)
		old.State.Next, old.State.Fresh = time.Time{}, time.Time{}
	}
}

// askable reports whether an origin may be asked now that it is asked otherwise.
func askable(r *storage.SourceRecord, now time.Time) bool {
	return !r.State.Wait.After(now) && r.State.Outcome != storage.OutcomeGone
}

// forget clears what a state says of an address that its source no longer has. What a
// host asked for holds for other sources too.
func forget(r *storage.SourceRecord, now time.Time) {
	s := &r.State
	if s.Wait.After(now) {
		s.WaitHost = cmp.Or(s.WaitHost, asked(r))
	} else {
		s.Wait, s.WaitHost = time.Time{}, ""
	}
	s.Next, s.Fresh = time.Time{}, time.Time{}
	s.GoneSince, s.Missing = time.Time{}, time.Time{}
	s.Fails, s.HostFails, s.LastError = 0, 0, ""
	s.Outcome, s.Move = storage.OutcomeNone, storage.Move{}
	s.Push = storage.Push{Subscription: s.Push.Subscription}
}

// asked is the host that a source is asked at.
func asked(r *storage.SourceRecord) string {
	if !r.State.Move.Adopted.IsZero() {
		return host.Of(r.State.Move.To)
	}
	return host.Of(r.URL)
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
	b.complete(&v.State, &old, &v.Result)
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

// complete fills in what only the commit knows: whether anything was new, and what
// is not the visit's to say.
func (b *batch) complete(state, old *storage.SourceState, result *storage.VisitResult) {
	if state.Outcome == storage.OutcomeNew && result.New+result.Updated == 0 {
		state.Outcome = storage.OutcomeUnchanged
	}
	state.LastNew, state.Push.Subscription = old.LastNew, old.Push.Subscription
	if result.New > 0 {
		state.LastNew = b.now
	}
}

// creditChanged compares two states of a source's feed as they show under the
// description in frame.
func (s *Store) creditChanged(frame []byte, old, next coranto.Attribution) (bool, error) {
	if saysAlike(&old, &next) {
		return false, nil
	}
	d, err := s.codec.DecodeDescription(frame)
	if err != nil {
		return false, err
	}
	return creditOf(&d.Source, old) != creditOf(&d.Source, next), nil
}

// saysAlike reports whether a feed says the same of itself, so far as it is shown.
func saysAlike(a, b *coranto.Attribution) bool {
	return a.ID == b.ID && a.Title == b.Title && a.Link == b.Link && a.Feed == b.Feed &&
		a.Language == b.Language && a.Rights == b.Rights && a.License == b.License && a.Icon == b.Icon
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
