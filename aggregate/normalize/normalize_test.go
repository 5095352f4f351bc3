package normalize_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/normalize"
	"github.com/coranto/coranto/aggregate/parse"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func feed(items ...parse.Item) normalize.Result {
	for i := range items {
		items[i].Index = i
	}
	return normalize.Feed(normalize.Document{
		Source: coranto.Source{ID: "news", URL: "https://news.example/feed"},
		Feed:   &parse.Feed{Title: "News", Link: "https://news.example/", Items: items},
		URL:    "https://news.example/feed.xml",
		Now:    noon,
	})
}

func TestIdentity(t *testing.T) {
	guid := parse.Item{ID: "1", HasGUID: true, Link: "https://news.example/a", Title: "A"}
	tests := []struct {
		name string
		a, b parse.Item
		same bool
	}{
		{"an edited title", guid, parse.Item{ID: "1", HasGUID: true, Link: guid.Link, Title: "B"}, true},
		{"another GUID", guid, parse.Item{ID: "2", HasGUID: true, Link: guid.Link, Title: "A"}, false},
		{"no GUID, one link", parse.Item{Link: "https://news.example/a", Title: "A"}, parse.Item{Link: "https://news.example/a", Title: "B"}, true},
		{"no GUID, no link, one title and date", parse.Item{Title: "A", PublishedRaw: "x"}, parse.Item{Title: "A", PublishedRaw: "x", Content: "more"}, true},
		{"no GUID, no link, another date", parse.Item{Title: "A", PublishedRaw: "x"}, parse.Item{Title: "A", PublishedRaw: "y"}, false},
	}
	for _, tt := range tests {
		a, b := feed(tt.a).Posts[0].Item.ID, feed(tt.b).Posts[0].Item.ID
		if same := a == b; same != tt.same {
			t.Errorf("%s: the same id = %v, want %v", tt.name, same, tt.same)
		}
	}
}

// TestRepeatedGUID is input B25: one GUID for all items.
func TestRepeatedGUID(t *testing.T) {
	result := feed(
		parse.Item{ID: "1", HasGUID: true, Link: "https://news.example/a", Title: "A"},
		parse.Item{ID: "1", HasGUID: true, Link: "https://news.example/b", Title: "B"},
	)
	if len(result.Posts) != 2 || result.Posts[0].Item.ID == result.Posts[1].Item.ID {
		t.Fatalf("posts = %+v, want two with ids of their own", result.Posts)
	}
	if len(result.Problems) != 1 || result.Problems[0].Code != "ids-repeated" {
		t.Errorf("problems = %v, want ids-repeated", result.Problems)
	}
}

// TestSharedLinks is posts without a GUID that all lead to one page.
func TestSharedLinks(t *testing.T) {
	tests := []struct {
		name  string
		items []parse.Item
		want  int
	}{
		{"one page, several titles", []parse.Item{
			{Link: "https://news.example/all", Title: "A"}, {Link: "https://news.example/all", Title: "B"},
		}, 2},
		{"the home page", []parse.Item{{Link: "https://news.example/", Title: "A"}, {Link: "https://news.example/", Title: "B"}, {Link: "https://news.example/", Title: "A"}}, 2},
		{"one GUID and one page, many titles", []parse.Item{
			{ID: "g", HasGUID: true, Link: "https://news.example/all", Title: "A"},
			{ID: "g", HasGUID: true, Link: "https://news.example/all", Title: "B"},
			{ID: "g", HasGUID: true, Link: "https://news.example/all", Title: "C"},
		}, 3},
	}
	for _, tt := range tests {
		if got := len(feed(tt.items...).Posts); got != tt.want {
			t.Errorf("%s: %d posts, want %d", tt.name, got, tt.want)
		}
	}
	alone := func(title string) coranto.ItemID {
		return feed(parse.Item{Link: "https://news.example/", Title: title}).Posts[0].Item.ID
	}
	if alone("A") == alone("B") {
		t.Error("a post that leads to the home page has the id of the next that does")
	}
}

