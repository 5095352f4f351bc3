package parse

import (
	"testing"
	"time"
)

const (
	rssHead = `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel>`
	atomHead = `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">`
	jsonHead = `{"version":"https://jsonfeed.org/version/1.1",`
)

func rssItem(s string) string   { return rssHead + "<item>" + s + "</item></channel></rss>" }
func rssFeed(s string) string   { return rssHead + s + "</channel></rss>" }
func atomEntry(s string) string { return atomHead + "<entry>" + s + "</entry></feed>" }
func atomFeed(s string) string  { return atomHead + s + "</feed>" }
func jsonItem(s string) string  { return jsonHead + `"items":[{` + s + `}]}` }

// TestTranslation is C17 to C36: what gofeed's universal feed loses or gets wrong.
// Paths are those of the inspect command.
func TestTranslation(t *testing.T) {
	tests := []struct{ name, body, path, want string }{
		{"C17 atom:source", atomEntry(`<source><title type="html">A &amp;amp; B</title></source>`), "items[0].source.title", "A & B"},
		{"C17 RSS source", rssItem(`<source url="http://e.example/f">S</source>`), "items[0].source.title", "S"},
		{"C17 RSS source, its address", rssItem(`<source url="http://e.example/f">S</source>`), "items[0].source.links[0].href", "http://e.example/f"},
		{"C18 feed id", atomFeed(`<id>urn:x</id>`), "feed.id", "urn:x"},
		{"C18 hub", rssFeed(`<atom:link rel="hub" href="http://h.example/"/>`), "feed.links[0].rel", "hub"},
		{"C18 hreflang", atomFeed(`<link rel="alternate" hreflang="fr" href="http://e.example/"/>`), "feed.links[0].hreflang", "fr"},
		{"C19 entry rights", atomEntry(`<rights>mine</rights>`), "items[0].rights", "mine"},
		{"C19 contributor", atomEntry(`<contributor><name>C</name></contributor>`), "items[0].contributors[0].name", "C"},
		{"C19 author's page", atomEntry(`<author><name>A</name><uri>/a</uri></author>`), "items[0].authors[0].uri", "http://f.example/a"},
		{"C19 category label", atomEntry(`<category term="t" label="L" scheme="urn:s"/>`), "items[0].tags[0].label", "L"},
		{"C20 permalink", rssItem(`<guid>http://e.example/1</guid>`), "items[0].guid_is_link", "true"},
		{"C20 guid that is none", rssItem(`<guid isPermaLink="false">http://e.example/1</guid><link>http://e.example/2</link>`), "items[0].link", "http://e.example/2"},
		{"C20 comments", rssItem(`<comments>http://e.example/c</comments>`), "items[0].comments", "http://e.example/c"},
		{"C21 text", atomEntry(`<title type="text">AT&amp;T &lt;b&gt;</title>`), "items[0].title", "AT&T <b>"},
		{"C21 HTML", atomEntry(`<title type="html">AT&amp;amp;T &lt;b&gt;x&lt;/b&gt;</title>`), "items[0].title", "AT&T x"},
		{"C21 text as content", atomEntry(`<content type="text">1 &lt; 2</content>`), "items[0].content", "1 &lt; 2"},
		{"C22 text", jsonItem(`"id":"1","content_text":"1 < 2"`), "items[0].content", "1 &lt; 2"},
		{"C22 author's page", jsonItem(`"id":"1","author":{"name":"A","url":"http://a.example/"}`), "items[0].authors[0].uri", "http://a.example/"},
		{"C22 language", jsonItem(`"id":"1","language":"fr"`), "items[0].language", "fr"},
		{"C22 next page", jsonHead + `"next_url":"?p=2","items":[]}`, "feed.links[0].href", "http://f.example/feed?p=2"},
		{"C23 language", atomHead + `<entry xml:lang="fr"><title>t</title></entry></feed>`, "items[0].language", "fr"},
		{"C24 rdf:about", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><item rdf:about="urn:1"><title>t</title></item></rdf:RDF>`, "items[0].id", "urn:1"},
		{"C25 media:content", rssItem(`<media:group><media:content url="http://e.example/v" type="video/mp4" fileSize="7"/></media:group>`), "items[0].enclosures[0].length", "7"},
		{"C26 dcterms", rssItem(`<dcterms:issued>2026-02-03T00:00:00Z</dcterms:issued>`), "items[0].published", "2026-02-03T00:00:00Z"},
		{"C26 every creator", rssItem(`<dc:creator>A</dc:creator><dc:creator>B</dc:creator>`), "items[0].authors[1].name", "B"},
		{"C26 contributor", rssItem(`<dc:contributor>C</dc:contributor>`), "items[0].contributors[0].name", "C"},
		{"C27 first author", rssItem(`<author>A</author><author>B</author>`), "items[0].authors[0].name", "A"},
		{"C27 inherited author", atomFeed(`<author><name>A</name></author><entry><title>t</title></entry>`), "items[0].authors[0].name", "A"},
		{"C27 no address", rssItem(`<author>Bob (CEO)</author>`), "items[0].authors[0].name", "Bob (CEO)"},
		{"C28 permalink guid", rssItem(`<guid>http://e.example/1</guid>`), "items[0].link", "http://e.example/1"},
		{"C28 atom:link", rssItem(`<atom:link href="http://e.example/1"/>`), "items[0].link", "http://e.example/1"},
		{"C28 original link", rssItem(`<link>http://p.example/1</link><feedburner:origLink>http://e.example/1</feedburner:origLink>`), "items[0].link", "http://e.example/1"},
		{"C28 page before PDF", atomEntry(`<link type="application/pdf" href="http://e.example/p"/><link href="http://e.example/h"/>`), "items[0].link", "http://e.example/h"},
		{"C28 relative link", rssItem(`<link>1</link>`), "items[0].link", "http://f.example/1"},
		{"B29 script", rssItem(`<title>t</title><link>javascript:alert(1)</link>`), "items[0].link", ""},
		{"C29 xml:base is no directory", atomHead + `<entry xml:base="http://b.example/a/b"><link href="c"/></entry></feed>`, "items[0].link", "http://b.example/a/c"},
		{"C29 HTML of RSS", rssItem(`<description>&lt;a href="x"&gt;y&lt;/a&gt;</description>`), "items[0].summary", `<a href="http://f.example/x">y</a>`},
		{"C30 self-closed tags", atomEntry(`<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p/>a<b/>c</div></content>`), "items[0].content", "<p></p>a<b></b>c"},
		{"C30 prefixes", atomEntry(`<content type="xhtml"><h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:p>a</h:p></h:div></content>`), "items[0].content", "<p>a</p>"},
		{"C31 opaque id", atomEntry(`<id>HTTP://E.example/%7ea b</id>`), "items[0].id", "HTTP://E.example/%7ea b"},
		{"C32 first description", rssItem(`<description>a</description><description>b</description>`), "items[0].summary", "a"},
		{"C32 second description", rssItem(`<description>a</description><description>b</description>`), "items[0].content", "b"},
		{"C33 published is not updated", atomEntry(`<updated>2026-02-03T00:00:00Z</updated>`), "items[0].published", ""},
		{"C34 base64", atomEntry(`<content type="application/octet-stream">PGI+eDwvYj4=</content>`), "items[0].content", "<b>x</b>"},
		{"C35 source's zone", rssItem(`<pubDate>2026-02-03 08:00</pubDate>`), "items[0].published", "2026-02-03T00:00:00Z"},
		{"C36 title from the text", rssItem(`<description>&lt;p&gt;Some words&lt;/p&gt;</description>`), "items[0].title", "Some words"},
		{"C36 title from the address", rssItem(`<link>http://e.example/x</link>`), "items[0].title", "e.example/x"},
		{"C36 address from the id", atomEntry(`<id>http://e.example/1</id>`), "items[0].link", "http://e.example/1"},
		{"C36 address from the file", rssItem(`<enclosure url="http://e.example/a.mp3" type="audio/mpeg" length="1"/>`), "items[0].link", "http://e.example/a.mp3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			zone := time.FixedZone("CST", 8*3600)
			feed, problems, err := Parse(Document{Body: []byte(tt.body), URL: "http://f.example/feed", Zone: zone})
			if err != nil {
				t.Fatal(err)
			}
			got := lookup(jsonTree(t, feed.Inspect(problems)), tt.path)
			if got != tt.want {
				t.Errorf("%s = %q, want %q", tt.path, got, tt.want)
			}
		})
	}
}
