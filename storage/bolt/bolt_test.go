package bolt_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
	"github.com/coranto/coranto/storage/bolt/layout"
	"github.com/coranto/coranto/storage/storagetest"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

func TestConformance(t *testing.T) {
	storagetest.Run(t, func(tb testing.TB, dir string, now coranto.Clock) storage.Store {
		return open(tb, filepath.Join(dir, "store.db"), bolt.Options{Now: now})
	})
}

func open(tb testing.TB, path string, opts bolt.Options) *bolt.Store {
	tb.Helper()
	s, err := bolt.Open(path, opts)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// filled makes a store with some items, closes it and returns its path.
func filled(t *testing.T, items int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path, bolt.Options{Now: sample.NewClock().Now})
	add(t, s, sample.Source("a"))
	commit(t, s, storage.Visit{Source: "a", Items: sample.Items("a", 0, items, "c")})
	closeStore(t, s)
	return path
}

func add(tb testing.TB, s storage.Store, sources ...coranto.Source) {
	tb.Helper()
	if err := s.UpsertSources(tb.Context(), sources, nil); err != nil {
		tb.Fatal(err)
	}
}

func commit(tb testing.TB, s storage.Store, visits ...storage.Visit) []storage.VisitResult {
	tb.Helper()
	results, err := s.Commit(tb.Context(), visits)
	if err != nil {
		tb.Fatal(err)
	}
	for _, r := range results {
		if r.Err != nil {
			tb.Fatal(r.Err)
		}
	}
	return results
}

func closeStore(tb testing.TB, s storage.Store) {
	tb.Helper()
	if err := s.Close(); err != nil {
		tb.Error(err)
	}
}

func stats(tb testing.TB, s storage.Store) storage.Stats {
	tb.Helper()
	st, err := s.Stats(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return st
}

// A whole round of 304 answers is one commit, and the same round again none.
func TestUnchangedRound(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "store.db"), bolt.Options{Now: sample.NewClock().Now})
	defer closeStore(t, s)
	visits := unchangedRound(t, s, 500)
	for round, want := range []int64{1, 0} {
		before := stats(t, s)
		commit(t, s, visits...)
		after := stats(t, s)
		if got := after.Commits - before.Commits; got != want || after.ItemWrites != before.ItemWrites {
			t.Errorf("round %d cost %d commits and %d item writes, want %d and 0",
				round, got, after.ItemWrites-before.ItemWrites, want)
		}
	}
}

// unchangedRound adds sources and returns a visit of each that met a 304.
func unchangedRound(tb testing.TB, s storage.Store, n int) []storage.Visit {
	tb.Helper()
	var sources []coranto.Source
	var visits []storage.Visit
	for i := range n {
		src := sample.Source(coranto.SourceID(fmt.Sprintf("source-%05d", i)))
		sources = append(sources, src)
		visits = append(visits, storage.Visit{Source: src.ID, State: storage.SourceState{
			ETag: `W/"0123456789abcdef"`, LastModified: "Sun, 01 Mar 2026 12:00:00 GMT",
			ValidatorURL: src.URL,
			BodyHash:     [32]byte{byte(i)}, Next: sample.Start().Add(time.Hour), Interval: time.Hour,
			Outcome: storage.OutcomeNotModified, LastVisit: sample.Start(), LastOK: sample.Start(),
			Feed: coranto.Attribution{Title: "The feed's own title", Link: "https://blog.example/"},
		}})
	}
	add(tb, s, sources...)
	return visits
}

// cursor is the place after the n-th change.
func cursor(n uint64) storage.Cursor { return storage.Cursor(layout.Number(n)) }

// The log is bounded, whether a reader keeps up or not.
func TestLogIsBounded(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "store.db"), bolt.Options{MaxLog: 10})
	defer closeStore(t, s)
	add(t, s, sample.Source("a"))
	if err := s.SaveCursor(t.Context(), "slow", "", cursor(1)); err != nil {
		t.Fatal(err)
	}
	for n := range 30 {
		commit(t, s, storage.Visit{Source: "a", Items: sample.Items("a", n, n+1)})
	}
	for _, after := range []storage.Cursor{"", cursor(1), cursor(256)} {
		if _, _, err := s.Changes(t.Context(), after, 10); !isErr(err, storage.ErrCursorExpired) {
			t.Errorf("error = %v after %x, want ErrCursorExpired", err, after)
		}
	}
	changes, _, err := s.Changes(t.Context(), cursor(20), 100)
	if err != nil || len(changes) != 10 {
		t.Errorf("%d changes after the 20th, error %v; want 10", len(changes), err)
	}
}

// A backup taken from a running store opens and holds the same.
func TestBackupOpens(t *testing.T) {
	s := open(t, filled(t, 100), bolt.Options{})
	defer closeStore(t, s)
	path := filepath.Join(t.TempDir(), "copy.db")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Backup(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	c := open(t, path, bolt.Options{})
	defer closeStore(t, c)
	if err := c.Check(t.Context(), true); err != nil {
		t.Error(err)
	}
	if got, want := stats(t, c).Items, stats(t, s).Items; got != want {
		t.Errorf("the copy has %d items, want %d", got, want)
	}
}
