package farm

import "time"

func (p *press) renderAtom(t *text, f *Feed, items []Item, changed time.Time) {
	t.add(`<?xml version="1.0" encoding="utf-8"?>`, "\n<feed xmlns=\"http://www.w3.org/2005/Atom\"")
	if f.Chinese || p.Names {
		t.add(` xml:lang="`, f.Language, `"`)
	}
	t.add(">\n<title>")
	t.escape(f.Title)
	t.add("</title>\n<link href=\"", p.feedURL(f), "\" rel=\"self\"/>\n<link href=\"", p.siteURL(f),
		"/\"/>\n<id>", p.siteURL(f), "/</id>\n<updated>", rfc3339(changed), "</updated>\n")
	if p.Names {
		t.add("<subtitle>")
		t.escape(f.Tagline)
		t.add("</subtitle>\n<rights>")
		t.escape(f.Rights)
		t.add("</rights>\n")
	}
	for k := range items {
		p.atomEntry(t, f, &items[k], f.Bozo && k == 0)
	}
	t.add("</feed>\n")
}

func (p *press) atomEntry(t *text, f *Feed, it *Item, bozo bool) {
	t.add("<entry>\n<title type=\"html\">")
	t.escape(it.Title)
	if bozo {
		t.add(" AT&T & co")
	}
	t.add("</title>\n<link rel=\"alternate\" type=\"text/html\" href=\"", it.URL,
		"\"/>\n<id>", it.GUID, "</id>\n<published>", rfc3339(it.Created),
		"</published>\n<updated>", rfc3339(it.Updated), "</updated>\n<author><name>")
	t.escape(it.Author)
	t.add("</name></author>\n")
	for _, tag := range it.Tags {
		t.add("<category term=\"", tag, "\"/>\n")
	}
	if it.Summary != "" {
		t.add("<summary>")
		t.escape(it.Summary)
		t.add("</summary>\n")
	}
	if f.FullText || !p.Names {
		t.add(`<content type="html" xml:base="`, it.URL, `">`)
		t.escape(it.HTML)
		t.add("</content>\n")
	}
	t.add("</entry>\n")
}
