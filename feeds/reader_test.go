package feeds_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// stock opens a store with sources and items.
func stock(t *testing.T, sources []coranto.Source, items ...coranto.Item) storage.Store {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "coranto.db"), bolt.Options{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if err := store.UpsertSources(t.Context(), sources, nil); err != nil {
		t.Fatal(err)
	}
	for _, it := range items {
		visit := storage.Visit{Source: it.Source, Items: []coranto.Item{it}}
		visit.State.Feed = coranto.Attribution{Title: "Feed of " + string(it.Source), Link: "https://" + string(it.Source) + ".example/"}
		results, err := store.Commit(t.Context(), []storage.Visit{visit})
		if err != nil || results[0].Err != nil {
			t.Fatalf("commit %s: %v, %v", it.GUID, err, results)
		}
	}
	return store
}

func item(source coranto.SourceID, n int, categories ...coranto.Slug) coranto.Item {
	guid := fmt.Sprintf("urn:nid:%s:%d", source, n)
	return coranto.Item{
		ID: coranto.NewItemID(source, guid), Source: source, GUID: guid, Title: fmt.Sprintf("Post %d", n),
		Content: "<p>Words</p>", Summary: "Words", Link: fmt.Sprintf("https://%s.example/%d", source, n),
		Published: noon.Add(-time.Duration(n) * time.Hour), Categories: categories,
	}
}

var site = feeds.Site{Title: "Papers", URL: "https://papers.example", Limit: 2}

