package serve_test

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/format"
	"github.com/coranto/coranto/feeds/publish"
	"github.com/coranto/coranto/feeds/serve"
	"github.com/coranto/coranto/feeds/site"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// BenchmarkFresh measures from a commit of a new item to the last byte of a category's
// feed that has it, in the store of a disk and over loopback, while the reader asks on
// condition again and again.
func BenchmarkFresh(b *testing.B) {
	store, err := bolt.Open(filepath.Join(b.TempDir(), "store.db"), bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	source := coranto.Source{ID: "gopher", URL: "https://gopher.example/feed"}
	if err := store.UpsertSources(b.Context(), []coranto.Source{source}, nil); err != nil {
		b.Fatal(err)
	}
	n := 0
	commit := func(items int) {
		visit := storage.Visit{Source: source.ID}
		for range items {
			link := fmt.Sprintf("https://gopher.example/%d", n)
			visit.Items = append(visit.Items, coranto.Item{
				ID: coranto.NewItemID(source.ID, link), Source: source.ID, GUID: link, Link: link,
				Title: fmt.Sprint("Post ", n), Content: content(n), Published: time.Now(),
				Categories: []coranto.Slug{"go"},
			})
			n++
		}
		if r, err := store.Commit(b.Context(), []storage.Visit{visit}); err != nil || r[0].Err != nil {
			b.Fatal(err, r)
		}
	}
	commit(60)
	reader := feeds.NewReader(store, feeds.Site{URL: "https://news.example/"})
	pages, err := site.New(reader, format.All())
	if err != nil {
		b.Fatal(err)
	}
	publisher := publish.New(publish.Options{
		Store: store, Reader: reader, Formats: format.All(), Pages: pages.Page,
	})
	ctx, cancel := context.WithCancel(b.Context())
	followed := make(chan error, 1)
	go func() { followed <- publisher.Follow(ctx) }()
	server := newServerOf(b, serve.Handler(serve.Options{Publisher: publisher}))
	var took []time.Duration
	response, _ := ask(b, server, http.MethodGet, "/category/go/atom.xml")
	for b.Loop() {
		commit(1)
		began := time.Now()
		for status := http.StatusNotModified; status == http.StatusNotModified; {
			response, _ = ask(b, server, http.MethodGet, "/category/go/atom.xml",
				"Accept-Encoding: gzip", "If-None-Match: "+response.Header.Get("Etag"))
			status = response.StatusCode
		}
		took = append(took, time.Since(began))
	}
	cancel()
	if err := <-followed; err != nil {
		b.Error(err)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}
