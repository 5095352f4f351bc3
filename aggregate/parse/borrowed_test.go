package parse

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestBorrowed is C15 and C32: elements that stand in a format that has none of that
// name, or has it once, are read as they are meant, with a problem.
func TestBorrowed(t *testing.T) {
	const ofRSS, repeated = "element-of-rss", "element-repeated"
	date := `<pubDate>Tue, 03 Feb 2026 00:00:00 GMT</pubDate>`
	other := `<pubDate>Wed, 04 Feb 2026 00:00:00 GMT</pubDate>`
	entry := `<entry><id>urn:1</id><title>A &amp;amp; B</title><link rel="alternate" href="http://e.example/1"/>` +
		`<author><name>Ann</name></author><updated>2026-02-03T00:00:00Z</updated><summary>s</summary>` +
		`<content type="html">&lt;p&gt;c&lt;/p&gt;</content></entry>`
	bound := strings.Replace(entry, "<entry>", `<entry xmlns="http://www.w3.org/2005/Atom">`, 1)
	tests := []struct{ name, body, path, want, code string }{
		{"date", atomEntry(date), "items[0].published", "2026-02-03T00:00:00Z", ofRSS},
		{"date beside Atom's", atomEntry(other + `<published>2026-02-03T00:00:00Z</published>`), "items[0].published", "2026-02-03T00:00:00Z", ofRSS},
		{"description", atomEntry(`<description>&lt;p&gt;d&lt;/p&gt;</description>`), "items[0].summary", "<p>d</p>", ofRSS},
		{"description of the feed", atomFeed(`<description>d</description>`), "feed.summary", "d", ofRSS},
		{"file", atomEntry(`<enclosure url="/a.mp3" type="audio/mpeg" length="7"/>`), "items[0].enclosures[0].length", "7", ofRSS},
		{"file with an end tag", atomEntry(`<enclosure url="/a?b&amp;c" type="audio/mpeg"></enclosure><title>t</title>`), "items[0].enclosures[0].url", "http://f.example/a?b&c", ofRSS},
		{"link", atomEntry(`<link>https://x.example/text</link>`), "items[0].link", "https://x.example/text", ofRSS},
		{"link in a section", atomEntry(`<link><![CDATA[https://x.example/text]]></link>`), "items[0].link", "https://x.example/text", ofRSS},
		{"link of the feed", atomFeed(`<link>https://x.example/</link>`), "feed.link", "https://x.example/", ofRSS},
		{"guid", atomEntry(`<guid>g</guid>`), "items[0].id", "g", ofRSS},
		{"comments", atomEntry(`<comments>/c</comments>`), "items[0].comments", "http://f.example/c", ofRSS},

		{"entry in RSS", rssFeed(entry), "items[0].link", "http://e.example/1", "entries-in-rss"},
		{"entry in RSS, its id", rssFeed(entry), "items[0].id", "urn:1", "entries-in-rss"},
		{"entry in RSS, its author", rssFeed(entry), "items[0].authors[0].name", "Ann", "entries-in-rss"},
		{"entry in RSS, its date", rssFeed(entry), "items[0].updated", "2026-02-03T00:00:00Z", "entries-in-rss"},
		{"entry in RSS, its content", rssFeed(entry), "items[0].content", "<p>c</p>", "entries-in-rss"},
		{"bound entry in RSS", rssFeed(bound), "items[0].id", "urn:1", "entries-in-rss"},
		{"entry beside an item", rssFeed(`<item><title>i</title></item>` + entry), "items[0].title", "i", "items-unread"},

		{"two contents", rssItem(`<content:encoded>a</content:encoded><content:encoded>b</content:encoded>`), "items[0].content", "a", repeated},
		{"two dates", rssItem(date + other), "items[0].published", "2026-02-03T00:00:00Z", repeated},

		{"source with elements", rssItem(`<source url="http://o.example/"><title>Tom &amp; Ann</title><link>http://o.example/</link></source>`), "items[0].source.title", "Tom & Ann", ""},
		{"source in a section", rssItem(`<source url="http://o.example/"><![CDATA[Tom & Ann]]></source>`), "items[0].source.title", "Tom & Ann", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			feed, problems, err := Parse(Document{Body: []byte(tt.body), URL: "http://f.example/feed"})
			if err != nil {
				t.Fatal(err)
			}
			if got := lookup(jsonTree(t, feed.Inspect(problems)), tt.path); got != tt.want {
				t.Errorf("%s = %q, want %q", tt.path, got, tt.want)
			}
			if tt.code != "" && !hasCode(problems, tt.code) {
				t.Errorf("problems %v, want %q", problems, tt.code)
			}
		})
	}
}

// TestNoTokens is C39: no token that stands for a text reaches what is read, wherever
// the parser gives back markup or what is read stands where it should not.
func TestNoTokens(t *testing.T) {
	inner := `<title>Tom &amp; Ann</title><link>http://o.example/?a&amp;b</link><name>A &amp; B</name>` +
		`<email>a&amp;b@c.d</email><description>&lt;p&gt;x</description><url>http://o.example/?a&amp;b</url>` +
		`<uri>?a&amp;b</uri><author>C &amp; D</author><icon>?&amp;</icon><id>1&amp;2</id><content>&lt;b&gt;</content>`
	names := []string{
		"source", "image", "textInput", "cloud", "itunes:owner", "itunes:author", "itunes:image", "language",
		"ttl", "rating", "docs", "pubDate", "lastBuildDate", "skipDays", "skipHours", "generator", "copyright",
		"category", "managingEditor", "webMaster", "guid", "link", "title", "description", "author", "comments",
		"enclosure", "tags", "date", "published", "updated", "modified", "rights", "body", "summary", "content",
		"id", "logo", "icon", "subtitle", "contributor", "dc:creator", "dc:date", "dc:language", "dc:rights",
		"dcterms:created", "content:encoded", "media:group", "media:content", "media:title", "media:license",
		"feedburner:origLink", "webfeeds:icon", "wfw:comment", "atom:author", "atom:link", "itunes:duration",
	}
	texts := []string{inner, `<x>a &amp; b</x>`, `http://e.example/?a=1&amp;b`, strings.Repeat("word ", 100), "&lt;b&gt;"}
	for _, name := range names {
		for _, text := range texts {
			element := "<" + name + ">" + text + "</" + name + ">"
			for _, body := range []string{
				rssItem(element), rssFeed(element), atomEntry(element), atomFeed(element),
				atomEntry("<source>" + element + "</source>"), rssFeed("<image>" + element + "</image>"),
			} {
				feed, problems, err := Parse(Document{Body: []byte(body), URL: "http://f.example/feed"})
				if err != nil {
					t.Fatalf("%v in %s", err, body)
				}
				if got := allText(t, feed, problems); strings.Contains(got, "x-lifted") {
					t.Errorf("a token is in %s\nof %s", got, body)
				}
			}
		}
	}
}

// allText is all that is read of a document, as JSON.
func allText(t *testing.T, feed *Feed, rest any) string {
	t.Helper()
	raw, err := json.Marshal([]any{feed.Inspect(nil), rest, feed.License, feed.Hubs})
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	all.WriteString(string(raw))
	for _, item := range feed.Items {
		all.WriteString("\n" + item.PublishedRaw + item.UpdatedRaw + item.License + item.Image.URL)
	}
	return all.String()
}
