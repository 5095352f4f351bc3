package page

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// promptly is for how many seconds at most a page is shown that means to send its
// visitors on. One that waits longer is itself worth reading.
const promptly = 10

// refreshOf is the address to which a page sends browsers, by a meta element in
// its head; "" when it sends them nowhere else. Elements for those who have no
// scripts count: they are about us.
func refreshOf(p *Page) string {
	tokens := html.NewTokenizer(bytes.NewReader(p.Body))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			token := tokens.Token()
			switch token.DataAtom {
			case atom.Body:
				return ""
			case atom.Noscript:
				tokens.NextIsNotRawText()
			case atom.Meta:
				if next := resolve(p.URL, refreshTarget(token)); next != "" {
					return next
				}
			}
		}
	}
}

// refreshTarget is the address in a meta element; "" when it has none or is for
// something else.
func refreshTarget(token html.Token) string {
	var what, content string
	for _, a := range token.Attr {
		switch a.Key {
		case "http-equiv":
			what = strings.TrimSpace(a.Val)
		case "content":
			content = a.Val
		}
	}
	if !strings.EqualFold(what, "refresh") {
		return ""
	}
	wait, target, found := strings.Cut(content, ";")
	if !found {
		wait, target, _ = strings.Cut(content, ",")
	}
	seconds, err := strconv.ParseFloat(strings.TrimSpace(wait), 64)
	if err != nil || !(seconds >= 0 && seconds <= promptly) {
		return ""
	}
	target = strings.TrimSpace(target)
	if name, rest, found := strings.Cut(target, "="); found && strings.EqualFold(strings.TrimSpace(name), "url") {
		target = strings.TrimSpace(rest)
	}
	return strings.Trim(target, `"'`)
}

// resolve is a web address other than the page's own; "" for all else.
func resolve(page, target string) string {
	base, err := url.Parse(page)
	if err != nil || target == "" {
		return ""
	}
	next, err := base.Parse(target)
	if err != nil || next.Host == "" || next.Scheme != "http" && next.Scheme != "https" {
		return ""
	}
	next.Fragment, next.RawFragment = "", ""
	if next.String() == page {
		return ""
	}
	return next.String()
}
