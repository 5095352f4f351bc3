package markup

import (
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

func read(t *testing.T, body string) *Document {
	t.Helper()
	base, err := url.Parse("https://example.org/blog/feed.xml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := Read([]byte(body), base)
	if err != nil {
		t.Fatal(err)
	}
	if doc.Root != RootNone && doc.Root != RootHTML {
		doc.Lift(nil)
	}
	return doc
}

func TestRoot(t *testing.T) {
	tests := []struct {
		name string // the number is that of the design notes
		body string
		want Root
		junk bool
	}{
		{"C11 RSS", `<?xml version="1.0"?><rss><channel/></rss>`, RootRSS, false},
		{"C11 RDF", `<rdf:RDF xmlns:rdf="r"><channel/></rdf:RDF>`, RootRDF, false},
		{"C11 Atom with a prefix", `<a:feed xmlns:a="http://www.w3.org/2005/Atom"/>`, RootAtom, false},
		{"C11 XML 1.1", `<?xml version="1.1"?><rss/>`, RootRSS, false},
		{"C11 far from the beginning", "<!--" + strings.Repeat(" ", 5000) + "--><rss/>", RootRSS, false},
		{"C11 PHP warning", "<br /><b>Warning</b>: in x.php<?xml version='1.0'?><rss version='2.0'/>", RootRSS, true},
		{"C11 two declarations", `<?xml version="1.0"?><?xml version="1.0"?><rss/>`, RootRSS, false},
		{"entry document", `<entry xmlns="http://www.w3.org/2005/Atom"><title>t</title></entry>`, RootAtom, false},
		{"channel without rss", `<channel><title>t</title></channel>`, RootRSS, false},
		{"B02 web page", `<!DOCTYPE html><html><head><title>Log in</title></head></html>`, RootHTML, true},
		{"web page around a feed", `<html><body><feed xmlns="http://www.w3.org/2005/Atom"/></body></html>`, RootAtom, true},
		{"nothing", `Not found`, RootNone, false},
		{"something else", `<opml version="2.0"><body/></opml>`, RootNone, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := read(t, tt.body)
			if doc.Root != tt.want || doc.Junk != tt.junk {
				t.Errorf("root %v, junk %v, want %v, %v", doc.Root, doc.Junk, tt.want, tt.junk)
			}
		})
	}
}

// TestSkeleton is C12 and C13: what is not balanced becomes so, and a document
// that ends early ends with its last whole item.
func TestSkeleton(t *testing.T) {
	tests := []struct {
		name      string
		body      string
		want      string
		truncated bool
	}{
		{
			"as it is",
			`<rss><channel><title>t</title></channel></rss>`,
			`<rss><channel><title>t</title></channel></rss>`, false,
		},
		{
			"B03 cut in an item",
			`<rss><channel><title>t</title><item><link>a</link></item><item><link>b</li`,
			`<rss><channel><title>t</title><item><link>a</link></item></channel></rss>`, true,
		},
		{
			"cut in the first item",
			`<rss><channel><title>t</title><item><link>a</link>`,
			`<rss><channel><title>t</title></channel></rss>`, true,
		},
		{
			"cut in a section",
			`<rss><channel><item><link>a</link></item><item><title><![CDATA[b`,
			`<rss><channel><item><link>a</link></item></channel></rss>`, true,
		},
		{
			"root not closed",
			`<rss><channel><item><link>a</link></item></channel>`,
			`<rss><channel><item><link>a</link></item></channel></rss>`, false,
		},
		{
			"missing end tag",
			`<rss><channel><image><url>u</url><item><link>a</link></item></channel></rss>`,
			`<rss><channel><image><url>u</url></image><item><link>a</link></item></channel></rss>`, false,
		},
		{
			"text without an end tag",
			`<rss><channel><item><title>a<link>b</link></item></channel></rss>`,
			`<rss><channel><item><title>x-lifted:0.</title><link>b</link></item></channel></rss>`, false,
		},
		{
			"end tag of nothing",
			`<rss><channel></b><item><link>a</link></item></channel></rss>`,
			`<rss><channel><item><link>a</link></item></channel></rss>`, false,
		},
		{
			"item in an item",
			`<rss><channel><item><link>a</link><item><link>b</link></item></channel></rss>`,
			`<rss><channel><item><link>a</link></item><item><link>b</link></item></channel></rss>`, false,
		},
		{
			"end tag in other letters",
			`<rss><Channel><Item><link>a</LINK></item></CHANNEL></rss>`,
			`<rss><Channel><Item><link>a</link></Item></Channel></rss>`, false,
		},
		{
			"comment with two hyphens",
			`<rss><!-- a -- b --><channel/></rss>`,
			`<rss><channel/></rss>`, false,
		},
		{
			"text after the end",
			`<rss><channel/></rss><script>x</script>`,
			`<rss><channel/></rss>`, false,
		},
		{
			"HTML's entities in an attribute",
			`<rss><channel><x t="caf&eacute; &amp; &quot;"/></channel></rss>`,
			`<rss><channel><x t="café &amp; &#34;"/></channel></rss>`, false,
		},
		{
			"C23 and C24 attributes that gofeed drops",
			`<rdf><item rdf:about="u" xml:lang="fr"><link>a</link></item></rdf>`,
			`<rdf><item rdf:about="u" xml:lang="fr"><lifted:attrs lang="fr" about="u"/><link>a</link></item></rdf>`, false,
		},
		{
			"C32 a second description",
			`<rss><channel><item><description>a</description><description>b</description></item></channel></rss>`,
			`<rss><channel><item><description>a</description><lifted:description>x-lifted:0.</lifted:description></item></channel></rss>`, false,
		},
		{
			"C29 xml:base",
			`<feed><entry xml:base="/a/b"><link href="c"/></entry></feed>`,
			`<feed><entry xml-base="/a/b"><link href="https://example.org/a/c"/></entry></feed>`, false,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := read(t, tt.body)
			if got := string(doc.Skeleton); got != tt.want || doc.Truncated != tt.truncated {
				t.Errorf("got\n%s, truncated %v\nwant\n%s, %v", got, doc.Truncated, tt.want, tt.truncated)
			}
		})
	}
}

