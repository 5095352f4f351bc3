package rows

import (
	"bytes"
	"slices"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
)

// Walk goes through the rows of one value of an index in one direction. It stands
// at a row, of which it tells Key and Value; Key is nil at the end.
type Walk struct {
	Key, Value []byte

	cursor *bbolt.Cursor
	prefix []byte
	newer  bool
}

// Find stands at the first row of a filing that q asks for. There must be an Index
// of the filing.
func Find(tx *bbolt.Tx, f layout.Filing, q storage.Query) *Walk {
	w := &Walk{cursor: tx.Bucket([]byte(Index(f))).Cursor(), prefix: f.Prefix()}
	w.find(q.Before, q.After, f.Key)
	return w
}

// Oldest walks a whole filing from its oldest item on.
func Oldest(tx *bbolt.Tx, f layout.Filing) *Walk {
	w := &Walk{cursor: tx.Bucket([]byte(Index(f))).Cursor(), prefix: f.Prefix()}
	w.findOldest()
	return w
}

// FindGrave stands at the first row of a filing of the grave bucket that q asks for.
func FindGrave(tx *bbolt.Tx, f layout.Filing, q storage.TombstoneQuery) *Walk {
	w := &Walk{cursor: tx.Bucket([]byte(Graves)).Cursor(), prefix: f.GravePrefix()}
	w.find(q.Before, q.After, f.GraveKey)
	return w
}

// OldestGrave walks a whole filing of the grave bucket from its oldest row on.
func OldestGrave(tx *bbolt.Tx, f layout.Filing) *Walk {
	w := &Walk{cursor: tx.Bucket([]byte(Graves)).Cursor(), prefix: f.GravePrefix()}
	w.findOldest()
	return w
}

// Step goes on to the next row.
func (w *Walk) Step() {
	if w.newer {
		w.set(w.cursor.Prev())
	} else {
		w.set(w.cursor.Next())
	}
}

// find stands before one place or after another, or at the newest row when neither
// is given. key is the key of a place.
func (w *Walk) find(before, after storage.OrderKey, key func(storage.OrderKey) []byte) {
	switch {
	case !after.IsZero():
		w.newer = true
		w.seekNewer(key(after))
	case !before.IsZero():
		from := key(before)
		w.set(w.cursor.Seek(from))
		if bytes.Equal(w.Key, from) {
			w.Step()
		}
	default:
		w.set(w.cursor.Seek(w.prefix))
	}
}

// findOldest stands at the last row, for a walk to newer ones.
func (w *Walk) findOldest() {
	w.newer = true
	w.seekNewer(append(slices.Clone(w.prefix), bytes.Repeat([]byte{0xff}, layout.PlaceSize+1)...))
}

// seekNewer stands at the row before a key.
func (w *Walk) seekNewer(key []byte) {
	if at, _ := w.cursor.Seek(key); at == nil {
		w.set(w.cursor.Last())
		return
	}
	w.set(w.cursor.Prev())
}

func (w *Walk) set(key, value []byte) {
	if key == nil || len(key) != len(w.prefix)+layout.PlaceSize || !bytes.HasPrefix(key, w.prefix) {
		key, value = nil, nil
	}
	w.Key, w.Value = key, value
}
