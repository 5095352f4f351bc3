package feeds_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/format"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

// S37 What the operator takes down leaves the feed and every archived document, and Atom
// says so under the id that it was published with (RFC 6721). Ten visits that bring it
// again, under its own id or under another, change nothing; a feed never tells that an
// entry is gone which it holds.
func TestDeleted(t *testing.T) {
	store, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	items := sample.Items("a", 0, 60, shelf)
	commit := func(items ...coranto.Item) {
		t.Helper()
		got, err := store.Commit(t.Context(), []storage.Visit{{Source: "a", Items: items}})
		if err != nil || got[0].Err != nil {
			t.Fatal(err, got)
		}
	}
	if err := store.UpsertSources(t.Context(), []coranto.Source{sample.Source("a")}, nil); err != nil {
		t.Fatal(err)
	}
	commit(items...)
	reader := feeds.NewReader(store, feeds.Site{URL: "https://news.example/"})
	scope := feeds.CategoryScope(shelf)
	atom := func() string {
		t.Helper()
		var b bytes.Buffer
		for _, number := range []int{0, 1} {
			f, err := reader.Feed(t.Context(), scope)
			if number > 0 {
				f, err = reader.Archived(t.Context(), scope, number)
			}
			if err == nil {
				err = format.All()[1].Generate(&b, f)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		return b.String()
	}
	atom()
	gone := []coranto.Item{items[59], items[3]} // in the feed, in the archive
	if n, err := store.Remove(t.Context(), []coranto.ItemID{gone[0].ID, gone[1].ID}, "asked"); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	for n := range 10 {
		commit(items...)
		again := gone[0]
		again.GUID = fmt.Sprint("https://a.example/?visit=", n)
		again.ID = coranto.NewItemID("a", again.GUID)
		commit(again)
	}
	text := atom()
	for _, it := range gone {
		if strings.Contains(text, "<id>"+it.GUID+"</id>") || strings.Contains(text, it.Link+`"`) {
			t.Errorf("%s is still there", it.GUID)
		}
		if n := strings.Count(text, `<at:deleted-entry ref="`+it.GUID+`" when="`); n != 1 {
			t.Errorf("%s is told to be deleted %d times, want once, by the feed", it.GUID, n)
		}
	}
	if strings.Contains(text, "?visit=") {
		t.Error("it came back under another id")
	}
	if n, err := store.Lift(t.Context(), []coranto.ItemID{gone[0].ID}); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	commit(items[59])
	if text := atom(); !strings.Contains(text, "<id>"+gone[0].GUID+"</id>") || strings.Contains(text, `ref="`+gone[0].GUID) {
		t.Error("a lifted item is not back, or told to be deleted")
	}
}
