// Package seen is what is remembered of the items of a source's last document, so
// that of the next one only the items that are new or changed need to be read, and
// the result is the same.
//
// What is kept of an item is what other items of its document can depend on: under
// which ids it is stored, when it was published, and the problems to be shown with
// those of the others. All but the time is kept as the first 64 bits of a hash: a
// clash costs time, because the document is then read whole, and nothing else.
package seen

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/parse"
	"github.com/coranto/coranto/storage"
)

// Item is one item of a document. The zero value is one that nothing is known of:
// it must be read.
type Item struct {
	Mark     parse.Mark        // 0 means that the item must be read each time
	ID       uint64            // Prefix of the id that the item has by its document; 0 means it gave no post
	Stored   uint64            // Prefix of the id under which it is stored
	Key      uint64            // Prefix of its storage.PostKey; 0 means none
	At       time.Time         // as published, in whole nanoseconds; zero when the source does not say
	Problems []coranto.Problem // without a place
}

// Prefix is the part of a hash that is remembered.
func Prefix[T coranto.ItemID | storage.DedupKey](hash T) uint64 {
	whole := [16]byte(hash)
	return binary.LittleEndian.Uint64(whole[:])
}

// Holds reports whether a time can be remembered.
func Holds(t time.Time) bool { return t.IsZero() || t.Year() > 1700 && t.Year() < 2200 }

// version is the first byte of the coding.
const version = 1

// ErrCoding reports bytes that Encode has not written.
var ErrCoding = errors.New("not a list of seen items")

// row is the coding of an item but for its problems.
type row struct {
	Mark, ID, Stored, Key uint64
	At                    int64 // nanoseconds since 1970; 0 means none
}

// Encode writes the items of a document: the version, the number of items, a row of
// 40 bytes for each, and the problems as JSON. No items are no bytes, but not nil.
func Encode(items []Item) ([]byte, error) {
	if len(items) == 0 {
		return []byte{}, nil
	}
	rows := make([]row, len(items))
	for i, it := range items {
		rows[i] = row{uint64(it.Mark), it.ID, it.Stored, it.Key, 0}
		if !it.At.IsZero() {
			rows[i].At = it.At.UnixNano()
		}
	}
	out := binary.AppendUvarint([]byte{version}, uint64(len(rows)))
	out, err := binary.Append(out, binary.LittleEndian, rows)
	if err != nil {
		return nil, err
	}
	return appendProblems(out, items)
}

// problems is the coding of the problems of all items: each that occurs, and which
// of these the items have. Most items that have any have the same.
type problems struct {
	Known []coranto.Problem
	Items map[int][]int
}

func appendProblems(out []byte, items []Item) ([]byte, error) {
	list := problems{Items: map[int][]int{}}
	place := map[coranto.Problem]int{}
	for i, it := range items {
		for _, problem := range it.Problems {
			at, known := place[problem]
			if !known {
				at = len(list.Known)
				place[problem] = at
				list.Known = append(list.Known, problem)
			}
			list.Items[i] = append(list.Items[i], at)
		}
	}
	if len(list.Known) == 0 {
		return out, nil
	}
	coded, err := json.Marshal(list)
	return append(out, coded...), err
}

// Decode reads what Encode wrote. The error wraps ErrCoding.
func Decode(b []byte) ([]Item, error) {
	if len(b) == 0 {
		return nil, nil
	}
	n, size := binary.Uvarint(b[1:])
	if b[0] != version || size <= 0 || n > uint64(len(b)/rowSize) {
		return nil, ErrCoding
	}
	rows := make([]row, n)
	if _, err := binary.Decode(b[1+size:], binary.LittleEndian, rows); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCoding, err)
	}
	items := make([]Item, n)
	for i, r := range rows {
		items[i] = Item{Mark: parse.Mark(r.Mark), ID: r.ID, Stored: r.Stored, Key: r.Key}
		if r.At != 0 {
			items[i].At = time.Unix(0, r.At).UTC()
		}
	}
	if err := readProblems(b[1+size+len(rows)*rowSize:], items); err != nil {
		return nil, err
	}
	return items, nil
}

const rowSize = 40

func readProblems(b []byte, items []Item) error {
	if len(b) == 0 {
		return nil
	}
	var list problems
	if err := json.Unmarshal(b, &list); err != nil {
		return fmt.Errorf("%w: %w", ErrCoding, err)
	}
	for i, places := range list.Items {
		for _, at := range places {
			if i < 0 || i >= len(items) || at < 0 || at >= len(list.Known) {
				return ErrCoding
			}
			items[i].Problems = append(items[i].Problems, list.Known[at])
		}
	}
	return nil
}
