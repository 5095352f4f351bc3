//go:build linux

package export_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/export"
	"github.com/coranto/coranto/feeds/format"
	"github.com/coranto/coranto/feeds/publish"
	"github.com/coranto/coranto/feeds/site"
	"github.com/coranto/coranto/internal/child"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

var (
	largeItems      = flag.Int("export.items", 2000, "items in the large store")
	largeCategories = flag.Int("export.categories", 100, "categories in the large store")
)

// TestLargeExport writes a large store as files in a child: what that takes at its peak
// is bounded, whatever there is. Then it adds an item and writes what that touched.
func TestLargeExport(t *testing.T) {
	if task := child.Task(); task != "" {
		child.Measure(t, func() (string, error) { return exportLarge(t, task) })
		return
	}
	dir := t.TempDir()
	fill(t, dir, 0, *largeItems-1)
	const most = 300 << 20
	for _, run := range []string{"all", "nothing", "one"} {
		if run == "one" {
			fill(t, dir, *largeItems-1, *largeItems)
		}
		cost := child.Run(t, "TestLargeExport", dir)
		t.Logf("%s of %d items in %d categories: %s; %v CPU, %v, %d MB at the peak", run, *largeItems,
			*largeCategories, cost.Answer, cost.CPU.Round(time.Millisecond),
			cost.Wall.Round(time.Millisecond), cost.Memory>>20)
		if cost.Memory > most {
			t.Errorf("%d MB at the peak, want at most %d", cost.Memory>>20, most>>20)
		}
	}
}

func openLarge(t *testing.T, dir string) *bolt.Store {
	t.Helper()
	store, err := bolt.Open(filepath.Join(dir, "store.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// fill stores items, 1 KB each, a hundred to a source.
func fill(t *testing.T, dir string, from, to int) {
	t.Helper()
	store := openLarge(t, dir)
	defer store.Close()
	text := strings.Repeat("<p>Words of this post, and more of them.</p>\n", 22)
	for n := from; n < to; {
		src := coranto.Source{ID: coranto.SourceID(fmt.Sprint("s", n/100))}
		src.URL = "https://" + string(src.ID) + ".example/feed"
		if err := store.UpsertSources(t.Context(), []coranto.Source{src}, nil); err != nil {
			t.Fatal(err)
		}
		visit := storage.Visit{Source: src.ID}
		for more := true; more && n < to; more = n%100 != 0 {
			link := fmt.Sprintf("https://%s.example/%d", src.ID, n)
			visit.Items = append(visit.Items, coranto.Item{
				ID: coranto.NewItemID(src.ID, link), Source: src.ID, GUID: link, Link: link,
				Title: fmt.Sprint("Post ", n), Content: fmt.Sprint(n, text),
				Published:  time.Date(2020, 1, 1, 0, n, 0, 0, time.UTC),
				Categories: []coranto.Slug{coranto.Slug(fmt.Sprint("c", n%*largeCategories))},
			})
			n++
		}
		if r, err := store.Commit(t.Context(), []storage.Visit{visit}); err != nil || r[0].Err != nil {
			t.Fatal(err, r)
		}
	}
}

func exportLarge(t *testing.T, dir string) (string, error) {
	store := openLarge(t, dir)
	defer store.Close()
	reader := feeds.NewReader(store, feeds.Site{URL: "https://news.example/"})
	pages, err := site.New(reader, format.All())
	if err != nil {
		return "", err
	}
	report, err := export.Write(t.Context(), export.Options{
		Publisher: publish.New(publish.Options{
			Store: store, Reader: reader, Formats: format.All(), Pages: pages.Page, MaxBytes: 1,
		}),
		Dir: filepath.Join(dir, "out"), Fingerprint: "the same",
	})
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(dir, "out", "index.html")); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d documents written, %d unchanged, at once: %v", report.Written,
		report.Unchanged, report.AtOnce), nil
}
