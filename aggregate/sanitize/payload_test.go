package sanitize

import (
	"strings"
	"testing"
)

// payloads are ways to run a script in a reader, by what they abuse (X13). They
// are also the seeds of FuzzHTML.
func payloads() []string {
	return []string{
		// Elements that run or load.
		"<script>alert(1)</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
		"<script/x>alert(1)</script>",
		"<scr<script>ipt>alert(1)</scr</script>ipt>", "<script>alert(1)",
		"<<script>alert(1)//<</script>",
		"<object data=javascript:alert(1)>", "<embed src=javascript:alert(1)>",
		"<applet code=x></applet>",
		"<base href=javascript:alert(1)//>",
		"<link rel=stylesheet href=javascript:alert(1)>",
		"<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
		"<frameset onload=alert(1)>",
		"<style>@import 'javascript:alert(1)'</style>",
		"<isindex action=javascript:alert(1)>",
		"<portal src=javascript:alert(1)>", "<xml><x xlink:href=javascript:alert(1)></xml>",
		// Handlers.
		"<img src=x onerror=alert(1)>", "<img/src=x/onerror=alert(1)>",
		"<img src=x onerror\n=\nalert(1)>",
		"<img src='x'onerror=alert(1)>", "<img \"\"\"><script>alert(1)</script>\">",
		"<body onload=alert(1)>",
		"<p onmouseover=alert(1)>x</p>", "<details open ontoggle=alert(1)>x</details>",
		"<video><source onerror=alert(1)></video>", "<audio src onloadstart=alert(1)>",
		"<marquee onstart=alert(1)>x</marquee>", "<input autofocus onfocus=alert(1)>",
		"<a href=x onclick=alert(1)>x</a>", "<b \x00onclick=alert(1)>x</b>",
		"<p/onclick=alert(1)>x</p>",
		"<svg onload=alert(1)>", "<svg/onload=alert(1)//", "<img src=`x`onerror=alert(1)>",
		"<img src=\"x` `<script>alert(1)</script>\"` `>",
		"<p title='<script>alert(1)</script>'>x</p>",
		// Schemes (X12).
		"<a href=javascript:alert(1)>x</a>", "<a href=\"java\tscript:alert(1)\">x</a>",
		"<a href='&#106;avascript:alert(1)'>x</a>",
		"<a href='&#x6A&#x61vascript:alert(1)'>x</a>",
		"<a href='javascript&colon;alert(1)'>x</a>",
		"<a href='\x01javascript:alert(1)'>x</a>",
		"<a href='\u00a0javascript:alert(1)'>x</a>",
		"<a href='&Tab;javascript:alert(1)'>x</a>",
		"<a href=vbscript:msgbox(1)>x</a>",
		"<a href=data:text/html;base64,PHNjcmlwdD4=>x</a>",
		"<a href=//javascript:alert(1)>x</a>", "<a href='https:javascript:alert(1)'>x</a>",
		"<a href='\\\\evil.example\\x'>x</a>", "<a xlink:href=javascript:alert(1)>x</a>",
		"<img src=javascript:alert(1)>",
		"<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
		"<img srcset='javascript:alert(1) 1x, x 2x'>",
		"<img srcset='x 1x, data:text/html,x 2x'>",
		"<video poster=javascript:alert(1) src=x></video>",
		"<blockquote cite=javascript:alert(1)>x</blockquote>",
		"<img longdesc=javascript:alert(1) src=x>",
		"<table background=javascript:alert(1)><tr><td>x</table>",
		"<p style='background:url(javascript:alert(1))'>x</p>",
		"<p style='x:expression(alert(1))'>x</p>",
		// B32 and the advisories A06 and A18: one attribute forgotten is enough.
		"<iframe srcdoc='<script>alert(1)</script>'></iframe>",
		"<iframe src=javascript:alert(1)></iframe>",
		"<iframe src=https://www.youtube.com/embed/1 srcdoc='<script>alert(1)</script>'></iframe>",
		"<iframe src=https://www.youtube.com/embed/1 allow=camera sandbox onload=alert(1)>" +
			"</iframe>",
		"<a href=https://x.example/ ping=https://evil.example/>x</a>",
		"<form action=javascript:alert(1)><button formaction=javascript:alert(1)>x</button></form>",
		"<form id=f></form><input form=f type=image formaction=javascript:alert(1)>",
		"<svg><animate attributeName=href values=javascript:alert(1) /><a id=x>x</a></svg>",
		"<img src=x referrerpolicy=unsafe-url>",
		"<svg><use href=data:image/svg+xml,x#y></svg>",
		// Markup that means something else to the next parser (B31).
		"<svg><style><img src=x onerror=alert(1)></style></svg>",
		"<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
		"<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 " +
			"onerror=alert(1)&gt;\">",
		"<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
		"<math><annotation-xml encoding=text/html><style><img src=x onerror=alert(1)></style>" +
			"</annotation-xml></math>",
		"<math><mi><!--</mi><img src=x onerror=alert(1)>--></math>",
		"<math><mtext><p><style><!--</style>--><img src=x>",
		"<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
		"<noembed><p title=\"</noembed><img src=x onerror=alert(1)>\"></noembed>",
		"<textarea><p title=\"</textarea><img src=x onerror=alert(1)>\"></textarea>",
		"<title><a title=\"</title><img src=x onerror=alert(1)>\">",
		"<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
		"<select><template><img src=x onerror=alert(1)></template></select>",
		"<select><iframe><img src=x onerror=alert(1)></iframe>",
		"<template><s><template><s><img src=x onerror=alert(1)>@</s></template></s></template>",
		"<svg><foreignObject><p><style><!--</style><img src=x onerror=alert(1)>-->" +
			"</foreignObject></svg>",
		"<svg><![CDATA[><img src=x onerror=alert(1)>]]></svg>",
		"<![CDATA[<img src=x onerror=alert(1)>]]>",
		"<!--><img src=x onerror=alert(1)>-->", "<!--!><img src=x onerror=alert(1)>-->",
		"<!-- --!><img src=x onerror=alert(1)> -->",
		"<?xml version=\"1.0\"?><img src=x onerror=alert(1)>?>",
		"</<img src=x onerror=alert(1)>", "<//script><script>alert(1)</script>",
		"<table><td><table><a><table><a><table><b><table><i></table>",
		"<a><table><a><img src=x onerror=alert(1)></table>",
		"<p><table><tr><p><td><table>x<p></table>", "<h1><table><h1></table><h2>",
		"<li><table><li></table><li>",
		"<button><p><button><p></button></button>", "<pre>\n<textarea>\n</textarea></pre>",
		"<listing>\n\n<b></listing>",
		"<plaintext></plaintext><script>alert(1)</script>",
		"<iframe><!--</iframe><img src=x onerror=alert(1)>-->",
		"<a id=body name=forms>x</a><img name=getElementById src=x>",
		"<p id='\"><script>alert(1)</script>'>x</p>",
		"&lt;script&gt;alert(1)&lt;/script&gt;", "&amp;lt;script&amp;gt;",
		"&#60;script&#62;alert(1)", "\x00<\x00script>alert(1)",
		"<s\x00cript>alert(1)</s\x00cript>", "\ufeff<script>alert(1)</script>",
		"<\u212apt>", "<ſcript>alert(1)</ſcript>", "+ADw-script+AD4-alert(1)",
		"<img src=x alt=\"\ufffe\x0b&#x1;\">", "a\ufffeb\x0bc&#8;d&#xFFFF;e&#xD800;f",
	}
}

func TestPayloads(t *testing.T) {
	p := Policy{Base: pageURL(t), KeepClasses: []string{"x"}}
	for _, in := range payloads() {
		res := checkSafe(t, in, p)
		for _, around := range []string{
			"<p>%</p>", "<table>%</table>", "<a href=/x>%", "<math>%", "<svg>%", "<noscript>%",
			"<pre>%", "<select>%", "<video>%", "<ul><li>%", "<p hidden>%", "<p title=\"%\">",
			"<!--%",
		} {
			checkSafe(t, strings.ReplaceAll(around, "%", in), p)
		}
		if strings.Contains(res.HTML, "<script") {
			t.Errorf("HTML(%q) = %q", in, res.HTML)
		}
	}
}

func FuzzHTML(f *testing.F) {
	for _, in := range payloads() {
		f.Add(in)
	}
	f.Add(article()[:2000])
	base := pageURL(f)
	f.Fuzz(func(t *testing.T, in string) {
		checkSafe(t, in, Policy{Base: base, KeepClasses: []string{"x"}})
		checkSafe(t, in, Policy{})
		if got := Text(in); got != Line(got) {
			t.Errorf("Text(%q) = %q, not one line", in, got)
		}
	})
}
