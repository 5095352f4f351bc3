package farm

import "strconv"

// page is the page of an item: the article inside the usual furniture of a
// site. A feed without FullText has only the beginning of it.
func (p *press) page(f *Feed, e *edition, j int) []byte {
	if p.Names {
		return p.namedPage(f, e, j)
	}
	it := p.item(f, e, j, 0)
	r := mix(p.Seed, 6, uint64(f.ID), uint64(j))
	t := &text{b: make([]byte, 0, 40000), words: p.words}
	p.pageHead(t, &r, f, &it)
	p.pageNav(t, &r, f)
	t.add("<div class=\"wrap\"><main><article class=\"post\"><h1>", it.Title,
		"</h1><div class=\"meta\"><span class=\"author\">", it.Author,
		"</span> <time datetime=\"", rfc3339(it.Created),
		"\"></time></div>\n<div class=\"entry-content\">\n", it.HTML)
	if !f.FullText {
		t.article(&r, 3500, f.Chinese, p.siteURL(f))
	}
	t.add("</div><div class=\"share\"><a href=\"#\">Share</a> <a href=\"#\">Tweet</a></div>",
		"</article></main>\n")
	p.pageAside(t, &r, f)
	t.pageComments(&r, f)
	t.add("<footer><p>&copy; 2026 ")
	t.phrase(&r, 20, f.Chinese)
	t.add("</p></footer></body></html>\n")
	return t.b
}

func (p *press) pageHead(t *text, r *rng, f *Feed, it *Item) {
	lang := "en"
	if f.Chinese {
		lang = "zh-CN"
	}
	t.add("<!doctype html>\n<html lang=\"", lang, "\"><head><meta charset=\"utf-8\"><title>",
		it.Title, " | Site ", strconv.Itoa(f.ID), "</title>\n<link rel=\"canonical\" href=\"",
		it.URL, "\">\n<link rel=\"alternate\" type=\"", f.Format.MIME(), "\" href=\"",
		p.feedURL(f), "\">\n<link rel=\"icon\" href=\"/favicon.ico\">\n",
		"<meta property=\"og:type\" content=\"article\">",
		"<meta property=\"article:published_time\" content=\"", rfc3339(it.Created),
		"\"><style>")
	for k := range 40 {
		t.add(".c", strconv.Itoa(k), "{margin:0 auto;padding:", strconv.Itoa(r.intn(30)),
			"px;color:#", strconv.FormatUint(r.next()%0xffffff, 16), "}")
	}
	t.add("</style><script>window.dataLayer=window.dataLayer||[];",
		"function gtag(){dataLayer.push(arguments)}</script></head>\n")
}

func (p *press) pageNav(t *text, r *rng, f *Feed) {
	t.add("<body><header><nav><ul>")
	for k := range 12 {
		t.add(`<li><a href="`, p.siteURL(f), `/c/`, strconv.Itoa(k), `">`)
		t.phrase(r, 1, f.Chinese)
		t.add("</a></li>")
	}
	t.add("</ul></nav></header>\n")
}

func (p *press) pageAside(t *text, r *rng, f *Feed) {
	t.add("<aside><h4>Related</h4><ul>")
	for range 15 {
		t.add(`<li><a href="`, p.siteURL(f), "/p/", strconv.Itoa(f.ID), "/",
			strconv.Itoa(r.intn(20)), `.html">`)
		t.title(r, f.Chinese)
		t.add("</a></li>\n")
	}
	t.add("</ul></aside></div>")
}

func (t *text) pageComments(r *rng, f *Feed) {
	t.add("<section class=\"comments\">")
	for range 6 {
		t.add("<div class=\"comment\"><b>user", strconv.Itoa(r.intn(999)), "</b><p>")
		t.phrase(r, 15+r.intn(20), f.Chinese)
		t.add("</p></div>\n")
	}
	t.add("</section>")
}
