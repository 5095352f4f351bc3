package sanitize

import (
	"strings"
	"testing"

	"github.com/coranto/coranto"
)

const rel = ` rel="noopener noreferrer nofollow"`
const late = ` referrerpolicy="no-referrer" loading="lazy" decoding="async"`

// rule is one line of the lists of what is kept and what is not.
type rule struct{ name, in, want string }

func checkRules(t *testing.T, rules []rule) {
	t.Helper()
	p := Policy{Base: pageURL(t), KeepClasses: []string{"note", "caption"}}
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			if got := checkSafe(t, r.in, p); got.HTML != r.want {
				t.Errorf("HTML(%q)\n got  %q\n want %q", r.in, got.HTML, r.want)
			}
		})
	}
}

func TestElementsKept(t *testing.T) {
	same := []string{
		"bare text",
		"<p>a</p>",
		"<h1>a</h1><h2>b</h2><h3>c</h3><h4>d</h4><h5>e</h5><h6>f</h6>",
		"<blockquote><p>a</p></blockquote>",
		"<pre><code>a\n  b</code></pre>",
		"<pre>\n\nan empty line first</pre>",
		`<ol start="3" reversed=""><li value="7">a</li></ol><ul><li>b<ul><li>c</li></ul></li></ul>`,
		"<dl><dt>a</dt><dd>b</dd></dl>",
		`<table><caption>c</caption><colgroup><col span="2"></colgroup><thead><tr>` +
			`<th scope="col" colspan="2">a</th></tr></thead><tbody><tr><td rowspan="3">b</td>` +
			`</tr>` +
			`</tbody></table>`,
		"<figure>a<figcaption>b</figcaption></figure>",
		`<details open=""><summary>a</summary>b</details>`,
		"<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby></p>",
		"<p>a<sub>1</sub><sup>2</sup> <mark>m</mark> <q>q</q> <cite>c</cite> <kbd>k</kbd></p>",
		`<p><time datetime="2026-01-02">then</time> <abbr title="Hypertext">HT</abbr></p>`,
		"<p><samp>s</samp><var>v</var><b>b</b><i>i</i><u>u</u><s>s</s><small>x</small></p>",
		`<p><del datetime="2026">d</del><ins cite="https://x.example/">i</ins></p>`,
		"<p>a<br>b<wbr>c</p><hr>",
		`<p lang="ar" dir="rtl">مرحبا</p>`,
		`<math display="block"><mrow><mi>x</mi><mo>=</mo><mfrac><mn>1</mn><mn>2</mn></mfrac>` +
			`</mrow></math>`,
	}
	var rules []rule
	for _, s := range same {
		rules = append(rules, rule{s, s, s})
	}
	checkRules(t, append(rules, []rule{
		{"sections are div", "<section><article><header>a</header></article></section>",
			"<div><div><div>a</div></div></div>"},
		{"fonts are unwrapped", `<font color="red"><center><big>a</big></center></font>`,
			"<div>a</div>"},
		{"old names", "<strike>a</strike><tt>b</tt><listing>c</listing>",
			"<s>a</s><code>b</code><pre>c</pre>"},
		{"unknown elements", "<my-card><o:p>a</o:p></my-card>", "a"},
		{"spans that say nothing", `<span style="x:y">a<span lang="de">b</span></span>`,
			`a<span lang="de">b</span>`},
		{"what is empty", "<p>a<b><i></i></b></p><p></p><div><div></div></div>", "<p>a</p>"},
		{"classes of the policy", `<p class="x note caption y">a</p>`,
			`<p class="note caption">a</p>`},
		{"ids under a prefix", `<h2 id="top">a</h2>`, `<h2 id="user-content-top">a</h2>`},
		{"a table without sections", "<table><tr><td>a<td>b<tr><th>c</table>",
			"<table><tbody><tr><td>a</td><td>b</td></tr><tr><th>c</th></tr></tbody></table>"},
		{"text between the cells", "<table>a<tr><td>b</table>",
			"<table><tbody><tr><td>a</td></tr><tr><td>b</td></tr></tbody></table>"},
		{"items without ends", "<ul><li>a<li>b</ul><dl><dt>c<dd>d<dt>e</dl>",
			"<ul><li>a</li><li>b</li></ul><dl><dt>c</dt><dd>d</dd><dt>e</dt></dl>"},
		{"paragraphs without ends", "<p>a<p>b<div>c", "<p>a</p><p>b</p><div>c</div>"},
		{"misnested formatting", "<b>a<i>b</b>c</i>", "<b>a<i>b</i></b>c"},
		{"formatting over a block", `<p><em>a<div>b</em>c</div>`,
			"<p><em>a</em></p><div><em>b</em>c</div>"},
		{"ends of nothing", "</p>a</div></table></b>", "a"},
		{"a line break by its end", "a</br>b", "a<br>b"},
		{"rows out of place", "<tr><td>a</td></tr>", "a"},
		{"HTML in MathML", "<math><mtext><b>a</b><img src=x></mtext></math>",
			`<math><mtext>a</mtext></math><img src="https://origin.example/news/x"` + late + ">"},
		{"annotations of MathML", "<math><semantics><mi>x</mi><annotation>x</annotation>" +
			"</semantics></math>",
			"<math><semantics><mi>x</mi></semantics></math>"},
		{"entities", "&lt;b&gt; &amp;amp; &eacute; &nbsp;|", "&lt;b&gt; &amp;amp; é \u00a0|"},
	}...))
}

