package parse

import (
	"strings"
	"testing"
)

// A field of a format that holds a text: before and after are the document around
// the element, path is where the text comes out.
type textField struct{ name, before, after, element, path string }

const (
	atom03Head = `<feed version="0.3" xmlns="http://purl.org/atom/ns#">`
	atom10Head = `<feed xmlns="http://www.w3.org/2005/Atom">`
)

func textFields03() []textField {
	return []textField{
		{"title", atom03Head, `</feed>`, "title", "feed.title"},
		{"tagline", atom03Head, `</feed>`, "tagline", "feed.summary"},
		{"info", atom03Head, `</feed>`, "info", "feed.summary"},
		{"copyright", atom03Head, `</feed>`, "copyright", "feed.rights"},
		{"entry title", atom03Head + `<entry>`, `</entry></feed>`, "title", "items[0].title"},
		{"entry summary", atom03Head + `<entry>`, `</entry></feed>`, "summary", "items[0].summary"},
		{"entry content", atom03Head + `<entry>`, `</entry></feed>`, "content", "items[0].content"},
		{"entry copyright", atom03Head + `<entry>`, `</entry></feed>`, "copyright", "items[0].rights"},
	}
}

func textFields10() []textField {
	return []textField{
		{"title", atom10Head, `</feed>`, "title", "feed.title"},
		{"subtitle", atom10Head, `</feed>`, "subtitle", "feed.summary"},
		{"rights", atom10Head, `</feed>`, "rights", "feed.rights"},
		{"entry title", atom10Head + `<entry>`, `</entry></feed>`, "title", "items[0].title"},
		{"entry summary", atom10Head + `<entry>`, `</entry></feed>`, "summary", "items[0].summary"},
		{"entry content", atom10Head + `<entry>`, `</entry></feed>`, "content", "items[0].content"},
		{"entry rights", atom10Head + `<entry>`, `</entry></feed>`, "rights", "items[0].rights"},
		{"source title", atom10Head + `<entry><source>`, `</source></entry></feed>`, "title", "items[0].source.title"},
		{"source subtitle", atom10Head + `<entry><source>`, `</source></entry></feed>`, "subtitle", "items[0].source.summary"},
		{"source rights", atom10Head + `<entry><source>`, `</source></entry></feed>`, "rights", "items[0].source.rights"},
	}
}

// textForm is a way to write a text; want is its HTML.
type textForm struct{ name, attrs, inner, want string }

const linkHTML = `<a href="http://x.example/a/rel">y</a>`

func textForms() []textForm {
	return []textForm{
		{"bare", ``, `Blue sky`, `Blue sky`},
		{"text", ` type="text"`, `Blue sky`, `Blue sky`},
		{"text/plain", ` type="text/plain"`, `Blue sky`, `Blue sky`},
		{"text, escaped", ` type="text"`, `the &lt;hr&gt; tag`, `the &lt;hr&gt; tag`},
		{"html", ` type="html"`, `Blue &lt;b&gt;sky&lt;/b&gt;`, `Blue <b>sky</b>`},
		{"text/html", ` type="text/html"`, `Blue &lt;b&gt;sky&lt;/b&gt;`, `Blue <b>sky</b>`},
		{"text/html escaped", ` type="text/html" mode="escaped"`, `Blue &lt;b&gt;sky&lt;/b&gt;`, `Blue <b>sky</b>`},
		{"html, twice escaped", ` type="html"`, `&lt;p&gt;the &amp;lt;hr&amp;gt; tag&lt;/p&gt;`, `<p>the &lt;hr&gt; tag</p>`},
		{"html in CDATA", ` type="html"`, `<![CDATA[Blue <b>sky</b>]]>`, `Blue <b>sky</b>`},
		{"html cdata mode", ` type="text/html" mode="escaped"`, `<![CDATA[Blue <b>sky</b>]]>`, `Blue <b>sky</b>`},
		{"xhtml", ` type="xhtml"`, `<div xmlns="http://www.w3.org/1999/xhtml">Blue <b>sky</b></div>`, `Blue <b>sky</b>`},
		{"xml mode", ` type="application/xhtml+xml" mode="xml"`, `<div xmlns="http://www.w3.org/1999/xhtml">Blue <b>sky</b></div>`, `Blue <b>sky</b>`},
		{"xhtml, escaped inside", ` type="xhtml"`, `<div xmlns="http://www.w3.org/1999/xhtml">the &lt;hr&gt; tag</div>`, `the &lt;hr&gt; tag`},
		{"xhtml type, no mode", ` type="application/xhtml+xml"`, `<div xmlns="http://www.w3.org/1999/xhtml">Blue <b>sky</b></div>`, `Blue <b>sky</b>`},
		{"application/xml", ` type="application/xml"`, `<div xmlns="http://www.w3.org/1999/xhtml">Blue <b>sky</b></div>`, `Blue <b>sky</b>`},
		{"naked", ``, `Blue <b>sky</b>`, `Blue <b>sky</b>`},
		{"base64 mode", ` type="application/octet-stream" mode="base64"`, "\nQmx1ZSA8Yj5z\na3k8L2I+\n", `Blue <b>sky</b>`},
		{"base64 html", ` type="text/html" mode="base64"`, "Qmx1ZSA8Yj5za3k8L2I+", `Blue <b>sky</b>`},
		{"base64 type", ` type="application/octet-stream"`, "Qmx1ZSA8Yj5za3k8L2I+", `Blue <b>sky</b>`},
		{"base of its own", ` type="html" xml:base="http://x.example/a/b"`, `&lt;a href="rel"&gt;y&lt;/a&gt;`, linkHTML},
		{"xhtml, base of its own", ` type="xhtml" xml:base="http://x.example/a/b"`, `<div xmlns="http://www.w3.org/1999/xhtml"><a href="rel">y</a></div>`, linkHTML},
		{"xhtml, base inside", ` type="xhtml"`, `<div xmlns="http://www.w3.org/1999/xhtml" xml:base="http://x.example/a/b"><a href="rel">y</a></div>`, `<div>` + linkHTML + `</div>`},
		{"xml mode, base", ` type="application/xhtml+xml" mode="xml" xml:base="http://x.example/a/b"`, `<div xmlns="http://www.w3.org/1999/xhtml"><a href="rel">y</a></div>`, linkHTML},
		{"base64, base", ` type="application/octet-stream" mode="base64" xml:base="http://x.example/a/b"`, `PGEgaHJlZj0icmVsIj55PC9hPg==`, linkHTML},
	}
}

func TestTexts(t *testing.T) {
	for version, fields := range map[string][]textField{"0.3": textFields03(), "1.0": textFields10()} {
		for _, field := range fields {
			for _, form := range textForms() {
				t.Run(version+" "+field.name+", "+form.name, func(t *testing.T) {
					body := field.before + "<" + field.element + form.attrs + ">" + form.inner + "</" + field.element + ">" + field.after
					expect(t, body, field.path, form.want)
				})
			}
		}
	}
}

