package bolt_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
	"github.com/coranto/coranto/storage/bolt/disk"
)

// R04 A file of every schema there was opens, after a copy was put beside it, and holds
// what it held: five items that an older version wrote.
func TestOldSchemas(t *testing.T) {
	names, err := filepath.Glob("testdata/schema*.db.gz")
	if err != nil || len(names) < 2 {
		t.Fatalf("old files: %v, %v", names, err)
	}
	for n, name := range names {
		path := unpacked(t, name)
		s := open(t, path, bolt.Options{})
		if err := s.Check(t.Context(), true); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		page, err := s.Latest(t.Context(), storage.Query{})
		if err != nil || len(page.Records) != 5 {
			t.Errorf("%s: %d items, %v; want 5", name, len(page.Records), err)
		}
		closeStore(t, s)
		if err := disk.CheckPages(path + ".v" + string(rune('1'+n)) + ".bak"); err != nil {
			t.Errorf("%s: the copy beside it: %v", name, err)
		}
	}
}

// unpacked is a store file that lies in testdata.
func unpacked(t *testing.T, name string) string {
	t.Helper()
	packed, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	old, err := io.ReadAll(r)
	path := filepath.Join(t.TempDir(), "store.db")
	if err == nil {
		err = os.WriteFile(path, old, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}
