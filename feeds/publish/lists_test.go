package publish_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/publish"
	"github.com/coranto/coranto/storage"
)

// locations reads the addresses of a sitemap or of an index of them.
func locations(t *testing.T, body []byte) (root string, list []string) {
	t.Helper()
	var doc struct {
		XMLName  xml.Name
		URLs     []string `xml:"url>loc"`
		Sitemaps []string `xml:"sitemap>loc"`
	}
	if err := xml.Unmarshal(body, &doc); err != nil {
		t.Fatal(err)
	}
	return doc.XMLName.Local, append(doc.URLs, doc.Sitemaps...)
}

// TestSitemap lists pages of items only when they show no content.
func TestSitemap(t *testing.T) {
	p := newPress(t)
	full, title := item("gopher", "go", 1, "One"), item("paper", "news", 2, "Headline")
	p.commit(t, full)
	p.commit(t, title)
	root, got := locations(t, p.get(t, "/sitemap.xml").Body)
	want := []string{
		"/", "/categories/", "/sources/", "/subscribe/",
		"/category/go/", "/category/news/", "/category/quiet/",
		"/source/gopher/", "/source/paper/", feeds.ItemPath(title.ID),
	}
	for i := range want {
		want[i] = "https://news.example" + want[i]
	}
	if root != "urlset" || strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s of\n%s\nwant urlset of\n%s", root, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if _, part := locations(t, p.get(t, "/source/paper/sitemap.xml").Body); len(part) != 1 {
		t.Errorf("the part of a source has %q", part)
	}
	if !strings.Contains(string(p.get(t, "/robots.txt").Body),
		"\nSitemap: https://news.example/sitemap.xml\n") {
		t.Errorf("robots.txt doesn't name the sitemap:\n%s", p.get(t, "/robots.txt").Body)
	}
}

// S36 What the operator lets search engines list is in the sitemap, and no part of it is
// where they don't.
func TestSitemapOfListedContent(t *testing.T) {
	p := newPress(t)
	shown := item("gopher", "go", 1, "One")
	p.commit(t, shown)
	const part = "/source/gopher/sitemap.xml"
	page := "https://news.example" + feeds.ItemPath(shown.ID)
	names := func(path string) bool {
		_, list := locations(t, p.get(t, path).Body)
		return slices.Contains(list, page)
	}
	if _, err := p.Get(t.Context(), part); names("/sitemap.xml") || !errors.Is(err, feeds.ErrNotFound) {
		t.Errorf("a page with content is listed, or has a part: error %v", err)
	}
	src, err := p.reader.Source(t.Context(), "gopher")
	if err != nil {
		t.Fatal(err)
	}
	src.Index = true
	if err := p.store.UpsertSources(t.Context(), []coranto.Source{src.Source}, nil); err != nil {
		t.Fatal(err)
	}
	p.Publisher = newPublisher(t, p.store, p.reader, nil)
	if !names("/sitemap.xml") || !names(part) || p.get(t, feeds.ItemPath(shown.ID)).NoIndex {
		t.Error("a page that may be listed is not in the sitemap, or asks to be passed over")
	}
}

// TestSitemapThatIsSplit has more sources than one file may have addresses.
func TestSitemapThatIsSplit(t *testing.T) {
	p := newPress(t)
	publish.SetSitemapMax(p.Publisher, 100)
	p.commit(t, item("paper", "news", 2, "Headline"))
	sources := make([]coranto.Source, 100)
	for i := range sources {
		sources[i] = coranto.Source{ID: coranto.SourceID(fmt.Sprint("s", i)),
			URL: "https://many.example/"}
	}
	if err := p.store.UpsertSources(t.Context(), sources, nil); err != nil {
		t.Fatal(err)
	}
	root, got := locations(t, p.get(t, "/sitemap.xml").Body)
	want := "https://news.example/sitemap-pages.xml https://news.example/source/paper/sitemap.xml"
	if root != "sitemapindex" || strings.Join(got, " ") != want {
		t.Errorf("%s of %q, want sitemapindex of %s", root, got, want)
	}
	if _, pages := locations(t, p.get(t, "/sitemap-pages.xml").Body); len(pages) != 100 {
		t.Errorf("%d pages in one file, want 100", len(pages))
	}
	parts := 0
	for path, err := range p.Paths(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if path == "/sitemap-pages.xml" || path == "/source/paper/sitemap.xml" {
			parts++
		}
		if path == "/" {
			break
		}
	}
	if parts != 2 {
		t.Errorf("Paths has %d of 2 parts", parts)
	}
}

func TestOutline(t *testing.T) {
	p := newPress(t)
	more := []coranto.Source{
		{ID: "loose", URL: "https://loose.example/feed", Title: "Loose"},
		{ID: "old", URL: "https://old.example/feed", Title: "Old", Categories: []coranto.Slug{"go"},
			Retired: true},
	}
	if err := p.store.UpsertSources(t.Context(), more, nil); err != nil {
		t.Fatal(err)
	}
	type outline struct {
		Text     string    `xml:"text,attr"`
		XMLURL   string    `xml:"xmlUrl,attr"`
		Outlines []outline `xml:"outline"`
	}
	var doc struct {
		Body []outline `xml:"body>outline"`
	}
	if err := xml.Unmarshal(p.get(t, "/opml.xml").Body, &doc); err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(doc.Body)
	want := "[{go  [{Gopher https://gopher.example/feed []}]} " +
		"{news  [{Paper https://paper.example/feed []}]} " +
		"{Loose https://loose.example/feed []}]"
	if got != want {
		t.Errorf("outline %s\nwant    %s", got, want)
	}
}

// TestSiteWithoutURL has no sitemap, which would need absolute addresses, and no
// pages but its feeds.
func TestSiteWithoutURL(t *testing.T) {
	p := newPress(t)
	reader := feeds.NewReader(p.store, feeds.Site{})
	p.Publisher = newPublisher(t, p.store, reader, nil)
	if _, err := p.Get(t.Context(), "/sitemap.xml"); !errors.Is(err, feeds.ErrNotFound) {
		t.Errorf("sitemap error = %v, want ErrNotFound", err)
	}
	for path, err := range p.Paths(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		p.get(t, path)
	}
	for _, tt := range []storage.Index{storage.ByCategory, storage.BySource} {
		if _, err := p.Get(t.Context(), feeds.Scope{By: tt}.Path()+"atom.xml"); !errors.Is(err,
			feeds.ErrNotFound) {
			t.Errorf("feed of no name: error = %v, want ErrNotFound", err)
		}
	}
}
