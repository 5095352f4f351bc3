package migrate_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

// A store whose tallies know no sizes gets them, and then is as if it always had
// had them.
func TestWeigh(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	items := 4500 // three parts of the step
	if testing.Short() {
		items = 2100 // two
	}
	src := []coranto.Source{sample.Source("a")}
	if err := s.UpsertSources(t.Context(), src, nil); err != nil {
		t.Fatal(err)
	}
	results, err := s.Commit(t.Context(), []storage.Visit{{
		Source: "a", Items: sample.Items("a", 0, items, "c", "d"),
	}})
	if err != nil || results[0].New != items {
		t.Fatalf("stored %+v, error %v", results, err)
	}
	before, err := s.Stats(t.Context())
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	change(t, path, unweigh)
	s, err = bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Check(t.Context(), true); err != nil {
		t.Error(err)
	}
	after, err := s.Stats(t.Context())
	if err != nil || after.Categories[0] != before.Categories[0] || after.Categories[1].Bytes == 0 {
		t.Errorf("categories %+v, error %v; want %+v", after.Categories, err, before.Categories)
	}
}

// unweigh makes a file one of schema 2.
func unweigh(tx *bbolt.Tx) error {
	tallies := tx.Bucket([]byte("tally"))
	var err error
	c := tallies.Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		err = errors.Join(err, tallies.Put(bytes.Clone(k), bytes.Clone(v[:16])))
	}
	for _, name := range []string{"rev", "gone", "grave"} {
		err = errors.Join(err, tx.DeleteBucket([]byte(name)))
	}
	return errors.Join(err, tx.Bucket([]byte("meta")).Put([]byte("schema"), number(2)))
}
