package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/disk"
	"github.com/coranto/coranto/storage/bolt/layout"
)

// Check implements storage.Checker: the pages of the file always; deep also
// every value, and that the buckets agree with each other.
func (s *Store) Check(ctx context.Context, deep bool) error {
	err := s.view(ctx, func(tx *bbolt.Tx) error {
		if err := disk.Pages(tx); err != nil || !deep {
			return err
		}
		return s.checkValues(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("check store %s: %w", s.path, err)
	}
	return nil
}

// inspection reads a whole snapshot and gathers what is wrong with it.
type inspection struct {
	s      *Store
	ctx    context.Context
	tx     *bbolt.Tx
	counts map[string]int64 // items that should be tallied, by key
	rows   map[string]int64 // that records call for, by bucket
	bytes  int64
	found  []error
}

// checkValues checks what bbolt can't: values, and the agreement of buckets.
func (s *Store) checkValues(ctx context.Context, tx *bbolt.Tx) error {
	i := &inspection{s: s, ctx: ctx, tx: tx, counts: map[string]int64{}, rows: map[string]int64{}}
	steps := []struct {
		bucket string
		check  func(k, v []byte)
	}{
		{bucketSources, i.source},
		{bucketSeen, i.seen},
		{bucketItems, i.item},
		{bucketKeys, i.key},
		{bucketTally, i.tally},
		{bucketLog, i.change},
	}
	for _, step := range steps {
		bucket := tx.Bucket([]byte(step.bucket))
		if bucket == nil {
			continue // of an older version, opened to read
		}
		err := bucket.ForEach(func(k, v []byte) error {
			step.check(k, v)
			return ctx.Err()
		})
		if err != nil {
			return err
		}
	}
	i.totals()
	return errors.Join(i.found...)
}

func (i *inspection) report(format string, args ...any) {
	const enough = 100
	if len(i.found) < enough {
		err := fmt.Errorf("%w: %s", storage.ErrCorrupt, fmt.Sprintf(format, args...))
		i.found = append(i.found, err)
	}
}

func (i *inspection) source(id, value []byte) {
	r, err := i.s.decodeSource(value)
	if err != nil {
		i.report("source %s: %v", id, err)
	} else if string(r.ID) != string(id) {
		i.report("source %s says that it is %s", id, r.ID)
	}
}

func (i *inspection) seen(id, value []byte) {
	if _, err := i.s.codec.DecodeSeen(value); err != nil {
		i.report("what was seen of source %s: %v", id, err)
	}
}

// item checks that a record is readable and is listed wherever it says.
func (i *inspection) item(seq, value []byte) {
	i.bytes += int64(len(value))
	r, err := i.s.codec.DecodeRecord(value, false)
	if err != nil {
		i.report("item number %d: %v", layout.ParseNumber(seq), err)
		return
	}
	if row, ok := getKey(i.tx, r.ID); !ok || row.Seq != layout.ParseNumber(seq) {
		i.report("item %s: no key leads to it", r.ID)
	} else if row.Hash != r.Hash || row.Filing != layout.FilingHash(r.Categories) {
		i.report("item %s: its key tells of other content", r.ID)
	}
	for _, f := range layout.Filings(&r.Item) {
		i.counts[string(f.TallyKey())]++
		name := indexBucket(f)
		if name == "" {
			continue
		}
		i.rows[name]++
		if !bytes.Equal(i.tx.Bucket([]byte(name)).Get(f.Key(r.Order())), seq) {
			i.report("item %s: not listed in %s %q", r.ID, name, f.Value)
		}
	}
}

func (i *inspection) key(id, _ []byte) {
	var item coranto.ItemID
	copy(item[:], id)
	row, ok := getKey(i.tx, item)
	if !ok || getRecord(i.tx, row.Seq) == nil {
		i.report("item %s: its key leads nowhere", item)
	}
}

// tally checks a count against the records.
func (i *inspection) tally(k, v []byte) {
	if held, want := layout.ParseTally(v).Items, i.counts[string(k)]; held != want {
		i.report("%d items counted in index %d %q, but there are %d", held, k[0], k[1:], want)
	}
}

func (i *inspection) change(seq, value []byte) {
	if _, err := i.s.codec.DecodeChange(value); err != nil {
		i.report("change %d: %v", layout.ParseNumber(seq), err)
	}
}

// totals checks that no index has a row too many, and the size accounted for.
func (i *inspection) totals() {
	if held := int64(getNumber(i.tx.Bucket([]byte(bucketMeta)), metaBytes)); held != i.bytes {
		i.report("%d bytes of items accounted for, but there are %d", held, i.bytes)
	}
	i.rows[bucketKeys] = i.rows[bucketAll]
	names := []string{bucketKeys, bucketAll, bucketByCategory, bucketBySource, bucketByTag}
	for _, name := range names {
		if got := int64(i.tx.Bucket([]byte(name)).Stats().KeyN); got != i.rows[name] {
			i.report("bucket %s has %d rows, but records call for %d", name, got, i.rows[name])
		}
	}
}
