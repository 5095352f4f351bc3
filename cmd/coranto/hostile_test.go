package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// hostile are texts that break a careless publisher, as sources write them: with any
// bytes, and in JSON with the escapes that JSON has.
func hostile() []struct{ about, text string } {
	return []struct{ about, text string }{
		{"control characters", "a\x01b\x08c\x0bd\x0ce\x1bf\x7fg\u0085h\u009fi"},
		{"NUL", "a\x00b"},
		{"end of CDATA", "a ]]> b ]]]]><![CDATA[> c"},
		{"half surrogates", `a\ud800b\udfffc`},
		{"references of half surrogates", "a&#xD800;b&#55296;c&#xDFFF;d"},
		{"references of control characters", "a&#0;b&#1;c&#x1F;d&#xFFFE;e&#x110000;f"},
		{"noncharacters", "a\uFFFEb\uFFFFc\uFDD0d\U0001FFFEe"},
		{"no UTF-8", "a\xffb\xc0\x80c\xed\xa0\x80d\xf5e\xe2\x82"},
		{"latin-1 read as UTF-8", "SÃ£o PaulÃ³"},
		{"nothing", ""},
		{"white space only", " \t\u00a0\u2003\u3000\u200b "},
		{"right to left", "\u202eabc שלום\u202c مرحبا\u200f \u2066x"},
		{"300 characters in one word", strings.Repeat("sluggish", 38)},
		{"50,000 characters", strings.Repeat("long words ", 4500)},
		{"emoji with joiners", "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏿 🇩🇪"},
		{"combining marks", "Z" + strings.Repeat("\u0335\u0341\u035b", 200)},
		{"markup", "</title></item><script>alert(1)</script><b onclick=x>&lt;i&gt;"},
		{"markup escaped twice", "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt; &amp;amp;nbsp;"},
		{"ampersands", "AT&T R&D_x Q&A &nbsp; &bogus; &#; & 1 < 2 > 0"},
		{"quotes", `a"b'c\"d` + "`e"},
		{"javascript", "javascript:alert(1)"},
		{"data", "data:text/html;base64,PHNjcmlwdD4="},
		{"relative link", "../../a b/ü?q=[1]#x y"},
		{"link to nowhere", "http://"},
		{"odd link", "HTTP://User:Pass@EXAMPLE.com:80/a/../b/%7e%zz?x=<y>&z#a#b"},
		{"link with underscore", "https://my_host.example/a.mp3"},
		{"link of IPv6", "http://[2001:db8::1]:8080/x"},
		{"link in letters of others", "https://例え.テスト/日本語?é=ü"},
		{"urn", "urn:x:/?#"},
		{"tag", "tag:Example.ORG,2005:[a] ü"},
		{"yes", "yes"},
		{"year 0", "0000-00-00T00:00:00Z"},
		{"year 1", "Mon, 01 Jan 0001 00:00:00 GMT"},
		{"year 9999", "9999-12-31T23:59:59Z"},
		{"the epoch", "1970-01-01T00:00:00Z"},
		{"60 seconds", "2016-12-31T23:59:60Z"},
		{"huge number", "99999999999999999999999999"},
		{"negative number", "-1"},
	}
}

// TestHostileItems publishes items of which every field is hostile, and every field but
// those without which there would be no item, in each format that sources write.
func TestHostileItems(t *testing.T) {
	if testing.Short() {
		t.Skip("what it publishes is read by one goroutine")
	}
	var list []document
	for _, h := range hostile() {
		for _, write := range []func(string, string) document{
			hostileRSS, hostileCDATA, hostileAtom, hostileJSON,
		} {
			list = append(list, write(h.text, "Title"), write(h.text, h.text))
		}
	}
	o := newOperator(t, "")
	o.follow(list)
	o.fetch(exitOK)
	o.build("site")
	o.checkLint("site", time.Time{})
	items := len(o.stored())
	t.Logf("%d documents, %d items", len(list), items)
	if items < len(list)/2 {
		t.Errorf("%d items of %d documents, so the test shows little", items, len(list))
	}
}

func hostileRSS(text, title string) document {
	return rssOf(xmlText(text), xmlText(title))
}

// hostileCDATA has texts as they are, between the marks that end with ]]>.
func hostileCDATA(text, title string) document {
	return rssOf("<![CDATA["+text+"]]>", "<![CDATA["+title+"]]>")
}

