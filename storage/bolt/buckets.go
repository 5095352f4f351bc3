package bolt

import (
	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
)

// The buckets; doc.go says what is in them.
const (
	bucketMeta       = "meta"
	bucketSources    = "src"
	bucketSeen       = "seen"
	bucketItems      = "item"
	bucketKeys       = "key"
	bucketAll        = "all"
	bucketByCategory = "cat"
	bucketBySource   = "bysrc"
	bucketByTag      = "tag"
	bucketDedup      = "dedup"
	bucketTally      = "tally"
	bucketRevisions  = "rev"
	bucketGone       = "gone"
	bucketGraves     = "grave"
	bucketLog        = "log"
	bucketCursors    = "cur"
)

func buckets() []string {
	return []string{
		bucketMeta, bucketSources, bucketSeen, bucketItems, bucketKeys, bucketAll, bucketByCategory,
		bucketBySource, bucketByTag, bucketDedup, bucketTally, bucketRevisions, bucketGone,
		bucketGraves, bucketLog, bucketCursors,
	}
}

// indexBucket is the bucket that lists the items of a filing; "" for one that is
// only tallied.
func indexBucket(f layout.Filing) string {
	switch f.By {
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

// The keys of the meta bucket.
const (
	metaSchema = "schema"
	metaBoots  = "boots"
	metaBytes  = "bytes" // of the values in the item bucket

	metaRevisions     = "revisions"      // values in the rev bucket
	metaRevisionBytes = "revision bytes" // of these
	metaTombstones    = "tombstones"     // in the gone bucket that are not expired
	metaExpired       = "expired"        // in the gone bucket that are
)

func getNumber(b *bbolt.Bucket, key string) uint64 {
	return layout.ParseNumber(b.Get([]byte(key)))
}

func putNumber(b *bbolt.Bucket, key string, n uint64) error {
	return b.Put([]byte(key), layout.Number(n))
}

// getKey reads an item's key row; false when there is none.
func getKey(tx *bbolt.Tx, id coranto.ItemID) (layout.ItemKey, bool) {
	return layout.ParseItemKey(tx.Bucket([]byte(bucketKeys)).Get(id[:]))
}

// getRecord is the value of the item with a seq; nil when there is none.
func getRecord(tx *bbolt.Tx, seq uint64) []byte {
	return tx.Bucket([]byte(bucketItems)).Get(layout.Number(seq))
}

func getTally(tx *bbolt.Tx, f layout.Filing) layout.Tally {
	return layout.ParseTally(tx.Bucket([]byte(bucketTally)).Get(f.TallyKey()))
}
