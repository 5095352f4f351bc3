package publish_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
)

// S14 Every address of a category's old name leads to the same of the new one, for
// as long as the operator lists it, and nothing is published under the old one.
func TestRenamedCategory(t *testing.T) {
	p := newPress(t)
	p.reader = feeds.NewReader(p.store, feeds.Site{
		URL:        "https://news.example/",
		Categories: []coranto.Category{{Slug: "go", Formerly: []coranto.Slug{"golang", "gopher"}}},
	})
	p.Publisher = newPublisher(t, p.store, p.reader, nil)
	p.commit(t, item("gopher", "go", 1, "One"), item("gopher", "golang", 2, "Left behind"))
	tests := []struct{ old, now string }{
		{"/category/golang/", "/category/go/"},
		{"/category/golang", "/category/go/"},
		{"/category/gopher/atom.xml", "/category/go/atom.xml"},
		{"/category/golang/feed", "/category/go/feed"},
		{"/category/golang/archive/12/rss.xml", "/category/go/archive/12/rss.xml"},
		{"/category/golang/before/x/", "/category/go/before/x/"},
		{"/category/go/", ""},
		{"/category/go/golang/", ""},
		{"/category/gol/", ""},
		{"/source/golang/", ""},
		{"/golang/", ""},
		{"/category/", ""},
		{"/", ""},
		{"", ""},
	}
	for _, tt := range tests {
		if now, ok := p.Moved(tt.old); now != tt.now || ok != (tt.now != "") {
			t.Errorf("Moved(%s) = %q, %v, want %q", tt.old, now, ok, tt.now)
		}
	}
	for _, path := range []string{"/category/golang/", "/category/golang/atom.xml"} {
		if _, err := p.Get(t.Context(), path); !errors.Is(err, feeds.ErrNotFound) {
			t.Errorf("Get(%s) error = %v, want ErrNotFound", path, err)
		}
	}
	for path, err := range p.Paths(t.Context()) {
		if err != nil || strings.Contains(path, "golang") {
			t.Errorf("Paths has %s, error %v, want nothing of the old name", path, err)
		}
	}
	const id = "<id>tag:news.example,2025-01-01:feed/category/golang</id>"
	if body := p.get(t, "/category/go/atom.xml").Body; !strings.Contains(string(body), id) {
		t.Errorf("the renamed feed has not the id of its first name, %s:\n%.300s", id, body)
	}
}
