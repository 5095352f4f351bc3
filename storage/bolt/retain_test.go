package bolt_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

// A look at a store in which nothing is over the limits costs about the same however
// much it holds, and writes nothing.
func TestRetainNothingIsCheap(t *testing.T) {
	large := 5_000
	if testing.Short() {
		large = 1_000
	}
	few, many := retainNothing(t, 100), retainNothing(t, large)
	if many > 2*few+20 {
		t.Errorf("%.0f allocations among %d items, %.0f among 100; want about as many", many, large, few)
	}
}

// retainNothing counts the allocations of a look at n items.
func retainNothing(t *testing.T, n int) float64 {
	t.Helper()
	s := open(t, filepath.Join(t.TempDir(), "store.db"), bolt.Options{})
	defer closeStore(t, s)
	add(t, s, sample.Source("a"))
	commit(t, s, storage.Visit{Source: "a", Items: sample.Items("a", 0, n, "c")})
	roomy := storage.Limits{Items: n, Bytes: 1 << 40, Age: 1000 * 24 * time.Hour}
	p := storage.Policy{Limits: roomy, PerSource: roomy, PerCategory: roomy}
	before := stats(t, s).Commits
	allocs := testing.AllocsPerRun(10, func() {
		if more, removed, err := s.Retain(t.Context(), p, 100); more || removed.Items != 0 || err != nil {
			t.Fatalf("removed %d, more %v, error %v; want nothing", removed.Items, more, err)
		}
	})
	if got := stats(t, s).Commits; got != before {
		t.Errorf("%d commits, want none", got-before)
	}
	return allocs
}

// The pages of what was removed hold what comes after it: a file that is retained
// in stops growing.
func TestRetainedSpaceIsReused(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "store.db"), bolt.Options{})
	defer closeStore(t, s)
	add(t, s, sample.Source("a"))
	var early int64
	for round := range 20 {
		var items []coranto.Item
		for n := range 20 {
			it := sample.Item("a", 20*round+n)
			it.Content = noise(20*round+n, 8<<10)
			items = append(items, it)
		}
		commit(t, s, storage.Visit{Source: "a", Items: items})
		_, _, err := s.Retain(t.Context(), storage.Policy{PerSource: storage.Limits{Items: 40}}, 100)
		if err != nil {
			t.Fatal(err)
		}
		if round == 4 {
			early = stats(t, s).FileBytes
		}
	}
	if st := stats(t, s); st.FileBytes > 2*early || st.FreeBytes == 0 || st.Items != 40 {
		t.Errorf("%d bytes, %d of them free, for %d items; it was %d after a quarter",
			st.FileBytes, st.FreeBytes, st.Items, early)
	}
}