func TestElementsStripped(t *testing.T) {
	checkRules(t, []rule{
		{"script", "a<script>alert(1)</script>b", "ab"},
		{"style", "a<style>p{}</style>b", "ab"},
		{"template", "a<template><p>x</p></template>b", "ab"},
		{"object and embed", "a<object data=x><p>x</p></object><embed src=x>b", "ab"},
		{"svg", `a<svg onload=alert(1)><a href=x><text>x</text></a></svg>b`, "ab"},
		{"empty svg", "a<svg/>b", "ab"},
		{"form controls", "a<input value=x><select><option>x</select><textarea>x</textarea>b",
			"ab"},
		{"forms and buttons keep their text", `<form action=x><button formaction=x>a</button>` +
			`</form>`,
			"<div>a</div>"},
		{"dialog", "a<dialog open>x</dialog>b", "ab"},
		{"base, meta and link", "a<base href=//evil.example/><meta http-equiv=refresh><link " +
			"rel=x>b", "ab"},
		{"comments", "a<!-- x --><!doctype html><?php x ?><![CDATA[x]]>b", "ab"},
		{"hidden by attribute", "a<p hidden>x</p><div hidden><p>x</p></div>b", "ab"},
		{"hidden by style", `a<div style="color:red;DISPLAY : none !important">x</div>` +
			`<span style="visibility:hidden">x</span>b`, "ab"},
		{"a hidden item", "<ul><li hidden>x<li>b</ul>", "<ul><li>b</li></ul>"},
		{"a hidden cell", "<table><tr><td hidden>x<td>b</table>",
			"<table><tbody><tr><td>b</td></tr></tbody></table>"},
		{"a hidden row", "<table><tr hidden><td>x</td></tr><tr><td>b</table>",
			"<table><tbody><tr><td>b</td></tr></tbody></table>"},
		{"handlers, style, data", `<p onclick=x STYLE="a:b" data-x=y class=x is=z slot=s>a</p>` +
			``, "<p>a</p>"},
		{"svg never closed", "<p>a<svg><path>b</p><p>c", "<p>ab</p><p>c</p>"},
		{"textarea never closed", "a<textarea><b>c</b>", "a<b>c</b>"},
		{"script never closed", "a<script>alert(1)", "a"},
		{"plaintext", "a<plaintext><b>c</b>", "a<b>c</b>"},
		{"frames", "<frameset><frame src=x></frameset>a<noframes>x</noframes>", "a"},
	})
}

