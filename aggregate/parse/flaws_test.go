package parse

import (
	"strings"
	"testing"
)

// TestPlaces holds that each repair, guess and loss is told once, with its place:
// the item it is in, or its line of the document as it came.
func TestPlaces(t *testing.T) {
	const good = "<item><title>good</title></item>"
	second := func(s string) string { return rssFeed(good + "<item>" + s + "</item>") }
	tests := []struct{ name, body, code, place string }{
		{"C12 bare ampersand", second(`<title>A & B</title>`), "bare-ampersand", "item 2"},
		{"C12 bare ampersand in XHTML", atomEntry(`<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A & <b>B</b></div></content>`), "bare-ampersand", "item 1"},
		{"C12 bare ampersand of the feed", rssFeed(`<link>http://e.example/?a=1&b=2</link>` + good), "bare-ampersand", ""},
		{"C12 bare less-than", second(`<title>3 < 5</title>`), "bare-less-than", "item 2"},
		{"C12 naked markup", second(`<description><p>a</p></description>`), "markup-unescaped", "item 2"},
		{"C12 unquoted attribute", "<rss version=2.0>\n<channel>" + good + "</channel></rss>", "attribute-unquoted", "line 1"},
		{"C12 repeated attribute", second(`<guid a="1" a="2">x</guid>`), "attribute-repeated", "item 2"},
		{"C12 hyphens in a comment", "<rss>\n<!-- a -- b --><channel>" + good + "</channel></rss>", "comment-hyphens", "line 2"},
		{"C12 text after the end", "<rss><channel>" + good + "</channel></rss>\n<script>x</script>", "text-after-root", "line 1"},
		{"C12 element not closed", "\n<rss><channel>\n<b>" + good + "</channel></rss>", "loose-markup", "line 3"},
		{"C12 items outside the channel", "<rss><channel><title>t</title></channel>\n" + good + "</rss>", "items-outside-channel", "line 2"},
		{"C12 prefix without declaration", `<rss><channel>` + good + `<item><geo:lat>1</geo:lat></item></channel></rss>`, "prefix-undeclared", "item 2"},
		{"C12 section half closed", "<rss><channel>\n<item><title><![CDATA[A]]</title></item></channel></rss>", "section-unclosed", "line 2"},
		{"C12 long text of an unknown element", second("<z>" + strings.Repeat("a", 70<<10) + "</z>"), "text-cut", "item 2"},
		{"C12 end of a section in a text", second(`<author>a]]>b</author>`), "section-end", "item 2"},
		{"C13 control character", second("<title>a\x08b</title>"), "control-characters", "item 2"},
		{"C13 control character by number", second("<title>a&#8;b</title>"), "control-characters", "item 2"},
		{"C13 control character in XHTML", atomEntry("<content type='xhtml'><div>a\x08<b>b</b></div></content>"), "control-characters", "item 1"},
		{"C13 number of windows-1252", second(`<title>it&#146;s</title>`), "windows-characters", "item 2"},
		{"C13 C1 control", second("<title>it\u0092s</title>"), "windows-characters", "item 2"},
		{"C08 damaged text", second("<title>a\ufffdb</title>"), "text-damaged", "item 2"},
		{"C08 damaged text by number", second("<title>a&#xD800;b</title>"), "text-damaged", "item 2"},
		{"C08 text in a wrong charset", second(`<title>CafÃ© naÃ¯ve</title>`), "text-garbled", "item 2"},
		{"C08 characters that were lost", second(`<description>锟斤拷锟斤拷</description>`), "text-garbled", "item 2"},
		{"C08 JSON in a wrong charset", jsonItem("\"id\":\"1\",\"title\":\"ä¸\u00adå›½æ–°é—»\""), "text-garbled", "item 1"},
		{"C08 damaged JSON", jsonItem("\"id\":\"1\",\"title\":\"a\ufffdb\""), "text-damaged", "item 1"},
		{"C11 XML 1.1", `<?xml version="1.1"?>` + rssItem(""), "xml-version", ""},
		{"C11 two declarations", "<?xml version='1.0'?><?xml version='1.0'?>" + rssItem(""), "declaration-repeated", ""},
		{"C11 lines before the declaration", "\n\n<?xml version='1.0'?>" + rssItem(""), "blank-before-declaration", ""},
		{"C11 two byte order marks", "\xef\xbb\xbf\xef\xbb\xbf" + rssItem(""), "mark-repeated", ""},
		{"C11 text before the root", "Notice: x" + rssItem(""), "junk-before-root", ""},
		{"C11 no rss element", "<channel>" + good + "</channel>", "rss-missing", ""},
		{"C11 no channel element", "<rss><title>t</title>" + good + "</rss>", "channel-missing", ""},
		{"C15 no namespace", "<feed><title>t</title><entry><title>a</title></entry></feed>", "namespace-missing", ""},
		{"C11 entry alone", `<entry xmlns="http://www.w3.org/2005/Atom"><title>t</title></entry>`, "entry-alone", ""},
		{"C14 unknown entity", second(`<title>&nosuch;</title>`), "entity-unknown", "item 2"},
		{"C14 entity of HTML", second(`<title>a&nbsp;b</title>`), "entity-undeclared", "item 2"},
		{"C14 external entity", `<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + rssItem(""), "entity-refused", ""},
		{"C29 xml:base is none", second(`<title xml:base="javascript:x">a</title>`), "base-unusable", "item 2"},
		{"C29 xml:base of the root is none", `<rss xml:base="urn:x"><channel>` + good + `</channel></rss>`, "base-unusable", ""},
		{"C29 relative link without a base", second(`<link>/a</link>`), "base-unknown", "item 2"},
		{"B29 script", second(`<title>t</title><link>javascript:alert(1)</link>`), "address-refused", "item 2"},
		{"C32 two titles", second(`<title>a</title><title>b</title>`), "element-repeated", "item 2"},
		{"C34 no Base64", atomEntry(`<content type="application/octet-stream">%%%</content>`), "base64-broken", "item 1"},
		{"C35 no such day", second(`<pubDate>Mon, 31 Feb 2026 10:00:00 GMT</pubDate>`), "date-unreadable", "item 2"},
		{"C35 day or month", second(`<pubDate>03/04/2026</pubDate>`), "date-ambiguous", "item 2"},
		{"C35 day or month behind a weekday", second(`<pubDate>sam 01/06/2024</pubDate>`), "date-ambiguous", "item 2"},
		{"C35 IST", second(`<pubDate>Mon, 02 Feb 2026 10:00:00 IST</pubDate>`), "zone-ambiguous", "item 2"},
		{"C35 CST", second(`<pubDate>Mon, 02 Feb 2026 10:00:00 CST</pubDate>`), "zone-ambiguous", "item 2"},
		{"C25 file without an address", second(`<enclosure type="audio/mpeg" length="1"/>`), "enclosure-without-address", "item 2"},
		{"C25 length of a file", second(`<enclosure url="http://e.example/a" length="1 MB"/>`), "length-unreadable", "item 2"},
		{"C27 person without a name", atomEntry(`<author><email>a@e.example</email></author>`), "person-without-name", "item 1"},
		{"C20 hints", rssFeed(`<ttl>soon</ttl>` + good), "hint-unreadable", ""},
		{"C10 author as a text", jsonItem(`"id":"1","author":"A"`), "json-people", "item 1"},
		{"C10 tags as a text", jsonItem(`"id":"1","tags":"a,b"`), "json-tags", "item 1"},
		{"C10 number as a title", jsonItem(`"id":"1","title":7`), "json-type", "item 1"},
		{"C10 list as an id", jsonItem(`"id":["2"]`), "json-type", "item 1"},
		{"C10 several members", jsonItem(`"id":["2"],"title":{"a":1},"tags":"a"`), "json-type", "item 1"},
		{"C10 items that are none", jsonHead + `"items":[{"id":"1","tags":"a"},7]}`, "json-item", ""},
		{"C10 no version", `{"items":[{"id":"1"}]}`, "version-unknown", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, problems, err := Parse(Document{Body: []byte(tt.body)})
			if err != nil {
				t.Fatal(err)
			}
			found := 0
			for _, p := range problems {
				if p.Code != tt.code {
					continue
				}
				found++
				if p.Place != tt.place {
					t.Errorf("place %q, want %q", p.Place, tt.place)
				}
				if !strings.HasSuffix(p.Text, ".") {
					t.Errorf("%q is no sentence", p.Text)
				}
			}
			if found != 1 {
				t.Errorf("problems = %v, want one %q", problems, tt.code)
			}
		})
	}
}

// TestNoProblems holds that what is common and harmless is not reported.
func TestNoProblems(t *testing.T) {
	tests := []struct{ name, body string }{
		{"no guid, no date", rssItem(`<title>t</title><link>http://e.example/1</link>`)},
		{"HTML in a title", rssItem(`<title>a &lt;b&gt;b&lt;/b&gt;</title>`)},
		{"date without a zone", rssItem(`<title>t</title><pubDate>2026-02-03 08:00</pubDate>`)},
		{"date in markup", rssItem(`<title>t</title><pubDate>&lt;time datetime="2024-06-01T12:00:00+02:00"&gt;sam 01/06/2024 - 12:00&lt;/time&gt;</pubDate>`)},
		{"declared entity", `<!DOCTYPE rss [<!ENTITY corp "ACME">]><rss><channel><item><title>&corp; &amp; &lt;</title></item></channel></rss>`},
		{"declared entity with a reference", `<!DOCTYPE rss [<!ENTITY co "Me &amp; Co &#38;lt;">]>` + rssItem(`<title>&co;</title>`)},
		{"person named by an address", atomEntry(`<title>t</title><author><name>w-nws@noaa.gov</name></author>`)},
		{"sections with brackets", rssItem(`<title><![CDATA[a[b[0]]</b>]]></title><description><![CDATA[</item> <item>]]></description>`)},
		{"DTD of RSS 0.91", `<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">` + rssItem(`<title>caf&eacute;</title>`)},
		{"XHTML", atomEntry(`<title>t</title><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>a</p></div></content>`)},
		{"comments", "<!-- a -->" + rssItem(`<title>t<!-- b --></title><!-- c -->`) + "\n<!-- d -->\n"},
		{"empty elements", rssItem(`<title>t</title><link/><author/><category/><pubDate/><enclosure url="http://e.example/a.mp3" length="" type=""/>`)},
		{"JSON Feed", jsonItem(`"id":"1","title":"t","authors":[{"name":"A"}],"tags":["a"]`)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, problems, err := Parse(Document{Body: []byte(tt.body), URL: "http://f.example/feed"})
			if err != nil || len(problems) > 0 {
				t.Errorf("problems = %v, error %v, want none", problems, err)
			}
		})
	}
}
