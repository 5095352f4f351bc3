package feeds_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

// library is a store whose feeds are read, and what readers of them have seen.
type library struct {
	*rapid.T
	store  *bolt.Store
	clock  *sample.Clock
	reader *feeds.Reader
	next   int                        // number of the next post
	posts  map[int]coranto.Item       // that are stored
	closed map[string]map[string]bool // entries of each document that was read, by its name
}

const shelf = "go"

// S45 A subscriber who comes back, whenever that is, finds in the feed and in the
// archived documents that it has not seen every item that is stored; and what is in a
// document never grows, whatever becomes of the store (RFC 5005 §4).
func TestS45LosesNothing(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		l := newLibrary(t, rt, dir)
		defer l.store.Close()
		regular, rare := newSubscriber(), newSubscriber()
		rt.Repeat(map[string]func(*rapid.T){
			"post":    func(*rapid.T) { l.post(rapid.IntRange(1, 6).Draw(rt, "posts")) },
			"burst":   func(*rapid.T) { l.post(rapid.IntRange(40, 130).Draw(rt, "burst")) },
			"edit":    func(*rapid.T) { l.edit() },
			"remove":  func(*rapid.T) { l.remove() },
			"regular": func(*rapid.T) { l.poll(regular) },
		})
		l.poll(regular)
		l.poll(rare)
	})
}

func newLibrary(t *testing.T, rt *rapid.T, dir string) *library {
	path, err := os.MkdirTemp(dir, "")
	if err != nil {
		rt.Fatal(err)
	}
	l := &library{
		T: rt, clock: sample.NewClock(), posts: map[int]coranto.Item{},
		closed: map[string]map[string]bool{},
	}
	l.store, err = bolt.Open(filepath.Join(path, "store.db"), bolt.Options{Now: l.clock.Now})
	if err != nil {
		rt.Fatal(err)
	}
	err = l.store.UpsertSources(t.Context(), []coranto.Source{sample.Source("a")}, nil)
	if err != nil {
		rt.Fatal(err)
	}
	l.reader = feeds.NewReader(l.store, feeds.Site{
		URL: "https://news.example/", NoCredit: true,
		Categories: []coranto.Category{{Slug: shelf, Limit: rapid.IntRange(1, 30).Draw(rt, "limit")}},
	})
	return l
}

func (l *library) post(n int) {
	var items []coranto.Item
	for range n {
		it := sample.Item("a", l.next)
		if rapid.IntRange(0, 9).Draw(l.T, "late") == 0 {
			it.Published = it.Published.AddDate(-1, 0, 0)
		}
		it.Categories = []coranto.Slug{shelf}
		items, l.posts[l.next] = append(items, it), it
		l.next++
	}
	l.commit(items...)
}

func (l *library) commit(items ...coranto.Item) {
	l.clock.Advance(time.Minute)
	visit := storage.Visit{Source: "a", Items: items}
	if result, err := l.store.Commit(l.Context(), []storage.Visit{visit}); err != nil || result[0].Err != nil {
		l.Fatal(err, result)
	}
}

// one is some stored post; false when there is none.
func (l *library) one() (n int, ok bool) {
	if l.next == 0 {
		return 0, false
	}
	n = rapid.IntRange(0, l.next-1).Draw(l.T, "post")
	_, ok = l.posts[n]
	return n, ok
}

func (l *library) edit() {
	if n, ok := l.one(); ok {
		it := l.posts[n]
		it.Content += "<p>More.</p>"
		l.posts[n] = it
		l.commit(it)
	}
}

func (l *library) remove() {
	if n, ok := l.one(); ok {
		if _, err := l.store.Remove(l.Context(), []coranto.ItemID{l.posts[n].ID}, ""); err != nil {
			l.Fatal(err)
		}
		delete(l.posts, n)
	}
}

// subscriber keeps what it has read, as a program that follows RFC 5005 §4.2.
type subscriber struct {
	entries map[string]bool
	seen    map[int]bool // archived documents
}

func newSubscriber() *subscriber {
	return &subscriber{entries: map[string]bool{}, seen: map[int]bool{}}
}

// poll reads the feed, and the archive back to a document that was read before.
func (l *library) poll(s *subscriber) {
	scope := feeds.CategoryScope(shelf)
	f, err := l.reader.Feed(l.Context(), scope)
	if err != nil {
		l.Fatal(err)
	}
	if limit := l.reader.Site().Category(shelf).Limit; len(f.Entries) > limit {
		l.Fatalf("%d entries in the feed, want at most %d", len(f.Entries), limit)
	}
	l.keep(s, f)
	for n := f.Archive.Prev; n != 0 && !s.seen[n]; n = f.Archive.Prev {
		if f, err = l.reader.Archived(l.Context(), scope, n); err != nil {
			l.Fatal(err)
		}
		s.seen[n] = true
		l.keep(s, f)
		l.remember(n, f)
	}
	for _, it := range l.posts {
		if !s.entries[it.GUID] {
			l.Fatalf("%s was lost on the way", it.GUID)
		}
	}
}

func (l *library) keep(s *subscriber, f *feeds.Feed) {
	for _, e := range f.Entries {
		s.entries[e.EntryID] = true
	}
}

// remember fails when a document holds what it did not hold before.
func (l *library) remember(n int, f *feeds.Feed) {
	name, now := fmt.Sprint(n), map[string]bool{}
	for _, e := range f.Entries {
		now[e.EntryID] = true
		if was := l.closed[name]; was != nil && !was[e.EntryID] {
			l.Fatalf("%s joined document %d, which was closed", e.EntryID, n)
		}
	}
	if f.Archive.Number != n || f.Archive.Next != n+1 || f.Archive.Prev >= n || len(f.Entries) > 50 {
		l.Fatalf("document %d: %+v, %d entries", n, f.Archive, len(f.Entries))
	}
	l.closed[name] = now
}

// S45 A document that nothing is left in is no more, and those beside it lead past it.
func TestArchiveWithHoles(t *testing.T) {
	store, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	err = store.UpsertSources(t.Context(), []coranto.Source{sample.Source("a")}, nil)
	items := sample.Items("a", 0, 260)
	if err == nil {
		_, err = store.Commit(t.Context(), []storage.Visit{{Source: "a", Items: items}})
	}
	reader := feeds.NewReader(store, feeds.Site{URL: "https://news.example/"})
	archives := func() []int {
		t.Helper()
		numbers, err := reader.Archives(t.Context(), feeds.Scope{})
		if err != nil {
			t.Fatal(err)
		}
		return numbers
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(archives()); got != "[5 4 3 2 1]" {
		t.Fatalf("documents %s, want 5 to 1", got)
	}
	var ids []coranto.ItemID
	for _, it := range items[50:150] {
		ids = append(ids, it.ID)
	}
	if n, err := store.Remove(t.Context(), ids, "asked"); n != 100 || err != nil {
		t.Fatal(n, err)
	}
	if got := fmt.Sprint(archives()); got != "[5 4 1]" {
		t.Errorf("documents %s, want 5, 4 and 1", got)
	}
	if _, err := reader.Archived(t.Context(), feeds.Scope{}, 2); !errors.Is(err, feeds.ErrNotFound) {
		t.Errorf("document 2: error %v, want ErrNotFound", err)
	}
	f, err := reader.Archived(t.Context(), feeds.Scope{}, 4)
	if err != nil || f.Archive != (feeds.Archive{Number: 4, Prev: 1, Next: 5}) {
		t.Errorf("document 4: %+v, error %v; want 1 before it and 5 after it", f.Archive, err)
	}
}