// TestText is C21, C30 and C34, and what the repair of C12 and C13 comes to.
func TestText(t *testing.T) {
	tests := []struct {
		name    string
		element string
		kind    text.Kind
		plain   string
		markup  string
	}{
		{"text", `<title type="text">AT&amp;T &lt;b&gt;</title>`, text.Plain, "AT&T <b>", "AT&amp;T &lt;b&gt;"},
		{"html", `<title type="html">AT&amp;amp;T &lt;b&gt;x&lt;/b&gt;</title>`, text.Plain, "AT&T x", "AT&amp;T <b>x</b>"},
		{"B30 escaped script", `<title type="html">&amp;lt;script&amp;gt;</title>`, text.Plain, "<script>", "&lt;script&gt;"},
		{"xhtml", `<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a <b>b</b></div></title>`, text.Plain, "a b", "a <b>b</b>"},
		{"xhtml with a prefix", `<title type="xhtml"><h:div xmlns:h="x"><h:p/>a<h:br/></h:div></title>`, text.Plain, "a", "<p></p>a<br>"},
		{"xhtml with a section", `<title type="xhtml"><div><![CDATA[1 < 2]]></div></title>`, text.Plain, "1 < 2", "1 &lt; 2"},
		{"xhtml below a base", `<title type="xhtml"><div xml:base="/x/"><a href="y">z</a></div></title>`, text.Plain, "z", `<div><a href="https://example.org/x/y">z</a></div>`},
		{"base64", `<title mode="base64">PGI+eDwvYj4=</title>`, text.Plain, "x", "<b>x</b>"},
		{"naked markup", `<title>a <b>b</b></title>`, text.Loose, "a b", "a <b>b</b>"},
		{"naked comparison", `<title>3 < 5 and x<y</title>`, text.Loose, "3 < 5 and x<y", "3 &lt; 5 and x&lt;y"},
		{"double escaping", `<title>A &amp;amp; B</title>`, text.Loose, "A &amp; B", "A &amp; B"},
		{"reference in a section", `<title><![CDATA[It&#8217;s A &amp; B]]></title>`, text.Loose, "It’s A & B", "It&#8217;s A &amp; B"},
		{"reference escaped twice", `<title>It&amp;#8217;s</title>`, text.Loose, "It’s", "It&#8217;s"},
		{"unknown tag", `<title>The &lt;blob&gt; type</title>`, text.Loose, "The <blob> type", "The &lt;blob> type"},
		{"two sections", `<title><![CDATA[a]]> &amp; <![CDATA[b]]></title>`, text.Loose, "a & b", "a & b"},
		{"C13 control characters", "<title><![CDATA[a\x00\x08b\ufffe]]></title>", text.Loose, "ab", "ab"},
		{"relative link", `<title><![CDATA[<a href="../x y">z</a>]]></title>`, text.Loose, "z", `<a href="https://example.org/x%20y">z</a>`},
		{"no-break space", `<title>a&nbsp;b</title>`, text.Loose, "a\u00a0b", "a\u00a0b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := read(t, "<feed>"+tt.element+"</feed>")
			if len(doc.parts) != 1 {
				t.Fatalf("%d parts, want 1; skeleton %s", len(doc.parts), doc.Skeleton)
			}
			title := doc.Text(tokenPrefix+"0.", tt.kind)
			if got := title.Plain(); got != tt.plain {
				t.Errorf("plain text %q, want %q", got, tt.plain)
			}
			if got := title.Markup(); got != tt.markup {
				t.Errorf("markup %q, want %q", got, tt.markup)
			}
		})
	}
}

// FuzzRead holds that the skeleton, repaired, is balanced for encoding/xml and no
// deeper than the guard allows, whatever the document is.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		`<rss version="2.0"><channel><item><title>a &amp; b</title></item></channel></rss>`,
		`<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="xhtml"><div>x</div></content></entry></feed>`,
		`<!DOCTYPE rss [<!ENTITY a "b">]><rss><a b='c"d'>&a;</rss>`,
		`<rss><item><title>a<item></b></rss`,
		`<a:feed xmlns:a="x" xml:base="/y"><a:entry xml:base="z"/>`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		body = []byte(strings.ToValidUTF8(string(body), "\ufffd"))
		doc, err := Read(body, text.ParseBase("https://example.org/"))
		if err != nil || doc.Root == RootNone || doc.Root == RootHTML {
			return
		}
		doc.Lift(nil)
		for i := range doc.parts {
			read := doc.parts[i].Read(text.Loose, doc.entities)
			read.Plain()
			read.Markup()
		}
		checkDepth(t, doc.Skeleton)
		checkDepth(t, doc.Repaired())
	})
}

// checkDepth reads b as gofeed's decoder does.
func checkDepth(t *testing.T, b []byte) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(b)))
	d.Strict = false
	depth := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) || err != nil {
			return
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
		if depth > 256+4 { // what the guard lets pass, and what Lift adds
			t.Fatalf("encoding/xml sees %d open elements", depth)
		}
	}
}
