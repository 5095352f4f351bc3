package parts

import (
	"cmp"
	"slices"

	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
)

// cursor is a saved cursor: the number of the last change that its reader has read.
type cursor struct {
	name string
	seq  uint64
}

// logReader hands on the log with the cursors in it.
type logReader struct {
	*reader
	cursors []cursor // not handed on yet, slowest first
	last    uint64   // change handed on
}

// changes yields the log. Where changes are missing, cursors before the gap have
// expired.
func (r *reader) changes() bool {
	l := &logReader{reader: r}
	for name, value := range r.rows("cur") {
		l.cursors = append(l.cursors, cursor{string(name), layout.ParseNumber(value)})
	}
	slices.SortStableFunc(l.cursors, func(a, b cursor) int { return cmp.Compare(a.seq, b.seq) })
	for key, value := range r.rows("log") {
		if !l.change(layout.ParseNumber(key), key, value) {
			return false
		}
	}
	if !l.pass(l.last) {
		return false
	}
	lost := len(l.cursors) > 0 // what they have read is not there any more
	return l.pass(^uint64(0)) && (!lost || l.yield(storage.Part{Forgotten: true}, nil))
}

// change hands on one change with what stands before it.
func (l *logReader) change(seq uint64, key, value []byte) bool {
	ch, err := l.codec.DecodeChange(value)
	if err == nil {
		err = l.ctx.Err()
	} else if err = l.opts.Lost("log", key, err); err == nil {
		return true
	}
	if err != nil {
		l.yield(storage.Part{}, err)
		return false
	}
	if gap := seq - l.last; gap > 1 {
		if !l.pass(seq-2) || !l.yield(storage.Part{Forgotten: true}, nil) {
			return false
		}
	}
	l.last = seq
	return l.pass(seq-1) && l.yield(storage.Part{Change: &ch}, nil)
}

// pass hands on the cursors whose readers have read no more than a change.
func (l *logReader) pass(seq uint64) bool {
	for len(l.cursors) > 0 && l.cursors[0].seq <= seq {
		name := l.cursors[0].name
		l.cursors = l.cursors[1:]
		if !l.yield(storage.Part{Cursor: name}, nil) {
			return false
		}
	}
	return true
}