func rssOf(text, title string) document {
	value := strings.NewReplacer("<![CDATA[", "", "]]>", "", `"`, "&quot;", "<", "&lt;").Replace(text)
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:georss="http://www.georss.org/georss"
 xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:podcast="https://podcastindex.org/namespace/1.0"
 xmlns:psc="http://podlove.org/simple-chapters" xmlns:thr="http://purl.org/syndication/thread/1.0"
 xmlns:slash="http://purl.org/rss/1.0/modules/slash/"
 xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule">
<channel>`)
	for _, name := range []string{"title", "link", "description", "language", "copyright",
		"managingEditor", "pubDate", "ttl", "itunes:author", "itunes:explicit"} {
		fmt.Fprintf(&b, "<%s>%s</%[1]s>\n", name, text)
	}
	fmt.Fprintf(&b, `<itunes:image href="%s"/><image><url>%s</url></image><item><title>%s</title>`,
		value, text, title)
	for _, name := range []string{"link", "guid", "description", "content:encoded", "author", "category",
		"pubDate", "comments", "source", "dc:creator", "dc:date", "dc:language", "dc:rights", "dc:subject",
		"creativeCommons:license", "slash:comments", "thr:total", "georss:point", "georss:box",
		"itunes:author", "itunes:title", "itunes:subtitle", "itunes:summary", "itunes:explicit",
		"itunes:duration", "itunes:episode", "itunes:season", "itunes:episodeType", "itunes:keywords",
		"media:title", "media:description", "media:credit", "media:rating", "media:keywords",
		"media:copyright", "media:hash", "media:restriction", "media:text", "media:category",
		"podcast:person", "podcast:location", "podcast:season", "podcast:episode", "podcast:license"} {
		fmt.Fprintf(&b, "<%s>%s</%[1]s>\n", name, text)
	}
	for _, element := range []string{
		`<category domain="%s">x</category>`, `<source url="%s">x</source>`,
		`<enclosure url="%s" length="%[1]s" type="%[1]s"/>`,
		`<enclosure url="https://a.example/1.mp3"/>`, `<enclosure url="https://a.example/b?c=d"/>`,
		`<itunes:image href="%s"/>`, `<media:thumbnail url="%s" width="%[1]s" time="%[1]s"/>`,
		`<media:player url="%s"/>`, `<media:credit role="%s" scheme="%[1]s">x</media:credit>`,
		`<media:group><media:content url="%s" type="%[1]s" medium="%[1]s" fileSize="%[1]s" ` +
			`duration="%[1]s" lang="%[1]s" isDefault="%[1]s" expression="%[1]s"/></media:group>`,
		`<media:rating scheme="%s">x</media:rating>`, `<media:category scheme="%s">x</media:category>`,
		`<media:restriction type="%s" relationship="%[1]s">x</media:restriction>`,
		`<podcast:transcript url="%s" type="%[1]s" language="%[1]s"/>`,
		`<podcast:chapters url="%s" type="%[1]s"/>`, `<podcast:soundbite startTime="%s" duration="%[1]s"/>`,
		`<psc:chapters version="1.2"><psc:chapter start="%s" title="%[1]s" href="%[1]s"/></psc:chapters>`,
		`<thr:in-reply-to ref="%s" href="%[1]s" type="%[1]s"/>`,
	} {
		b.WriteString(strings.NewReplacer("%s", value, "%[1]s", value).Replace(element) + "\n")
	}
	b.WriteString("</item></channel></rss>")
	return document{b.Bytes(), http.Header{"Content-Type": {"application/rss+xml; charset=utf-8"}}}
}

func hostileAtom(text, title string) document {
	v := strings.ReplaceAll(xmlText(text), `"`, "&quot;")
	person := "<name>" + v + "</name><email>" + v + "</email><uri>" + v + "</uri>"
	link := func(rel string) string {
		return `<link rel="` + rel + `" href="` + v + `" type="` + v + `" hreflang="` + v + `" title="` + v +
			`" length="` + v + `"/>`
	}
	about := "<id>" + v + "</id><updated>" + v + "</updated><published>" + v + "</published>" +
		"<rights>" + v + "</rights><icon>" + v + "</icon><logo>" + v + "</logo>" +
		"<author>" + person + "</author><contributor>" + person + "</contributor>" +
		`<category term="` + v + `" scheme="` + v + `" label="` + v + `"/>` +
		link("alternate") + link("self") + link("related") + link("enclosure") + link("via") +
		link("license") + link("replies") + link(v)
	body := `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="` + v + `" xml:base="` + v + `">
<title>` + v + `</title><subtitle>` + v + `</subtitle>` + about + `
<entry xml:lang="` + v + `"><title>` + xmlText(title) + `</title>` + about + `
<summary>` + v + `</summary><content type="html">` + v + `</content>
<source><title>` + v + `</title>` + about + `</source></entry></feed>`
	return document{[]byte(body), http.Header{"Content-Type": {"application/atom+xml"}}}
}

// hostileJSON keeps the bytes of texts, but for those that would end a string.
func hostileJSON(text, title string) document {
	quote := func(s string) string {
		if strings.Contains(s, `\u`) || !utf8.ValidString(s) {
			return `"` + s + `"`
		}
		quoted, err := json.Marshal(s)
		if err != nil {
			return `""`
		}
		return string(quoted)
	}
	v := quote(text)
	person := `[{"name": V, "url": V, "avatar": V}, {"name": V}]`
	body := `{"version": "https://jsonfeed.org/version/1.1", "title": V, "description": V,
"home_page_url": V, "feed_url": V, "icon": V, "favicon": V, "language": V, "authors": ` + person + `,
"items": [{"id": V, "title": T, "url": V, "external_url": V, "content_html": V, "content_text": V,
"summary": V, "image": V, "banner_image": V, "date_published": V, "date_modified": V, "tags": [V, V],
"language": V, "authors": ` + person + `, "_x": {"about": V, "y": [V]},
"attachments": [{"url": V, "mime_type": V, "title": V, "size_in_bytes": -1, "duration_in_seconds": 1e300},
{"url": "https://a.example/1.mp3"}]}]}`
	body = strings.NewReplacer("V", v, "T", quote(title)).Replace(body)
	return document{[]byte(body), http.Header{"Content-Type": {"application/feed+json"}}}
}

// xmlText is a text as element content of XML; what XML can't hold is in it as it is.
func xmlText(s string) string {
	return strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(s)
}
