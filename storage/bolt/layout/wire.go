package layout

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/coranto/coranto"
)

// writer writes the fields of one message of item.proto. Zero values are not
// written, except inside messages that are there because of them.
type writer struct{ b []byte }

func (w *writer) text(n protowire.Number, s string) {
	if s != "" {
		w.b = protowire.AppendTag(w.b, n, protowire.BytesType)
		w.b = protowire.AppendString(w.b, s)
	}
}

func (w *writer) raw(n protowire.Number, b []byte) {
	w.b = protowire.AppendTag(w.b, n, protowire.BytesType)
	w.b = protowire.AppendBytes(w.b, b)
}

func (w *writer) number(n protowire.Number, v int64) {
	if v != 0 {
		w.b = protowire.AppendTag(w.b, n, protowire.VarintType)
		w.b = protowire.AppendVarint(w.b, uint64(v))
	}
}

func (w *writer) flag(n protowire.Number, v bool) {
	if v {
		w.number(n, 1)
	}
}

// time writes nothing for the zero time, so that the beginning of 1970 is a
// time like any other.
func (w *writer) time(n protowire.Number, t time.Time) {
	if !t.IsZero() {
		w.b = protowire.AppendTag(w.b, n, protowire.Fixed64Type)
		w.b = protowire.AppendFixed64(w.b, uint64(nanos(t)))
	}
}

// message writes a message where it will stand: only one of more than 127 bytes has
// to make room for its length.
func (w *writer) message(n protowire.Number, fill func(*writer)) {
	w.b = protowire.AppendTag(w.b, n, protowire.BytesType)
	w.b = append(w.b, 0)
	start := len(w.b)
	fill(w)
	size := uint64(len(w.b) - start)
	if size < 0x80 {
		w.b[start-1] = byte(size)
		return
	}
	var length [binary.MaxVarintLen64]byte
	w.b = slices.Replace(w.b, start-1, start, binary.AppendUvarint(length[:0], size)...)
}

// list writes a repeated message.
func list[T any](w *writer, n protowire.Number, values []T, fill func(*writer, T)) {
	for _, v := range values {
		w.message(n, func(w *writer) { fill(w, v) })
	}
}

// texts writes a repeated string. Empty strings are kept: each is an element.
func texts[T ~string](w *writer, n protowire.Number, values []T) {
	for _, v := range values {
		w.raw(n, []byte(v))
	}
}

// errWire reports bytes that are no message.
var errWire = errors.New("not a message")

// field is one field as it was read. Its accessors return zero values when the
// field has another wire type, as for a field this version does not know.
type field struct {
	n protowire.Number
	v uint64 // of a varint or fixed64
	b []byte // of a length-delimited field; shares memory with the input
}

func (f field) text() string            { return string(f.b) }
func (f field) number() int64           { return int64(f.v) }
func (f field) duration() time.Duration { return time.Duration(f.v) }
func (f field) flag() bool              { return f.v != 0 }
func (f field) time() time.Time         { return time.Unix(0, int64(f.v)).UTC() }

// readFields calls each for every field of a message, in the order of writing.
func readFields(b []byte, each func(field) error) error {
	for len(b) > 0 {
		f, n := readField(b)
		if n < 0 {
			return errWire
		}
		b = b[n:]
		if err := each(f); err != nil {
			return err
		}
	}
	return nil
}

// readField reads one field and returns its length, or a negative number.
func readField(b []byte) (field, int) {
	n, typ, tag := protowire.ConsumeTag(b)
	if tag < 0 {
		return field{}, tag
	}
	f, size := field{n: n}, 0
	switch typ {
	case protowire.VarintType:
		f.v, size = protowire.ConsumeVarint(b[tag:])
	case protowire.Fixed64Type:
		f.v, size = protowire.ConsumeFixed64(b[tag:])
	case protowire.BytesType:
		f.b, size = protowire.ConsumeBytes(b[tag:])
	default:
		size = protowire.ConsumeFieldValue(n, typ, b[tag:])
	}
	if size < 0 {
		return field{}, size
	}
	return f, tag + size
}

// readInto appends a message read from f to a list.
func readInto[T any](values *[]T, f field, read func([]byte) (T, error)) error {
	v, err := read(f.b)
	if err == nil {
		*values = append(*values, v)
	}
	return err
}

// nanos is t in nanoseconds since 1970, or the nearest end of what they reach:
// the years 1678 to 2262.
func nanos(t time.Time) int64 {
	switch year := t.Year(); {
	case year < 1678:
		return math.MinInt64
	case year > 2261:
		return math.MaxInt64
	}
	return t.UnixNano()
}

// Storable is t as it comes back from the store.
func Storable(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.Unix(0, nanos(t)).UTC()
}

// StorableItem is an item with its times as they come back from a file.
func StorableItem(it *coranto.Item) *coranto.Item {
	kept := *it
	kept.Published, kept.Updated = Storable(it.Published), Storable(it.Updated)
	return &kept
}