func TestFeedOfCategory(t *testing.T) {
	sources := []coranto.Source{{ID: "a", URL: "https://a.example/feed"}, {ID: "b", URL: "https://b.example/feed"}}
	store := stock(t, sources, item("a", 3, "go"), item("b", 1, "go"), item("a", 2, "go"), item("a", 0, "web"))
	f, err := feeds.NewReader(store, site).Feed(t.Context(), feeds.CategoryScope("go"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range f.Entries {
		got = append(got, e.Title+" of "+e.Credit.Title)
	}
	if want := "Post 1 of Feed of b, Post 2 of Feed of a"; strings.Join(got, ", ") != want {
		t.Errorf("entries: %s, want the newest two with their sources: %s", strings.Join(got, ", "), want)
	}
	if f.ID != "tag:papers.example,2025-01-01:feed/category/go" || f.Self("atom.xml") != "https://papers.example/category/go/atom.xml" {
		t.Errorf("id %s, self %s, want them under the site", f.ID, f.Self("atom.xml"))
	}
	if !f.Updated.Equal(noon.Add(-time.Hour)) || !f.Modified.Equal(noon) {
		t.Errorf("updated %s, modified %s, want the newest item's time and the commit's", f.Updated, f.Modified)
	}
}

func TestScopesThatAreNot(t *testing.T) {
	named := site
	named.Categories = []coranto.Category{{Slug: "empty", Title: "Empty"}}
	reader := feeds.NewReader(stock(t, nil), named)
	tests := []struct {
		scope feeds.Scope
		err   error
	}{
		{feeds.CategoryScope("nobody"), feeds.ErrNotFound},
		{feeds.SourceScope("nobody"), feeds.ErrNotFound},
		{feeds.CategoryScope("empty"), nil},
		{feeds.Scope{}, nil},
	}
	for _, tt := range tests {
		if _, err := reader.Feed(t.Context(), tt.scope); !errors.Is(err, tt.err) {
			t.Errorf("Feed(%s) error = %v, want %v", tt.scope.Path(), err, tt.err)
		}
		if _, err := reader.List(t.Context(), tt.scope, coranto.ItemID{}, 0); !errors.Is(err, tt.err) {
			t.Errorf("List(%s) error = %v, want %v", tt.scope.Path(), err, tt.err)
		}
	}
	if _, _, err := reader.Entry(t.Context(), coranto.NewItemID("a", "b")); !errors.Is(err, feeds.ErrNotFound) {
		t.Errorf("Entry of nothing: error = %v, want ErrNotFound", err)
	}
}

func TestListPages(t *testing.T) {
	items := []coranto.Item{item("a", 1), item("a", 2), item("a", 3)}
	reader := feeds.NewReader(stock(t, []coranto.Source{{ID: "a", URL: "https://a.example/"}}, items...), site)
	first, err := reader.List(t.Context(), feeds.Scope{}, coranto.ItemID{}, 2)
	if err != nil || len(first.Entries) != 2 || first.Older != items[1].ID {
		t.Fatalf("first page: %+v, %v, want two entries and more after the second", first, err)
	}
	second, err := reader.List(t.Context(), feeds.Scope{}, first.Older, 2)
	if err != nil || len(second.Entries) != 1 || second.Entries[0].Title != "Post 3" || !second.Older.IsZero() {
		t.Errorf("second page: %+v, %v, want the last entry alone", second, err)
	}
}

// TestS20S21S22EntryIDs: an IRI stays, all else is minted, and the second
// source with the same GUID gets an id of its own.
func TestS20S21S22EntryIDs(t *testing.T) {
	plain, copied := item("a", 1), item("b", 2)
	plain.GUID, plain.ID = "17", coranto.NewItemID("a", "17")
	original := item("a", 3)
	copied.GUID, copied.ID = original.GUID, coranto.NewItemID("b", original.GUID)
	linked, loose := item("b", 4), item("a", 5)
	linked.Link = original.Link
	loose.ID = coranto.NewItemID("a", loose.GUID+"\x00"+loose.Link)
	script := item("a", 6)
	script.GUID, script.ID = "javascript:alert(1)", coranto.NewItemID("a", "javascript:alert(1)")
	sources := []coranto.Source{{ID: "a", URL: "https://a.example/"}, {ID: "b", URL: "https://b.example/"}}
	reader := feeds.NewReader(stock(t, sources, original, plain, copied, linked, loose, script), site)
	minted := func(id coranto.ItemID) string { return "tag:papers.example,2025-01-01:item/" + id.String() }
	tests := []struct {
		name string
		id   coranto.ItemID
		want string
	}{
		{"an IRI", original.ID, original.GUID},
		{"a number", plain.ID, minted(plain.ID)},
		{"another source's IRI", copied.ID, minted(copied.ID)},
		{"another source's link", linked.ID, linked.GUID},
		{"an IRI that several items share", loose.ID, minted(loose.ID)},
		{"an IRI that runs", script.ID, minted(script.ID)},
	}
	for _, tt := range tests {
		e, _, err := reader.Entry(t.Context(), tt.id)
		if err != nil {
			t.Fatal(err)
		}
		if e.EntryID != tt.want {
			t.Errorf("%s: id %s, want %s", tt.name, e.EntryID, tt.want)
		}
	}
}

func TestRepublish(t *testing.T) {
	tests := []struct {
		mode             coranto.Republish
		content, summary string
		elements         int // of one that is a fact, one that is a picture, one that is the text
		members          int
		files            int // of one to hear and one that is a picture
	}{
		{"", "<p>Words</p>", "Words", 3, 1, 2},
		{coranto.RepublishAsGiven, "<p>Words</p>", "Words", 3, 1, 2},
		{coranto.RepublishExcerpt, "", "Words", 2, 0, 2},
		{coranto.RepublishTitle, "", "", 1, 0, 1},
	}
	for _, tt := range tests {
		it := item("a", 1)
		it.Extensions = []coranto.Extension{
			{Name: "itunes:episode", Value: "1"}, {Name: "itunes:summary", Value: "Words"},
			{Name: "media:thumbnail", Attrs: map[string]string{"url": "https://a.example/1.png"}},
		}
		it.Members = map[string]string{"_text": `"Words"`}
		it.Enclosures = []coranto.Enclosure{
			{URL: "https://a.example/1.png", Type: "image/png"}, {URL: "https://a.example/1.mp3", Type: "audio/mpeg"},
		}
		store := stock(t, []coranto.Source{{ID: "a", URL: "https://a.example/", Republish: tt.mode}}, it)
		e, _, err := feeds.NewReader(store, site).Entry(t.Context(), it.ID)
		if err != nil {
			t.Fatal(err)
		}
		if e.Content != tt.content || e.Summary != tt.summary {
			t.Errorf("mode %q: content %q, summary %q, want %q, %q", tt.mode, e.Content, e.Summary, tt.content, tt.summary)
		}
		if len(e.Extensions) != tt.elements || len(e.Members) != tt.members {
			t.Errorf("mode %q: elements %v and members %v, want %d and %d",
				tt.mode, e.Extensions, e.Members, tt.elements, tt.members)
		}
		if len(e.Enclosures) != tt.files || e.Enclosures[tt.files-1].Type != "audio/mpeg" {
			t.Errorf("mode %q: files %v, want %d", tt.mode, e.Enclosures, tt.files)
		}
	}
}

func TestOriginGetsTheCredit(t *testing.T) {
	it := item("a", 1)
	it.Origin = &coranto.Attribution{Title: "First", Link: "https://first.example/", Rights: "theirs"}
	store := stock(t, []coranto.Source{{ID: "a", URL: "https://a.example/"}}, it)
	e, _, err := feeds.NewReader(store, site).Entry(t.Context(), it.ID)
	if err != nil {
		t.Fatal(err)
	}
	if e.Credit.Title != "First" || e.Via.Title != "Feed of a" || e.Rights != "theirs" {
		t.Errorf("credit %q via %q, rights %q, want First via Feed of a, theirs", e.Credit.Title, e.Via.Title, e.Rights)
	}
}

func TestCreditLine(t *testing.T) {
	credit := coranto.Attribution{Title: "A & B", Link: "https://a.example/?x=1&y=2"}
	ann := []coranto.Person{{Name: "Ann <x>"}}
	tests := []struct {
		name, template string
		entry          feeds.Entry
		want           string
	}{
		{
			"English", "", feeds.Entry{Item: coranto.Item{Authors: ann, Link: "https://a.example/1"}, Credit: credit},
			`<p class="credit">Source: <a href="https://a.example/?x=1&amp;y=2">A &amp; B</a>, by Ann &lt;x&gt; · <a href="https://a.example/1">Read the original</a></p>`,
		},
		{
			"Chinese", "", feeds.Entry{Item: coranto.Item{Language: "zh-CN", Authors: ann, Rights: "版权所有"}, Credit: credit},
			`<p class="credit">来源：<a href="https://a.example/?x=1&amp;y=2">A &amp; B</a>，作者：Ann &lt;x&gt;。版权所有</p>`,
		},
		{
			"author says no more than the source", "",
			feeds.Entry{Item: coranto.Item{Authors: []coranto.Person{{Name: "A & B"}}}, Credit: coranto.Attribution{Title: "A & B"}},
			`<p class="credit">Source: A &amp; B</p>`,
		},
		{
			"passed on", "",
			feeds.Entry{Credit: credit, Via: coranto.Attribution{Title: "C", Feed: "https://c.example/feed"}},
			`<p class="credit">Source: <a href="https://a.example/?x=1&amp;y=2">A &amp; B</a> via <a href="https://c.example/feed">C</a></p>`,
		},
		{
			"own template", "Via {source} <{author}>", feeds.Entry{Item: coranto.Item{Authors: ann}, Credit: coranto.Attribution{Title: "{author}"}},
			`<p class="credit">Via {author} &lt;Ann &lt;x&gt;&gt;</p>`,
		},
	}
	for _, tt := range tests {
		if got := feeds.CreditLine(tt.template, &tt.entry); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestCategories(t *testing.T) {
	named := site
	named.Categories = []coranto.Category{{Slug: "web", Title: "The Web"}, {Slug: "empty"}}
	store := stock(t, []coranto.Source{{ID: "a", URL: "https://a.example/"}}, item("a", 1, "go", "web"), item("a", 2, "art", "web"))
	list, err := feeds.NewReader(store, named).Categories(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range list {
		got = append(got, fmt.Sprintf("%s:%s:%d", c.Slug, c.Title, c.Items))
	}
	if want := "web:The Web:2 empty:empty:0 art:art:1 go:go:1"; strings.Join(got, " ") != want {
		t.Errorf("categories %s, want the file's first, then by slug: %s", strings.Join(got, " "), want)
	}
}
