package discover

import (
	"bytes"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/coranto/coranto/aggregate/weblink"
)

// Links are the feeds that a page names with link elements in its head, in
// order, resolved against its base element or else its own address. What stands
// in the body may be anybody's words and does not count.
func Links(page []byte, address string) []string {
	base, err := url.Parse(address)
	if err != nil {
		return nil
	}
	h := readHead(page)
	if u, err := base.Parse(h.base); err == nil && u.Host != "" {
		base = u
	}
	return resolved(h.links, base)
}

// HeaderLinks are the feeds that a response names with Link headers (RFC 8288),
// in order, resolved against its address.
func HeaderLinks(values []string, address string) []string {
	base, err := url.Parse(address)
	if err != nil {
		return nil
	}
	var links []weblink.Link
	for _, l := range weblink.Parse(values) {
		if namesFeed(l) {
			links = append(links, l)
		}
	}
	return resolved(links, base)
}

// resolved are the targets that can be fetched, one of each. Feeds of comments
// are not what somebody means by a site.
func resolved(links []weblink.Link, base *url.URL) []string {
	var list []string
	for _, l := range links {
		address := l.Resolve(base)
		if address == "" || slices.Contains(list, address) ||
			strings.Contains(address, "/comments/") || strings.Contains(address, "comments-rss2") {
			continue
		}
		list = append(list, address)
	}
	return list
}

// namesFeed reports links to a feed: alternates of a feed's type, and what is
// called a feed.
func namesFeed(l weblink.Link) bool {
	switch l.Type {
	case "application/rss+xml", "application/atom+xml", "application/feed+json",
		"application/rdf+xml", "text/xml", "application/xml":
		return l.Is("alternate") || l.Is("feed")
	}
	return l.Type == "" && l.Is("feed")
}

// head is what the head of a page says of feeds.
type head struct {
	base  string // of its first base element; "" when it has none
	links []weblink.Link
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
		l := weblink.Link{
			Target: strings.TrimSpace(attribute(token, "href")),
			Rel:    strings.Fields(strings.ToLower(attribute(token, "rel"))),
			Type:   strings.TrimSpace(kind),
		}
		if l.Target != "" && namesFeed(l) {
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
