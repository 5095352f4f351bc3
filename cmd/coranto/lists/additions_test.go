package lists

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/config"
)

func TestCategorySlugs(t *testing.T) {
	c := config.Default()
	c.Site.Categories = []coranto.Category{{Slug: "go", Title: "The Go Language"}}
	c.Sources = []coranto.Source{{ID: "a", Categories: []coranto.Slug{"web-dev", "r"}}}
	a := New(c)
	names := []string{"C", "C++", "C#", "c++", "The Go Language", "Go", "Web Dev", "R", "R*"}
	var got []coranto.Slug
	for _, name := range names {
		got = append(got, a.category(name))
	}
	want := []coranto.Slug{"c", "c-2", "c-3", "c-2", "the-go-language", "go-2", "web-dev", "r", "r-2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("slugs of %q (-want +got):\n%s", names, diff)
	}
}
