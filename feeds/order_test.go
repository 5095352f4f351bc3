package feeds_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// shelved is a store whose clock a test sets, and how its feed is read.
type shelved struct {
	*testing.T
	store *bolt.Store
	now   time.Time
}

func newShelved(t *testing.T) *shelved {
	t.Helper()
	s := &shelved{T: t, now: noon}
	store, err := bolt.Open(filepath.Join(t.TempDir(), "coranto.db"),
		bolt.Options{Now: func() time.Time { return s.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	s.store = store
	if err := store.UpsertSources(t.Context(), []coranto.Source{{ID: "a", URL: "https://a.example/"}}, nil); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *shelved) commit(items ...coranto.Item) {
	s.Helper()
	r, err := s.store.Commit(s.Context(), []storage.Visit{{Source: "a", Items: items}})
	if err != nil || r[0].Err != nil {
		s.Fatal(err, r)
	}
}

func (s *shelved) entries(about feeds.Site) []feeds.Entry {
	s.Helper()
	f, err := feeds.NewReader(s.store, about).Feed(s.Context(), feeds.Scope{})
	if err != nil {
		s.Fatal(err)
	}
	return f.Entries
}

func titles(entries []feeds.Entry) string {
	list := make([]string, len(entries))
	for i := range entries {
		list[i] = entries[i].Title
	}
	return strings.Join(list, ", ")
}

// S23 The date of publication stays whatever an origin says later, and that of the last
// change moves with the words alone, never before the other.
func TestS23DatesStay(t *testing.T) {
	s := newShelved(t)
	it := item("a", 5)
	s.commit(it)
	first := s.entries(site)[0]
	s.now = s.now.Add(time.Hour)
	again := it
	again.Updated = s.now // the origin says so, and changed no word
	s.commit(again)
	if e := s.entries(site)[0]; !e.Published.Equal(first.Published) || !e.Updated.Equal(first.Updated) {
		t.Errorf("seen again: published %v, updated %v, want %v, %v", e.Published, e.Updated,
			first.Published, first.Updated)
	}
	s.now = s.now.Add(time.Hour)
	it.Content, it.Published = "<p>Other words</p>", s.now
	s.commit(it)
	e := s.entries(site)[0]
	if !e.Published.Equal(first.Published) || !e.Updated.After(first.Updated) || e.Updated.Before(e.Published) {
		t.Errorf("edited: published %v, updated %v, want %v and later than %v", e.Published, e.Updated,
			first.Published, first.Updated)
	}
}

// S24 The order is total: by date, by first sight, by id. Who is seen again or edited
// stays in its place.
func TestS24Order(t *testing.T) {
	s := newShelved(t)
	about := site
	about.Limit = 50
	var items []coranto.Item
	for n := range 9 {
		it := item("a", n)
		it.Published = noon.Add(-time.Duration(n%3) * time.Hour)
		items = append(items, it)
	}
	for _, part := range [][]coranto.Item{items[:5], items[5:]} {
		s.commit(part...)
		s.now = s.now.Add(time.Minute)
	}
	want := titles(s.entries(about))
	if !slices.IsSortedFunc(s.entries(about), func(a, b feeds.Entry) int {
		return b.Published.Compare(a.Published)
	}) {
		t.Errorf("%s, want the newest first", want)
	}
	slices.Reverse(items)
	items[4].Content = "<p>Other words</p>"
	s.commit(items...)
	if got := titles(s.entries(about)); got != want {
		t.Errorf("after an edit and another visit: %s, want %s", got, want)
	}
}

// S46 A feed is bounded in number and in bytes, and what is left out of it is in an
// archive that it leads to.
func TestS46Bounded(t *testing.T) {
	s := newShelved(t)
	var items []coranto.Item
	for n := range 60 {
		it := item("a", n)
		it.Content = "<p>" + strings.Repeat(fmt.Sprint("Words of ", n, ". "), 3000) + "</p>"
		items = append(items, it)
	}
	s.commit(items...)
	reader := feeds.NewReader(s.store, feeds.Site{URL: "https://papers.example"})
	f, err := reader.Feed(t.Context(), feeds.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	size, seen := 0, map[string]bool{}
	for _, e := range f.Entries {
		size += len(e.Content)
		seen[e.EntryID] = true
	}
	if size > 512<<10 || len(f.Entries) > 50 || len(f.Entries) < 5 {
		t.Errorf("%d entries with %d bytes, want at most 50 with 512 KiB", len(f.Entries), size)
	}
	for n := f.Archive.Prev; n > 0; {
		archived, err := reader.Archived(t.Context(), feeds.Scope{}, n)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range archived.Entries {
			seen[e.EntryID] = true
		}
		n = archived.Archive.Prev
	}
	if len(seen) != len(items) {
		t.Errorf("the feed and its archives have %d items, want %d", len(seen), len(items))
	}
}
