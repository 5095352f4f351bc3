package lists

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/opml"
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

// TestNothingToAdd shows that an import of what is known leaves the file alone.
func TestNothingToAdd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "coranto.yaml")
	if err := os.WriteFile(path, []byte("sources: [https://a.example/]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	a := New(c)
	if err := errors.Join(a.Add(opml.Subscription{Feed: "https://a.example/"}), a.Write()); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(before, after) {
		t.Error("S52 the file was written anew although nothing was added, want it left alone")
	}
}
