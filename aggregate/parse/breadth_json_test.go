package parse

import (
	"errors"
	"testing"
)

// TestBreadthJSON is C22 in full: JSON Feed 1.0 and 1.1, and what programs make of
// them.
func TestBreadthJSON(t *testing.T) {
	feed := func(s string) string {
		return `{"version":"https://jsonfeed.org/version/1.1","title":"T",` + s + `}`
	}
	item := func(s string) string { return feed(`"items":[{` + s + `}]`) }
	tests := []struct{ name, body, path, want string }{
		{"title", feed(`"items":[]`), "feed.title", "T"},
		{"home page", feed(`"home_page_url":"/","items":[]`), "feed.link", "http://f.example/"},
		{"id", feed(`"feed_url":"http://f.example/x","items":[]`), "feed.id", "http://f.example/x"},
		{"description", feed(`"description":"a <b> c","items":[]`), "feed.summary", "a &lt;b&gt; c"},
		{"icon", feed(`"icon":"/i.png","items":[]`), "feed.logo", "http://f.example/i.png"},
		{"favicon", feed(`"favicon":"/i.ico","items":[]`), "feed.icon", "http://f.example/i.ico"},
		{"author of 1.0", feed(`"author":{"name":"A","url":"/a"},"items":[]`), "feed.authors[0].uri", "http://f.example/a"},
		{"authors of 1.1", feed(`"authors":[{"name":"A"},{"name":"B"}],"items":[]`), "feed.authors[1].name", "B"},
		{"author by mail", feed(`"authors":[{"name":"A","url":"mailto:a@e.example"}],"items":[]`), "feed.authors[0].email", "a@e.example"},
		{"author as a text", feed(`"author":"A","items":[]`), "feed.authors[0].name", "A"},
		{"authors as texts", feed(`"authors":["A","B"],"items":[]`), "feed.authors[1].name", "B"},
		{"language", feed(`"language":"de-CH","items":[]`), "feed.language", "de-CH"},
		{"hub", feed(`"hubs":[{"type":"WebSub","url":"http://h.example/"}],"items":[]`), "feed.links[0].rel", "hub"},
		{"hub's address", feed(`"hubs":[{"type":"WebSub","url":"http://h.example/"}],"items":[]`), "feed.links[0].href", "http://h.example/"},
		{"other hub", feed(`"hubs":[{"type":"rssCloud","url":"http://h.example/"}],"items":[]`), "feed.links[0].href", ""},
		{"hubs of a wrong type", feed(`"hubs":"http://h.example/","items":[{"id":"1"}]`), "items[0].id", "1"},
		{"next page", feed(`"next_url":"?p=2","items":[]`), "feed.links[0].rel", "next"},
		{"expired as a text", feed(`"expired":"true","user_comment":"x","items":[{"id":"1"}]`), "items[0].id", "1"},
		{"no items", feed(`"items":null`), "feed.title", "T"},
		{"empty item", feed(`"items":[null,{"id":"1"}]`), "items[0].id", "1"},
		{"numeric id", item(`"id":7`), "items[0].id", "7"},
		{"long id", item(`"id":12345678901234567890`), "items[0].id", "12345678901234567890"},
		{"long id, repaired", item(`"id":12345678901234567890,"author":"A"`), "items[0].id", "12345678901234567890"},
		{"fractional id", item(`"id":1.5`), "items[0].id", "1.5"},
		{"url", item(`"id":"1","url":"/a b"`), "items[0].link", "http://f.example/a%20b"},
		{"external url", item(`"id":"1","url":"/a","external_url":"http://x.example/"`), "items[0].links[1].rel", "related"},
		{"only external url", item(`"id":"1","external_url":"http://x.example/"`), "items[0].link", "http://x.example/"},
		{"id before external url", item(`"id":"http://e.example/1","external_url":"http://x.example/"`), "items[0].link", "http://e.example/1"},
		{"HTML first", item(`"id":"1","content_text":"t","content_html":"<p>h"`), "items[0].content", "<p>h"},
		{"relative picture", item(`"id":"1","content_html":"<img src=a.png>"`), "items[0].content", `<img src="http://f.example/dir/a.png">`},
		{"text", item(`"id":"1","content_text":"1 < 2 & 3"`), "items[0].content", "1 &lt; 2 &amp; 3"},
		{"title is plain", item(`"id":"1","title":"a <b>b</b> & c"`), "items[0].title", "a <b>b</b> & c"},
		{"summary", item(`"id":"1","summary":"s"`), "items[0].summary", "s"},
		{"published", item(`"id":"1","date_published":"2010-02-07T14:04:00-05:00"`), "items[0].published", "2010-02-07T19:04:00Z"},
		{"modified", item(`"id":"1","date_modified":"2010-02-07T14:04:00-05:00"`), "items[0].updated", "2010-02-07T19:04:00Z"},
		{"date as a number", item(`"id":"1","date_published":1265569440`), "items[0].published", "2010-02-07T19:04:00Z"},
		{"authors", item(`"id":"1","authors":[{"name":"A"},{"name":"B","url":"http://b.example/"}]`), "items[0].authors[1].uri", "http://b.example/"},
		{"inherited author", feed(`"authors":[{"name":"A"}],"items":[{"id":"1","authors":[]}]`), "items[0].authors[0].name", "A"},
		{"language of an item", item(`"id":"1","language":"fr"`), "items[0].language", "fr"},
		{"tags", item(`"id":"1","tags":["a","b"]`), "items[0].tags[1].term", "b"},
		{"tags as a text", item(`"id":"1","tags":"a, b"`), "items[0].tags[1].term", "b"},
		{"tags as objects", item(`"id":"1","tags":[{"name":"a"},3]`), "items[0].tags[0].term", "a"},
		{"attachment", item(`"id":"1","attachments":[{"url":"/a.mp3","mime_type":"audio/mpeg","size_in_bytes":9,"duration_in_seconds":61.7,"title":"t"}]`), "items[0].enclosures[0].duration", "61"},
		{"attachment's size as a text", item(`"id":"1","attachments":[{"url":"/a.mp3","size_in_bytes":"9"}]`), "items[0].enclosures[0].length", "9"},
		{"attachment's title", item(`"id":"1","attachments":[{"url":"/a.mp3","title":"t"}]`), "items[0].enclosures[0].title", "t"},
		{"one attachment without a list", item(`"id":"1","attachments":{"url":"/a.mp3"}`), "items[0].enclosures[0].url", "http://f.example/a.mp3"},
		{"attachments of a wrong type", item(`"id":"1","attachments":"/a.mp3"`), "items[0].id", "1"},
		{"attachment as link", item(`"id":"1","attachments":[{"url":"/a.mp3"}]`), "items[0].links[0].rel", "enclosure"},
		{"url of a wrong type", item(`"id":"1","url":{"a":1},"title":"x"`), "items[0].title", "x"},
		{"text of a wrong type", item(`"id":"1","content_html":["<p>a"],"title":"x"`), "items[0].title", "x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { expect(t, tt.body, tt.path, tt.want) })
	}
}

// TestKinds tells feeds from other documents.
func TestKinds(t *testing.T) {
	rdf := `xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"`
	tests := []struct {
		name, body string
		items      int
		err        error
	}{
		{"RSS 0.90", `<rdf:RDF ` + rdf + ` xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>c</title></channel><item><title>t</title></item></rdf:RDF>`, 1, nil},
		{"RSS 0.91", `<rss version="0.91"><channel><title>c</title><item><title>t</title></item></channel></rss>`, 1, nil},
		{"RSS 0.92", `<rss version="0.92"><channel><title>c</title><item><description>t</description></item></channel></rss>`, 1, nil},
		{"RSS 1.0", `<rdf:RDF ` + rdf + ` xmlns="http://purl.org/rss/1.0/"><channel><title>c</title></channel><item><title>t</title></item></rdf:RDF>`, 1, nil},
		{"RSS 1.0, default RDF", `<RDF xmlns="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:r="http://purl.org/rss/1.0/"><r:channel><r:title>c</r:title></r:channel><r:item><r:title>t</r:title></r:item></RDF>`, 1, nil},
		{"RSS 1.1", `<Channel xmlns="http://purl.org/net/rss1.1#" ` + rdf + ` rdf:about="http://e.example/"><title>c</title><link>http://e.example/</link><items rdf:parseType="Collection"><item rdf:about="http://e.example/1"><title>t</title><link>http://e.example/1</link></item><item rdf:about="http://e.example/2"><title>u</title></item></items></Channel>`, 2, nil},
		{"RSS 2.0, default namespace", `<rss version="2.0" xmlns="http://blogs.law.harvard.edu/tech/rss"><channel><item><title>t</title></item></channel></rss>`, 1, nil},
		{"RSS 3", `<rss version="3.0"><channel><item><title>t</title></item></channel></rss>`, 1, nil},
		{"item beside the channel", `<rss version="2.0"><channel><title>c</title></channel><item><title>t</title></item></rss>`, 1, nil},
		{"two channels", `<rss version="2.0"><channel><title>A</title><item><title>a</title></item></channel><channel><title>B</title><item><title>b</title></item></channel></rss>`, 2, nil},
		{"channel in a channel", `<rss version="2.0"><channel><title>A</title><channel><item><title>a</title></item></channel></channel></rss>`, 1, nil},
		{"items in a list", `<rss version="2.0"><channel><items><item><title>a</title></item><item><title>b</title></item></items></channel></rss>`, 2, nil},
		{"item in an item", `<rss version="2.0"><channel><item><title>a</title><item><title>b</title></item></item></channel></rss>`, 2, nil},
		{"rss in Atom's namespace", `<rss version="2.0" xmlns="http://www.w3.org/2005/Atom"><channel><item><title>a</title></item></channel></rss>`, 1, nil},
		{"rss with prefixed children", `<rss version="2.0" xmlns:x="http://backend.userland.com/rss2"><x:channel><x:item><x:title>a</x:title></x:item></x:channel></rss>`, 1, nil},
		{"items in another namespace", `<rss version="2.0" xmlns:x="http://purl.org/rss/1.0/"><channel><x:item><x:title>a</x:title></x:item></channel></rss>`, 1, nil},
		{"feed in RSS's namespace", `<feed xmlns="http://purl.org/rss/1.0/"><title>T</title><entry><title>a</title></entry></feed>`, 1, nil},
		{"feed with prefixed entries", `<feed xmlns="urn:x" xmlns:a="http://www.w3.org/2005/Atom"><a:title>T</a:title><a:entry><a:title>a</a:title></a:entry></feed>`, 1, nil},
		{"RDF without a namespace", `<RDF><channel><title>T</title></channel><item><title>a</title></item></RDF>`, 1, nil},
		{"RDF in the wrong namespace", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0"><channel><title>T</title></channel><item><title>a</title></item></rdf:RDF>`, 1, nil},
		{"wrapped in SOAP", `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><rss version="2.0"><channel><item><title>a</title></item></channel></rss></s:Body></s:Envelope>`, 1, nil},
		{"Atom 0.3", `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>t</title></entry></feed>`, 1, nil},
		{"Atom 1.0", `<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>t</title></entry></feed>`, 1, nil},
		{"Atom entry", `<entry xmlns="http://www.w3.org/2005/Atom"><title>t</title></entry>`, 1, nil},
		{"Atom entry of 0.3", `<entry version="0.3" xmlns="http://purl.org/atom/ns#"><title>t</title></entry>`, 1, nil},
		{"Atom entry with a prefix", `<a:entry xmlns:a="http://www.w3.org/2005/Atom"><a:title>t</a:title></a:entry>`, 1, nil},
		{"Atom entry in an entry's content", `<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>t</title><content type="application/atom+xml"><entry><title>u</title></entry></content></entry></feed>`, 1, nil},
		{"entry of an extension", `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:x="urn:x"><x:list><x:entry>n</x:entry></x:list><entry><title>t</title></entry></feed>`, 1, nil},
		{"item of an extension", `<rss version="2.0" xmlns:x="urn:x"><channel><item><title>t</title><x:item><title>u</title></x:item></item></channel></rss>`, 1, nil},
		{"feed without entries", `<feed xmlns="http://www.w3.org/2005/Atom"><title>c</title></feed>`, 0, nil},
		{"deleted entry", `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"><at:deleted-entry ref="urn:1"/><entry><title>t</title></entry></feed>`, 1, nil},
		{"stylesheet and comment", `<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?><!-- <rss> --><rss version="2.0"><channel><item><title>t</title></item></channel></rss>`, 1, nil},
		{"OPML", `<opml version="1.0"><head><title>x</title></head><body><outline text="a"/></body></opml>`, 0, ErrNotFeed},
		{"APP service", `<service xmlns="http://www.w3.org/2007/app" xmlns:atom="http://www.w3.org/2005/Atom"><workspace><atom:title>x</atom:title></workspace></service>`, 0, ErrNotFeed},
		{"KML", `<kml xmlns="http://earth.google.com/kml/2.0"><Placemark><name>x</name></Placemark></kml>`, 0, ErrNotFeed},
		{"sitemap", `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://e.example/</loc></url></urlset>`, 0, ErrNotFeed},
		{"OpenSearch", `<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/"><ShortName>x</ShortName></OpenSearchDescription>`, 0, ErrNotFeed},
		{"page", `<!DOCTYPE html><html><body>x</body></html>`, 0, ErrHTML},
		{"words", `nothing at all`, 0, ErrNotFeed},
		{"other JSON", `{"error":"no"}`, 0, ErrNotFeed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			feed, _, err := Parse(Document{Body: []byte(tt.body)})
			if !errors.Is(err, tt.err) {
				t.Fatalf("err = %v, want %v", err, tt.err)
			}
			if err == nil && len(feed.Items) != tt.items {
				t.Errorf("%d items, want %d", len(feed.Items), tt.items)
			}
		})
	}
}
