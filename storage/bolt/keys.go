package bolt

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// schema is the version of the layout.
const schema = 1

// The buckets; doc.go says what is in them.
const (
	bucketMeta       = "meta"
	bucketSources    = "src"
	bucketItems      = "item"
	bucketKeys       = "key"
	bucketAll        = "all"
	bucketByCategory = "cat"
	bucketBySource   = "bysrc"
	bucketByTag      = "tag"
	bucketDedup      = "dedup"
	bucketTally      = "tally"
	bucketLog        = "log"
	bucketCursors    = "cur"
)

func buckets() []string {
	return []string{
		bucketMeta, bucketSources, bucketItems, bucketKeys, bucketAll, bucketByCategory,
		bucketBySource, bucketByTag, bucketDedup, bucketTally, bucketLog, bucketCursors,
	}
}

// The keys of the meta bucket.
const (
	metaSchema = "schema"
	metaBoots  = "boots"
	metaBytes  = "bytes" // of the values in the item bucket
)

func getNumber(b *bbolt.Bucket, key string) uint64 {
	v := b.Get([]byte(key))
	if len(v) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(v)
}

func putNumber(b *bbolt.Bucket, key string, n uint64) error {
	return b.Put([]byte(key), number(n))
}

// number is n as a key or value: its order is the order of its bytes.
func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// filing is one value of one index: where an item is listed.
type filing struct {
	by    storage.Index
	value string
}

// byPair tallies, beside the indices of the contract, the categories of each
// source. Its value is pairPrefix(source) and the slug; it lists no items.
const byPair storage.Index = 100

func pair(source coranto.SourceID, slug coranto.Slug) filing {
	return filing{byPair, pairPrefix(source) + string(slug)}
}

func pairPrefix(source coranto.SourceID) string { return string(prefix(string(source))) }

// filings lists where an item stands, each place once.
func filings(it *coranto.Item) []filing {
	all := []filing{{storage.All, ""}, {storage.BySource, string(it.Source)}}
	for _, slug := range it.Categories {
		all = append(all, filing{storage.ByCategory, string(slug)}, pair(it.Source, slug))
	}
	for _, tag := range it.Tags {
		if f := (filing{storage.ByTag, tag.Term}); tag.Term != "" && !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	return all
}

// bucket is the index bucket of a filing; "" for a mere tally.
func (f filing) bucket() string {
	switch f.by {
	case storage.All:
		return bucketAll
	case storage.ByCategory:
		return bucketByCategory
	case storage.BySource:
		return bucketBySource
	case storage.ByTag:
		return bucketByTag
	}
	return ""
}

// prefix begins all index keys of the filing.
func (f filing) prefix() []byte {
	if f.by == storage.All {
		return nil
	}
	return prefix(f.value)
}

// prefix makes a value of any length the beginning of a key, such that no
// value's prefix begins another's: its length, then itself, or for more than
// 254 bytes the number 255, then its hash.
func prefix(value string) []byte {
	if len(value) > 254 {
		sum := sha256.Sum256([]byte(value))
		return append([]byte{255}, sum[:]...)
	}
	return append([]byte{byte(len(value))}, value...)
}

// key is the index key of the record at a place in the filing.
func (f filing) key(at storage.OrderKey) []byte { return append(f.prefix(), place(at)...) }

// maxTallied is the longest value, in bytes, that is tallied under itself; keys
// of bbolt end at 32 KiB.
const maxTallied = 16 << 10

// tallyKey is the filing's key in the tally bucket.
func (f filing) tallyKey() []byte {
	value := f.value
	if len(value) > maxTallied {
		value = string(prefix(value))
	}
	return append([]byte{byte(f.by)}, value...)
}

const placeSize = 8 + len(coranto.ItemID{})

// place is an OrderKey as bytes in the same order: the complement of the time
// puts the newest first, its flipped sign those before 1970 last.
func place(at storage.OrderKey) []byte {
	newest := ^(uint64(nanos(at.Published)) ^ 1<<63)
	return append(number(newest), at.ID[:]...)
}

// parsePlace reads the end of an index key.
func parsePlace(key []byte) storage.OrderKey {
	var at storage.OrderKey
	if len(key) < placeSize {
		return at
	}
	key = key[len(key)-placeSize:]
	at.Published = time.Unix(0, int64(^binary.BigEndian.Uint64(key)^1<<63)).UTC()
	copy(at.ID[:], key[8:])
	return at
}

// keyRow is the value of the key bucket: all that tells whether an item is
// stored already, without its record.
type keyRow struct {
	seq    uint64
	hash   [16]byte
	filing [8]byte // of the categories
}

func (k keyRow) bytes() []byte {
	return slices.Concat(number(k.seq), k.hash[:], k.filing[:])
}

// getKey reads an item's row; false when there is none.
func getKey(tx *bbolt.Tx, id coranto.ItemID) (k keyRow, ok bool) {
	v := tx.Bucket([]byte(bucketKeys)).Get(id[:])
	if len(v) != 32 {
		return k, false
	}
	k.seq = binary.BigEndian.Uint64(v)
	copy(k.hash[:], v[8:])
	copy(k.filing[:], v[24:])
	return k, true
}

func filingHash(slugs []coranto.Slug) (sum [8]byte) {
	var b bytes.Buffer
	for _, slug := range slugs {
		b.WriteString(string(slug) + "\x00")
	}
	full := sha256.Sum256(b.Bytes())
	copy(sum[:], full[:])
	return sum
}

// tally is what is known of one value of an index.
type tally struct {
	modified time.Time // zero when it never held an item
	items    int64
}

func (t tally) bytes() []byte {
	return binary.BigEndian.AppendUint64(number(uint64(nanos(t.modified))), uint64(t.items))
}

func parseTally(v []byte) tally {
	if len(v) != 16 {
		return tally{}
	}
	at := int64(binary.BigEndian.Uint64(v))
	return tally{
		modified: time.Unix(0, at).UTC(),
		items:    int64(binary.BigEndian.Uint64(v[8:])),
	}
}

func getTally(tx *bbolt.Tx, f filing) tally {
	return parseTally(tx.Bucket([]byte(bucketTally)).Get(f.tallyKey()))
}
