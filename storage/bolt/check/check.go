// Package check inspects the snapshot of a file of package bolt: that each value can
// be read, and that what is derived from items agrees with them.
package check

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/bolt/rows"
)

// inspection reads a whole snapshot and gathers what is wrong with it.
type inspection struct {
	tx     *bbolt.Tx
	codec  *layout.Codec
	counts map[string]layout.Tally // what should be tallied, by key
	rows   map[string]int64        // that records call for, by bucket
	sums   map[string]int64        // what should be accounted for, by key of the meta bucket
	found  []error

	tallied map[string]bool // what of counts was found, by key
}

// Deep checks what bbolt can't: every value, and the agreement of buckets. The error
// joins what was found, each as an ErrCorrupt, or is that of a context that ended.
func Deep(ctx context.Context, tx *bbolt.Tx, codec *layout.Codec) error {
	i := &inspection{
		tx: tx, codec: codec,
		counts: map[string]layout.Tally{}, rows: map[string]int64{}, sums: map[string]int64{},
		tallied: map[string]bool{},
	}
	steps := []struct {
		bucket string
		check  func(k, v []byte)
	}{
		{rows.Sources, i.source},
		{rows.Seen, i.seen},
		{rows.Items, i.item},
		{rows.Keys, i.key},
		{rows.Revisions, i.revision},
		{rows.Gone, i.tombstone},
		{rows.Tallies, i.tally},
		{rows.Values, i.value},
		{rows.Log, i.change},
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
	r, err := i.codec.DecodeSource(value)
	if err != nil {
		i.report("source %s: %v", id, err)
	} else if string(r.ID) != string(id) {
		i.report("source %s says that it is %s", id, r.ID)
	}
}

func (i *inspection) seen(id, value []byte) {
	if _, err := i.codec.DecodeSeen(value); err != nil {
		i.report("what was seen of source %s: %v", id, err)
	}
}

// item checks that a record is readable and is listed wherever it says.
func (i *inspection) item(seq, value []byte) {
	i.sums[rows.MetaBytes] += int64(len(value))
	r, err := i.codec.DecodeRecord(value, false)
	if err != nil {
		i.report("item number %d: %v", layout.ParseNumber(seq), err)
		return
	}
	if row, ok := rows.Key(i.tx, r.ID); !ok || row.Seq != layout.ParseNumber(seq) {
		i.report("item %s: no key leads to it", r.ID)
	} else if row.Hash != r.Hash || row.Filing != layout.FilingHash(r.Categories) {
		i.report("item %s: its key tells of other content", r.ID)
	}
	for _, f := range layout.Filings(&r.Item) {
		i.count(f, len(value))
		i.arrival(f, r, seq)
		name := rows.Index(f)
		if name == "" {
			continue
		}
		i.rows[name]++
		if !bytes.Equal(i.tx.Bucket([]byte(name)).Get(f.Key(r.Order())), seq) {
			i.report("item %s: not listed in %s %q", r.ID, name, f.Value)
		}
	}
	for _, key := range storage.DedupKeys(&r.Item) {
		row := layout.DedupRow(key, layout.ParseNumber(seq))
		if i.tx.Bucket([]byte(rows.Dedup)).Get(row) == nil {
			i.report("item %s: not found by what may be a duplicate of it", r.ID)
		}
	}
}

// arrival checks that a filing lists an item in the order of arrival, too.
func (i *inspection) arrival(f layout.Filing, r *storage.Record, seq []byte) {
	b := i.tx.Bucket([]byte(rows.Arrivals))
	if b == nil || !rows.HasArrivals(f) {
		return
	}
	i.rows[rows.Arrivals]++
	if b.Get(f.ArrivalKey(layout.ParseNumber(seq))) == nil {
		i.report("item %s: its arrival is not listed in %d %q", r.ID, f.By, f.Value)
	}
}

func (i *inspection) value(name, value []byte) {
	if _, err := i.codec.DecodeSeen(value); err != nil {
		i.report("value %s: %v", name, err)
	}
}

func (i *inspection) count(f layout.Filing, size int) {
	t := i.counts[string(f.TallyKey())]
	t.Items++
	t.Size += int64(size)
	i.counts[string(f.TallyKey())] = t
}

// revision checks that what an item was is readable and the item is there.
func (i *inspection) revision(key, value []byte) {
	i.sums[rows.MetaRevisions]++
	i.sums[rows.MetaRevisionBytes] += int64(len(value))
	seq := layout.ParseNumber(key[:min(len(key), 8)])
	if rows.Record(i.tx, seq) == nil {
		i.report("revision of item number %d: there is no such item", seq)
	}
	if r, err := i.codec.DecodeRecord(value, false); err != nil {
		i.report("revision of item number %d: %v", seq, err)
	} else if !bytes.Equal(key, layout.RevisionKey(seq, r.Revision)) {
		i.report("item %s: revision %d is kept as another", r.ID, r.Revision)
	}
}

// tombstone checks that a tombstone is readable and is listed wherever it says.
func (i *inspection) tombstone(id, value []byte) {
	t, err := i.codec.DecodeTombstone(value)
	if err != nil {
		i.report("tombstone of %x: %v", id, err)
		return
	}
	if t.Expired {
		i.sums[rows.MetaExpired]++
		i.count(layout.Filing{By: layout.ByExpired, Value: string(t.Source)}, 0)
	} else {
		i.sums[rows.MetaTombstones]++
	}
	if _, ok := rows.Key(i.tx, t.ID); ok {
		i.report("item %s: stored, and removed", t.ID)
	}
	for _, f := range layout.Graves(t) {
		i.rows[rows.Graves]++
		if i.tx.Bucket([]byte(rows.Graves)).Get(f.GraveKey(t.Order())) == nil {
			i.report("tombstone of %s: not listed in %d %q", t.ID, f.By, f.Value)
		}
	}
}

func (i *inspection) key(id, _ []byte) {
	var item coranto.ItemID
	copy(item[:], id)
	row, ok := rows.Key(i.tx, item)
	if !ok || rows.Record(i.tx, row.Seq) == nil {
		i.report("item %s: its key leads nowhere", item)
	}
}

// tally checks a count against the records.
func (i *inspection) tally(k, v []byte) {
	held, want := layout.ParseTally(v), i.counts[string(k)]
	i.tallied[string(k)] = true
	if held.Items != want.Items || held.Size != want.Size {
		i.report("%d items of %d bytes counted in index %d %q, but there are %d of %d",
			held.Items, held.Size, k[0], k[1:], want.Items, want.Size)
	}
}

func (i *inspection) change(seq, value []byte) {
	if _, err := i.codec.DecodeChange(value); err != nil {
		i.report("change %d: %v", layout.ParseNumber(seq), err)
	}
}

// totals checks that no index has a row too many, and the size accounted for.
func (i *inspection) totals() {
	meta := i.tx.Bucket([]byte(rows.Meta))
	keys := []string{
		rows.MetaBytes, rows.MetaRevisions, rows.MetaRevisionBytes, rows.MetaTombstones, rows.MetaExpired,
	}
	for _, key := range keys {
		if held := int64(rows.Number(meta, key)); held != i.sums[key] {
			i.report("%d %s accounted for, but there are %d", held, key, i.sums[key])
		}
	}
	for key, want := range i.counts {
		if !i.tallied[key] {
			i.report("%d items not counted in index %d %q", want.Items, key[0], key[1:])
		}
	}
	i.rows[rows.Keys] = i.rows[rows.All]
	names := []string{rows.Keys, rows.All, rows.ByCategory, rows.BySource, rows.ByTag}
	for _, name := range []string{rows.Graves, rows.Arrivals} {
		if i.tx.Bucket([]byte(name)) != nil { // not of an older version, opened to read
			names = append(names, name)
		}
	}
	for _, name := range names {
		if got := int64(i.tx.Bucket([]byte(name)).Stats().KeyN); got != i.rows[name] {
			i.report("bucket %s has %d rows, but records call for %d", name, got, i.rows[name])
		}
	}
}