func TestLongTexts(t *testing.T) {
	long := strings.Repeat("很长 ", 5000)
	many := make([]parse.Tag, 500)
	for i := range many {
		many[i].Term = fmt.Sprint(i) + long
	}
	result := feed(parse.Item{
		ID: "1", HasGUID: true, Title: long, Rights: long, Tags: many, Authors: []parse.Person{{Name: long}},
	})
	it := result.Posts[0].Item
	for _, text := range []string{it.Title, it.Rights, it.Tags[0].Term, it.Authors[0].Name} {
		if n := len([]rune(text)); n > 501 {
			t.Errorf("a text of %d characters is left whole", n)
		}
	}
	if len(it.Tags) > 60 {
		t.Errorf("%d tags are left, want at most 60", len(it.Tags))
	}
	var codes []string
	for _, p := range result.Notes[0].Problems {
		codes = append(codes, p.Code)
	}
	if got := strings.Join(codes, " "); got != "title-cut people-cut tags-cut rights-cut" {
		t.Errorf("problems = %s, want one for each of what was cut", got)
	}
}

func TestDaysWithoutTimesKeepTheirOrder(t *testing.T) {
	day := noon.Add(-36 * time.Hour)
	item := func(id string) parse.Item { return parse.Item{ID: id, HasGUID: true, Published: day} }
	old, later := feed(item("b"), item("a")), feed(item("c"), item("b"), item("a"))
	if !old.Posts[0].Item.Published.After(old.Posts[1].Item.Published) {
		t.Error("of two posts of one day the first is not the newer")
	}
	if !later.Posts[0].Item.Published.After(old.Posts[0].Item.Published) {
		t.Error("a post that joins them later is not the newest")
	}
}

func TestOriginNeedsAnAddress(t *testing.T) {
	result := feed(parse.Item{ID: "1", HasGUID: true, Title: "A", Source: &parse.Feed{Title: "A Great Paper"}})
	if got := result.Posts[0].Item.Origin; got != nil {
		t.Errorf("origin = %+v, want none: a name alone would hide the source", got)
	}
}

// TestSameItemTwice is input B27: the later update wins.
func TestSameItemTwice(t *testing.T) {
	result := feed(
		parse.Item{ID: "1", HasGUID: true, Title: "Old", Published: noon.Add(-2 * time.Hour)},
		parse.Item{ID: "1", HasGUID: true, Title: "New", Published: noon.Add(-2 * time.Hour), Updated: noon.Add(-time.Hour)},
	)
	if len(result.Posts) != 1 || result.Posts[0].Item.Title != "New" {
		t.Errorf("posts = %+v, want the later one alone", result.Posts)
	}
}

func TestDates(t *testing.T) {
	early, late := noon.Add(-48*time.Hour), noon.Add(-time.Hour)
	tests := []struct {
		name               string
		in                 parse.Item
		published, updated time.Time
		problem            string
	}{
		{name: "both given", in: parse.Item{Published: early, Updated: late}, published: early, updated: late},
		{name: "updated alone", in: parse.Item{Updated: late}, published: late, updated: late},
		{name: "updated before published", in: parse.Item{Published: late, Updated: early}, published: late, updated: late},
		{name: "none", published: noon, updated: noon},
		{name: "in the future", in: parse.Item{Published: noon.Add(time.Hour)}, published: noon, updated: noon, problem: "date-in-future"},
		{name: "updated in the future", in: parse.Item{Published: early, Updated: noon.Add(time.Hour)}, published: early, updated: early},
	}
	for _, tt := range tests {
		tt.in.ID, tt.in.HasGUID = "1", true
		result := feed(tt.in)
		got := result.Posts[0].Item
		if !got.Published.Equal(tt.published) || !got.Updated.Equal(tt.updated) {
			t.Errorf("%s: published %s, updated %s, want %s, %s", tt.name, got.Published, got.Updated, tt.published, tt.updated)
		}
		code := ""
		if notes := result.Notes[0].Problems; len(notes) > 0 {
			code = notes[0].Code
		}
		if code != tt.problem {
			t.Errorf("%s: problem %q, want %q", tt.name, code, tt.problem)
		}
	}
}

