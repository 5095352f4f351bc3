package publish_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/publish"
)

// BenchmarkMake makes the feed of 50 items again: in each format, in all of them, and in
// each coding.
func BenchmarkMake(b *testing.B) {
	p := newPress(b)
	var items []coranto.Item
	for n := range 50 {
		it := item("gopher", "go", n, fmt.Sprintf("Post number %d of many", n))
		var text strings.Builder
		for i := range 12 {
			fmt.Fprintf(&text, "<p>Paragraph %d of post %d says %x and %x.</p>\n", i, n, i*n*7919,
				(i+n)*104729)
		}
		it.Content = text.String()
		items = append(items, it)
	}
	p.commit(b, items...)
	pages := func(context.Context, string) (*feeds.Document, error) { return nil, feeds.ErrNotFound }
	files := map[string][]string{"all": {"atom.xml", "feed.json", "rss.xml"}}
	for _, file := range files["all"] {
		files[file] = []string{file}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				p.Publisher = newPublisher(b, p.store, p.reader, pages)
				for _, file := range files[name] {
					p.get(b, "/category/go/"+file)
				}
			}
		})
	}
	for coding := range publish.Zstd + 1 {
		b.Run(coding.String(), func(b *testing.B) {
			var size int
			for b.Loop() {
				p.Publisher = newPublisher(b, p.store, p.reader, pages)
				size = len(p.get(b, "/category/go/atom.xml").Bytes(coding))
			}
			b.ReportMetric(float64(size), "bytes")
		})
	}
}

// BenchmarkGet asks for what is kept already.
func BenchmarkGet(b *testing.B) {
	p := newPress(b)
	p.commit(b, item("gopher", "go", 1, "One"))
	p.follow(b)
	b.ReportAllocs()
	for b.Loop() {
		p.get(b, "/category/go/atom.xml")
	}
}
