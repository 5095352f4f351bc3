// Package graves finds tombstones in a file of package bolt by what is left of items
// beside their ids.
package graves

import (
	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/bolt/rows"
)

// Refuse reports whether an item was taken down under another id.
func Refuse(tx *bbolt.Tx, codec *layout.Codec, it *coranto.Item) bool {
	key, ok := storage.PostKey(it)
	if !ok {
		return false
	}
	gone := tx.Bucket([]byte(rows.Gone))
	w := rows.FindGrave(tx, layout.PostGrave(key), storage.TombstoneQuery{})
	for ; w.Key != nil; w.Step() {
		id := layout.ParsePlace(w.Key).ID
		if t, err := codec.DecodeTombstone(gone.Get(id[:])); err == nil && t.Refuses(it) {
			return true
		}
	}
	return false
}