func TestLinks(t *testing.T) {
	a := func(href string) string { return `<a href="` + href + `"` + rel + `>x</a>` }
	rules := []rule{
		{"of the same host", "<a href=/a/b>x</a>", a("https://origin.example/a/b")},
		{"of the same directory", "<a href='b c'>x</a>", a("https://origin.example/news/b%20c")},
		{"to a fragment", "<a href=#n1>x</a>", a("https://origin.example/news/post.html?id=1#n1")},
		{"mail", "<a href=MAILTO:a@x.example>x</a>", a("mailto:a@x.example")},
		{"telephone", "<a href='tel:+49 30 1'>x</a>", a("tel:+49%2030%201")},
		{"tracked", "<a href='https://x.example/" +
			"?a=1&utm_source=rss&b=2&UTM_medium=x&fbclid=y#f'>x</a>",
			a("https://x.example/?a=1&amp;b=2#f")},
		{"only tracked", "<a href='https://x.example/p?spm=a.b'>x</a>", a("https://x.example/p")},
		{"target and ping", "<a href=https://x.example/ target=_blank ping=https://t.example/ " +
			"rel=opener>x</a>",
			a("https://x.example/")},
		{"title", `<a title="t &quot; u" href=https://x.example/>x</a>`,
			`<a href="https://x.example/" title="t &#34; u"` + rel + `>x</a>`},
		{"nested", "<a href=https://x.example/>x<a href=https://y.example/>x</a></a>",
			a("https://x.example/") + a("https://y.example/")},
		{"without target", "<a name=n>x</a>", "x"},
		{"around nothing", "<a href=https://x.example/></a>", ""},
	}
	for _, href := range []string{
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "java&#9;script:alert(1)",
		"\x01javascript:alert(1)",
		" javascript&colon;alert(1)", "vbscript:x", "data:text/html,x",
		"data:image/png;base64,AAAA",
		"feed:javascript:x", "view-source:x", "file:///etc/passwd", "blob:https://x.example/1",
		"http:", "https://", "http://[::1", "http://a b/", "mailto:", "jav\nascript:alert(1)",
		"ftp://x.example/",
	} {
		rules = append(rules, rule{"refused " + href, `<a href="` + href + `">x</a>`, "x"})
	}
	checkRules(t, rules)
}

func TestImages(t *testing.T) {
	img := func(attrs string) string { return "<img " + attrs + late + ">" }
	pixel := "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
	inline := "data:image/png;base64," + strings.Repeat("QUFB", 80)
	checkRules(t, []rule{
		{"plain", `<img src=a.png alt="A &amp; B" title=t width=600px height="400">`,
			img(`src="https://origin.example/news/a.png" alt="A &amp; B" title="t" width="600" ` +
				`height="400"`)},
		{"query untouched", "<img src='https://i.example/a.png?utm_source=x&w=1'>",
			img(`src="https://i.example/a.png?utm_source=x&amp;w=1"`)},
		{"decorative", `<img src=/a.png alt="">`, img(`src="https://origin.example/a.png" alt=""`)},
		{"late, by data-src", `<img src="` + pixel + `" data-src=/a.png>`,
			img(`src="https://origin.example/a.png"`)},
		{"late, by data-original", "<img src=/grey.gif data-original=/a.png>",
			img(`src="https://origin.example/a.png"`)},
		{"late, by data-lazy-src", "<img data-lazy-src=/a.png>",
			img(`src="https://origin.example/a.png"`)},
		{"late, by data-actualsrc", "<img data-actualsrc=/a.png>",
			img(`src="https://origin.example/a.png"`)},
		{"late, by data-echo", "<img data-echo=/a.png>", img(`src="https://origin.example/a.png"`)},
		{"late, with noscript", "<img data-src=/a.png><noscript><img src=/a.png></noscript>",
			img(`src="https://origin.example/a.png"`)},
		{"noscript first", "<noscript><img src=/a.png></noscript><img data-src=/a.png>",
			img(`src="https://origin.example/a.png"`)},
		{"noscript alone", `<img src="` + pixel + `"><noscript><p><img src=/a.png></p></noscript>`,
			"<p>" + img(`src="https://origin.example/a.png"`) + "</p>"},
		{"set", "<img src=/a.png srcset='/a.png 1x,/b,c.png 2x , javascript:x 3x, /d.png big' " +
			"sizes=100vw>",
			img(`src="https://origin.example/a.png" srcset="https://origin.example/a.png 1x, ` +
				`https://origin.example/b,c.png 2x" sizes="100vw"`)},
		{"late set", "<img data-srcset='/a.png 300w, /b.png 600w'>",
			img(`src="https://origin.example/b.png" srcset="https://origin.example/a.png 300w, ` +
				`https://origin.example/b.png 600w"`)},
		{"picture", "<picture><source srcset=/a.webp type=image/webp media='(min-width: 9px)'>" +
			"<img src=/a.png></picture>",
			`<picture><source srcset="https://origin.example/a.webp" media="(min-width: 9px)" ` +
				`type="image/webp">` +
				img(`src="https://origin.example/a.png"`) + "</picture>"},
		{"picture without image", "a<picture><source srcset=/a.webp></picture>", "a"},
		{"picture never closed", "<picture><source srcset=/a.webp><p>a</p>",
			`<picture><source srcset="https://origin.example/a.webp"><p>a</p></picture>`},
		{"inline", `<img src="` + inline + `">`, img(`src="` + inline + `"`)},
		{"inline place holder", `a<img src="` + pixel + `">`, "a"},
		{"inline SVG", "a<img src='data:image/svg+xml;base64," + strings.Repeat("QUFB", 80) +
			"'>", "a"},
		{"inline page", "a<img src='data:text/html;base64," + strings.Repeat("QUFB", 80) +
			"'>", "a"},
		{"one pixel", "a<img src=/a.gif width=1 height=1><img src=/a.gif width=0>", "a"},
		{"one pixel by style", "a<img src=/a.gif style='width:1px;height:1px'>", "a"},
		{"hidden", "a<img src=/a.gif style='display:none'><img hidden src=/a.gif>", "a"},
		{"beacon", "a<img src=https://pixel.wp.com/b.gif><img src=http://feeds.feedburner.com/" +
			"~r/x/~4/y>", "a"},
		{"script", "a<img src=javascript:alert(1) onerror=alert(1)>", "a"},
		{"old name", "<image src=/a.png>", img(`src="https://origin.example/a.png"`)},
	})
}

