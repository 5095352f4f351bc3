package platform

import (
	"bytes"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// generator is what the meta element of that name says, in lower case.
func generator(page []byte) string {
	tokens := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			token := tokens.Token()
			switch {
			case token.DataAtom == atom.Body:
				return ""
			case token.DataAtom == atom.Meta && strings.EqualFold(attribute(token, "name"), "generator"):
				return strings.ToLower(strings.TrimSpace(attribute(token, "content")))
			}
		}
	}
}

func attribute(token html.Token, name string) string {
	for _, a := range token.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// Named are the feeds that the text of a page links to, on its own host and on
// others: by links that are called RSS, Atom or feed, or lead to what looks like
// the address of one. base is what links are relative to.
func Named(page []byte, base *url.URL) (own, foreign []string) {
	a := anchors{base: base}
	tokens := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return a.own, a.foreign
		case html.StartTagToken:
			a.start(tokens.Token())
		case html.TextToken:
			if a.open {
				a.label += " " + string(tokens.Text())
			}
		case html.EndTagToken:
			if name, _ := tokens.TagName(); string(name) == "a" {
				a.close()
			}
		}
	}
}

// anchors collects the links of a page.
type anchors struct {
	base         *url.URL
	open         bool   // within a link
	href, label  string // of that link; label is all that it is called
	own, foreign []string
}

func (a *anchors) start(token html.Token) {
	if token.DataAtom == atom.A {
		a.close()
		a.open, a.href = true, attribute(token, "href")
		a.label = attribute(token, "title") + " " + attribute(token, "aria-label")
		return
	}
	if a.open && token.DataAtom == atom.Img {
		a.label += " " + attribute(token, "alt")
	}
}

func (a *anchors) close() {
	if !a.open {
		return
	}
	a.open = false
	u, err := a.base.Parse(webScheme(strings.TrimSpace(a.href)))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return
	}
	u.Fragment, u.RawFragment = "", ""
	if !called(a.label) && !looksLikeFeed(u) || strings.Contains(u.Path, "/comments/") {
		return
	}
	list := &a.foreign
	if u.Host == a.base.Host {
		list = &a.own
	}
	if !slices.Contains(*list, u.String()) {
		*list = append(*list, u.String())
	}
}

// webScheme turns the schemes that only feeds have into that of the Web:
// feed://host/ and feed:https://host/, and those of podcasts.
func webScheme(href string) string {
	scheme, rest, found := strings.Cut(href, ":")
	switch strings.ToLower(scheme) {
	case "feed", "itpc", "pcast", "podcast":
		if found && strings.HasPrefix(rest, "//") {
			return "https:" + rest
		}
		return rest
	}
	return href
}

// called reports whether a link is called by the name of a format.
func called(label string) bool {
	words := strings.FieldsFunc(strings.ToLower(label), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	return len(words) <= 8 && slices.ContainsFunc(words, func(w string) bool {
		return w == "rss" || w == "atom" || w == "feed" || w == "rss2"
	})
}

// looksLikeFeed reports addresses that end as those of feeds do.
func looksLikeFeed(u *url.URL) bool {
	path := strings.ToLower(strings.TrimSuffix(u.Path, "/"))
	for _, end := range []string{
		".rss", ".atom", ".rdf", "/feed", "/rss", "/atom", "feed.xml", "rss.xml", "atom.xml", "feed.json",
	} {
		if strings.HasSuffix(path, end) {
			return true
		}
	}
	return false
}
