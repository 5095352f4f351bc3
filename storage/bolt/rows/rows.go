// Package rows reads the rows of a transaction of package bolt: it knows the names
// of the buckets and what one finds by which key. Package layout knows what the
// bytes of keys and values mean.
//
// What is returned as bytes is the transaction's: it must not be changed, and must
// be copied by whoever needs it for longer.
package rows

import (
	"bytes"
	"iter"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
)

// The buckets; the documentation of package bolt says what is in them.
const (
	Meta       = "meta"
	Sources    = "src"
	Seen       = "seen"
	Items      = "item"
	Keys       = "key"
	All        = "all"
	ByCategory = "cat"
	BySource   = "bysrc"
	ByTag      = "tag"
	Dedup      = "dedup"
	Tallies    = "tally"
	Revisions  = "rev"
	Gone       = "gone"
	Graves     = "grave"
	Values     = "value"
	Arrivals   = "arrival"
	Log        = "log"
	Cursors    = "cur"
)

// Buckets lists all buckets of a file.
func Buckets() []string {
	return []string{
		Meta, Sources, Seen, Items, Keys, All, ByCategory, BySource, ByTag, Dedup, Tallies,
		Revisions, Gone, Graves, Values, Arrivals, Log, Cursors,
	}
}

// The keys of the meta bucket.
const (
	MetaSchema = "schema"
	MetaBoots  = "boots"
	MetaBytes  = "bytes" // of the values in the item bucket

	MetaRevisions     = "revisions"      // values in the rev bucket
	MetaRevisionBytes = "revision bytes" // of these
	MetaTombstones    = "tombstones"     // in the gone bucket that are not expired
	MetaExpired       = "expired"        // in the gone bucket that are
)

// Index is the bucket that lists the items of a filing; "" for one that is only
// tallied.
func Index(f layout.Filing) string {
	switch f.By {
	case storage.All:
		return All
	case storage.ByCategory:
		return ByCategory
	case storage.BySource:
		return BySource
	case storage.ByTag:
		return ByTag
	}
	return ""
}

// HasArrivals reports whether the items of a filing are listed by arrival in a bucket of
// their own: those of all items are in that order already.
func HasArrivals(f layout.Filing) bool {
	return f.By == storage.ByCategory || f.By == storage.BySource
}

// Each yields the rows of a bucket, in the order of their keys; none when there is
// no such bucket.
func Each(tx *bbolt.Tx, name string) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		b := tx.Bucket([]byte(name))
		if b == nil {
			return
		}
		c := b.Cursor()
		for k, v := c.First(); k != nil && yield(k, v); k, v = c.Next() {
		}
	}
}

// Number reads a number; 0 when there is none.
func Number(b *bbolt.Bucket, key string) uint64 {
	return layout.ParseNumber(b.Get([]byte(key)))
}

// PutNumber writes a number that Number reads.
func PutNumber(b *bbolt.Bucket, key string, n uint64) error {
	return b.Put([]byte(key), layout.Number(n))
}

// Key reads an item's key row; false when there is none.
func Key(tx *bbolt.Tx, id coranto.ItemID) (layout.ItemKey, bool) {
	return layout.ParseItemKey(tx.Bucket([]byte(Keys)).Get(id[:]))
}

// ID is the item with a seq by its key, for one whose record can't be read: slow. It is
// zero when there is none.
func ID(tx *bbolt.Tx, seq uint64) (id coranto.ItemID) {
	for k, v := range Each(tx, Keys) {
		if row, ok := layout.ParseItemKey(v); ok && row.Seq == seq {
			copy(id[:], k)
			return id
		}
	}
	return id
}

// Record is the value of the item with a seq; nil when there is none.
func Record(tx *bbolt.Tx, seq uint64) []byte {
	return tx.Bucket([]byte(Items)).Get(layout.Number(seq))
}

// Tally reads what a filing adds up to; all zero when it never held anything.
func Tally(tx *bbolt.Tx, f layout.Filing) layout.Tally {
	return layout.ParseTally(tx.Bucket([]byte(Tallies)).Get(f.TallyKey()))
}

// FiledIn lists the categories that items of a source stand in, by tallies that were
// flushed.
func FiledIn(tx *bbolt.Tx, source coranto.SourceID) (slugs []coranto.Slug) {
	first := layout.Filing{By: layout.ByPair, Value: layout.PairPrefix(source)}.TallyKey()
	c := tx.Bucket([]byte(Tallies)).Cursor()
	for k, v := c.Seek(first); bytes.HasPrefix(k, first); k, v = c.Next() {
		if layout.ParseTally(v).Items > 0 {
			slugs = append(slugs, coranto.Slug(k[len(first):]))
		}
	}
	return slugs
}

// Original is an item that was stored with a dedup key first.
type Original struct {
	Seq    uint64
	ID     coranto.ItemID
	Source coranto.SourceID
}

// FindOriginal returns the first item still stored with a key; false when there is
// none. The cursor is one of the dedup bucket.
func FindOriginal(tx *bbolt.Tx, c *bbolt.Cursor, k storage.DedupKey) (o Original, ok bool) {
	for row, v := c.Seek(k[:]); bytes.HasPrefix(row, k[:]) && len(v) >= len(o.ID); row, v = c.Next() {
		copy(o.ID[:], v)
		o.Source = coranto.SourceID(v[len(o.ID):])
		held, found := Key(tx, o.ID)
		if found && bytes.Equal(row, layout.DedupRow(k, held.Seq)) {
			o.Seq = held.Seq
			return o, true
		}
	}
	return Original{}, false
}
