package parse

import "testing"

// TestTitles is C21 for titles of which the format does not say whether they are text
// or HTML: no word is lost, and none is left in markup, without a problem.
func TestTitles(t *testing.T) {
	tests := []struct{ name, title, want, code string }{
		{"word alone", `The &lt;script&gt; tag, explained`, "The <script> tag, explained", ""},
		{"word between words", `How to use the &lt;table&gt; element`, "How to use the <table> element", ""},
		{"two words", `Why &lt;video&gt; &amp; &lt;audio&gt; matter`, "Why <video> & <audio> matter", ""},
		{"word at the beginning", `&lt;table&gt; considered harmful`, "<table> considered harmful", ""},
		{"word at the end", `All about &lt;div&gt;`, "All about <div>", ""},
		{"word with a switch", `Use &lt;video controls&gt; today`, "Use <video controls> today", ""},
		{"word in Chinese", `使用&lt;table&gt;元素`, "使用<table>元素", ""},
		{"end tag as a word", `The &lt;/body&gt; tag`, "The </body> tag", ""},
		{"WordPress", `Don&#8217;t use &lt;b&gt; &#038; &lt;i&gt;`, "Don’t use <b> & <i>", ""},
		{"section", `<![CDATA[Use <b> tags & <br>]]>`, "Use <b> tags & <br>", ""},
		{"section with references", `<![CDATA[Don&#8217;t use <b> &amp; <i>]]>`, "Don’t use <b> & <i>", ""},
		{"types", `Map&lt;K, V&gt; and List&lt;String&gt;`, "Map<K, V> and List<String>", ""},
		{"element", `&lt;b&gt;New&lt;/b&gt; posts`, "New posts", ""},
		{"element beside a word", `&lt;b&gt;New&lt;/b&gt;: the &lt;table&gt; element`, "New: the <table> element", ""},
		{"element beside a type", `&lt;b&gt;New&lt;/b&gt;: List&lt;String&gt;`, "New: List<String>", ""},
		{"comparison beside an element", `&lt;i&gt;x&lt;/i&gt; if a &lt;b`, "x if a <b", ""},
		{"line break", `One&lt;br&gt;two`, "One two", ""},
		{"line break beside a word", `One&lt;br/&gt;the &lt;table&gt; element`, "One the <table> element", ""},
		{"picture", `One &lt;img src="a.png"&gt; two`, "One two", ""},
		{"example of a link", `The &lt;a href=""&gt; tag`, "The tag", "words-as-markup"},
		{"element never closed", `&lt;b&gt;Bold title`, "Bold title", ""},
		{"end tag never opened", `A title&lt;/p&gt;`, "A title", ""},
		{"script", `A&lt;script&gt;alert(1)&lt;/script&gt; title`, "A title", "words-as-markup"},
		{"paragraph as a word", `The &lt;p&gt; tag`, "The tag", "words-as-markup"},

		{"less-than escaped twice", `a &amp;lt; b`, "a < b", "escaped-twice"},
		{"blank escaped twice", `a&amp;nbsp;x`, "a\u00a0x", "escaped-twice"},
		{"number escaped twice", `It&amp;#8220;s`, "It“s", "escaped-twice"},
		{"tag escaped twice", `The &amp;lt;b&amp;gt; tag`, "The <b> tag", "escaped-twice"},
		{"ampersand escaped twice", `A &amp;amp; B`, "A &amp; B", "escaped-twice"},
		{"ampersand in a section", `<![CDATA[AT&amp;T]]>`, "AT&T", ""},
		{"bare ampersand beside", `a &amp;lt; b &amp; c`, "a &lt; b & c", ""},
		{"section escaped", `&lt;![CDATA[Wrapped &amp;amp; sent]]&gt;`, "Wrapped & sent", "escaped-twice"},
		{"section in a section", `<![CDATA[<![CDATA[Wrapped]]>]]&gt;`, "Wrapped", "escaped-twice"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			body := rssItem("<link>http://e.example/1</link><title>" + tt.title + "</title>")
			feed, problems, err := Parse(Document{Body: []byte(body), URL: "http://f.example/feed"})
			if err != nil {
				t.Fatal(err)
			}
			if got := feed.Items[0].Title; got != tt.want {
				t.Errorf("title %q, want %q", got, tt.want)
			}
			for _, code := range []string{"words-as-markup", "escaped-twice"} {
				if got := hasCode(problems, code); got != (code == tt.code) {
					t.Errorf("problems %v, want %q", problems, tt.code)
				}
			}
		})
	}
}

// TestLooseTexts is what holds for titles elsewhere.
func TestLooseTexts(t *testing.T) {
	tests := []struct{ name, body, path, want string }{
		{"word in a description", rssItem(`<description>The &lt;script&gt; tag, explained</description>`), "items[0].summary", "The &lt;script> tag, explained"},
		{"markup in a description", rssItem(`<description>&lt;p&gt;One &lt;b&gt;two</description>`), "items[0].summary", "<p>One <b>two"},
		{"section escaped in a description", rssItem(`<description>&lt;![CDATA[&lt;p&gt;x&lt;/p&gt;]]&gt;</description>`), "items[0].summary", "<p>x</p>"},
		{"section escaped in an author", rssItem(`<author>&lt;![CDATA[Ann]]&gt;</author>`), "items[0].authors[0].name", "Ann"},
		{"tag", rssItem(`<category>the &lt;table&gt; element</category>`), "items[0].tags[0].term", "the <table> element"},
		{"feed", rssFeed(`<title>The &lt;canvas&gt; and &lt;video&gt; blog</title>`), "feed.title", "The <canvas> and <video> blog"},
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
		})
	}
}
