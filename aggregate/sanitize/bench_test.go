package sanitize

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// article is about 10 KB of what blogs and news sites put in their feeds.
func article() string {
	const part = `<div class="entry"><p>This is a paragraph with <a href="https://example.org/` +
		`a/b?` +
		`utm_source=rss&amp;x=1">a link</a>, <strong>bold</strong> and <em>emphasis</em> that ` +
		`goes ` +
		`on for a while, as articles do &mdash; some “quotes” and more words to fill it.</p>
<figure class="wp-block-image"><img src="/images/a.jpg" srcset="/images/a-300.jpg 300w, ` +
		`/images/a-600.jpg 600w" width="600" height="400" alt="A picture" class="size-large" />` +
		`<figcaption>A caption</figcaption></figure>
<ul><li>One <code>go test</code></li><li>Two things</li></ul><blockquote><p>Words of someone ` +
		`else, with an opinion about many things in this world.</p></blockquote></div>
`
	return strings.Repeat(part, 10<<10/len(part)+1)
}

func BenchmarkHTML(b *testing.B) {
	chinese := strings.Repeat("<p>中国证券报记者获悉，<strong>多家公司</strong>今日公告，"+
		"上半年净利润同比增长超过百分之三十，业内人士认为行业景气度仍在提升。</p>\n", 10<<10/200)
	for _, bb := range []struct{ name, in string }{
		{"article", article()},
		{"chinese", chinese},
		{"text", strings.Repeat("plain words, no markup ", 450)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			p := Policy{Base: pageURL(b)}
			b.SetBytes(int64(len(bb.in)))
			b.ReportAllocs()
			for b.Loop() {
				HTML(bb.in, p)
			}
		})
	}
}

// BenchmarkParseFragment is what a walk over a parsed tree would begin with.
func BenchmarkParseFragment(b *testing.B) {
	in := article()
	div := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := html.ParseFragment(strings.NewReader(in), div); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLine(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Line("A title of usual length, as sources give them to their posts")
		Line("中国证券报记者获悉  多家公司今日公告上半年净利润")
	}
}
