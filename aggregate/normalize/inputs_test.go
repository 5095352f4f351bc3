package normalize_test

import (
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/normalize"
	"github.com/coranto/coranto/aggregate/parse"
)

const (
	head = `<rss version="2.0"><channel><title>News</title><link>https://news.example/</link>`
	tail = `</channel></rss>`
)

// read parses and normalizes a document, as a refresh does.
func read(t *testing.T, items string) normalize.Result {
	t.Helper()
	zone := time.FixedZone("CST", 8*3600)
	feed, _, err := parse.Parse(parse.Document{
		Body: []byte(head + items + tail), URL: "https://news.example/feed.xml", Zone: zone,
	})
	if err != nil {
		t.Fatal(err)
	}
	return normalize.Feed(normalize.Document{
		Source: coranto.Source{ID: "news", URL: "https://news.example/feed"},
		Feed:   feed, URL: "https://news.example/feed.xml", Now: noon,
	})
}

// TestRepeatedIDs is one id for several items: of several posts, or of one that
// stands in the document twice.
func TestRepeatedIDs(t *testing.T) {
	tests := []struct {
		name, items string
		titles      []string
	}{
		{"B25 one id for all", `<item><guid>1</guid><link>/a</link><title>A</title></item><item><guid>1</guid><link>/b</link><title>B</title></item>`, []string{"A", "B"}},
		{"B27 one item twice, the later last", `<item><guid>1</guid><link>/a</link><title>A</title><pubDate>Sat, 28 Feb 2026 10:00:00 GMT</pubDate></item>
			<item><guid>1</guid><link>/a</link><title>A, corrected</title><pubDate>Sat, 28 Feb 2026 11:00:00 GMT</pubDate></item>`, []string{"A, corrected"}},
		{"B27 one item twice, the later first", `<item><guid>1</guid><link>/a</link><title>A, corrected</title><pubDate>Sat, 28 Feb 2026 11:00:00 GMT</pubDate></item>
			<item><guid>1</guid><link>/a</link><title>A</title><pubDate>Sat, 28 Feb 2026 10:00:00 GMT</pubDate></item>`, []string{"A, corrected"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			posts, again := read(t, tt.items).Posts, read(t, tt.items).Posts
			if len(posts) != len(tt.titles) {
				t.Fatalf("%d posts, want %q", len(posts), tt.titles)
			}
			for i, post := range posts {
				if post.Item.Title != tt.titles[i] {
					t.Errorf("post %d is %q, want %q", i, post.Item.Title, tt.titles[i])
				}
				if post.Item.ID != again[i].Item.ID {
					t.Errorf("%q has another id when it is read again", post.Item.Title)
				}
			}
		})
	}
}

// TestWrittenDates is what becomes of dates from the document to the item.
func TestWrittenDates(t *testing.T) {
	tests := []struct {
		name, date string
		want       time.Time
	}{
		{"B28 missing", "", noon},
		{"B28 no such day", "Tue, 31 Feb 2026 10:00:00 GMT", noon},
		{"B28 far future", "Mon, 05 Jan 2099 10:00:00 GMT", noon},
		{"B28 one digit each", "Mon, 6 Jun 2022 5:5 GMT", time.Date(2022, 6, 6, 5, 5, 0, 0, time.UTC)},
		{"B28 Chinese", "2022年6月7日 05:55", time.Date(2022, 6, 6, 21, 55, 0, 0, time.UTC)},
		{"B28 no zone", "2022-06-07 05:55:00", time.Date(2022, 6, 6, 21, 55, 0, 0, time.UTC)},
		{"B28 beginning of Unix time", "Thu, 01 Jan 1970 00:00:00 GMT", noon},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			result := read(t, "<item><guid>1</guid><title>A</title><pubDate>"+tt.date+"</pubDate></item>")
			if got := result.Posts[0].Item.Published; !got.Equal(tt.want) {
				t.Errorf("published %s, want %s", got, tt.want)
			}
		})
	}
}

// TestWrittenLinks is what becomes of links from the document to the item.
func TestWrittenLinks(t *testing.T) {
	tests := []struct{ name, link, want string }{
		{"B29 relative", "/a", "https://news.example/a"},
		{"B29 of the scheme", "//other.example/x", "https://other.example/x"},
		{"B29 blanks and Chinese", "https://news.example/新 闻", "https://news.example/%E6%96%B0%20%E9%97%BB"},
		{"B29 script", "javascript:alert(1)", ""},
		{"B29 data", "data:text/html,x", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			result := read(t, "<item><guid isPermaLink='false'>1</guid><title>A</title><link>"+tt.link+"</link></item>")
			if len(result.Posts) != 1 {
				t.Fatalf("%d posts, want the item to be kept", len(result.Posts))
			}
			if got := result.Posts[0].Item.Link; got != tt.want {
				t.Errorf("link = %q, want %q", got, tt.want)
			}
		})
	}
}

// TestWrittenTitles is plain text whatever the title was written in, and the
// picture that the sanitizer finds where the feed names none.
func TestWrittenTitles(t *testing.T) {
	tests := []struct{ name, title, want string }{
		{"B30 escaped once", "AT&amp;T", "AT&T"},
		{"B30 markup", "a &lt;b&gt;b&lt;/b&gt;", "a b"},
		{"B30 a reference escaped twice", "It&amp;#8217;s", "It’s"},
		{"B30 no markup", "1 &lt; 2", "1 < 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			result := read(t, "<item><guid>1</guid><title>"+tt.title+"</title></item>")
			if got := result.Posts[0].Item.Title; got != tt.want {
				t.Errorf("title = %q, want %q", got, tt.want)
			}
		})
	}
	t.Run("C40 the first picture of the text", func(t *testing.T) {
		result := read(t, `<item><guid>1</guid><title>A</title><description>&lt;p&gt;x&lt;/p&gt;&lt;img src="/i.png"&gt;</description></item>`)
		if got := result.Posts[0].Item.Image.URL; got != "https://news.example/i.png" {
			t.Errorf("image = %q, want that of the text", got)
		}
	})
}