// expect parses body and compares what it finds at path; where that is plain text,
// the text of want.
func expect(t *testing.T, body, path, want string) {
	t.Helper()
	feed, problems, err := Parse(Document{Body: []byte(body), URL: "http://f.example/dir/feed"})
	if err != nil {
		t.Fatal(err)
	}
	got := lookup(jsonTree(t, feed.Inspect(problems)), path)
	if !sameText(got, want) {
		t.Errorf("%s = %q, want %q\nin %s", path, got, want, body)
	}
}

func TestBreadth(t *testing.T) {
	a03 := func(s string) string { return atom03Head + s + "</feed>" }
	e03 := func(s string) string { return a03("<entry>" + s + "</entry>") }
	a10 := func(s string) string { return atom10Head + s + "</feed>" }
	e10 := func(s string) string { return a10("<entry>" + s + "</entry>") }
	src := func(s string) string { return e10("<source>" + s + "</source>") }
	ns := ` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:media="http://search.yahoo.com/mrss/"` +
		` xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:itunes="http://www.itunes.com/DTDs/PodCast-1.0.dtd" xmlns:cc="http://web.resource.org/cc/"` +
		` xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:wfw="http://wellformedweb.org/CommentAPI/"` +
		` xmlns:xhtml="http://www.w3.org/1999/xhtml"`
	ch := func(s string) string { return `<rss version="2.0"` + ns + `><channel>` + s + `</channel></rss>` }
	it := func(s string) string { return ch("<item>" + s + "</item>") }
	bare := func(s string) string { return `<rss` + ns + `><item>` + s + `</item></rss>` }
	rdf := func(c, i string) string {
		return `<rdf:RDF xmlns="http://purl.org/rss/1.0/"` + ns + `><channel rdf:about="http://e.example/index.rdf">` + c + `</channel><item rdf:about="http://e.example/1">` + i + `</item></rdf:RDF>`
	}
	tests := []struct{ name, body, path, want string }{
		// Atom people.
		{"0.3 author url", a03(`<author><url>http://e.example/</url></author>`), "feed.authors[0].uri", "http://e.example/"},
		{"0.3 author homepage", e03(`<author><homepage>http://e.example/</homepage></author>`), "items[0].authors[0].uri", "http://e.example/"},
		{"0.3 author uri", e03(`<author><uri>http://e.example/</uri></author>`), "items[0].authors[0].uri", "http://e.example/"},
		{"0.3 author text", e03(`<author>Ann (ann@e.example)</author>`), "items[0].authors[0].email", "ann@e.example"},
		{"0.3 author text name", a03(`<author>Ann &lt;ann@e.example&gt;</author>`), "feed.authors[0].name", "Ann"},
		{"0.3 contributors", e03(`<contributor><name>A</name><email>a@e.example</email></contributor><contributor><name>B</name><url>http://b.example/</url></contributor>`), "items[0].contributors[1].uri", "http://b.example/"},
		{"0.3 feed contributors", a03(`<contributor><name>A</name></contributor><contributor><name>B</name></contributor>`), "feed.contributors[1].name", "B"},
		{"1.0 author relative uri", e10(`<author><name>A</name><uri>a</uri></author>`), "items[0].authors[0].uri", "http://f.example/dir/a"},
		{"1.0 author url under base", a10(`<author xml:base="http://b.example/x/"><uri>a</uri></author>`), "feed.authors[0].uri", "http://b.example/x/a"},
		{"1.0 author base on uri", a10(`<author><uri xml:base="http://b.example/x/">a</uri></author>`), "feed.authors[0].uri", "http://b.example/x/a"},
		{"1.0 contributor relative url", a03(`<contributor><url>/a</url></contributor>`), "feed.contributors[0].uri", "http://f.example/a"},
		{"source contributor", src(`<contributor><uri>/a</uri></contributor>`), "items[0].source.contributors[0].uri", "http://f.example/a"},
		{"source author url", src(`<author><url>/a</url></author>`), "items[0].source.authors[0].uri", "http://f.example/a"},
		{"authors after each other", e10(`<author><email>a@e.example</email></author><author><email>b@e.example</email></author>`), "items[0].authors[1].email", "b@e.example"},
		// Atom dates.
		{"0.3 issued", e03(`<issued>2004-02-28T18:14:55Z</issued>`), "items[0].published", "2004-02-28T18:14:55Z"},
		{"0.3 modified", e03(`<modified>2004-02-28T18:14:55Z</modified>`), "items[0].updated", "2004-02-28T18:14:55Z"},
		{"0.3 created", e03(`<created>2004-02-28T18:14:55Z</created>`), "items[0].published", "2004-02-28T18:14:55Z"},
		{"0.3 feed modified", a03(`<modified>2004-02-28T18:14:55Z</modified>`), "feed.updated", "2004-02-28T18:14:55Z"},
		{"0.3 last published", e03(`<issued>2004-02-27T18:14:55Z</issued><issued>2004-02-28T18:14:55Z</issued>`), "items[0].published", "2004-02-28T18:14:55Z"},
		{"1.0 published", e10(`<published>2004-02-28T18:14:55Z</published>`), "items[0].published", "2004-02-28T18:14:55Z"},
		{"1.0 feed published", a10(`<published>2004-02-28T18:14:55Z</published>`), "feed.published", "2004-02-28T18:14:55Z"},
		{"1.0 feed pubDate", a10(`<pubDate>Sat, 28 Feb 2004 18:14:55 GMT</pubDate>`), "feed.published", "2004-02-28T18:14:55Z"},
		{"0.3 feed issued", a03(`<issued>2004-02-28T18:14:55Z</issued>`), "feed.published", "2004-02-28T18:14:55Z"},
		{"0.3 feed created", a03(`<created>2004-02-28T18:14:55Z</created>`), "feed.published", "2004-02-28T18:14:55Z"},
		{"source updated", src(`<updated>2004-02-28T18:14:55Z</updated>`), "items[0].source.updated", "2004-02-28T18:14:55Z"},
		{"source published", src(`<published>2004-02-28T18:14:55Z</published>`), "items[0].source.published", "2004-02-28T18:14:55Z"},
		// Atom links.
		{"link multiple", e10(`<link rel="alternate" type="text/html" href="http://a.example/"/><link rel="service.post" type="application/atom+xml" href="http://b.example/" title="post"/>`), "items[0].links[1].title", "post"},
		{"link no rel", e10(`<link href="http://a.example/"/>`), "items[0].links[0].rel", "alternate"},
		{"link license", e10(`<link rel="license" href="http://a.example/"/>`), "items[0].links[0].rel", "license"},
		{"link self", a10(`<link rel="self" href="http://a.example/"/>`), "feed.links[0].rel", "self"},
		{"link self not page", a10(`<link rel="self" href="http://a.example/s"/><link href="http://a.example/h"/>`), "feed.link", "http://a.example/h"},
		{"link only self", a10(`<link rel="self" href="http://a.example/s"/>`), "feed.link", ""},
		{"link iri", a10(`<link href="http://www.詹姆斯.com/"/>`), "feed.links[0].href", "http://www.xn--8ws00zhy3a.com/"},
		{"base iri", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://www.詹姆斯.com/atomtests/iri/"><link href="everything.atom"/></feed>`, "feed.links[0].href", "http://www.xn--8ws00zhy3a.com/atomtests/iri/everything.atom"},
		{"enclosure link url", e10(`<link rel="enclosure" href="http://a.example/v.mp4" title="V" type="video/mp4" length="5"/>`), "items[0].enclosures[0].url", "http://a.example/v.mp4"},
		{"enclosure link title", e10(`<link rel="enclosure" href="http://a.example/v.mp4" title="V" type="video/mp4" length="5"/>`), "items[0].enclosures[0].title", "V"},
		{"enclosures", e10(`<link rel="enclosure" href="http://a.example/v.mp4"/><link rel="enclosure" href="http://a.example/w.mp4"/>`), "items[0].enclosures[1].url", "http://a.example/w.mp4"},
		{"content src", e10(`<content src="http://a.example/d"/>`), "items[0].link", "http://a.example/d"},
		{"content src under base", e10(`<content src="d" xml:base="http://a.example/x/"/>`), "items[0].links[0].href", "http://a.example/x/d"},
		{"source link rel self", src(`<link rel="self" href="http://a.example/"/>`), "items[0].source.links[0].rel", "self"},
		{"source link related", src(`<link rel="related" href="http://a.example/"/>`), "items[0].source.links[0].rel", "related"},
		{"source link title", src(`<link rel="via" title="T" type="text/x" hreflang="en" href="http://a.example/"/>`), "items[0].source.links[0].title", "T"},
		{"source links", src(`<link rel="via" href="http://a.example/"/><link rel="alternate" href="http://b.example/"/>`), "items[0].source.links[1].rel", "alternate"},
		{"source relative link", src(`<link rel="via" href="x"/>`), "items[0].source.links[0].href", "http://f.example/dir/x"},
		{"via keeps type", e10(`<link rel="via" type="text/html" href="http://a.example/"/>`), "items[0].links[0].type", "text/html"},
		{"relative link and base", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://a.example/b/c"><entry xml:base="../d/"><link xml:base="e/" href="f"/></entry></feed>`, "items[0].link", "http://a.example/d/e/f"},
		{"empty base", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base=""><entry><link href="/f"/></entry></feed>`, "items[0].link", "http://f.example/f"},
		{"bad base", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://["><entry><link href="/f"/></entry></feed>`, "items[0].link", "http://f.example/f"},
		{"unsafe base", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="javascript:alert(1)"><entry><link href="/f"/></entry></feed>`, "items[0].link", "http://f.example/f"},
		// Atom ids, pictures, generators, categories.
		{"relative id", e10(`<id>/a</id>`), "items[0].id", "http://f.example/a"},
		{"feed relative id", a03(`<id>/a</id>`), "feed.id", "http://f.example/a"},
		{"id is guid", e10(`<id>urn:uuid:1</id>`), "items[0].id", "urn:uuid:1"},
		{"generator", a10(`<generator uri="http://g.example/" version="2">Gen</generator>`), "feed.generator", "Gen"},
		{"source generator", src(`<generator uri="http://g.example/" version="2">Gen</generator>`), "items[0].source.generator", "Gen"},
		{"source id", src(`<id>http://e.example/</id>`), "items[0].source.id", "http://e.example/"},
		{"relative icon", a10(`<icon>/i.png</icon>`), "feed.icon", "http://f.example/i.png"},
		{"relative logo base", a10(`<logo xml:base="http://b.example/">i.png</logo>`), "feed.logo", "http://b.example/i.png"},
		{"entry category text", e10(`<category>words</category>`), "items[0].tags[0].term", "words"},
		{"feed category", a10(`<category term="a" scheme="s" label="l"/><category term="b"/>`), "feed.tags[1].term", "b"},
		{"source lang", `<feed xmlns="http://www.w3.org/2005/Atom"><entry><source xml:lang="de"><title>T</title></source></entry></feed>`, "items[0].source.language", "de"},
		{"dc subject in atom", `<feed xmlns="http://purl.org/atom/ns#" version="0.3" xmlns:dc="http://purl.org/dc/elements/1.1/"><entry><dc:subject>s</dc:subject></entry></feed>`, "items[0].tags[0].term", "s"},
		{"media in atom", `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><entry><title>x</title><media:title>y</media:title></entry></feed>`, "items[0].title", "x"},
		{"media before title", `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><entry><media:title>y</media:title><title>x</title></entry></feed>`, "items[0].title", "x"},
		// What stands inside an unknown element is not the item's.
		{"nested title", e10(`<title>x</title><thing xmlns="urn:t"><title>y</title></thing>`), "items[0].title", "x"},
		{"nested title first", e10(`<thing xmlns="urn:t"><title>y</title></thing><title>x</title>`), "items[0].title", "x"},
		{"nested title of feed", a10(`<thing><title>y</title><id>q</id></thing><title>x</title>`), "feed.title", "x"},
		{"nested id", e10(`<thing><id>y</id></thing><id>x</id>`), "items[0].id", "x"},
		{"nested rss title", it(`<thing><title>y</title></thing><title>x</title>`), "items[0].title", "x"},
		// RSS head.
		{"title", ch(`<title>T</title>`), "feed.title", "T"},
		{"copyright", ch(`<copyright>C</copyright>`), "feed.rights", "C"},
		{"dc:rights", ch(`<dc:rights>C</dc:rights>`), "feed.rights", "C"},
		{"dc:title", ch(`<dc:title>C</dc:title>`), "feed.title", "C"},
		{"dc:date", ch(`<dc:date>2003-12-31T10:14:55Z</dc:date>`), "feed.updated", "2003-12-31T10:14:55Z"},
		{"dcterms:modified", ch(`<dcterms:modified>2003-12-31T10:14:55Z</dcterms:modified>`), "feed.updated", "2003-12-31T10:14:55Z"},
		{"dcterms:created", ch(`<dcterms:created>2003-12-31T10:14:55Z</dcterms:created>`), "feed.published", "2003-12-31T10:14:55Z"},
		{"generator", ch(`<generator>G</generator>`), "feed.generator", "G"},
		{"admin generator", `<rss xmlns:admin="http://webns.net/mvcb/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel><admin:generatorAgent rdf:resource="http://g.example/?v=2"/></channel></rss>`, "feed.generator", "http://g.example/?v=2"},
		{"image", ch(`<image><url>/i.png</url><title>I</title><link>http://i.example/</link></image>`), "feed.logo", "http://f.example/i.png"},
		{"image link", ch(`<image><link>http://i.example/</link></image><link>http://e.example/</link>`), "feed.link", "http://e.example/"},
		{"image link last", ch(`<link>http://e.example/</link><image><link>http://i.example/</link></image>`), "feed.link", "http://e.example/"},
		{"image only link", ch(`<image><link>http://i.example/</link></image>`), "feed.link", ""},
		{"image desc", ch(`<image><description>D</description></image><description>R</description>`), "feed.summary", "R"},
		{"textInput link", ch(`<textInput><title>a</title><link>http://i.example/</link><name>n</name></textInput><link>http://e.example/</link>`), "feed.link", "http://e.example/"},
		{"textInput title", ch(`<textInput><title>a</title></textInput><title>b</title>`), "feed.title", "b"},
		{"managingEditor", ch(`<managingEditor>me@e.example (Me)</managingEditor>`), "feed.authors[0].name", "Me"},
		{"managingEditor 2", ch(`<managingEditor>Me &lt;me@e.example&gt;</managingEditor>`), "feed.authors[0].email", "me@e.example"},
		{"managingEditor bare", ch(`<managingEditor>me@e.example</managingEditor>`), "feed.authors[0].email", "me@e.example"},
		{"channel author", ch(`<author>Me (me@e.example)</author>`), "feed.authors[0].name", "Me"},
		{"dc:creator", ch(`<dc:creator>Me (me@e.example)</dc:creator>`), "feed.authors[0].email", "me@e.example"},
		{"dc:creator 2", ch(`<dc:creator>me@e.example (Me)</dc:creator>`), "feed.authors[0].name", "Me"},
		{"managingEditor with creator", ch(`<managingEditor>Me</managingEditor><dc:creator>You</dc:creator>`), "feed.authors[0].name", "Me"},
		{"category", ch(`<category domain="d">a</category>`), "feed.tags[0].scheme", "d"},
		{"dc:subject", ch(`<dc:subject>a</dc:subject>`), "feed.tags[0].term", "a"},
		{"cdata title", ch(`<title><![CDATA[A & B]]></title>`), "feed.title", "A & B"},
		{"description twice", ch(`<description><![CDATA[<p>x</p>]]></description>`), "feed.summary", "<p>x</p>"},
		{"tagline", ch(`<tagline>x</tagline>`), "feed.summary", "x"},
		{"lastBuildDate", ch(`<lastBuildDate>Sat, 07 Sep 2002 0:00:01 GMT</lastBuildDate>`), "feed.updated", "2002-09-07T00:00:01Z"},
		{"docs", ch(`<docs>http://d.example/</docs>`), "feed.link", ""},
		{"language", ch(`<language>en_US</language>`), "feed.language", "en_US"},
		{"dc:language", ch(`<dc:language>fr</dc:language>`), "feed.language", "fr"},
		{"dc:contributor", ch(`<dc:contributor>A (a@e.example)</dc:contributor>`), "feed.contributors[0].email", "a@e.example"},
		// RSS items.
		{"bare item", bare(`<title>T</title>`), "items[0].title", "T"},
		{"creator", it(`<dc:creator>Me (me@e.example)</dc:creator>`), "items[0].authors[0].name", "Me"},
		{"author bare", it(`<author>me@e.example</author>`), "items[0].authors[0].email", "me@e.example"},
		{"author comma", it(`<author>me@e.example, Me</author>`), "items[0].authors[0].email", "me@e.example"},
		{"author with spaces", it(`<author>me@e.example (Me Too)</author>`), "items[0].authors[0].name", "Me Too"},
		{"author angle name", it(`<author>Me Too &lt;me@e.example&gt;</author>`), "items[0].authors[0].name", "Me Too"},
		{"author loose", it(`<author>Me Too me@e.example</author>`), "items[0].authors[0].email", "me@e.example"},
		{"author loose name", it(`<author>Me Too me@e.example</author>`), "items[0].authors[0].name", "Me Too"},
		{"dc:publisher", it(`<dc:publisher>P</dc:publisher>`), "items[0].title", ""},
		{"category", it(`<category>a</category>`), "items[0].tags[0].term", "a"},
		{"category space", it(`<category> a </category>`), "items[0].tags[0].term", "a"},
		{"content:encoded", it(`<content:encoded><![CDATA[<p>x</p>]]></content:encoded>`), "items[0].content", "<p>x</p>"},
		{"content and description", it(`<content:encoded>&lt;p&gt;x&lt;/p&gt;</content:encoded><description>d</description>`), "items[0].summary", "d"},
		{"description and content", it(`<description>d</description><content:encoded>&lt;p&gt;x&lt;/p&gt;</content:encoded>`), "items[0].content", "<p>x</p>"},
		{"fullitem", it(`<fullitem>&lt;p&gt;x&lt;/p&gt;</fullitem>`), "items[0].content", "<p>x</p>"},
		{"xhtml:body", it(`<xhtml:body><p>x</p></xhtml:body>`), "items[0].content", "<p>x</p>"},
		{"body with own namespace", it(`<body xmlns="http://www.w3.org/1999/xhtml"><p>x</p></body>`), "items[0].content", "<p>x</p>"},
		{"body without", it(`<body><p>x</p></body>`), "items[0].content", "<p>x</p>"},
		{"xhtml:div", it(`<xhtml:div><p>x</p></xhtml:div>`), "items[0].content", "<p>x</p>"},
		{"div with namespace", it(`<div xmlns="http://www.w3.org/1999/xhtml"><p>x</p></div>`), "items[0].content", "<p>x</p>"},
		{"dc:description", it(`<dc:description>x</dc:description>`), "items[0].summary", "x"},
		{"naked description", it(`<description><p>x</p></description>`), "items[0].summary", "<p>x</p>"},
		{"two descriptions same", it(`<description>x</description><summary>y</summary>`), "items[0].summary", "y"},
		{"dc:date", it(`<dc:date>2003-12-31T10:14:55Z</dc:date>`), "items[0].updated", "2003-12-31T10:14:55Z"},
		{"dcterms:created", it(`<dcterms:created>2003-12-31T10:14:55Z</dcterms:created>`), "items[0].published", "2003-12-31T10:14:55Z"},
		{"dcterms:modified", it(`<dcterms:modified>2003-12-31T10:14:55Z</dcterms:modified>`), "items[0].updated", "2003-12-31T10:14:55Z"},
		{"pubdate case", it(`<PUBDATE>Wed, 31 Dec 2003 10:14:55 GMT</PUBDATE>`), "items[0].published", "2003-12-31T10:14:55Z"},
		{"dc:rights", it(`<dc:rights>r</dc:rights>`), "items[0].rights", "r"},
		{"copyright", it(`<copyright>r</copyright>`), "items[0].rights", "r"},
		{"rights", it(`<rights>r</rights>`), "items[0].rights", "r"},
		{"guid not a permalink", it(`<guid isPermaLink="false">http://g.example/</guid>`), "items[0].guid_is_link", ""},
		{"guid lower", it(`<guid ispermalink="false">http://g.example/</guid><link>http://l.example/</link>`), "items[0].link", "http://l.example/"},
		{"guid after link", it(`<link>http://l.example/</link><guid isPermaLink="false">http://g.example/</guid>`), "items[0].id", "http://g.example/"},
		{"guid no url", it(`<guid>abc</guid>`), "items[0].link", ""},
		{"guid no url id", it(`<guid>abc</guid>`), "items[0].id", "abc"},
		{"guid not url not permalink", it(`<guid isPermaLink="false">abc</guid>`), "items[0].link", ""},
		{"guid false url", it(`<guid isPermaLink="false">http://g.example/</guid>`), "items[0].id", "http://g.example/"},
		{"enclosure first link", it(`<enclosure url="http://e.example/a" type="t/x" length="9"/><link>http://l.example/</link>`), "items[0].links[0].rel", "enclosure"},
		{"enclosures", it(`<enclosure url="http://e.example/a" type="t/x" length="9"/><enclosure url="http://e.example/b" type="t/y" length="8"/>`), "items[0].enclosures[1].length", "8"},
		{"enclosure of RDF", rdf("", `<enc:enclosure xmlns:enc="http://purl.oclc.org/net/rss_2.0/enc#" rdf:resource="http://e.example/a" enc:type="t/x" enc:length="9"/>`), "items[0].enclosures[0].url", "http://e.example/a"},
		{"enclosure of RDF by another prefix", `<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://purl.oclc.org/net/rss_2.0/enc#"><item><e:enclosure e:url="http://e.example/a" e:length="9"/></item></rdf:RDF>`, "items[0].enclosures[0].length", "9"},
		{"enclosure id", it(`<enclosure url="http://e.example/a" type="t/x" length="9"/>`), "items[0].id", "http://e.example/a"},
		{"source", it(`<source url="http://s.example/f.xml">S</source>`), "items[0].source.title", "S"},
		{"source title conflict", it(`<source url="http://s.example/f.xml">S</source><title>T</title>`), "items[0].title", "T"},
		{"comments", it(`<comments>/c</comments>`), "items[0].comments", "http://f.example/c"},
		{"cc license", it(`<cc:license rdf:resource="http://c.example/by"/>`), "items[0].links[0].rel", "license"},
		{"cc license href", it(`<cc:license rdf:resource="http://c.example/by"/>`), "items[0].links[0].href", "http://c.example/by"},
		{"creativeCommons", it(`<creativeCommons:license>http://c.example/by</creativeCommons:license>`), "items[0].links[0].href", "http://c.example/by"},
		{"channel creativeCommons", ch(`<creativeCommons:license>http://c.example/by</creativeCommons:license>`), "feed.links[0].rel", "license"},
		{"item image link", it(`<image><link>http://i.example/</link></image>`), "items[0].link", ""},
		{"item image title", it(`<image><title>i</title></image><title>t</title>`), "items[0].title", "t"},
		{"item media", it(`<media:group><media:title>M</media:title></media:group>`), "items[0].title", "M"},
		{"media:content title", it(`<media:content url="http://e.example/a"><media:title>M</media:title></media:content>`), "items[0].title", "M"},
		{"media description", it(`<media:description>d</media:description><description>e</description>`), "items[0].summary", "e"},
		{"media category scheme", it(`<media:category scheme="urn:x">c</media:category>`), "items[0].tags[0].scheme", "urn:x"},
		{"media category default", it(`<media:category>c</media:category>`), "items[0].tags[0].scheme", "http://search.yahoo.com/mrss/category_schema"},
		{"item lang", `<rss><channel><item xml:lang="de"><title>x</title></item></channel></rss>`, "items[0].language", "de"},
		{"channel lang", `<rss><channel xml:lang="de"><item><title>x</title></item></channel></rss>`, "feed.language", "de"},
		{"wfw comment", `<rss xmlns:wfw="http://wellformedweb.org/CommentAPI/"><item><wfw:comment>/c</wfw:comment></item></rss>`, "items[0].comments", "http://f.example/c"},
		// iTunes.
		{"itunes author", it(`<itunes:author>Me (me@e.example)</itunes:author>`), "items[0].authors[0].email", "me@e.example"},
		{"itunes channel author", ch(`<itunes:author>Me</itunes:author>`), "feed.authors[0].name", "Me"},
		{"itunes subtitle", ch(`<itunes:subtitle>S</itunes:subtitle>`), "feed.summary", "S"},
		{"itunes subtitle and description", ch(`<itunes:subtitle>S</itunes:subtitle><description>D</description>`), "feed.summary", "D"},
		{"itunes item subtitle", it(`<itunes:subtitle>S</itunes:subtitle>`), "items[0].summary", "S"},
		{"itunes keywords", ch(`<itunes:keywords>a, b</itunes:keywords>`), "feed.tags[1].term", "b"},
		{"itunes keywords space", ch(`<itunes:keywords>Technology Science</itunes:keywords>`), "feed.tags[0].term", "Technology Science"},
		{"itunes keywords dup", ch(`<itunes:keywords>a,a,b</itunes:keywords>`), "feed.tags[1].term", "b"},
		{"itunes keywords scheme", it(`<itunes:keywords>a</itunes:keywords>`), "items[0].tags[0].scheme", "http://www.itunes.com/"},
		{"itunes image", ch(`<itunes:image href="http://e.example/i.png"/>`), "feed.logo", "http://e.example/i.png"},
		{"itunes image url", ch(`<itunes:image url="http://e.example/i.png"/>`), "feed.logo", "http://e.example/i.png"},
		{"itunes link image", ch(`<itunes:link rel="image" href="http://e.example/i.png" type="video/jpeg">t</itunes:link>`), "feed.logo", "http://e.example/i.png"},
		{"itunes owner", ch(`<itunes:owner><itunes:name>N</itunes:name><itunes:email>n@e.example</itunes:email></itunes:owner>`), "feed.authors[0].email", "n@e.example"},
		{"itunes duration", it(`<enclosure url="http://e.example/a.mp3"/><itunes:duration>1:02:03</itunes:duration>`), "items[0].enclosures[0].duration", "3723"},
		{"itunes category empty", ch(`<itunes:category/><itunes:category text="T"/>`), "feed.tags[0].term", "T"},
		{"itunes namespace lower", `<rss xmlns:pod="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><pod:author>A</pod:author></channel></rss>`, "feed.authors[0].name", "A"},
		{"itunes namespace upper", `<rss xmlns:pod="http://www.itunes.com/DTDS/PODCAST-1.0.DTD"><channel><pod:author>A</pod:author></channel></rss>`, "feed.authors[0].name", "A"},
		{"itunes namespace example", `<rss xmlns:pod="http://example.com/dtds/podcast-1.0.dtd"><channel><pod:author>A</pod:author></channel></rss>`, "feed.authors[0].name", "A"},
		{"itunes capital elements", `<RSS version="2.0"><CHANNEL><TITLE>T</TITLE><ITEM><TITLE>I</TITLE></ITEM></CHANNEL></RSS>`, "items[0].title", "I"},
		// Namespaces.
		{"dc without slash", `<rss xmlns:x="http://purl.org/dc/elements/1.1"><channel><x:creator>A</x:creator></channel></rss>`, "feed.authors[0].name", "A"},
		{"dc 1.0", `<rss xmlns:x="http://purl.org/dc/elements/1.0/"><channel><x:creator>A</x:creator></channel></rss>`, "feed.authors[0].name", "A"},
		{"undeclared dc", `<rss><channel><dc:creator>A</dc:creator></channel></rss>`, "feed.authors[0].name", "A"},
		{"undeclared in atom", a10(`<entry><foo:bar><title>no</title></foo:bar><title>yes</title></entry>`), "items[0].title", "yes"},
		{"clash", `<rss version="2.0" xmlns:q="urn:q"><channel><q:title>no</q:title><title>yes</title><item><q:title>no</q:title><q:description>no</q:description><title>t</title><description>yes</description></item></channel></rss>`, "items[0].summary", "yes"},
		{"clash after", `<rss version="2.0" xmlns:q="urn:q"><channel><item><description>yes</description><q:description>no</q:description></item></channel></rss>`, "items[0].summary", "yes"},
		{"prefixed rss", `<r:rss version="2.0" xmlns:r="http://purl.org/rss/1.0/"><r:channel><r:item><r:title>t</r:title></r:item></r:channel></r:rss>`, "items[0].title", "t"},
		{"prefixed rss 2", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:r="http://purl.org/rss/1.0/"><r:channel><r:title>c</r:title></r:channel><r:item><r:title>t</r:title><r:link>http://e.example/</r:link><r:description>d</r:description></r:item></rdf:RDF>`, "items[0].summary", "d"},
		{"prefixed backend rss", `<rss version="2.0" xmlns="http://backend.userland.com/rss2"><channel><item><title>t</title></item></channel></rss>`, "items[0].title", "t"},
		{"prefixed atom", `<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>f</a:title><a:entry><a:title>t</a:title><a:author><a:name>A</a:name></a:author><a:link href="http://e.example/"/></a:entry></a:feed>`, "items[0].authors[0].name", "A"},
		{"purl atom", `<feed version="0.3" xmlns="http://purl.org/atom/ns"><title>T</title><entry><title>t</title></entry></feed>`, "items[0].title", "t"},
		{"echo", `<feed version="0.2" xmlns="http://example.com/newformat#"><title>T</title><entry><title>t</title></entry></feed>`, "items[0].title", "t"},
		{"no namespace atom", `<feed><title>T</title><entry><title>t</title></entry></feed>`, "items[0].title", "t"},
		{"atom in rss", `<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><a:link rel="self" href="http://e.example/"/><item><a:summary type="html">&lt;p&gt;x&lt;/p&gt;</a:summary></item></channel></rss>`, "items[0].summary", "<p>x</p>"},
		{"atom author in rss", `<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><item><a:author><a:name>N</a:name><a:email>n@e.example</a:email></a:author></item></channel></rss>`, "items[0].authors[0].email", "n@e.example"},
		{"atom title in rss", `<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><title>R</title><a:title>A</a:title><item><title>R</title></item></channel></rss>`, "feed.title", "R"},
		{"atom published in rss", `<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><item><a:published>2003-12-31T10:14:55Z</a:published></item></channel></rss>`, "items[0].published", "2003-12-31T10:14:55Z"},
		{"atom updated in rss", `<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><item><a:updated>2003-12-31T10:14:55Z</a:updated></item></channel></rss>`, "items[0].updated", "2003-12-31T10:14:55Z"},
		{"atom content in rss", `<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><item><a:content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>x</p></div></a:content></item></channel></rss>`, "items[0].content", "<p>x</p>"},
		// RDF.
		{"rdf title", rdf(`<title>T</title>`, ``), "feed.title", "T"},
		{"rdf id", rdf(``, `<title>t</title>`), "items[0].id", "http://e.example/1"},
		{"rdf description", rdf(``, `<description>d</description>`), "items[0].summary", "d"},
		{"rdf dc:date", rdf(``, `<dc:date>2003-12-31T10:14:55Z</dc:date>`), "items[0].updated", "2003-12-31T10:14:55Z"},
		{"rdf image", `<rdf:RDF xmlns="http://purl.org/rss/1.0/"` + ns + `><channel><title>T</title><image rdf:resource="http://e.example/i.png"/></channel><image rdf:about="http://e.example/i.png"><title>I</title><url>http://e.example/i.png</url><link>http://i.example/</link></image></rdf:RDF>`, "feed.logo", "http://e.example/i.png"},
		{"rdf image title", `<rdf:RDF xmlns="http://purl.org/rss/1.0/"` + ns + `><channel><title>T</title></channel><image><title>I</title></image></rdf:RDF>`, "feed.title", "T"},
		{"rdf items list", `<rdf:RDF xmlns="http://purl.org/rss/1.0/"` + ns + `><channel><title>T</title><items><rdf:Seq><rdf:li rdf:resource="http://e.example/1"/></rdf:Seq></items></channel><item><title>a</title></item><item><title>b</title></item></rdf:RDF>`, "items[1].title", "b"},
		{"rdf 0.90", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>T</title></channel><item><title>t</title><link>http://e.example/</link></item></rdf:RDF>`, "items[0].link", "http://e.example/"},
		{"rdf content:items", rdf(``, `<content:items><rdf:Bag><rdf:li><content:item rdf:about="http://e.example/x"><rdf:value>&lt;p&gt;x&lt;/p&gt;</rdf:value></content:item></rdf:li></rdf:Bag></content:items>`), "items[0].content", "<p>x</p>"},
		{"rdf empty textinput", `<rdf:RDF xmlns="http://purl.org/rss/1.0/"` + ns + `><channel><title>T</title><textinput/></channel></rdf:RDF>`, "feed.title", "T"},
		// Broken.
		{"unclosed CDATA", ch(`<item><title>a</title></item><item><title><![CDATA[b`), "items[0].title", "a"},
		{"missing item end", `<rss version="2.0"><channel><title>T</title><item><title>a</title><item><title>b</title></item></channel></rss>`, "items[1].title", "b"},
		{"missing link end", it(`<title>a</title><link>http://e.example/<description>d</description>`), "items[0].link", "http://e.example/"},
		{"sgml comment", `<!DOCTYPE rss [<!ELEMENT a (b)>]><rss><channel><title>T</title></channel></rss>`, "feed.title", "T"},
		{"doctype netscape", `<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>&eacute;</title></channel></rss>`, "feed.title", "é"},
		{"entity in attr", a10(`<link href="http://e.example/?a=1&amp;b=2"/>`), "feed.link", "http://e.example/?a=1&b=2"},
		{"bare amp in attr", a10(`<link href="http://e.example/?a=1&b=2"/>`), "feed.link", "http://e.example/?a=1&b=2"},
		{"lang entity", ch(`<title>&lang;x&rang;</title>`), "feed.title", "\u2329x\u232a"},
		// Languages.
		{"xml:lang", `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"/>`, "feed.language", "en"},
		{"lang without xml", `<feed xmlns="http://www.w3.org/2005/Atom" lang="en"><title>T</title></feed>`, "feed.language", ""},
		{"lang of another namespace", `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:x="urn:x" x:lang="en"><title>T</title></feed>`, "feed.language", ""},
		{"atom dc:language", `<feed xmlns="http://purl.org/atom/ns#" version="0.3" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:language>fr</dc:language></feed>`, "feed.language", "fr"},
		{"language before xml:lang", `<rss version="2.0" xml:lang="de"><channel><language>fr</language></channel></rss>`, "feed.language", "fr"},
		{"rss xml:lang", `<rss version="2.0" xml:lang="de"><channel><title>T</title></channel></rss>`, "feed.language", "de"},
		{"entry dc:language", `<feed xmlns="http://purl.org/atom/ns#" version="0.3" xmlns:dc="http://purl.org/dc/elements/1.1/"><entry><dc:language>fr</dc:language></entry></feed>`, "items[0].language", "fr"},
		// Entities and doctypes.
		{"own entity", `<!DOCTYPE rdf:RDF [<!ENTITY % HTMLlat1 PUBLIC "x" "y"> <!ENTITY amp2 "A&#38;B"> <!ENTITY e "Acme">]><rss><channel><title>&e; &amp2;</title></channel></rss>`, "feed.title", "Acme A&B"},
		{"own entity in an attribute", `<!DOCTYPE feed [<!ENTITY h "http://h.example/">]><feed xmlns="http://www.w3.org/2005/Atom"><link href="&h;x"/></feed>`, "feed.link", "http://h.example/x"},
		{"own entity in the namespace", `<!DOCTYPE feed [<!ENTITY atom "http://www.w3.org/2005/Atom">]><feed xmlns="&atom;"><entry><title>t</title></entry></feed>`, "items[0].title", "t"},
		{"own entity in a category", `<!DOCTYPE feed [<!ENTITY c "cat">]><feed xmlns="http://www.w3.org/2005/Atom"><category term="&c;"/></feed>`, "feed.tags[0].term", "cat"},
		{"declared nbsp", `<!DOCTYPE rss [<!ENTITY nbsp "&#160;">]><rss><channel><title>a&nbsp;b</title></channel></rss>`, "feed.title", "a\u00a0b"},
		{"apostrophe", ch(`<title>d&apos;or</title>`), "feed.title", "d'or"},
		{"query that looks like entities", it(`<link>http://h.example/?a=1&amp;o=2&amp;copy=3&amp;reg=4</link>`), "items[0].link", "http://h.example/?a=1&o=2&copy=3&reg=4"},
		{"query in HTML", it(`<description>&lt;a href="http://h.example/?a=1&amp;amp;copy=3"&gt;x&lt;/a&gt;</description>`), "items[0].summary", `<a href="http://h.example/?a=1&amp;copy=3">x</a>`},
		{"tag in an attribute", a10(`<title type="html">&lt;img alt="&lt;b&gt;cat&lt;/b&gt;"&gt; x</title>`), "feed.title", "x"},
		// Texts that are none.
		{"binary content", e10(`<title>t</title><content type="image/png">iVBORw0KGgo=</content>`), "items[0].content", ""},
		{"JSON content", e10(`<content type="application/json">{"a":1}</content>`), "items[0].content", `{"a":1}`},
		{"SVG content", e10(`<content type="image/svg+xml"><svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg></content>`), "items[0].content", `<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"></circle></svg>`},
		{"type in capitals", e10(`<title type="HTML">a &amp;amp; b</title>`), "items[0].title", "a & b"},
		{"type with blanks", e10(`<title type=" html ">a &amp;amp; b</title>`), "items[0].title", "a & b"},
		{"HTML in a text", e10(`<summary>&lt;p&gt;x&lt;/p&gt;</summary>`), "items[0].summary", "&lt;p&gt;x&lt;/p&gt;"},
		// Links, once more.
		{"relation in capitals", e10(`<link rel="Alternate" href="http://a.example/"/>`), "items[0].link", "http://a.example/"},
		{"relation as IANA's address", e10(`<link rel="http://www.iana.org/assignments/relation/alternate" href="http://a.example/"/>`), "items[0].link", "http://a.example/"},
		{"type of a link in capitals", e10(`<link type="application/pdf" href="http://a.example/p"/><link type="TEXT/HTML" href="http://a.example/"/>`), "items[0].link", "http://a.example/"},
		{"alternate feed is no page", a10(`<link rel="alternate" type="application/atom+xml" href="http://a.example/x"/><link rel="alternate" type="text/html" href="http://a.example/"/>`), "feed.link", "http://a.example/"},
		{"mailto link", it(`<link>mailto:a@e.example</link><title>t</title>`), "items[0].link", ""},
		{"data link", it(`<link>data:text/html,x</link><title>t</title>`), "items[0].link", ""},
		{"javascript in Atom", e10(`<link href="javascript:alert(1)"/><link href="http://a.example/"/>`), "items[0].link", "http://a.example/"},
		{"javascript in capitals", it(`<link>JavaScript:alert(1)</link><title>t</title>`), "items[0].link", ""},
		{"vbscript with controls", it("<link>\tvb&#10;script:x</link><title>t</title>"), "items[0].link", ""},
		{"scheme-relative picture", it(`<description>&lt;img src="//h.example/i.png"&gt;</description>`), "items[0].summary", `<img src="http://h.example/i.png">`},
		{"srcset", it(`<description>&lt;img srcset="a.png 1x, /b.png 2x"&gt;</description>`), "items[0].summary", `<img srcset="http://f.example/dir/a.png 1x, http://f.example/b.png 2x">`},
		{"picture with blanks", it(`<description>&lt;img src=" i j.png "&gt;</description>`), "items[0].summary", `<img src="http://f.example/dir/i%20j.png">`},
		{"fragment", it(`<description>&lt;a href="#x"&gt;y&lt;/a&gt;</description>`), "items[0].summary", `<a href="http://f.example/dir/feed#x">y</a>`},
		{"enclosure with blanks", it(`<enclosure url=" /a b.mp3 " type="audio/mpeg" length=" 12 "/>`), "items[0].enclosures[0].url", "http://f.example/a%20b.mp3"},
		{"enclosure's length", it(`<enclosure url="/a.mp3" type="audio/mpeg" length="1,234"/>`), "items[0].enclosures[0].length", "1234"},
		{"user in an address", it(`<link>http://u:p@h.example/</link>`), "items[0].link", "http://u:p@h.example/"},
		{"IDN with a port", it(`<link>http://例え.jp:81/ü</link>`), "items[0].link", "http://xn--r8jz45g.jp:81/%C3%BC"},
		{"address without a scheme", it(`<link>www.h.example/a</link>`), "items[0].link", "http://f.example/dir/www.h.example/a"},
		{"feed: address", it(`<link>feed://h.example/a</link><title>t</title>`), "items[0].link", ""},
		{"https in capitals", it(`<link>HTTPS://h.example/a</link>`), "items[0].link", "HTTPS://h.example/a"},
		{"link with unseen characters", it("<link>\ufeffhttp://h.example/a\u200b</link>"), "items[0].link", "http://h.example/a"},
		{"people joined by a word", it(`<author>a@e.example (A B) and c@e.example (C)</author>`), "items[0].authors[1].name", "C"},
		{"people with commas", it(`<author>"B, A" &lt;a@e.example&gt;; "D, C" &lt;c@e.example&gt;</author>`), "items[0].authors[1].name", "D, C"},
		{"subset with comments", `<!DOCTYPE rss [<!-- ' > " -->
<!ELEMENT rss (channel)><!ENTITY x "y">]><rss><channel><title>&x;</title></channel></rss>`, "feed.title", "y"},
		{"feed in a comment", `<!-- <feed><entry/></feed> --><rss><channel><title>T</title></channel></rss>`, "feed.title", "T"},
		{"feed in an instruction", `<?x <feed> ?><rss><channel><title>T</title></channel></rss>`, "feed.title", "T"},
		{"angle brackets in an attribute", a10(`<link title="a > b &lt; c" href="http://h.example/"/>`), "feed.links[0].title", "a > b < c"},
		{"single quotes", `<feed xmlns='http://www.w3.org/2005/Atom'><link href='http://h.example/?"x"'/></feed>`, "feed.link", "http://h.example/?%22x%22"},
		{"sections one after another", ch(`<title><![CDATA[a]]]]><![CDATA[>b]]> c</title>`), "feed.title", "a]]>b c"},
		{"names beyond ASCII", it(`<ключ>v</ключ><title>t</title>`), "items[0].title", "t"},
		{"entity with markup", `<!DOCTYPE rss [<!ENTITY x "<b>y</b>">]><rss><channel><description>&x; z</description></channel></rss>`, "feed.summary", "<b>y</b> z"},
		{"blanks in tags", "<rss\n version='2.0'\n><channel\t><title\n>T</title\n></channel ></rss >", "feed.title", "T"},
		{"blank text", it("<title> \n </title><description>d</description>"), "items[0].title", "d"},
		{"carriage returns", it("<title>a\r\nb</title>"), "items[0].title", "a b"},
		{"link in CDATA", it(`<link><![CDATA[http://h.example/?a=1&b=2]]></link>`), "items[0].link", "http://h.example/?a=1&b=2"},
		// Broken, once more.
		{"CDATA without end in the head", `<rss version="2.0"><channel><title><![CDATA[T</title><item><title>a</title></item></channel></rss>`, "items[0].title", "a"},
		{"attributes without quotes", `<rss version=2.0><channel><item><guid isPermaLink=false>1</guid><title>a</title></item></channel></rss>`, "items[0].id", "1"},
		{"comment in a title", ch(`<title>a<!-- x -->b</title>`), "feed.title", "ab"},
		{"instruction in a title", ch(`<title>a<?x y?>b</title>`), "feed.title", "ab"},
		{"nested item title", it(`<title>a</title><media:group><media:content url="http://e.example/v" type="video/mp4"><media:title>b</media:title></media:content></media:group>`), "items[0].title", "a"},
		// Links.
		{"scheme-relative", it(`<link>//h.example/a</link>`), "items[0].link", "http://h.example/a"},
		{"blank", it(`<link>http://h.example/a b</link>`), "items[0].link", "http://h.example/a%20b"},
		{"CJK", it(`<link>http://h.example/中?q=文</link>`), "items[0].link", "http://h.example/%E4%B8%AD?q=%E6%96%87"},
		{"IDN", it(`<link>http://例え.jp/</link>`), "items[0].link", "http://xn--r8jz45g.jp/"},
		{"line break", it("<link>\nhttp://h.example/a\n</link>"), "items[0].link", "http://h.example/a"},
		{"javascript", it(`<link>javascript:alert(1)</link><guid>http://g.example/</guid>`), "items[0].link", "http://g.example/"},
		{"javascript with blank", it("<link> java\nscript:alert(1)</link>"), "items[0].link", ""},
		{"rss xml:base", `<rss version="2.0" xml:base="http://b.example/x/"><channel><item><link>a</link></item></channel></rss>`, "items[0].link", "http://b.example/x/a"},
		{"rss base on link", it(`<link xml:base="http://b.example/x/">a</link>`), "items[0].link", "http://b.example/x/a"},
		{"rss base on description", it(`<description xml:base="http://b.example/x/">&lt;a href="rel"&gt;y&lt;/a&gt;</description>`), "items[0].summary", `<a href="http://b.example/x/rel">y</a>`},
		{"link with href", it(`<link href="http://h.example/"/>`), "items[0].link", "http://h.example/"},
		{"link in guid space", it("<guid>\n http://h.example/ \n</guid>"), "items[0].link", "http://h.example/"},
		{"percent", it(`<link>http://h.example/100%</link>`), "items[0].link", "http://h.example/100%25"},
		{"brackets", it(`<link>http://h.example/a[1]</link>`), "items[0].link", "http://h.example/a[1]"},
		{"backslash", it(`<link>http:\\h.example\a</link>`), "items[0].link", "http://h.example/a"},
		{"port", it(`<link>http://h.example:8080/a</link>`), "items[0].link", "http://h.example:8080/a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { expect(t, strings.TrimSpace(tt.body), tt.path, tt.want) })
	}
}
