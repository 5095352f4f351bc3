package bolt

import (
	"context"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/bolt/rows"
)

// SetSubscription implements storage.Store.
func (s *Store) SetSubscription(
	ctx context.Context, id coranto.SourceID, old, next storage.Subscription,
) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	err := s.update(ctx, func(tx *bbolt.Tx) error {
		b := s.newBatch(tx)
		return b.run(func() error { return b.subscribe(id, old, next) })
	})
	if err != nil {
		return fmt.Errorf("set subscription of source %s: %w", id, err)
	}
	return nil
}

// subscribe replaces a subscription if it still is old.
func (b *batch) subscribe(id coranto.SourceID, old, next storage.Subscription) error {
	value := b.tx.Bucket([]byte(rows.Sources)).Get([]byte(id))
	if value == nil {
		return storage.ErrNotFound
	}
	description, frame, err := layout.SplitFrames(value)
	if err != nil {
		return fmt.Errorf("%w: %w", storage.ErrCorrupt, err)
	}
	state, err := b.s.codec.DecodeState(frame)
	if err != nil {
		return fmt.Errorf("%w: %w", storage.ErrCorrupt, err)
	}
	switch stored := state.Push.Subscription; {
	case !layout.SameSubscription(stored, old):
		return storage.ErrConflict
	case layout.SameSubscription(stored, next):
		return nil
	}
	state.Push.Subscription = next
	value = layout.JoinFrames(description, b.s.codec.EncodeState(&state))
	return b.bucket(rows.Sources).Put([]byte(id), value)
}
