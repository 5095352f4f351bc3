package farm

import "time"

// namedPage is the page of an item in a paper with a name.
func (p *press) namedPage(f *Feed, e *edition, j int) []byte {
	it := p.item(f, e, j, 0)
	t := &text{words: p.words}
	p.namedHead(t, f, it.Title+" – "+f.Title)
	if it.Image != "" {
		t.add("<meta property=\"og:image\" content=\"", it.Image, "\">\n")
	}
	t.add("<link rel=\"canonical\" href=\"", it.URL, "\">\n",
		"<meta property=\"article:published_time\" content=\"", rfc3339(it.Created), "\">\n",
		"</head>\n<body>\n<header><p><a href=\"/\">")
	t.escape(f.Title)
	t.add("</a></p></header>\n<main><article>\n<h1>")
	t.escape(it.Title)
	t.add("</h1>\n<p class=\"byline\">")
	t.escape(it.Author)
	t.add(", <time datetime=\"", rfc3339(it.Created), "\">", it.Created.Format(time.RFC1123),
		"</time></p>\n", it.HTML, "</article></main>\n<footer><p>")
	t.escape(f.Rights)
	t.add("</p></footer>\n</body></html>\n")
	return t.b
}

// home is the front page of a paper with a name: its newest items, and a link
// by which its feed can be found.
func (p *press) home(f *Feed, e *edition) []byte {
	t := &text{words: p.words}
	p.namedHead(t, f, f.Title)
	t.add("</head>\n<body>\n<header><h1>")
	t.escape(f.Title)
	t.add("</h1><p>")
	t.escape(f.Tagline)
	t.add("</p></header>\n<main>\n")
	for _, it := range p.window(f, e) {
		t.add("<article><h2><a href=\"", it.URL, "\">")
		t.escape(it.Title)
		t.add("</a></h2>\n<p>")
		t.escape(it.Summary)
		t.add("</p></article>\n")
	}
	t.add("</main>\n</body></html>\n")
	return t.b
}

func (p *press) namedHead(t *text, f *Feed, title string) {
	t.add("<!doctype html>\n<html lang=\"", f.Language, "\"><head><meta charset=\"utf-8\">\n",
		"<meta name=\"viewport\" content=\"width=device-width\">\n<title>")
	t.escape(title)
	t.add("</title>\n<link rel=\"alternate\" type=\"", f.Format.MIME(), "\" title=\"")
	t.escape(f.Title)
	t.add("\" href=\"", p.feedURL(f), "\">\n",
		"<style>body{max-width:42em;margin:2em auto;padding:0 1em;",
		"font:1.1em/1.6 Georgia,serif}img{max-width:100%;height:auto}</style>\n")
}
