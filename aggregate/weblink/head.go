package weblink

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Head are the links that an HTML page names with link elements in its head, in order,
// at most a thousand, and the base that they are relative to: that of the page's base
// element, or else its address. What stands in the body may be anybody's words and does
// not count. The error is that of the address.
func Head(page []byte, address string) ([]Link, *url.URL, error) {
	base, err := url.Parse(address)
	if err != nil {
		return nil, nil, err
	}
	h := readHead(page)
	if u, err := base.Parse(h.base); err == nil && u.Host != "" {
		base = u
	}
	return h.links, base, nil
}

// maxElements is how many links of a head are read: one for each language of a page
// and each size of its icon may stand before those that matter.
const maxElements = 1000

// head is what the head of a page says.
type head struct {
	base  string // of its first base element; "" when it has none
	links []Link
}

func readHead(page []byte) head {
	var h head
	tokens := html.NewTokenizer(bytes.NewReader(page))
	aside := 0 // open elements whose content is for others
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return h
		case html.StartTagToken, html.SelfClosingTagToken:
			token := tokens.Token()
			if isAside(token.DataAtom) && token.Type == html.StartTagToken {
				aside++
			}
			if aside == 0 {
				if endsHead(token.DataAtom) {
					return h
				}
				h.element(token)
			}
		case html.EndTagToken:
			if name, _ := tokens.TagName(); aside > 0 && isAside(atom.Lookup(name)) {
				aside--
			}
		}
	}
}

func (h *head) element(token html.Token) {
	switch token.DataAtom {
	case atom.Base:
		if h.base == "" {
			h.base = strings.TrimSpace(attribute(token, "href"))
		}
	case atom.Link:
		kind, _, _ := strings.Cut(strings.ToLower(attribute(token, "type")), ";")
		l := Link{
			Target: strings.TrimSpace(attribute(token, "href")),
			Rel:    strings.Fields(strings.ToLower(attribute(token, "rel"))),
			Type:   strings.TrimSpace(kind),
		}
		if l.Target != "" && len(h.links) < maxElements {
			h.links = append(h.links, l)
		}
	}
}

// isAside reports elements of a head that hold what is no part of it.
func isAside(name atom.Atom) bool { return name == atom.Noscript || name == atom.Template }

// endsHead reports elements that only a body has, for pages that don't say where
// theirs begins.
func endsHead(name atom.Atom) bool {
	switch name {
	case atom.Body, atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.A, atom.Ul, atom.Ol,
		atom.Table, atom.Form, atom.Main, atom.Article, atom.Section, atom.Header, atom.Footer,
		atom.Nav, atom.Aside:
		return true
	}
	return false
}

func attribute(token html.Token, name string) string {
	for _, a := range token.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
