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
	size   int  // of what follows the prefix in a key
	back   bool // from greater keys to smaller ones
}

// Find stands at the first row of a filing that q asks for. There must be an Index
// of the filing.
func Find(tx *bbolt.Tx, f layout.Filing, q storage.Query) *Walk {
	w := newWalk(tx, Index(f), f.Prefix(), layout.PlaceSize)
	w.find(q.Before, q.After, f.Key)
	return w
}

// FindArrival stands at the first row that q asks for in the order of arrival. Tags have
// no such order.
func FindArrival(tx *bbolt.Tx, f layout.Filing, q storage.Query) *Walk {
	name, prefix, key := Arrivals, f.ArrivalPrefix(), f.ArrivalKey
	if f.By == storage.All {
		name, prefix, key = Items, nil, layout.Number
	}
	w := newWalk(tx, name, prefix, 8)
	switch {
	case q.AfterSeq != 0 || q.FromFirst:
		w.seek(key(q.AfterSeq))
	case q.BeforeSeq != 0:
		w.back = true
		w.seekBack(key(q.BeforeSeq))
	default:
		w.seekLast()
	}
	return w
}

func newWalk(tx *bbolt.Tx, bucket string, prefix []byte, size int) *Walk {
	return &Walk{cursor: tx.Bucket([]byte(bucket)).Cursor(), prefix: prefix, size: size}
}

// Oldest walks a whole filing from its oldest item on.
func Oldest(tx *bbolt.Tx, f layout.Filing) *Walk {
	w := newWalk(tx, Index(f), f.Prefix(), layout.PlaceSize)
	w.seekLast()
	return w
}

// FindGrave stands at the first row of a filing of the grave bucket that q asks for.
func FindGrave(tx *bbolt.Tx, f layout.Filing, q storage.TombstoneQuery) *Walk {
	w := newWalk(tx, Graves, f.GravePrefix(), layout.PlaceSize)
	w.find(q.Before, q.After, f.GraveKey)
	return w
}

// OldestGrave walks a whole filing of the grave bucket from its oldest row on.
func OldestGrave(tx *bbolt.Tx, f layout.Filing) *Walk {
	w := newWalk(tx, Graves, f.GravePrefix(), layout.PlaceSize)
	w.seekLast()
	return w
}

// Step goes on to the next row.
func (w *Walk) Step() {
	if w.back {
		w.set(w.cursor.Prev())
	} else {
		w.set(w.cursor.Next())
	}
}

// Seq is that of the item which the row lists.
func (w *Walk) Seq() uint64 {
	if w.size == 8 {
		return layout.ParseNumber(w.Key[len(w.prefix):])
	}
	return layout.ParseNumber(w.Value)
}

// find stands before one place or after another, or at the newest row when neither
// is given. key is the key of a place.
func (w *Walk) find(before, after storage.OrderKey, key func(storage.OrderKey) []byte) {
	switch {
	case !after.IsZero():
		w.back = true
		w.seekBack(key(after))
	case !before.IsZero():
		w.seek(key(before))
	default:
		w.set(w.cursor.Seek(w.prefix))
	}
}

// seekLast stands at the last row, for a walk back.
func (w *Walk) seekLast() {
	w.back = true
	w.seekBack(append(slices.Clone(w.prefix), bytes.Repeat([]byte{0xff}, w.size+1)...))
}

// seek stands at the row after a key.
func (w *Walk) seek(key []byte) {
	w.set(w.cursor.Seek(key))
	if bytes.Equal(w.Key, key) {
		w.Step()
	}
}

// seekBack stands at the row before a key.
func (w *Walk) seekBack(key []byte) {
	if at, _ := w.cursor.Seek(key); at == nil {
		w.set(w.cursor.Last())
		return
	}
	w.set(w.cursor.Prev())
}

func (w *Walk) set(key, value []byte) {
	if key == nil || len(key) != len(w.prefix)+w.size || !bytes.HasPrefix(key, w.prefix) {
		key, value = nil, nil
	}
	w.Key, w.Value = key, value
}
