package bolt_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"github.com/google/go-cmp/cmp"

	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
	"github.com/coranto/coranto/storage/storagetest/sample"
	"github.com/coranto/coranto/storage/stream"
)

// aged makes a store with all that there is to keep: revisions, a tombstone, a saved
// cursor in the log.
func aged(t *testing.T) string {
	t.Helper()
	path := filled(t, 40)
	s := open(t, path, bolt.Options{})
	defer closeStore(t, s)
	it := sample.Item("a", 7)
	it.Title = "as it is now"
	commit(t, s, storage.Visit{Source: "a", Items: sample.Items("a", 40, 41), Seen: []byte("seen")})
	end, err := s.LogEnd(t.Context())
	if err == nil {
		err = s.SaveCursor(t.Context(), "reader", "", end)
	}
	if err != nil {
		t.Fatal(err)
	}
	commit(t, s, storage.Visit{Source: "a", Items: append(sample.Items("a", 42, 43), it)})
	if _, err := s.Remove(t.Context(), uniq(sample.Item("a", 3).ID), "asked"); err != nil {
		t.Fatal(err)
	}
	return path
}

func uniq[T any](v T) []T { return []T{v} }

// all are the parts of a store.
func all(t *testing.T, s *bolt.Store) (parts []storage.Part) {
	t.Helper()
	for p, err := range s.Export(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, p)
	}
	return parts
}

// What is exported as a stream comes back the same, and a stream that was cut short or
// changed is refused.
func TestStream(t *testing.T) {
	from := open(t, aged(t), bolt.Options{})
	defer closeStore(t, from)
	var text bytes.Buffer
	counts, err := stream.Write(&text, stream.Header{Program: "test"}, from.Export(t.Context()))
	if err != nil || counts.Revisions == 0 || counts.Tombstones == 0 || counts.Cursors != 1 {
		t.Fatalf("wrote %+v, %v; want some of each", counts, err)
	}
	to := open(t, filepath.Join(t.TempDir(), "store.db"), bolt.Options{})
	defer closeStore(t, to)
	if err := take(t, to, text.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := to.Check(t.Context(), true); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(all(t, from), all(t, to)); diff != "" {
		t.Errorf("what came back differs (-exported +imported):\n%s", diff)
	}
	if err := take(t, to, text.Bytes()); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("into a store that is not empty: error = %v, want ErrConflict", err)
	}
	for size := 0; size < text.Len(); size += 997 {
		refuses(t, text.Bytes()[:size])
		changed := bytes.Clone(text.Bytes())
		changed[size] ^= 4
		refuses(t, changed)
	}
}

func refuses(t *testing.T, text []byte) {
	t.Helper()
	r, err := stream.NewReader(bytes.NewReader(text))
	if err == nil {
		defer r.Close()
		for _, err = range r.Parts() {
		}
	}
	if err == nil {
		t.Errorf("a damaged stream of %d bytes is taken", len(text))
	}
}

func take(t *testing.T, s *bolt.Store, text []byte) error {
	t.Helper()
	r, err := stream.NewReader(bytes.NewReader(text))
	if err != nil {
		return err
	}
	defer r.Close()
	return s.Import(t.Context(), r.Parts())
}

// A file is rebuilt from what can be read of it, whatever was harmed.
func TestRebuild(t *testing.T) {
	lost := func(bucket string) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			err := withBolt(path, func(tx *bbolt.Tx) error {
				c := tx.Bucket([]byte(bucket)).Cursor()
				k, _ := c.First()
				return tx.Bucket([]byte(bucket)).Put(bytes.Clone(k), []byte("nonsense"))
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	tests := []struct {
		name  string
		harm  func(*testing.T, string)
		items int // at least that many of the 41
	}{
		{"nothing", func(*testing.T, string) {}, 41},
		{"an item", func(t *testing.T, p string) { damageItem(t, p, sample.Item("a", 9).ID) }, 40},
		{"a key row", lost("key"), 41},
		{"a tally", lost("tally"), 41},
		{"an index row", lost("all"), 41},
		{"a duplicate's row", lost("dedup"), 41},
		{"the end of the file", func(t *testing.T, p string) {
			info, err := os.Stat(p)
			if err == nil {
				err = os.Truncate(p, info.Size()-8192)
			}
			if err != nil {
				t.Fatal(err)
			}
		}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path, to := aged(t), filepath.Join(t.TempDir(), "new.db")
			tt.harm(t, path)
			report, err := bolt.Rebuild(t.Context(), path, to, bolt.Options{})
			if err != nil {
				t.Fatal(err)
			}
			s := open(t, to, bolt.Options{})
			defer closeStore(t, s)
			stats, err := s.Stats(t.Context())
			if err != nil || stats.Items < tt.items || stats.Items+report.Lost > 42 {
				t.Errorf("%d items, %d lost, %v; want at least %d", stats.Items, report.Lost, err, tt.items)
			}
			if tt.items > 0 {
				if _, err := s.Tombstone(t.Context(), sample.Item("a", 3).ID); err != nil {
					t.Errorf("the tombstone: %v", err)
				}
			}
		})
	}
}
