package normalize_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/parse"
)

// TestExtensions is C25: what parse kept is carried over, safe to be published.
func TestExtensions(t *testing.T) {
	type attrs = map[string]string
	result := feed(parse.Item{
		ID: "1", HasGUID: true, Title: "T",
		Extensions: []coranto.Extension{
			{Name: "itunes:title", Value: "a\u202eb\n c"},
			{Name: "podcast:person", Value: "Ann", Attrs: attrs{"img": "/ann.png", "href": "javascript:x"}},
			{Name: "podcast:chapters", Attrs: attrs{"url": "data:x", "type": "application/json"}},
			{Name: "evil:content", Value: "x"},
		},
		Members: map[string]string{"_x": ` 1 `, "_source": "1", "title": "1"},
	})
	want := []coranto.Extension{
		{Name: "itunes:title", Value: "ab c"},
		{Name: "podcast:person", Value: "Ann", Attrs: attrs{"img": "https://news.example/ann.png"}},
	}
	it := result.Posts[0].Item
	if diff := cmp.Diff(want, it.Extensions); diff != "" {
		t.Errorf("elements differ (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"_x": "1"}, it.Members); diff != "" {
		t.Errorf("members differ (-want +got):\n%s", diff)
	}
	told := result.Notes[0].Problems
	if len(told) != 1 || !strings.Contains(told[0].Text, "podcast:chapters") {
		t.Errorf("problems = %v, want one that names podcast:chapters", told)
	}
}

// An item lists no more files than anybody could want.
func TestFilesAreBounded(t *testing.T) {
	it := parse.Item{ID: "1", HasGUID: true, Title: "T"}
	for i := range 1000 {
		it.Enclosures = append(it.Enclosures, parse.Enclosure{URL: "https://x.example/" + strings.Repeat("a", i+1)})
	}
	if n := len(feed(it).Posts[0].Item.Enclosures); n != 100 {
		t.Errorf("%d files, want 100", n)
	}
}