func TestUndatedItemsKeepTheirOrder(t *testing.T) {
	result := feed(parse.Item{ID: "1", HasGUID: true, Title: "first"}, parse.Item{ID: "2", HasGUID: true, Title: "second"})
	if !result.Posts[0].Item.Published.After(result.Posts[1].Item.Published) {
		t.Error("the first item of a document without dates is not the newest")
	}
}

func TestPost(t *testing.T) {
	result := feed(parse.Item{
		ID: "urn:x:1", HasGUID: true, Title: "A\nB", Link: "/posts/1?utm_source=rss",
		Content:    `<p onclick="x()">Hello <a href="../2">there</a><script>alert(1)</script></p>`,
		Summary:    "<b>Short</b> &amp; sweet",
		Language:   "en_US",
		Tags:       []parse.Tag{{Term: "go"}, {Term: "go"}, {Term: " "}, {Label: "Label"}},
		Authors:    []parse.Person{{Name: " Ann\u202e "}, {}},
		Enclosures: []parse.Enclosure{{URL: "/1.mp3", Type: "audio/mpeg", Length: -5}, {URL: "javascript:x"}},
		Links: []parse.Link{
			{Rel: "self", Href: "/1.atom"}, {Rel: "related", Href: "https://other.example/"}, {Rel: "via", Href: "javascript:x"},
		},
		Source: &parse.Feed{Title: "First", Link: "https://first.example/"},
	})
	got := result.Posts[0].Item
	want := coranto.Item{
		ID: coranto.NewItemID("news", "urn:x:1"), Source: "news", GUID: "urn:x:1", Link: "https://news.example/posts/1?utm_source=rss",
		Title: "A B", Summary: "Short & sweet", Content: got.Content,
		Authors: []coranto.Person{{Name: "Ann"}}, Published: noon, Updated: noon, Language: "en-US",
		Tags:       []coranto.Tag{{Term: "go"}, {Term: "Label", Label: "Label"}},
		Enclosures: []coranto.Enclosure{{URL: "https://news.example/1.mp3", Type: "audio/mpeg"}},
		Links:      []coranto.Link{{Rel: "related", Href: "https://other.example/"}},
		Origin:     &coranto.Attribution{Title: "First", Link: "https://first.example/"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("item (-want +got):\n%s", diff)
	}
	wantHTML := `<p>Hello <a href="https://news.example/2" rel="noopener noreferrer nofollow">there</a></p>`
	if got.Content != wantHTML {
		t.Errorf("content = %s, want %s", got.Content, wantHTML)
	}
	if credit := result.Credit; credit.Title != "News" || credit.Link != "https://news.example/" || credit.Feed != "https://news.example/feed" {
		t.Errorf("credit = %+v, want the feed's title, home and address", credit)
	}
}

func TestItemWithNothing(t *testing.T) {
	result := feed(parse.Item{})
	if len(result.Posts) != 0 || len(result.Notes) != 1 || len(result.Notes[0].Problems) != 1 {
		t.Errorf("posts %v, notes %v, want the item dropped with a problem", result.Posts, result.Notes)
	}
}

func TestTitleIsNeverEmpty(t *testing.T) {
	tests := []struct{ in, want string }{{"<p>Some words to begin with.</p>", "Some words to begin with."}, {"", "https://news.example/1"}}
	for _, tt := range tests {
		result := feed(parse.Item{ID: "1", HasGUID: true, Link: "https://news.example/1", Content: tt.in})
		if got := result.Posts[0].Item.Title; got != tt.want {
			t.Errorf("title for content %q = %q, want %q", tt.in, got, tt.want)
		}
	}
}
