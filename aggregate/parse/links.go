package parse

import (
	"cmp"
	"strings"

	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"

	"github.com/coranto/coranto/aggregate/parse/elements"
	"github.com/coranto/coranto/aggregate/parse/markup"
	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

// textURL returns the web address that s, a string of gofeed's original, stands for.
func (p *parser) textURL(s string) string {
	t := p.text(s, text.Plain)
	return p.address(t.Base, t.Value)
}

// webURL returns s, the value of an attribute, as an absolute http or https URL and ""
// when it is none.
func (p *parser) webURL(s string) string {
	return p.address(p.base, strings.TrimPrefix(s, markup.Verbatim))
}

func (p *parser) atomLinks(links []*atom.Link) []Link {
	var list []Link
	for _, l := range links {
		mediaType := l.Type
		if relation(l.Rel) == "self" {
			mediaType = cmp.Or(mediaType, "application/atom+xml")
		}
		list = p.addLink(list, Link{
			Rel: l.Rel, Href: l.Href, Type: mediaType, Hreflang: l.Hreflang,
			Title: text.FoldSpace(l.Title),
		})
	}
	return list
}

// atomExtensionLinks reads Atom link elements inside another format.
func (p *parser) atomExtensionLinks(list []Link, x ext.Extensions) []Link {
	for _, e := range elements.Atom(x, "link") {
		rel := e.Attrs["rel"]
		if rel == "" {
			rel = "alternate"
		}
		list = p.addLink(list, Link{
			Rel: rel, Href: e.Attrs["href"], Type: e.Attrs["type"],
			Hreflang: e.Attrs["hreflang"], Title: text.FoldSpace(e.Attrs["title"]),
		})
	}
	return list
}

// addLink appends l with its href made absolute, unless it is no web address, already
// listed or one too many.
func (p *parser) addLink(list []Link, l Link) []Link {
	l.Href = p.webURL(l.Href)
	l.Rel = relation(l.Rel)
	if l.Href == "" || p.isFull(len(list)) {
		return list
	}
	for _, known := range list {
		if known.Href == l.Href && known.Rel == l.Rel {
			return list
		}
	}
	return append(list, l)
}

// relation returns a relation as it is compared: registered names in lower case
// (RFC 8288 §2.1.1), also where they are written as IANA's addresses (RFC 4287
// §4.2.7.2), all others as they are.
func relation(rel string) string {
	rel = strings.TrimSpace(rel)
	for _, registry := range []string{"relation/", "link-relations/"} {
		rel = strings.TrimPrefix(rel, "http://www.iana.org/assignments/"+registry)
	}
	if strings.Contains(rel, ":") {
		return rel
	}
	return strings.ToLower(rel)
}

// pickLink returns the page among links: an alternate in HTML, then one of
// unknown type, then any alternate.
func pickLink(links []Link) string {
	best, rank := "", 0
	for _, l := range links {
		if r := linkRank(l); r > rank {
			best, rank = l.Href, r
		}
	}
	return best
}

func linkRank(l Link) int {
	l.Type = strings.ToLower(l.Type)
	switch {
	case l.Rel != "alternate" && l.Rel != "":
		return 0
	case strings.HasPrefix(l.Type, "text/html"), strings.Contains(l.Type, "xhtml"):
		return 3
	case l.Type == "":
		return 2
	}
	return 1
}

// firstRel returns the first link with the relation rel.
func firstRel(links []Link, rel string) string {
	for _, l := range links {
		if l.Rel == rel {
			return l.Href
		}
	}
	return ""
}

// allRel returns every link with the relation rel.
func allRel(links []Link, rel string) []string {
	var found []string
	for _, l := range links {
		if l.Rel == rel {
			found = append(found, l.Href)
		}
	}
	return found
}
