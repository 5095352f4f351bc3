package bolt_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

// rebuilt is a store made of what is left of a file.
func rebuilt(t *testing.T, path string) *bolt.Store {
	t.Helper()
	to := filepath.Join(t.TempDir(), "new.db")
	if _, err := bolt.Rebuild(t.Context(), path, to, bolt.Options{}); err != nil {
		t.Fatal(err)
	}
	return open(t, to, bolt.Options{})
}

// R05 A repair lets nothing come back that was taken down or expired, though no
// tombstone can be read any more: what lists them tells enough.
func TestRebuildKeepsGone(t *testing.T) {
	path := aged(t)
	s := open(t, path, bolt.Options{})
	keep := storage.Policy{Limits: storage.Limits{Items: 30}}
	_, _, err := s.Retain(t.Context(), keep, 500)
	before, errStats := s.Stats(t.Context())
	if err := errors.Join(err, errStats, s.Close()); err != nil {
		t.Fatal(err)
	}
	err = withBolt(path, func(tx *bbolt.Tx) error {
		gone := tx.Bucket([]byte("gone"))
		for k, _ := gone.Cursor().First(); k != nil; {
			if err := gone.Put(bytes.Clone(k), []byte("nonsense")); err != nil {
				return err
			}
			c := gone.Cursor()
			c.Seek(k)
			k, _ = c.Next()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s = rebuilt(t, path)
	defer closeStore(t, s)
	after, err := s.Stats(t.Context())
	if err != nil || after.Tombstones != before.Tombstones || after.Expired != before.Expired {
		t.Errorf("%d tombstones and %d expired items, %v; want %d and %d",
			after.Tombstones, after.Expired, err, before.Tombstones, before.Expired)
	}
	got, err := s.Commit(t.Context(), []storage.Visit{{Source: "a", Items: sample.Items("a", 3, 5)}})
	if err != nil || got[0].Gone != 2 || got[0].New != 0 {
		t.Errorf("committed again: %+v, %v; want both gone", got, err)
	}
	page, err := s.Tombstones(t.Context(), storage.TombstoneQuery{By: storage.BySource, Value: "a"})
	if err != nil || len(page.Tombstones) != 1 || page.Tombstones[0].ID != sample.Item("a", 3).ID {
		t.Errorf("tombstones of the source: %+v, %v", page, err)
	}
}

// R05 A repair comes to an end though damaged pages lead to themselves.
func TestRebuildEnds(t *testing.T) {
	const branch, size, header, element = 1, 8192, 16, 16
	path := filled(t, 2000)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	circles := 0
	for id := 2; id < len(file)/size; id++ {
		page := file[id*size:]
		if binary.NativeEndian.Uint16(page[8:]) != branch || binary.NativeEndian.Uint64(page) != uint64(id) {
			continue
		}
		circles++
		for n := range min(3, int(binary.NativeEndian.Uint16(page[10:]))) {
			binary.NativeEndian.PutUint64(page[header+n*element+8:], uint64(id))
		}
	}
	if err := os.WriteFile(path, file, 0o600); err != nil || circles == 0 {
		t.Fatalf("%d pages lead to themselves, %v", circles, err)
	}
	s := rebuilt(t, path)
	defer closeStore(t, s)
	if stats, err := s.Stats(t.Context()); err != nil || stats.Items == 0 {
		t.Errorf("%d items, %v; want those of the other pages", stats.Items, err)
	}
}

// A deep check finds a row that is lost of what is derived from items.
func TestCheckFindsLostRows(t *testing.T) {
	for _, bucket := range []string{"key", "all", "bysrc", "tally", "dedup"} {
		path := filled(t, 10)
		err := withBolt(path, func(tx *bbolt.Tx) error {
			k, _ := tx.Bucket([]byte(bucket)).Cursor().First()
			return tx.Bucket([]byte(bucket)).Delete(bytes.Clone(k))
		})
		if err != nil {
			t.Fatal(err)
		}
		s := open(t, path, bolt.Options{})
		if err := s.Check(t.Context(), true); !errors.Is(err, storage.ErrCorrupt) {
			t.Errorf("a row of %s is lost: error = %v, want ErrCorrupt", bucket, err)
		}
		closeStore(t, s)
	}
}

// R04 The copy beside a file is of what is migrated, though one is there from before:
// of a file that was migrated, and restored from a backup later.
func TestMigratedAgain(t *testing.T) {
	path := unpacked(t, "testdata/schema2.db.gz")
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	closeStore(t, open(t, path, bolt.Options{}))
	if err := os.WriteFile(path, old, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := putMeta("later", 1)(path); err != nil {
		t.Fatal(err)
	}
	closeStore(t, open(t, path, bolt.Options{}))
	copies, err := filepath.Glob(path + ".v2.bak*")
	if err != nil || len(copies) != 2 {
		t.Errorf("copies: %v, %v; want two", copies, err)
	}
	err = withBolt(path+".v2.bak", func(tx *bbolt.Tx) error {
		if tx.Bucket([]byte("meta")).Get([]byte("later")) == nil {
			t.Error("the copy is of the file as it was migrated before")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// R09 A check finds nothing wrong while visits are committed, and hurts none.
func TestCheckWhileCommitting(t *testing.T) {
	s := open(t, filled(t, 40), bolt.Options{})
	defer closeStore(t, s)
	var committed sync.WaitGroup
	committed.Go(func() {
		for n := range 60 {
			visit := storage.Visit{Source: "a", Items: sample.Items("a", n, n+3, "x")}
			visit.Items[0].Title = fmt.Sprint(n)
			if got, err := s.Commit(context.Background(), []storage.Visit{visit}); err != nil || got[0].Err != nil {
				t.Errorf("commit: %v, %+v", err, got)
			}
		}
	})
	for range 20 {
		if err := s.Check(t.Context(), true); err != nil {
			t.Error(err)
			break
		}
	}
	committed.Wait()
}

// R09 A check of a file that was cut short beneath the store is an error, and not the
// end of the process.
func TestCheckCutShort(t *testing.T) {
	path := filled(t, 400)
	s := open(t, path, bolt.Options{})
	if err := os.Truncate(path, 8*8192); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(t.Context(), true); !errors.Is(err, storage.ErrCorrupt) {
		t.Errorf("error = %v, want ErrCorrupt", err)
	}
	_ = s.Close()
}
