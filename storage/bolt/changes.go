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

// A cursor is the number of the last change read, as eight bytes.

// minLog is how many changes are kept even when every saved cursor is past
// them, for readers whose cursor is not saved.
const minLog = 1000

// maxTrim bounds the changes forgotten in one transaction.
const maxTrim = 1000

// append writes a change to the log, if it is one.
func (b *batch) append(ch *storage.Change) error {
	if len(ch.Items) == 0 && !ch.Credit {
		return nil
	}
	ch.Categories, ch.Tags = layout.SortedSet(ch.Categories), layout.SortedSet(ch.Tags)
	log := b.bucket(rows.Log)
	seq, err := log.NextSequence()
	if err != nil {
		return err
	}
	b.logged++
	return log.Put(layout.Number(seq), b.s.codec.EncodeChange(ch))
}

// tell writes a change for a tombstone that came or went, if it is the operator's.
func (b *batch) tell(t *storage.Tombstone) error {
	if t.Expired {
		return nil
	}
	return b.append(&storage.Change{
		At: b.now, Source: t.Source, Items: []coranto.ItemID{t.ID}, Categories: t.Categories,
	})
}

// credit makes a change one of everything that shows its source.
func (b *batch) credit(ch *storage.Change) error {
	ch.Credit = true
	if err := b.flush(); err != nil {
		return err
	}
	ch.Categories = append(ch.Categories, rows.FiledIn(b.tx, ch.Source)...)
	return nil
}

// trimLog forgets the oldest changes: those that every saved cursor is past, if
// there are more than minLog, and those beyond what the options allow.
func (b *batch) trimLog() error {
	log := b.bucket(rows.Log)
	end := log.Sequence()
	limit := uint64(b.s.opts.MaxLog)
	oldest := end - min(end, limit)
	if slowest, ok := b.s.slowestCursor(); ok {
		oldest = max(oldest, min(slowest, end-min(end, minLog)))
	}
	c := log.Cursor()
	k, _ := c.First()
	for range maxTrim {
		if k == nil || layout.ParseNumber(k) > oldest {
			return nil
		}
		if err := c.Delete(); err != nil {
			return err
		}
		k, _ = c.First()
	}
	return nil
}

// slowestCursor is the smallest saved cursor; false when none is saved.
func (s *Store) slowestCursor() (slowest uint64, ok bool) {
	for _, seq := range s.cursors {
		if !ok || seq < slowest {
			slowest, ok = seq, true
		}
	}
	return slowest, ok
}

// Changes implements storage.Store. A limit of 0 or less means 1000. A cursor
// that no store of this history has given out is expired too, and so is one
// before a damaged change.
func (s *Store) Changes(ctx context.Context, after storage.Cursor, limit int) (
	changes []storage.Change, next storage.Cursor, err error,
) {
	if limit <= 0 {
		limit = 1000
	}
	next = after
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		log := tx.Bucket([]byte(rows.Log))
		c := log.Cursor()
		k, v, err := seekChange(log, c, after)
		if err != nil {
			return err
		}
		for ; k != nil && len(changes) < limit; k, v = c.Next() {
			var ch storage.Change
			if ch, err = s.codec.DecodeChange(v); err != nil {
				return fmt.Errorf("%w: %w", storage.ErrCursorExpired, err)
			}
			changes, next = append(changes, ch), storage.Cursor(k)
		}
		return nil
	})
	if err != nil {
		return nil, after, fmt.Errorf("read changes: %w", err)
	}
	return changes, next, nil
}

// seekChange moves c to the first change after a cursor; k is nil when there is
// none.
func seekChange(log *bbolt.Bucket, c *bbolt.Cursor, after storage.Cursor) (k, v []byte, err error) {
	seq, err := parseCursor(after)
	if err != nil {
		return nil, nil, err
	}
	end := log.Sequence()
	if seq == end {
		return nil, nil, nil
	}
	k, v = c.Seek(layout.Number(seq + 1))
	if seq > end || k == nil || layout.ParseNumber(k) != seq+1 {
		return nil, nil, storage.ErrCursorExpired
	}
	return k, v, nil
}

func parseCursor(c storage.Cursor) (uint64, error) {
	switch len(c) {
	case 0:
		return 0, nil
	case 8:
		return layout.ParseNumber([]byte(c)), nil
	}
	return 0, fmt.Errorf("%w: not a cursor of this engine", storage.ErrCursorExpired)
}

// LogEnd implements storage.Store.
func (s *Store) LogEnd(ctx context.Context) (end storage.Cursor, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		if seq := tx.Bucket([]byte(rows.Log)).Sequence(); seq > 0 {
			end = storage.Cursor(layout.Number(seq))
		}
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("read end of log: %w", err)
	}
	return end, nil
}

// LoadCursor implements storage.Store.
func (s *Store) LoadCursor(ctx context.Context, name string) (c storage.Cursor, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		c = storage.Cursor(tx.Bucket([]byte(rows.Cursors)).Get([]byte(name)))
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("load cursor %s: %w", name, err)
	}
	return c, nil
}

// SaveCursor implements storage.Store. Saving what is saved costs no write.
func (s *Store) SaveCursor(ctx context.Context, name string, old, next storage.Cursor) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	seq, err := parseCursor(next)
	if err == nil {
		err = s.update(ctx, func(tx *bbolt.Tx) error {
			return swapCursor(tx.Bucket([]byte(rows.Cursors)), name, old, next)
		})
	}
	if err != nil {
		return fmt.Errorf("save cursor %s: %w", name, err)
	}
	if next == "" {
		delete(s.cursors, name)
	} else {
		s.cursors[name] = seq
	}
	return nil
}

func swapCursor(b *bbolt.Bucket, name string, old, next storage.Cursor) error {
	switch held := storage.Cursor(b.Get([]byte(name))); {
	case held != old:
		return storage.ErrConflict
	case held == next:
		return errUnchanged
	case next == "":
		return b.Delete([]byte(name))
	}
	return b.Put([]byte(name), []byte(next))
}

// Watch implements storage.Store. The channel is also closed with the store.
func (s *Store) Watch(ctx context.Context) <-chan struct{} { return s.hints.Watch(ctx) }
