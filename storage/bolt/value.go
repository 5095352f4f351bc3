package bolt

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/rows"
)

// Values implements storage.Store. One that is damaged is left out with a warning.
func (s *Store) Values(
	ctx context.Context, prefix, after string, limit int,
) (values []storage.Value, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		c := tx.Bucket([]byte(rows.Values)).Cursor()
		k, v := c.Seek([]byte(max(prefix, after)))
		for ; k != nil && strings.HasPrefix(string(k), prefix); k, v = c.Next() {
			if limit > 0 && len(values) == limit {
				return nil
			}
			if string(k) <= after {
				continue
			}
			data, err := s.codec.DecodeSeen(v)
			if err != nil {
				s.log.Warn("damaged value passed over", "name", string(k), "err", err)
				continue
			}
			values = append(values, storage.Value{Name: string(k), Data: data})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read values %s: %w", prefix, err)
	}
	return values, nil
}

// SetValues implements storage.Store. One that is damaged is what every change expects.
func (s *Store) SetValues(ctx context.Context, changes []storage.ValueChange) error {
	for i := range changes {
		if err := changes[i].Check(); err != nil {
			return err
		}
	}
	if s.opts.ReadOnly {
		return fmt.Errorf("store values: %w", storage.ErrReadOnly)
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	err := s.update(ctx, func(tx *bbolt.Tx) error {
		b := s.newBatch(tx)
		return b.run(func() error {
			for _, c := range changes {
				if err := b.setValue(c); err != nil {
					return fmt.Errorf("%s: %w", c.Name, err)
				}
			}
			return nil
		})
	})
	if err != nil {
		return fmt.Errorf("store values: %w", err)
	}
	return nil
}

func (b *batch) setValue(c storage.ValueChange) error {
	held := b.tx.Bucket([]byte(rows.Values)).Get([]byte(c.Name))
	if held != nil {
		old, err := b.s.codec.DecodeSeen(held)
		if err == nil && !bytes.Equal(old, c.Old) {
			return storage.ErrConflict
		}
	} else if len(c.Old) > 0 {
		return storage.ErrConflict
	}
	if len(c.New) == 0 {
		return b.bucket(rows.Values).Delete([]byte(c.Name))
	}
	return b.bucket(rows.Values).Put([]byte(c.Name), b.s.codec.EncodeSeen(c.New))
}
