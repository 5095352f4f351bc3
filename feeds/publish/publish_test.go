package publish_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/format"
	"github.com/coranto/coranto/feeds/publish"
	"github.com/coranto/coranto/feeds/site"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// press is a store with a publisher over it.
type press struct {
	*publish.Publisher
	store  *bolt.Store
	reader *feeds.Reader
}

// newPress has the categories go, news and quiet, and two sources: "gopher",
// filed in go, and "paper", filed in news.
func newPress(t testing.TB) *press {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	sources := []coranto.Source{
		{ID: "gopher", URL: "https://gopher.example/feed", Title: "Gopher",
			Categories: []coranto.Slug{"go"}},
		{ID: "paper", URL: "https://paper.example/feed", Title: "Paper",
			Categories: []coranto.Slug{"news"}, Republish: coranto.RepublishTitle},
	}
	if err := store.UpsertSources(t.Context(), sources, nil); err != nil {
		t.Fatal(err)
	}
	reader := feeds.NewReader(store, feeds.Site{
		Title:      "Test",
		URL:        "https://news.example/",
		Categories: []coranto.Category{{Slug: "go"}, {Slug: "news"}, {Slug: "quiet"}},
	})
	return &press{newPublisher(t, store, reader, nil), store, reader}
}

// newPublisher uses the pages of package site when pages is nil.
func newPublisher(t testing.TB, store storage.Store, reader *feeds.Reader,
	pages publish.Maker) *publish.Publisher {
	t.Helper()
	if pages == nil {
		s, err := site.New(reader, format.All())
		if err != nil {
			t.Fatal(err)
		}
		pages = s.Page
	}
	return publish.New(publish.Options{Store: store, Reader: reader, Formats: format.All(),
		Pages: pages})
}

// item is post n of a source, published n minutes after a fixed time.
func item(source coranto.SourceID, slug coranto.Slug, n int, title string) coranto.Item {
	link := fmt.Sprintf("https://%s.example/%d", source, n)
	it := coranto.Item{
		ID: coranto.NewItemID(source, link), Source: source,
		GUID: link, Link: link, Title: title, Summary: title, Content: "<p>" + title + "</p>",
		Published: time.Date(2026, 3, 1, 12, n, 0, 0, time.UTC),
	}
	if slug != "" {
		it.Categories = []coranto.Slug{slug}
	}
	return it
}

func (p *press) commit(t testing.TB, items ...coranto.Item) {
	t.Helper()
	visit := storage.Visit{Source: items[0].Source, Items: items}
	visit.State.Feed.Title = "feed of " + string(items[0].Source)
	p.visit(t, visit)
}

func (p *press) visit(t testing.TB, visit storage.Visit) {
	t.Helper()
	results, err := p.store.Commit(context.Background(), []storage.Visit{visit})
	if err != nil {
		t.Fatal(err)
	}
	if results[0].Err != nil {
		t.Fatal(results[0].Err)
	}
}

func (p *press) get(t testing.TB, path string) *publish.Edition {
	t.Helper()
	e, err := p.Get(t.Context(), path)
	if err != nil {
		t.Fatalf("Get(%s): %v", path, err)
	}
	return e
}

// follow runs Follow until the test ends. It returns when commits are heard of.
func (p *press) follow(t testing.TB) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() {
		if err := p.Follow(ctx); err != nil {
			t.Errorf("Follow: %v", err)
		}
	})
	t.Cleanup(func() { stop(); done.Wait() })
	for !publish.Listening(p.Publisher) {
		runtime.Gosched()
	}
}

func TestEveryPathHasADocument(t *testing.T) {
	p := newPress(t)
	var items []coranto.Item
	for n := range 120 {
		items = append(items, item("gopher", "go", n, fmt.Sprint("Post ", n)))
	}
	p.commit(t, items...)
	p.commit(t, item("paper", "news", 1, "Headline"))
	seen := make(map[string]bool)
	for path, err := range p.Paths(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if seen[path] {
			t.Errorf("%s comes twice", path)
		}
		seen[path] = true
		e := p.get(t, path)
		if e.Path != path || e.MediaType == "" || len(e.ETag) < 32 || len(e.Body) == 0 {
			t.Errorf("Get(%s) = path %q, type %q, etag %q, %d bytes", path, e.Path, e.MediaType, e.ETag,
				len(e.Body))
		}
	}
	for _, path := range []string{
		"/", "/atom.xml", "/feed.json", "/category/go/", "/category/quiet/rss.xml",
		"/source/paper/rss.xml",
		"/style.css", "/icon.svg", "/opml.xml", "/sitemap.xml", "/robots.txt", "/subscribe/",
		feeds.ItemPath(items[3].ID),
	} {
		if !seen[path] {
			t.Errorf("Paths misses %s", path)
		}
	}
	for _, scope := range []string{"/", "/category/go/", "/source/gopher/"} {
		for path := linkToOlder(p, t, scope); path != ""; path = linkToOlder(p, t, path) {
			if !seen[path] {
				t.Errorf("Paths misses %s, to which a page links", path)
			}
			delete(seen, path)
		}
	}
	for path := range seen {
		if strings.Contains(path, "/before/") {
			t.Errorf("Paths has %s, to which no page links", path)
		}
	}
}

// linkToOlder is where a page links to for what is older; "" on the last page.
func linkToOlder(p *press, t *testing.T, path string) string {
	scope, _, _ := strings.Cut(path, "before/")
	_, rest, found := strings.Cut(string(p.get(t, path).Body), `href="`+scope+`before/`)
	if !found {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	return scope + "before/" + id + "/"
}

func TestUnknownPaths(t *testing.T) {
	p := newPress(t)
	for _, path := range []string{
		"", "/x", "//", "/category/unknown/", "/category/unknown/atom.xml",
		"/category/GO/atom.xml", "/category//rss.xml", "/source/unknown/rss.xml", "/item/x/",
		"/category/go", "/category/go/atom.xml/", "/../etc/passwd", "/source/gopher/sitemap.xml",
	} {
		if _, err := p.Get(t.Context(), path); !errors.Is(err, feeds.ErrNotFound) {
			t.Errorf("Get(%q) error = %v, want ErrNotFound", path, err)
		}
	}
}

// TestS05 makes everything again from the same store, with another publisher.
func TestS05SameStoreSameValidators(t *testing.T) {
	p := newPress(t)
	p.commit(t, item("gopher", "go", 1, "One"))
	again := newPublisher(t, p.store, p.reader, nil)
	for path, err := range p.Paths(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		first := p.get(t, path)
		second, err := again.Get(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if first.ETag != second.ETag || !first.Modified.Equal(second.Modified) {
			t.Errorf("%s: %s %s, then %s %s", path, first.ETag, first.Modified, second.ETag, second.Modified)
		}
	}
}

func TestCodedCopies(t *testing.T) {
	p := newPress(t)
	e := p.get(t, "/")
	for _, tt := range []struct {
		coding publish.Coding
		decode func([]byte) ([]byte, error)
	}{
		{publish.Identity, func(b []byte) ([]byte, error) { return b, nil }},
		{publish.Gzip, gunzip}, {publish.Brotli, unbrotli}, {publish.Zstd, unzstd},
	} {
		got, err := tt.decode(e.Bytes(tt.coding))
		if err != nil || string(got) != string(e.Body) {
			t.Errorf("%s: %d bytes, error %v; want the %d of the body", tt.coding, len(got), err,
				len(e.Body))
		}
	}
}
