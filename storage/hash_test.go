package storage_test

import (
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
	}
	for _, tt := range tests {
		changed := base
		tt.change(&changed)
		if same := storage.ContentHash(&changed) == storage.ContentHash(&base); same != tt.same {
			t.Errorf("%s: hash the same = %v, want %v", tt.name, same, tt.same)
		}
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
