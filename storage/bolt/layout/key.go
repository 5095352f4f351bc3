package layout

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// Number is n as a key or value: its order is the order of its bytes.
func Number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// ParseNumber reads what Number wrote; 0 for anything else.
func ParseNumber(b []byte) uint64 {
	if len(b) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(b)
}

// Filing is one value of one index: where an item is listed.
type Filing struct {
	By    storage.Index
	Value string // "" for storage.All
}

// ByPair tallies, beside the indices of the contract, the categories of each
// source. Its values are PairPrefix of the source and a slug; it lists no items.
const ByPair storage.Index = 100

// PairPrefix begins the values of ByPair that belong to a source.
func PairPrefix(source coranto.SourceID) string { return string(prefix(string(source))) }

// ByExpired tallies the items of each source that retention removed and that are
// remembered.
const ByExpired storage.Index = 101

// byPost lists tombstones by their Post.
const byPost storage.Index = 102

// Filings lists where an item stands, each place once.
func Filings(it *coranto.Item) []Filing {
	all := []Filing{{storage.All, ""}, {storage.BySource, string(it.Source)}}
	for _, slug := range it.Categories {
		all = append(all, Filing{storage.ByCategory, string(slug)},
			Filing{ByPair, PairPrefix(it.Source) + string(slug)})
	}
	for _, tag := range it.Tags {
		if f := (Filing{storage.ByTag, tag.Term}); tag.Term != "" && !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	return all
}

// Prefix begins all index keys of the filing.
func (f Filing) Prefix() []byte {
	if f.By == storage.All {
		return nil
	}
	return prefix(f.Value)
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

// Key is the index key in the filing of the record at a place.
func (f Filing) Key(at storage.OrderKey) []byte { return append(f.Prefix(), place(at)...) }

// ArrivalKey is the key in the bucket of arrivals of an item that the filing lists.
func (f Filing) ArrivalKey(seq uint64) []byte { return append(f.ArrivalPrefix(), Number(seq)...) }

// ArrivalPrefix begins all those keys of the filing.
func (f Filing) ArrivalPrefix() []byte { return append([]byte{byte(f.By)}, f.Prefix()...) }

// maxTallied is the longest value, in bytes, that is tallied under itself; keys
// of bbolt end at 32 KiB.
const maxTallied = 16 << 10

// TallyKey is the filing's key in the tally bucket.
func (f Filing) TallyKey() []byte {
	value := f.Value
	if len(value) > maxTallied {
		value = string(prefix(value))
	}
	return append([]byte{byte(f.By)}, value...)
}

// ParseTallyKey reads what TallyKey wrote. A value too long to be a key comes
// back as its hash.
func ParseTallyKey(key []byte) Filing {
	return Filing{storage.Index(key[0]), string(key[1:])}
}

// PlaceSize is the length in bytes of the end of an index key that says where
// in the order a record stands.
const PlaceSize = 8 + len(coranto.ItemID{})

// place is an OrderKey as bytes in the same order: the complement of the time
// puts the newest first, its flipped sign those before 1970 last.
func place(at storage.OrderKey) []byte {
	newest := ^(uint64(nanos(at.Published)) ^ 1<<63)
	return append(Number(newest), at.ID[:]...)
}

// ParsePlace reads the end of an index key; the zero OrderKey from a shorter one.
func ParsePlace(key []byte) storage.OrderKey {
	var at storage.OrderKey
	if len(key) < PlaceSize {
		return at
	}
	key = key[len(key)-PlaceSize:]
	at.Published = time.Unix(0, int64(^binary.BigEndian.Uint64(key)^1<<63)).UTC()
	copy(at.ID[:], key[8:])
	return at
}

// ItemKey is the value of the key bucket: all that tells whether an item is
// stored already, without its record.
type ItemKey struct {
	Seq    uint64
	Hash   [16]byte
	Filing [8]byte // FilingHash of the categories
}

// Bytes is the value.
func (k ItemKey) Bytes() []byte {
	return slices.Concat(Number(k.Seq), k.Hash[:], k.Filing[:])
}

// ParseItemKey reads what Bytes wrote; false for anything else.
func ParseItemKey(v []byte) (k ItemKey, ok bool) {
	if len(v) != 32 {
		return k, false
	}
	k.Seq = binary.BigEndian.Uint64(v)
	copy(k.Hash[:], v[8:])
	copy(k.Filing[:], v[24:])
	return k, true
}

// SortedSet copies values in order and without duplicates, as every list in the
// file that means a set is written; nil when empty.
func SortedSet[T ~string](values []T) []T {
	if len(values) == 0 {
		return nil
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

// FilingHash tells lists of categories apart. Each must be a SortedSet.
func FilingHash(slugs []coranto.Slug) [8]byte {
	var b []byte
	for _, slug := range slugs {
		b = append(append(b, slug...), 0)
	}
	sum := sha256.Sum256(b)
	return [8]byte(sum[:8])
}

// DedupRow is the key in the dedup bucket of an item that has a dedup key.
func DedupRow(k storage.DedupKey, seq uint64) []byte { return append(k[:], Number(seq)...) }

// Tally is what is known of one value of an index.
type Tally struct {
	Modified time.Time // zero when it never held an item
	Items    int64
	Size     int64 // bytes of the values of the items
}

// Bytes is the value of the tally bucket.
func (t Tally) Bytes() []byte {
	value := make([]byte, 0, tallySize)
	for _, n := range []int64{nanos(t.Modified), t.Items, t.Size} {
		value = binary.BigEndian.AppendUint64(value, uint64(n))
	}
	return value
}

// A tally of the schemas 1 and 2 has no Size.
const (
	tallySize  = 24
	tallySize1 = 16
)

// IsTally reports whether a value is one that Bytes wrote, in this schema or the
// first ones.
func IsTally(v []byte) bool { return len(v) == tallySize || len(v) == tallySize1 }

// ParseTally reads what Bytes wrote, in this schema or the first ones; the zero Tally
// from anything else.
func ParseTally(v []byte) Tally {
	if !IsTally(v) {
		return Tally{}
	}
	t := Tally{
		Modified: time.Unix(0, int64(binary.BigEndian.Uint64(v))).UTC(),
		Items:    int64(binary.BigEndian.Uint64(v[8:])),
	}
	if len(v) == tallySize {
		t.Size = int64(binary.BigEndian.Uint64(v[16:]))
	}
	return t
}

// RevisionKey is the key of what an item was as its n-th revision. Number of the
// seq begins all those of the item.
func RevisionKey(seq uint64, n int) []byte { return append(Number(seq), Number(uint64(n))...) }
