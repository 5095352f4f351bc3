package migrate

import (
	"bytes"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/bolt/rows"
)

// arrived is how many items are listed in one transaction.
const arrived = 2000

// arrive lists items in the order of their arrival. One that is damaged is in no such
// list.
func arrive(tx *bbolt.Tx, from []byte) (next []byte, err error) {
	if _, err := tx.CreateBucketIfNotExists([]byte("value")); err != nil {
		return nil, err
	}
	arrivals, err := tx.CreateBucketIfNotExists([]byte("arrival"))
	items := tx.Bucket([]byte("item"))
	if err != nil || items == nil {
		return nil, err
	}
	codec, err := layout.NewCodec()
	if err != nil {
		return nil, err
	}
	defer codec.Close()
	c := items.Cursor()
	k, v := c.Seek(from)
	for n := 0; k != nil && n < arrived; n++ {
		if r, err := codec.DecodeRecord(v, true); err == nil {
			for _, f := range layout.Filings(&r.Item) {
				if !rows.HasArrivals(f) {
					continue
				}
				if err := arrivals.Put(f.ArrivalKey(layout.ParseNumber(k)), nil); err != nil {
					return nil, err
				}
			}
		}
		k, v = c.Next()
	}
	return bytes.Clone(k), nil
}
