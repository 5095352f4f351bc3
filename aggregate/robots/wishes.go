package robots

import (
	"bytes"
	"net/http"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Wishes are what the author of a page asks of those who read it by program
// (P72). The zero value asks for nothing.
type Wishes struct {
	NoIndex   bool // noindex or none: not to be listed
	NoSnippet bool // nosnippet: not to be quoted
	NoArchive bool // noarchive: not to be kept as a copy
	NoAI      bool // noai: not to be learned from
	Reserved  bool // tdm-reservation: 1: rights for text and data mining are reserved
}

// ExcerptOnly reports whether no more of the page may be published than the
// author's own feed gives.
func (w Wishes) ExcerptOnly() bool { return w.NoIndex || w.NoSnippet || w.NoArchive }

// Or joins the wishes of two places.
func (w Wishes) Or(o Wishes) Wishes {
	return Wishes{
		NoIndex:   w.NoIndex || o.NoIndex,
		NoSnippet: w.NoSnippet || o.NoSnippet,
		NoArchive: w.NoArchive || o.NoArchive,
		NoAI:      w.NoAI || o.NoAI,
		Reserved:  w.Reserved || o.Reserved,
	}
}

// HeaderWishes reads X-Robots-Tag and TDM-Reservation of a response: what they
// ask of everyone, and of the crawler with a product token.
func HeaderWishes(h http.Header, agent string) Wishes {
	w := Wishes{Reserved: strings.TrimSpace(h.Get("Tdm-Reservation")) == "1"}
	for _, value := range h.Values("X-Robots-Tag") {
		w = w.Or(directives(value, agent))
	}
	return w
}

// PageWishes reads the meta elements in the head of a page: robots, the agent's
// own, and tdm-reservation.
func PageWishes(page []byte, agent string) Wishes {
	var w Wishes
	tokens := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return w
		case html.StartTagToken, html.SelfClosingTagToken:
			token := tokens.Token()
			switch token.DataAtom {
			case atom.Body:
				return w
			case atom.Meta:
				w = w.Or(metaWishes(token, agent))
			}
		}
	}
}

func metaWishes(token html.Token, agent string) Wishes {
	var name, content string
	for _, a := range token.Attr {
		switch a.Key {
		case "name":
			name = strings.TrimSpace(a.Val)
		case "content":
			content = strings.TrimSpace(a.Val)
		}
	}
	switch {
	case strings.EqualFold(name, "tdm-reservation"):
		return Wishes{Reserved: content == "1"}
	case strings.EqualFold(name, "robots"), strings.EqualFold(name, agent):
		return directives(content, agent)
	}
	return Wishes{}
}

// directives reads a list such as "noindex, otherbot: noarchive". A name with a
// colon says whom the rest is for, unless it is a directive with a value.
func directives(list, agent string) Wishes {
	var w Wishes
	ours := true
	for word := range strings.SplitSeq(list, ",") {
		word = strings.ToLower(strings.TrimSpace(word))
		name, value, found := strings.Cut(word, ":")
		if found && !hasValue(name) {
			ours = strings.EqualFold(strings.TrimSpace(name), agent)
			word = strings.TrimSpace(value)
		}
		if ours {
			w = w.Or(directive(word))
		}
	}
	return w
}

// hasValue reports the directives that are followed by a colon themselves.
func hasValue(name string) bool {
	return name == "unavailable_after" || strings.HasPrefix(name, "max-")
}

func directive(word string) Wishes {
	switch strings.ReplaceAll(word, " ", "") {
	case "noindex", "none":
		return Wishes{NoIndex: true}
	case "nosnippet", "max-snippet:0":
		return Wishes{NoSnippet: true}
	case "noarchive", "nocache":
		return Wishes{NoArchive: true}
	case "noai":
		return Wishes{NoAI: true}
	}
	return Wishes{}
}
