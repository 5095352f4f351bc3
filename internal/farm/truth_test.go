package farm_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/coranto/coranto/internal/farm"
)

// TestTruthIsWhatWasShown follows every version of some feeds and keeps the
// newest state of each item that a document showed: that is the truth.
func TestTruthIsWhatWasShown(t *testing.T) {
	f := farm.New(farm.Config{Seed: 11, Feeds: 5, MaxNew: 20})
	seen := make([]map[int]farm.Item, f.Len())
	look := func() {
		for i := range f.Len() {
			for _, it := range f.Window(i) {
				seen[i][it.Index] = it
			}
		}
	}
	for i := range seen {
		seen[i] = map[int]farm.Item{}
	}
	look()
	for range 12 {
		f.Advance(0.8)
		look()
	}
	f.AdvanceOne(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	look()
	edits := 0
	for i := range f.Len() {
		truth := f.Truth(i)
		if len(truth) != len(seen[i]) {
			t.Errorf("feed %d: truth has %d items, %d were shown", i, len(truth), len(seen[i]))
		}
		for _, it := range truth {
			if got := seen[i][it.Index]; got.HTML != it.HTML || got.Rev != it.Rev ||
				!got.Created.Equal(it.Created) {
				t.Errorf("feed %d item %d: truth is revision %d, shown was %d", i, it.Index,
					it.Rev, got.Rev)
			}
			edits += it.Rev
		}
	}
	if edits == 0 {
		t.Error("no item was ever edited, so the test shows nothing")
	}
}

// TestTruthIsRendered reads JSON feeds back: the bytes say what the truth says.
func TestTruthIsRendered(t *testing.T) {
	for _, names := range []bool{false, true} {
		f := farm.New(farm.Config{Seed: 5, Feeds: 20, Names: names})
		checked := 0
		for i := range f.Len() {
			if f.Feed(i).Format != farm.JSONFeed {
				continue
			}
			checked++
			var doc struct {
				Title string
				Items []struct {
					ID, URL, Title string
					Content        string    `json:"content_html"`
					Published      time.Time `json:"date_published"`
					Tags           []string
				}
			}
			if err := json.Unmarshal(f.Body(i), &doc); err != nil {
				t.Fatalf("feed %d: %v", i, err)
			}
			for k, it := range f.Window(i) {
				got := doc.Items[k]
				if got.ID != it.GUID || got.URL != it.URL || got.Title != it.Title ||
					!got.Published.Equal(it.Created) || !slices.Equal(got.Tags, it.Tags) {
					t.Errorf("feed %d: item = %+v, want %+v", i, got, it)
				}
				if f.Feed(i).FullText && got.Content != it.HTML {
					t.Errorf("feed %d: content = %.60q, want %.60q", i, got.Content, it.HTML)
				}
			}
		}
		if checked == 0 {
			t.Errorf("names %v: no JSON feed among 20", names)
		}
	}
}

func TestAdvanceOne(t *testing.T) {
	f := farm.New(farm.Config{Seed: 5, Feeds: 8, Names: true, Faults: map[int]farm.Class{2: farm.Gone}})
	at := time.Date(2026, 5, 4, 3, 2, 1, 999, time.UTC)
	chosen := map[int]bool{}
	for n := range 20 {
		before := versions(f)
		i, it := f.AdvanceOne(at.Add(time.Duration(n) * time.Minute))
		chosen[i] = true
		before[i]++
		if got := versions(f); !maps.Equal(got, before) {
			t.Fatalf("versions = %v, want %v", got, before)
		}
		newest := f.Window(i)[0]
		if newest.GUID != it.GUID || newest.Title != it.Title {
			t.Errorf("newest item = %s %q, want %s %q", newest.GUID, newest.Title, it.GUID, it.Title)
		}
		want := at.Truncate(time.Second).Add(time.Duration(n) * time.Minute)
		if !it.Created.Equal(want) {
			t.Errorf("date = %v, want %v", it.Created, want)
		}
		if !bytes.Contains(f.Body(i), []byte(it.URL)) {
			t.Errorf("feed %d lacks its new item %s", i, it.URL)
		}
	}
	if chosen[2] || len(chosen) < 4 {
		t.Errorf("chosen feeds = %v, want several, without the one that is gone", chosen)
	}
}

func versions(f *farm.Farm) map[int]int {
	v := map[int]int{}
	for i := range f.Len() {
		v[i] = f.Version(i)
	}
	return v
}
