package sanitize

import (
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"pgregory.net/rapid"
)

func pageURL(t testing.TB) *url.URL {
	t.Helper()
	u, err := url.Parse("https://origin.example/news/post.html?id=1")
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// checkSafe fails the test unless what HTML makes of in keeps every promise of
// the package: X10 to X13.
func checkSafe(t rapid.TB, in string, p Policy) Result {
	t.Helper()
	res := HTML(in, p)
	p.MaxInput = 0
	if again := HTML(res.HTML, p).HTML; again != res.HTML {
		t.Fatalf("a second pass changes the output\n in   %q\n once  %q\n twice %q", in,
			res.HTML, again)
	}
	if tree, own := reparsed(t, res.HTML), sorted(res.HTML); tree != own {
		t.Fatalf("another parser sees another tree\n in  %q\n got %q\n it  %q", in, own, tree)
	}
	if !utf8.ValidString(res.HTML) || !utf8.ValidString(res.Text) {
		t.Fatalf("invalid UTF-8 from %q: %q, %q", in, res.HTML, res.Text)
	}
	if res.Text != Line(res.Text) {
		t.Fatalf("text of %q is not one line: %q", in, res.Text)
	}
	checkTokens(t, res.HTML)
	checkXML(t, res.HTML)
	return res
}

// sorted is markup with the attributes of each tag in order of their names,
// which is the order that html.Parse gives some of them.
func sorted(markup string) string {
	var out []byte
	z := html.NewTokenizer(strings.NewReader(markup))
	for z.Next() != html.ErrorToken {
		raw := string(z.Raw())
		if tok := z.Token(); tok.Type == html.StartTagToken {
			out = startTag(out, tok.Data, tok.Attr)
		} else {
			out = append(out, raw...)
		}
	}
	return string(out)
}

func startTag(out []byte, name string, attrs []html.Attribute) []byte {
	slices.SortFunc(attrs, func(a, b html.Attribute) int { return strings.Compare(a.Key, b.Key) })
	out = append(out, "<"+name...)
	for _, a := range attrs {
		out = append(out, " "+a.Key+`="`...)
		out = append(escapeAttr(out, a.Val), '"')
	}
	return append(out, '>')
}

// reparsed writes the tree that html.Parse sees the way HTML writes its own, but
// for the order of attributes.
func reparsed(t rapid.TB, markup string) string {
	t.Helper()
	div := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	nodes, err := html.ParseFragment(strings.NewReader(markup), div)
	if err != nil {
		t.Fatalf("parse %q: %v", markup, err)
	}
	var out []byte
	for _, n := range nodes {
		out = dump(out, n)
	}
	return string(out)
}

func dump(out []byte, n *html.Node) []byte {
	switch n.Type {
	case html.TextNode:
		if n.Parent != nil && n.Parent.Data == "pre" && n.PrevSibling == nil && n.Data[0] == '\n' {
			out = append(out, '\n')
		}
		return escape(out, n.Data)
	case html.ElementNode:
	default:
		return append(out, "<!-- neither text nor element -->"...)
	}
	out = startTag(out, n.Data, n.Attr)
	for c := range n.ChildNodes() {
		out = dump(out, c)
	}
	switch n.DataAtom {
	case atom.Br, atom.Hr, atom.Wbr, atom.Img, atom.Source, atom.Track, atom.Col:
		return out
	}
	return append(out, "</"+n.Data+">"...)
}

// checkTokens fails the test if the tokens of markup can do anything.
func checkTokens(t rapid.TB, markup string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(markup))
	for z.Next() != html.ErrorToken {
		tok := z.Token()
		switch tok.Type {
		case html.CommentToken, html.DoctypeToken:
			t.Fatalf("%v in %q", tok, markup)
		case html.StartTagToken, html.SelfClosingTagToken:
			checkTag(t, tok, markup)
		}
	}
}

func checkTag(t rapid.TB, tok html.Token, markup string) {
	t.Helper()
	if k := lookup(tok.DataAtom).kind; k == drop || k == fallback ||
		k == unwrap && !mathElement(tok.Data) {
		t.Fatalf("element %s in %q", tok.Data, markup)
	}
	for _, a := range tok.Attr {
		switch {
		case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc", a.Key == "ping",
			a.Key == "formaction", strings.ContainsAny(a.Key, ":<\"'"):
			t.Fatalf("attribute %s in %q", a.Key, markup)
		case a.Key == "href", a.Key == "src", a.Key == "cite", a.Key == "poster":
			checkURL(t, tok, a.Val, markup)
		case a.Key == "srcset":
			if strings.Contains(a.Val, "script:") {
				t.Fatalf("srcset %q in %q", a.Val, markup)
			}
		case a.Key == "id" && !strings.HasPrefix(a.Val, idPrefix):
			t.Fatalf("id %q in %q", a.Val, markup)
		}
	}
}

