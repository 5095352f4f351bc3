package parse

import (
	"html"
	"strings"

	nethtml "golang.org/x/net/html"
)

// textKind says how the characters of a text are to be read.
type textKind int

const (
	kindText  textKind = iota // characters stand for themselves
	kindHTML                  // markup
	kindLoose                 // the format does not say; markup when it looks like markup
)

// text is a text of the document with its kind.
type text struct {
	value string
	kind  textKind
}

// text returns the text that s, a string of gofeed's original, stands for.
func (p *parser) text(s string, kind textKind) text {
	return text{value: strings.TrimSpace(s), kind: kind}
}

// plain returns the text without markup on one line.
func (t text) plain() string {
	if t.kind == kindHTML || t.kind == kindLoose && looksLikeHTML(t.value) {
		return foldSpace(htmlText(t.value))
	}
	return foldSpace(t.value)
}

// plainMarkup is plain, but keeps an address in angle brackets.
func (t text) plainMarkup() string {
	if t.kind == kindLoose && !strings.ContainsAny(t.value, "&/") {
		return foldSpace(t.value)
	}
	return t.plain()
}

// markup returns the text as HTML.
func (t text) markup() string {
	if t.kind == kindText {
		return escapeText(t.value)
	}
	return t.value
}

func escapeText(s string) string {
	if !strings.ContainsAny(s, "&<>") {
		return s
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// foldSpace trims s and makes one blank of each run of white space.
func foldSpace(s string) string {
	s = strings.TrimSpace(s)
	if !strings.ContainsAny(s, "\t\r\n\f\u00a0") && !strings.Contains(s, "  ") {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// looksLikeHTML reports whether a text of unknown kind is markup: it has a tag
// of an element that exists or a character reference.
func looksLikeHTML(s string) bool {
	if i := strings.IndexByte(s, '&'); i >= 0 && html.UnescapeString(s[i:]) != s[i:] {
		return true
	}
	for i := 0; ; {
		j := strings.IndexByte(s[i:], '<')
		if j < 0 {
			return false
		}
		i += j + 1
		if isHTMLTag(s[i:]) {
			return true
		}
	}
}

// htmlText returns the characters between the tags of s.
func htmlText(s string) string {
	if strings.IndexByte(s, '<') < 0 {
		return html.UnescapeString(s)
	}
	var out strings.Builder
	tokens := nethtml.NewTokenizer(strings.NewReader(s))
	for skip := ""; ; {
		switch tokens.Next() {
		case nethtml.ErrorToken:
			return out.String()
		case nethtml.TextToken:
			if skip == "" {
				out.Write(tokens.Text())
			}
		case nethtml.StartTagToken:
			name, _ := tokens.TagName()
			if n := string(name); n == "script" || n == "style" {
				skip = n
			} else if isBlock(n) {
				out.WriteByte(' ')
			}
		case nethtml.EndTagToken:
			name, _ := tokens.TagName()
			if string(name) == skip {
				skip = ""
			} else if isBlock(string(name)) {
				out.WriteByte(' ')
			}
		case nethtml.SelfClosingTagToken:
			out.WriteByte(' ')
		}
	}
}

func isBlock(name string) bool {
	switch name {
	case "p", "div", "br", "li", "ul", "ol", "td", "tr", "table", "blockquote", "pre", "hr",
		"h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "dd", "dt":
		return true
	}
	return false
}

// isHTMLTag reports whether s, the text after a "<", begins with the name of an
// HTML element and could be a tag.
func isHTMLTag(s string) bool {
	s = strings.TrimPrefix(s, "/")
	n := 0
	for n < len(s) && (s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z' || n > 0 && s[n] >= '0' && s[n] <= '9') {
		n++
	}
	if n == 0 || n == len(s) || !strings.ContainsRune(" \t\r\n/>", rune(s[n])) {
		return false
	}
	return isHTMLName(strings.ToLower(s[:n])) && strings.IndexByte(s, '>') >= 0
}

func isHTMLName(name string) bool {
	switch name {
	case "a", "abbr", "address", "article", "aside", "audio", "b", "bdi", "bdo", "big", "body",
		"center", "cite", "code", "del", "dfn", "dl", "em", "embed", "figcaption", "figure", "font",
		"footer", "form", "head", "header", "html", "i", "iframe", "img", "input", "ins", "kbd",
		"main", "mark", "nav", "object", "picture", "q", "rp", "rt", "ruby", "s", "samp", "script",
		"small", "source", "span", "strike", "strong", "style", "sub", "sup", "svg", "time", "tt",
		"u", "var", "video", "wbr", "tbody", "thead", "th", "math":
		return true
	}
	return isBlock(name)
}
