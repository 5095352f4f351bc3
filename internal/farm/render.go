package farm

import "time"

// render writes the document of a feed at an edition.
func (p *press) render(f *Feed, e *edition) []byte {
	t := &text{b: make([]byte, 0, f.Size+f.Size/3+4096), words: p.words}
	items := p.window(f, e)
	changed := p.lastModified(f, e)
	switch f.Format {
	case RSS:
		p.renderRSS(t, f, items, changed)
	case Atom:
		p.renderAtom(t, f, items, changed)
	case JSONFeed:
		p.renderJSON(t, f, items)
	}
	return t.b
}

// given is the HTML that the feed itself carries of an item.
func (f *Feed) given(it *Item) string {
	if it.Summary != "" && !f.FullText {
		return "<p>" + it.Summary + "</p>"
	}
	return it.HTML
}

func rfc3339(t time.Time) string { return t.Format(time.RFC3339) }
