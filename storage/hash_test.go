package storage_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

func TestContentHash(t *testing.T) {
	base := coranto.Item{
		GUID: "1", Link: "https://a.example/1", Title: "T", Content: "<p>c</p>", Authors: []coranto.Person{{Name: "A"}},
		Tags: []coranto.Tag{{Term: "t"}}, Origin: &coranto.Attribution{Title: "O"},
	}
	tests := []struct {
		name   string
		change func(*coranto.Item)
		same   bool
	}{
		{"dates are not content", func(it *coranto.Item) { it.Published, it.Updated = time.Unix(1, 0), time.Unix(2, 0) }, true},
		{"filing is not content", func(it *coranto.Item) { it.Categories = []coranto.Slug{"x"} }, true},
		{"title", func(it *coranto.Item) { it.Title = "U" }, false},
		{"content", func(it *coranto.Item) { it.Content = "<p>d</p>" }, false},
		{"another author", func(it *coranto.Item) { it.Authors = []coranto.Person{{Name: "A"}, {Name: "B"}} }, false},
		{"a field moved to its neighbor", func(it *coranto.Item) { it.Title, it.Summary = "", "T" }, false},
		{"a tag becomes a contributor", func(it *coranto.Item) { it.Tags, it.Contributors = nil, []coranto.Person{{Name: "t"}} }, false},
		{"enclosure", func(it *coranto.Item) { it.Enclosures = []coranto.Enclosure{{URL: "https://a.example/1.mp3"}} }, false},
		{"origin", func(it *coranto.Item) { it.Origin = nil }, false},
		{"element", func(it *coranto.Item) { it.Extensions = []coranto.Extension{{Name: "itunes:episode", Value: "1"}} }, false},
		{"member", func(it *coranto.Item) { it.Members = map[string]string{"_x": "1"} }, false},
		{"what readers did", func(it *coranto.Item) { it.Extensions = []coranto.Extension{{Name: "slash:comments", Value: "1"}} }, true},
	}
	for _, tt := range tests {
		changed := base
		tt.change(&changed)
		if same := storage.ContentHash(&changed) == storage.ContentHash(&base); same != tt.same {
			t.Errorf("%s: hash the same = %v, want %v", tt.name, same, tt.same)
		}
	}
}

// A child is not a sibling, and an item without elements has the hash it had before
// there were any.
func TestContentHashOfElements(t *testing.T) {
	inner := coranto.Extension{Name: "media:title", Value: "T"}
	outer := coranto.Extension{Name: "media:group"}
	siblings := coranto.Item{Extensions: []coranto.Extension{outer, inner}}
	outer.Children = []coranto.Extension{inner}
	nested := coranto.Item{Extensions: []coranto.Extension{outer}}
	if storage.ContentHash(&siblings) == storage.ContentHash(&nested) {
		t.Error("a child and a sibling give one hash")
	}
	it := coranto.Item{GUID: "1", Title: "T", Origin: &coranto.Attribution{Title: "O"}}
	if got, want := fmt.Sprintf("%x", storage.ContentHash(&it)), "bd1995d91f8f50ddb7de75650f50d680"; got != want {
		t.Errorf("hash of an item without elements = %s, want %s", got, want)
	}
}

func TestDedupKeys(t *testing.T) {
	keys := func(guid, link string) []storage.DedupKey {
		return storage.DedupKeys(&coranto.Item{GUID: guid, Link: link})
	}
	if got := keys("17", ""); len(got) != 0 {
		t.Errorf("keys of a GUID that is no IRI = %v, want none", got)
	}
	if !reflect.DeepEqual(keys("", "https://A.example/x#top"), keys("", "http://a.example/x")) {
		t.Error("scheme, case of the host and fragment tell links apart, want not")
	}
	if reflect.DeepEqual(keys("", "https://a.example/x"), keys("", "https://a.example/y")) {
		t.Error("two links have one key")
	}
	if got := keys("urn:x:1", "https://a.example/x"); len(got) != 3 || got[0] == got[1] {
		t.Errorf("keys of GUID, link and post = %v, want three", got)
	}
}
