package rows

import (
	"bytes"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
)

// Categories counts those that hold items, by slug.
func Categories(tx *bbolt.Tx) (counts []storage.Count) {
	first := []byte{byte(storage.ByCategory)}
	c := tx.Bucket([]byte(Tallies)).Cursor()
	for k, v := c.Seek(first); bytes.HasPrefix(k, first); k, v = c.Next() {
		f := layout.ParseTallyKey(k)
		if t := layout.ParseTally(v); t.Items > 0 {
			newest := Find(tx, f, storage.Query{}).Key
			counts = append(counts, storage.Count{
				Slug: coranto.Slug(f.Value), Items: int(t.Items), Bytes: t.Size,
				Newest: layout.ParsePlace(newest).Published,
			})
		}
	}
	return counts
}

// FindPlace looks an item up in the index of all items by its seq: slow, and only ever
// needed for a damaged record.
func FindPlace(tx *bbolt.Tx, id coranto.ItemID, seq uint64) (at storage.OrderKey) {
	want := layout.Number(seq)
	for k, v := range Each(tx, All) {
		if bytes.Equal(v, want) && bytes.HasSuffix(k, id[:]) {
			at = layout.ParsePlace(k)
		}
	}
	return at
}

// Listed tells which filings list an item at a place: slow, too.
func Listed(tx *bbolt.Tx, at storage.OrderKey) (listed []layout.Filing) {
	for k := range Each(tx, Tallies) {
		f := layout.ParseTallyKey(k)
		if name := Index(f); name != "" && tx.Bucket([]byte(name)).Get(f.Key(at)) != nil {
			listed = append(listed, f)
		}
	}
	return listed
}