func TestEmbeds(t *testing.T) {
	const sandbox = ` sandbox="allow-scripts allow-same-origin allow-popups allow-presentation"` +
		` referrerpolicy="strict-origin-when-cross-origin" loading="lazy" allowfullscreen="">` +
		`</iframe>`
	checkRules(t, []rule{
		{"YouTube", "<iframe width=560 height=315 src='//www.youtube.com/embed/ID?start=5' " +
			"title=T onload=x srcdoc=x>x</iframe>",
			`<iframe src="https://www.youtube-nocookie.com/embed/ID?start=5" title="T" ` +
				`width="560" height="315"` + sandbox},
		{"Vimeo", "<iframe src=http://player.vimeo.com/video/1></iframe>",
			`<iframe src="https://player.vimeo.com/video/1"` + sandbox},
		{"Bilibili", "<iframe src='//player.bilibili.com/player.html?bvid=BV1&p=1'></iframe>",
			`<iframe src="https://player.bilibili.com/player.html?bvid=BV1&amp;p=1"` + sandbox},
		{"QQ", "<iframe data-src=https://v.qq.com/txp/iframe/player.html?vid=x></iframe>",
			`<iframe src="https://v.qq.com/txp/iframe/player.html?vid=x"` + sandbox},
		{"Spotify", "<iframe src=https://open.spotify.com/embed/track/1></iframe>",
			`<iframe src="https://open.spotify.com/embed/track/1"` + sandbox},
		{"SoundCloud", "<iframe src='https://w.soundcloud.com/player/?url=x'></iframe>",
			`<iframe src="https://w.soundcloud.com/player/?url=x"` + sandbox},
		{"any other is a link", "<iframe src=https://maps.example/e?q=1></iframe>",
			`<a href="https://maps.example/e?q=1"` + rel + `>maps.example/e?q=1</a>`},
		{"another path of YouTube", "<iframe src=https://www.youtube.com/redirect?q=x " +
			"title=Clip></iframe>",
			`<a href="https://www.youtube.com/redirect?q=x"` + rel + `>Clip</a>`},
		{"a host that looks like it", "<iframe src=https://www.youtube.com.evil.example/embed/" +
			"1></iframe>",
			`<a href="https://www.youtube.com.evil.example/embed/1"` + rel +
				`>www.youtube.com.evil.example/embed/1</a>`},
		{"a user that looks like it", "<iframe src=https://www.youtube.com@evil.example/embed/" +
			"1></iframe>",
			`<a href="https://evil.example/embed/1"` + rel + `>evil.example/embed/1</a>`},
		{"srcdoc", "a<iframe srcdoc='<script>alert(1)</script>'></iframe>", "a"},
		{"script", "a<iframe src=javascript:alert(1)></iframe>", "a"},
		{"one pixel", "a<iframe src=https://t.example/ width=1 height=1></iframe>", "a"},
		{"never closed", "<iframe src=javascript:x><p>a</p>", "<p>a</p>"},
		{"video", "<video src=/v.mp4 poster=/p.jpg width=640 height=360 autoplay controls " +
			"onplay=x>Sorry <p>x</p></video>",
			`<video src="https://origin.example/v.mp4" poster="https://origin.example/p.jpg" ` +
				`width="640" height="360" controls="" preload="none"></video>`},
		{"audio", "<audio><source src=/a.mp3 type=audio/mpeg><track src=/t.vtt kind=captions " +
			"srclang=en label=L default></audio>",
			`<audio controls="" preload="none"><source src="https://origin.example/a.mp3" ` +
				`type="audio/mpeg">` +
				`<track src="https://origin.example/t.vtt" kind="captions" srclang="en" ` +
				`label="L" default=""></audio>`},
		{"video of nothing", "a<video>x</video>", "a"},
		{"video never closed", "<video src=/v.mp4><p>a</p>",
			`<video src="https://origin.example/v.mp4" controls="" preload="none"></video><p>` +
				`a</p>`},
		{"sources of nothing", "a<source src=/v.mp4><track src=/t.vtt>", "a"},
	})
}

