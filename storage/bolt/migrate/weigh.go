package migrate

import (
	"bytes"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
)

// weighed is how many items are weighed in one transaction.
const weighed = 2000

// weigh adds the sizes of items to the tallies of what lists them. One that is
// damaged counts where all items do.
func weigh(tx *bbolt.Tx, from []byte) (next []byte, err error) {
	items := tx.Bucket([]byte("item"))
	if items == nil {
		return nil, nil
	}
	codec, err := layout.NewCodec()
	if err != nil {
		return nil, err
	}
	defer codec.Close()
	sizes := map[layout.Filing]int64{}
	c := items.Cursor()
	k, v := c.Seek(from)
	for n := 0; k != nil && n < weighed; n++ {
		filings := []layout.Filing{{By: storage.All}}
		if r, err := codec.DecodeRecord(v, true); err == nil {
			filings = layout.Filings(&r.Item)
		}
		for _, f := range filings {
			sizes[f] += int64(len(v))
		}
		k, v = c.Next()
	}
	next = bytes.Clone(k)
	tallies := tx.Bucket([]byte("tally"))
	for f, size := range sizes {
		t := layout.ParseTally(tallies.Get(f.TallyKey()))
		t.Size += size
		if err := tallies.Put(f.TallyKey(), t.Bytes()); err != nil {
			return nil, err
		}
	}
	return next, nil
}
