package retain_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/retain"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

func open(t *testing.T, opts bolt.Options) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(s.Check(context.WithoutCancel(t.Context()), true), s.Close()); err != nil {
			t.Error(err)
		}
	})
	src := []coranto.Source{sample.Source("a")}
	if err := s.UpsertSources(t.Context(), src, nil); err != nil {
		t.Fatal(err)
	}
	return s
}

// noise is a text that does not compress well.
func noise(seed uint64, size int) string {
	r := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	for b.Len() < size {
		b.WriteString(strconv.FormatUint(r.Uint64(), 36))
	}
	return b.String()
}

func commit(t *testing.T, s storage.Store, items ...coranto.Item) error {
	t.Helper()
	results, err := s.Commit(t.Context(), []storage.Visit{{Source: "a", Items: items}})
	if err != nil {
		t.Fatal(err)
	}
	return results[0].Err
}

func items(t *testing.T, s storage.Store) int {
	t.Helper()
	st, err := s.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return st.Items
}

// Slices go on until the policy keeps all that is left.
func TestOnce(t *testing.T) {
	s := open(t, bolt.Options{})
	if err := commit(t, s, sample.Items("a", 0, 100)...); err != nil {
		t.Fatal(err)
	}
	k := retain.New(retain.Options{
		Store: s, Slice: 7, Policy: storage.Policy{PerSource: storage.Limits{Items: 10}},
	})
	for _, want := range []int{90, 0} {
		if got, err := k.Once(t.Context()); err != nil || got.Items != want {
			t.Errorf("removed %d, error %v; want %d", got.Items, err, want)
		}
	}
	if got := items(t, s); got != 10 {
		t.Errorf("%d items left, want 10", got)
	}
}

// A store that is full makes room by its oldest items, but for pinned ones, and
// takes new ones for ever.
func TestRoom(t *testing.T) {
	s := open(t, bolt.Options{MaxSize: 2 << 20})
	k := retain.New(retain.Options{Store: s})
	first := sample.Item("a", 0)
	full := 0
	for n := range 200 {
		it := sample.Item("a", n)
		it.Content = noise(uint64(n), 64<<10)
		for err := commit(t, s, it); err != nil; err = commit(t, s, it) {
			if full++; !errors.Is(err, storage.ErrFull) || !k.Room(t.Context()) {
				t.Fatalf("item %d: error %v, and no room is made", n, err)
			}
		}
		if n == 0 {
			if _, err := s.Pin(t.Context(), []coranto.ItemID{first.ID}, true); err != nil {
				t.Fatal(err)
			}
		}
	}
	if full == 0 {
		t.Error("the store never was full")
	}
	for _, id := range []coranto.ItemID{first.ID, sample.Item("a", 199).ID} {
		if _, err := s.Item(t.Context(), id); err != nil {
			t.Errorf("a pinned or new item is gone: %v", err)
		}
	}
}

// Without a budget a full store removes nothing that the policy keeps.
func TestNoBudget(t *testing.T) {
	s := open(t, bolt.Options{})
	if err := commit(t, s, sample.Items("a", 0, 9)...); err != nil {
		t.Fatal(err)
	}
	if retain.New(retain.Options{Store: s}).Room(t.Context()) || items(t, s) != 9 {
		t.Errorf("%d items left, want all 9", items(t, s))
	}
}

// What is stored while it runs is retained soon.
func TestRun(t *testing.T) {
	s := open(t, bolt.Options{})
	k := retain.New(retain.Options{
		Store: s, Settle: time.Millisecond, Policy: storage.Policy{Limits: storage.Limits{Items: 3}},
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { k.Run(ctx); close(done) }()
	hints := s.Watch(ctx)
	for n := range 5 {
		if err := commit(t, s, sample.Items("a", 10*n, 10*n+10)...); err != nil {
			t.Fatal(err)
		}
	}
	for items(t, s) != 3 {
		<-hints
	}
	cancel()
	<-done
}

// What is larger than the budget makes no room, and does not empty the store.
func TestNoRoom(t *testing.T) {
	s := open(t, bolt.Options{MaxSize: 4 << 20})
	k := retain.New(retain.Options{Store: s})
	for n := range 24 {
		it := sample.Item("a", n)
		it.Content = noise(uint64(n), 64<<10)
		if err := commit(t, s, it); err != nil {
			t.Fatal(err)
		}
	}
	huge := sample.Item("a", 99)
	huge.Content = noise(99, 8<<20)
	tries := 0
	for commit(t, s, huge) != nil && k.Room(t.Context()) {
		tries++
	}
	if left := items(t, s); left < 8 {
		t.Errorf("%d of 24 items left after room was made %d times; want at least 8", left, tries)
	}
}
