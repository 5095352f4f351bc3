package bolt_test

import (
	"path/filepath"
	"testing"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
	"github.com/coranto/coranto/storage/storagetest"
)

func TestConformance(t *testing.T) {
	storagetest.Run(t, func(tb testing.TB, dir string, now coranto.Clock) storage.Store {
		s, err := bolt.Open(filepath.Join(dir, "store.db"), bolt.Options{Now: now})
		if err != nil {
			tb.Fatal(err)
		}
		return s
	})
}
