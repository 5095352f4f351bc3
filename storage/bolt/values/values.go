// Package values reads and changes the small values in a file of package bolt.
package values

import (
	"bytes"
	"fmt"
	"strings"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/bolt/rows"
)

// Read reads values as the contract says. damaged is told of those that it leaves out.
func Read(
	tx *bbolt.Tx, codec *layout.Codec, prefix, after string, limit int, damaged func(name string, err error),
) (values []storage.Value) {
	c := tx.Bucket([]byte(rows.Values)).Cursor()
	k, v := c.Seek([]byte(max(prefix, after)))
	for ; k != nil && strings.HasPrefix(string(k), prefix); k, v = c.Next() {
		if limit > 0 && len(values) == limit {
			return values
		}
		if string(k) <= after {
			continue
		}
		data, err := codec.DecodeSeen(v)
		if err != nil {
			damaged(string(k), err)
			continue
		}
		values = append(values, storage.Value{Name: string(k), Data: data})
	}
	return values
}

// Set makes one change. The error wraps ErrConflict. A value that is damaged is what
// every change expects.
func Set(b *bbolt.Bucket, codec *layout.Codec, c storage.ValueChange) error {
	held := b.Get([]byte(c.Name))
	old, err := codec.DecodeSeen(held)
	if held == nil {
		old, err = nil, nil
	}
	if err == nil && !bytes.Equal(old, c.Old) {
		return fmt.Errorf("%s: %w", c.Name, storage.ErrConflict)
	}
	if len(c.New) == 0 {
		return b.Delete([]byte(c.Name))
	}
	return b.Put([]byte(c.Name), codec.EncodeSeen(c.New))
}
