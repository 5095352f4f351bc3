// Package parts reads the rows of a store of package bolt as parts of the
// contract, wherever the rows come from: a snapshot, or what is left of a file.
// Keys, counts and indices are not read: whoever takes the parts makes them anew.
package parts

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
)

// Rows yields the rows of a bucket by key; none of a bucket that is not there. What
// it yields need last no longer than the loop's turn.
type Rows func(bucket string) iter.Seq2[[]byte, []byte]

// Options configures reading. The zero value is strict.
type Options struct {
	// Lost is told of a row that can't be read, and decides: nil goes on without
	// it, an error ends reading. A nil function ends with ErrCorrupt.
	Lost func(bucket string, key []byte, err error) error

	// Afresh lets every source be read whole at its next visit: what was lost of its
	// items may still be in its document.
	Afresh bool
	// Graves makes tombstones that can't be read from the rows that list them, too:
	// else what was taken down would come back. Of expired ones all come again.
	Graves bool
}

// Read yields the parts in the rows, in the order of the contract.
func Read(
	ctx context.Context, codec *layout.Codec, rows Rows, opts Options,
) iter.Seq2[storage.Part, error] {
	if opts.Lost == nil {
		opts.Lost = func(bucket string, key []byte, err error) error {
			return fmt.Errorf("%w: %s row %x: %w", storage.ErrCorrupt, bucket, key, err)
		}
	}
	return func(yield func(storage.Part, error) bool) {
		r := &reader{ctx: ctx, codec: codec, rows: rows, opts: opts, yield: yield}
		r.buried = map[coranto.ItemID]bool{}
		for _, step := range []func() bool{
			r.sources, r.items, r.revisions, r.tombstones, r.graves, r.touches, r.values, r.changes,
		} {
			if !step() {
				return
			}
		}
	}
}

// reader hands parts on. Its methods return false when nobody wants more.
type reader struct {
	ctx   context.Context
	codec *layout.Codec
	rows  Rows
	opts  Options
	yield func(storage.Part, error) bool

	buried map[coranto.ItemID]bool // tombstones of the operator's that were read
}

// each reads the rows of a bucket, one part from each.
func (r *reader) each(bucket string, read func(key, value []byte) (storage.Part, error)) bool {
	for key, value := range r.rows(bucket) {
		part, err := read(key, value)
		if err == nil {
			err = r.ctx.Err()
		} else {
			err = r.opts.Lost(bucket, key, err)
			if err == nil {
				continue
			}
		}
		if !r.yield(part, err) || err != nil {
			return false
		}
	}
	return true
}

func (r *reader) sources() bool {
	seen := map[string][]byte{}
	for key, value := range r.rows("seen") {
		b, err := r.codec.DecodeSeen(value)
		if err != nil {
			if err := r.opts.Lost("seen", key, err); err != nil {
				r.yield(storage.Part{}, err)
				return false
			}
			continue
		}
		seen[string(key)] = b
	}
	return r.each("src", func(key, value []byte) (storage.Part, error) {
		src, err := DecodeSource(r.codec, value)
		if err == nil && string(src.ID) != string(key) {
			err = fmt.Errorf("it says that it is %s", src.ID)
		}
		part := &storage.SourcePart{SourceRecord: src, Seen: seen[string(key)]}
		if r.opts.Afresh {
			part.State.ETag, part.State.LastModified, part.State.BodyHash = "", "", [32]byte{}
			part.Seen = nil
		}
		return storage.Part{Source: part}, err
	})
}

// DecodeSource reads a value of the src bucket.
func DecodeSource(codec *layout.Codec, value []byte) (r storage.SourceRecord, err error) {
	first, second, err := layout.SplitFrames(value)
	if err != nil {
		return r, err
	}
	d, err := codec.DecodeDescription(first)
	if err != nil {
		return r, err
	}
	r.Source, r.Rev = d.Source, d.Rev
	r.State, err = codec.DecodeState(second)
	return r, err
}

func (r *reader) items() bool {
	return r.each("item", func(key, value []byte) (storage.Part, error) {
		rec, err := r.codec.DecodeRecord(value, false)
		if err == nil {
			rec.Seq = layout.ParseNumber(key)
		}
		return storage.Part{Item: rec}, err
	})
}

func (r *reader) revisions() bool {
	return r.each("rev", func(_, value []byte) (storage.Part, error) {
		rec, err := r.codec.DecodeRecord(value, false)
		return storage.Part{Revision: rec}, err
	})
}

func (r *reader) tombstones() bool {
	return r.each("gone", func(_, value []byte) (storage.Part, error) {
		t, err := r.codec.DecodeTombstone(value)
		if err == nil && r.opts.Graves && !t.Expired {
			r.buried[t.ID] = true
		}
		return storage.Part{Tombstone: t}, err
	})
}

// graves yields what the lists of tombstones tell of those that were not read. The
// categories of one come before its source.
func (r *reader) graves() bool {
	if !r.opts.Graves {
		return true
	}
	filed := map[coranto.ItemID][]coranto.Slug{}
	for key := range r.rows("grave") {
		f, at, ok := layout.ParseGrave(key)
		if !ok || r.buried[at.ID] {
			continue
		}
		t := &storage.Tombstone{ID: at.ID, Source: coranto.SourceID(f.Value), At: at.Published}
		switch f.By {
		case storage.ByCategory:
			filed[at.ID] = append(filed[at.ID], coranto.Slug(f.Value))
			continue
		case storage.BySource:
			t.Categories = filed[at.ID]
		case layout.ByExpired:
			t.Expired = true
		default:
			continue
		}
		if !r.yield(storage.Part{Tombstone: t}, nil) {
			return false
		}
	}
	return true
}

// values passes over those that belong to the machine.
func (r *reader) values() bool {
	for key, value := range r.rows("value") {
		data, err := r.codec.DecodeSeen(value)
		if err != nil {
			if err = r.opts.Lost("value", key, err); err == nil {
				continue
			}
		}
		if err == nil && strings.HasPrefix(string(key), "~") {
			continue
		}
		part := storage.Part{Value: &storage.Value{Name: string(key), Data: data}}
		if !r.yield(part, err) || err != nil {
			return false
		}
	}
	return true
}

// touches passes over tallies that no index has, for they are made from items.
func (r *reader) touches() bool {
	for key, value := range r.rows("tally") {
		if len(key) == 0 || storage.Index(key[0]) > storage.ByTag || !layout.IsTally(value) {
			continue
		}
		f := layout.ParseTallyKey(bytes.Clone(key))
		touch := storage.Touch{By: f.By, Value: f.Value, Modified: layout.ParseTally(value).Modified}
		if !r.yield(storage.Part{Touch: &touch}, nil) {
			return false
		}
	}
	return true
}