func checkURL(t rapid.TB, tok html.Token, raw, markup string) {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatalf("URL %q in %q: %v", raw, markup, err)
	}
	switch u.Scheme {
	case "http", "https":
		if u.Host == "" {
			t.Fatalf("URL %q without a host in %q", raw, markup)
		}
	case "mailto", "tel":
		if tok.DataAtom != atom.A {
			t.Fatalf("URL %q in %q", raw, markup)
		}
	case "data":
		if tok.DataAtom != atom.Img || !strings.HasPrefix(raw, "data:image/") ||
			strings.HasPrefix(raw, "data:image/svg") {
			t.Fatalf("URL %q in %q", raw, markup)
		}
	default:
		t.Fatalf("URL %q in %q", raw, markup)
	}
}

// checkXML reads markup with a parser of another language: encoding/xml agrees
// that it is balanced and holds no character that XML forbids.
func checkXML(t rapid.TB, markup string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader("<x>" + markup + "</x>"))
	d.AutoClose = []string{"br", "hr", "wbr", "img", "source", "track", "col"}
	d.Strict = true
	d.Entity = map[string]string{}
	depth := 0
	for {
		tok, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("XML of %q: %v", markup, err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if isVoid(tok.Name.Local) {
				continue
			}
			depth++
		case xml.EndElement:
			if isVoid(tok.Name.Local) {
				continue
			}
			depth--
		}
	}
	if depth != 0 {
		t.Fatalf("unbalanced by %d: %q", depth, markup)
	}
}

func isVoid(name string) bool {
	switch name {
	case "br", "hr", "wbr", "img", "source", "track", "col":
		return true
	}
	return false
}

// soup draws markup that no one would write, from what sources do write.
func soup(t *rapid.T) string {
	tags := []string{
		"a href=/x", "a", "a name=y", "p", "div", "section", "span", "span lang=de", "b", "i", "em",
		"font color=red", "code", "ul", "ol start=3", "li", "dl", "dt", "dd", "table", "caption",
		"colgroup", "col span=2", "thead", "tbody", "tfoot", "tr", "td", "td colspan=2", "th",
		"h1", "h2", "pre", "blockquote", "figure", "figcaption", "details open", "summary", "br",
		"hr", "wbr", "img src=a.png", "img data-src=b.png src=data:x", "picture",
		"source srcset='a.png 2x'", "source src=v.mp4", "video src=v.mp4", "video", "audio",
		"track src=t.vtt", "iframe src=https://e.example/", "iframe src=//player.vimeo.com/video/1",
		"ruby", "rt", "rp", "rb", "math", "mrow", "mi", "mtext", "mglyph", "annotation-xml",
		"svg", "style", "script", "title", "textarea", "noscript", "template", "select", "option",
		"form", "button", "label", "object", "marquee", "applet", "p hidden", "div hidden",
		"li hidden", "td hidden", "tr hidden", "table hidden", "span hidden", "math hidden",
		"plaintext", "xmp", "noembed", "frameset", "body", "html", "head", "image src=c.png",
		"center", "nobr", "x-element", "input", "svg/", "math/", "mspace/", "p/", "b/",
	}
	texts := []string{
		"text", " ", "\n", "\n\n", "a & b", "&lt;i&gt;", "&amp;amp;", "\x00", "\x0b", "\r\n",
		"\xff",
		"\u202e", "&#1;", "&#x85;", "中文", "<", ">", "\"", "'", "<!--", "-->", "<![CDATA[", "]]>",
		"</", "&", "\ufffe", "&#xfffe;",
	}
	var b strings.Builder
	for range rapid.IntRange(1, 25).Draw(t, "n") {
		switch rapid.IntRange(0, 5).Draw(t, "what") {
		case 0, 1, 2:
			b.WriteString("<" + rapid.SampledFrom(tags).Draw(t, "tag") + ">")
		case 3, 4:
			name, _, _ := strings.Cut(rapid.SampledFrom(tags).Draw(t, "end"), " ")
			b.WriteString("</" + strings.TrimSuffix(name, "/") + ">")
		default:
			b.WriteString(rapid.SampledFrom(texts).Draw(t, "text"))
		}
	}
	return b.String()
}

func TestHTMLKeepsItsPromises(t *testing.T) {
	base := pageURL(t)
	rapid.Check(t, func(t *rapid.T) {
		checkSafe(t, soup(t), Policy{Base: base})
	})
}

func TestTextOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := soup(t)
		if got := Text(in); got != Line(got) || Line(got) != Line(Line(got)) {
			t.Fatalf("Text(%q) = %q, not one line", in, got)
		}
		limit := rapid.IntRange(0, 20).Draw(t, "limit")
		if got := Excerpt(in, limit); utf8.RuneCountInString(got) > limit {
			t.Fatalf("Excerpt(%q, %d) = %q is too long", in, limit, got)
		}
	})
}
