package publish_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
)

// backlog is n posts of the gopher, filed in go, from the one with a number on.
func backlog(from, n int) (items []coranto.Item) {
	for i := range n {
		items = append(items, item("gopher", "go", from+i, fmt.Sprintf("Post %d", from+i)))
	}
	return items
}

// S45 An archived document keeps its bytes while a thousand items come, and in another
// process; an edit changes it and no other, and a takedown empties it.
func TestArchivedDocuments(t *testing.T) {
	p := newPress(t)
	p.follow(t)
	p.commit(t, backlog(0, 180)...)
	p.get(t, "/category/go/atom.xml")
	paths := p.archived(t)
	want := []string{
		"/category/go/archive/1/atom.xml", "/category/go/archive/1/feed.json",
		"/category/go/archive/1/rss.xml", "/category/go/archive/2/atom.xml",
	}
	if !slices.Equal(paths[:4], want) || len(paths) != 27 {
		t.Fatalf("%d archived documents, %v; want 3 lists of 3 in 3 formats, first %v", len(paths), paths, want)
	}
	before := map[string][]byte{}
	for _, path := range paths {
		e := p.get(t, path)
		if before[path] = e.Body; !e.Fixed || e.Modified.IsZero() || len(e.Marks) > 0 {
			t.Errorf("%s: fixed %v, modified %v, %d marks", path, e.Fixed, e.Modified, len(e.Marks))
		}
	}
	for n := range 10 {
		p.commit(t, backlog(200+100*n, 100)...)
		p.get(t, "/category/go/rss.xml")
	}
	again := newPublisher(t, p.store, p.reader, nil)
	for path, body := range before {
		if !bytes.Equal(p.get(t, path).Body, body) {
			t.Errorf("%s is another after 1,000 items:\n%s", path, p.get(t, path).Body)
		}
		if e, err := again.Get(t.Context(), path); err != nil || !bytes.Equal(e.Body, body) {
			t.Errorf("%s is another in a new process, error %v", path, err)
		}
	}
	edited := backlog(3, 1)
	edited[0].Content = "<p>Rewritten.</p>"
	p.commit(t, edited...)
	for path, body := range before {
		changed := strings.Contains(path, "archive/1/")
		if got := !bytes.Equal(p.get(t, path).Body, body); got != changed {
			t.Errorf("%s changed with an item of the first documents: %v, want %v", path, got, changed)
		}
	}
	p.takeDown(t, backlog(0, 50))
	if _, err := p.Get(t.Context(), want[0]); !errors.Is(err, feeds.ErrNotFound) || !p.Gone(t.Context(), want[0]) {
		t.Errorf("%s: error %v, gone %v; want it gone", want[0], err, p.Gone(t.Context(), want[0]))
	}
}

// The document that will be closed next is the feed until then; others there are not.
func TestArchiveComing(t *testing.T) {
	p := newPress(t)
	p.commit(t, backlog(0, 60)...)
	if to, ok := p.Coming(t.Context(), "/category/go/archive/1/atom.xml"); ok {
		t.Errorf("the first document is coming from %s before any feed was made", to)
	}
	p.get(t, "/category/go/atom.xml")
	tests := []struct{ path, to string }{
		{"/category/go/archive/1/atom.xml", ""}, // is there
		{"/category/go/archive/2/atom.xml", "/category/go/atom.xml"},
		{"/category/go/archive/2/feed.json", "/category/go/feed.json"},
		{"/category/go/archive/3/atom.xml", ""},
		{"/category/go/archive/02/atom.xml", ""},
		{"/category/go/archive/-2/atom.xml", ""},
		{"/category/go/archive/2/nothing.xml", ""},
		{"/category/news/archive/1/atom.xml", ""},
		{"/category/../archive/2/atom.xml", ""},
	}
	for _, tt := range tests {
		if to, ok := p.Coming(t.Context(), tt.path); to != tt.to && ok || ok != (tt.to != "") {
			t.Errorf("Coming(%s) = %q, %v; want %q", tt.path, to, ok, tt.to)
		}
	}
}

// archived lists the paths of archived documents, sorted.
func (p *press) archived(t *testing.T) (paths []string) {
	t.Helper()
	for path, err := range p.Paths(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(path, "archive/") {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	i := slices.IndexFunc(paths, func(s string) bool { return strings.HasPrefix(s, "/category/") })
	return append(paths[i:], paths[:i]...)
}

func (p *press) takeDown(t *testing.T, items []coranto.Item) {
	t.Helper()
	var ids []coranto.ItemID
	for _, it := range items {
		ids = append(ids, it.ID)
	}
	if n, err := p.store.Remove(t.Context(), ids, "asked"); n != len(ids) || err != nil {
		t.Fatalf("%d taken down, %v", n, err)
	}
}
