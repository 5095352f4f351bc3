package bolt_test

import (
	"encoding/binary"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
)

// cpu is the time, user's and system's, that the process has used.
func cpu(tb testing.TB) time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// turn adds the processor time of fn to spent.
func turn(tb testing.TB, spent *time.Duration, fn func()) {
	begin := cpu(tb)
	fn()
	*spent += cpu(tb) - begin
}

// rawRow is a key and a value ready to be put.
type rawRow struct {
	bucket     string
	key, value []byte
}

// rawRows are what any store of this contract must write for new records: the
// encoded value, the key that tells whether it is known, a row in each index and
// one for each dedup key, and those of the order of arrival, all under the keys of this engine.
func rawRows(codec *layout.Codec, r *storage.Record, seq uint64) []rawRow {
	row := layout.ItemKey{Seq: seq, Hash: r.Hash, Filing: layout.FilingHash(r.Categories)}
	rows := []rawRow{
		{"item", layout.Number(seq), codec.EncodeRecord(r)},
		{"key", r.ID[:], row.Bytes()},
	}
	names := map[storage.Index]string{
		storage.All: "all", storage.ByCategory: "cat", storage.BySource: "bysrc", storage.ByTag: "tag",
	}
	for _, f := range layout.Filings(&r.Item) {
		if name := names[f.By]; name != "" {
			rows = append(rows, rawRow{name, f.Key(r.Order()), layout.Number(seq)})
		}
		if f.By == storage.ByCategory || f.By == storage.BySource {
			rows = append(rows, rawRow{"arrival", f.ArrivalKey(seq), nil})
		}
	}
	for _, k := range storage.DedupKeys(&r.Item) {
		rows = append(rows, rawRow{"dedup", layout.DedupRow(k, seq), append(r.ID[:], r.Source...)})
	}
	return rows
}

// rawStore is a file of bbolt with buckets and nothing else.
type rawStore struct {
	tb testing.TB
	db *bbolt.DB
}

func openRaw(tb testing.TB, buckets ...string) rawStore {
	tb.Helper()
	db, err := bbolt.Open(filepath.Join(tb.TempDir(), "raw.db"), 0o600, &bbolt.Options{
		PageSize: 8192, FreelistType: bbolt.FreelistMapType,
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { db.Close() })
	s := rawStore{tb, db}
	s.update(func(tx *bbolt.Tx) error {
		for _, name := range buckets {
			if _, err := tx.CreateBucket([]byte(name)); err != nil {
				return err
			}
		}
		return nil
	})
	return s
}

func (s rawStore) update(fn func(*bbolt.Tx) error) {
	s.tb.Helper()
	if err := s.db.Update(fn); err != nil {
		s.tb.Fatal(err)
	}
}

// put writes rows in one transaction, as they come.
func (s rawStore) put(rows []rawRow) {
	s.tb.Helper()
	s.update(func(tx *bbolt.Tx) error {
		buckets := map[string]*bbolt.Bucket{}
		for _, r := range rows {
			if buckets[r.bucket] == nil {
				buckets[r.bucket] = tx.Bucket([]byte(r.bucket))
			}
			if r.bucket == "item" {
				buckets[r.bucket].FillPercent = 1
			}
			if err := buckets[r.bucket].Put(r.key, r.value); err != nil {
				return err
			}
		}
		return nil
	})
}

// bareRows are the same text as it is, under sequential keys, with one index row
// each: less than a store of this contract can do with.
func bareRows(items []storage.Record, from int) (rows []rawRow) {
	for i := range items {
		seq := layout.Number(uint64(from + i))
		newest := binary.BigEndian.AppendUint64(nil, ^uint64(from+i))
		rows = append(rows, rawRow{"item", seq, []byte(items[i].Content)}, rawRow{"all", newest, seq})
	}
	return rows
}