func TestTextOfHTML(t *testing.T) {
	tests := []struct{ in, want string }{
		{"plain  text\n", "plain text"},
		{"<p>one</p><p>two</p>", "one two"},
		{"<p>o<b>n</b>e<br>two</p>", "one two"},
		{"<ul><li>a<li>b</ul>", "a b"},
		{"<table><tr><td>a<td>b</table>", "a b"},
		{"a<script>x</script><style>x</style><p hidden>x</p>", "a"},
		{"<h1>标题</h1>正文<img src=/a.png alt=x>", "标题 正文"},
		{"&lt;b&gt; &amp; \u202eevil\u202c", "<b> & evil"},
	}
	for _, tt := range tests {
		if got := checkSafe(t, tt.in, Policy{Base: pageURL(t)}).Text; got != tt.want {
			t.Errorf("text of %q = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestImageOfHTML(t *testing.T) {
	tests := []struct {
		name, in string
		want     coranto.Image
	}{
		{"none", "<p>a</p>", coranto.Image{}},
		{"the first", "<img src=/a.png alt=' A\nB ' width=640 height=480><img src=/b.png>",
			coranto.Image{URL: "https://origin.example/a.png", Alt: "A B", Width: 640,
				Height: 480}},
		{"not an icon", "<img src=/i.png width=16><img src=https://s.w.org/images/core/emoji/" +
			"1.png><img src=/b.png>",
			coranto.Image{URL: "https://origin.example/b.png"}},
		{"not an inline one", "<img src='data:image/png;base64," + strings.Repeat("QUFB", 80) +
			"'>", coranto.Image{}},
		{"not a hidden one", "<div hidden><img src=/a.png></div>", coranto.Image{}},
		{"a poster", "<video src=/v.mp4 poster=/p.jpg></video>",
			coranto.Image{URL: "https://origin.example/p.jpg"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := checkSafe(t, tt.in, Policy{Base: pageURL(t)}).Image; got != tt.want {
				t.Errorf("image = %+v, want %+v", got, tt.want)
			}
		})
	}
}

// TestBounds is X16 and B33: nothing makes an item disappear or explode.
func TestBounds(t *testing.T) {
	base := pageURL(t)
	tests := []struct {
		name, in string
		policy   Policy
		code     string // of the problem; "" for none
		text     string // that the result contains
	}{
		{name: "600 nested div", in: strings.Repeat("<div>", 600) + "kept", code: ProblemDeep,
			text: "<p>kept</p>"},
		{name: "500 nested div", in: strings.Repeat("<div>", 500) + "kept", text: "kept"},
		{name: "150 fonts and paragraphs", in: strings.Repeat("<font><p>", 150) + "kept",
			text: "<p>kept</p>"},
		{name: "150 bold paragraphs", in: strings.Repeat("<b><p>x", 150) + "kept", text: "kept"},
		{name: "long base", in: strings.Repeat("<img src=x>", 500) + "kept",
			policy: Policy{MaxOutput: 10 << 10}, code: ProblemTooLong, text: "<p>kept</p>"},
		{name: "long input", in: "<p>kept</p>" + strings.Repeat("<p>中文</p>", 50),
			policy: Policy{MaxInput: 100}, code: ProblemCut, text: "<p>kept</p>"},
		{name: "long text", in: "kept" + strings.Repeat("&", 2000), policy: Policy{MaxOutput: 1000},
			code: ProblemTooLong, text: "kept"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.policy.Base = base
			res := checkSafe(t, tt.in, tt.policy)
			if !strings.Contains(res.HTML, tt.text) {
				t.Errorf("output %.100q lacks %q", res.HTML, tt.text)
			}
			if most := 2*len(tt.in) + 1000; tt.code == "" && len(res.HTML) > most {
				t.Errorf("%d bytes became %d, want at most %d", len(tt.in), len(res.HTML), most)
			}
			code := ""
			if len(res.Problems) > 0 {
				code = res.Problems[0].Code
			}
			if code != tt.code {
				t.Errorf("problem %q, want %q", code, tt.code)
			}
		})
	}
}
