package parse

import (
	"html"
	"net/url"
	"strings"
	"unicode/utf8"

	nethtml "golang.org/x/net/html"
)

// textKind says how the characters of a text are to be read.
type textKind int

const (
	kindText  textKind = iota // characters stand for themselves
	kindHTML                  // markup
	kindLoose                 // the format does not say; markup when it has tags
	kindCDATA                 // the same in a CDATA section; references are markup too
)

// text is a text of the document with its kind.
type text struct {
	value string
	kind  textKind
	base  *url.URL // of an xml:base; nil means the document's
}

// text returns the text that s, a string of gofeed's original, stands for. kind is
// what the format says of it; the document may say otherwise.
func (p *parser) text(s string, kind textKind) text {
	s = strings.TrimSpace(s)
	t := text{value: s, kind: kind}
	if part, ok := p.lifted.partOf(s); ok {
		t = p.lifted.read(part, kind)
	} else {
		t.value = cleanText(s)
	}
	if len(t.value) > maxText {
		t.value = cutText(t.value, maxText)
		p.problem("text-cut", "", "A text was longer than %d bytes and was cut.", maxText)
	}
	return t
}

// cutText cuts s to at most size bytes, between two characters.
func cutText(s string, size int) string {
	size -= len("…")
	for size > 0 && !utf8.RuneStart(s[size]) {
		size--
	}
	return s[:size] + "…"
}

// plain returns the text without markup on one line.
func (t text) plain() string {
	if t.isMarkup() {
		return foldSpace(htmlText(t.value))
	}
	return foldSpace(looseText(t.value, t.kind))
}

func (t text) isMarkup() bool {
	return t.kind == kindHTML || t.kind == kindCDATA && strings.ContainsRune(t.value, '&') && !hasBareTag(t.value) ||
		t.kind != kindText && looksLikeHTML(t.value)
}

// hasBareTag reports whether s has a "<" that begins no element of HTML: then its
// author did not think of markup.
func hasBareTag(s string) bool {
	return strings.ContainsRune(s, '<') && !looksLikeHTML(s)
}

// looseText decodes numeric references that were escaped twice, in a text whose
// author did not escape anything else: nobody writes "&#8217;" to show it.
func looseText(s string, kind textKind) string {
	if kind != kindLoose || !strings.Contains(s, "&#") || strings.Contains(s, "&amp;") {
		return s
	}
	return html.UnescapeString(s)
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
	return escapeDeclarations(t.value)
}

// escapeDeclarations escapes each "<!" that begins neither a comment nor a
// declaration: an HTML parser would take what follows for a comment.
func escapeDeclarations(s string) string {
	if !strings.Contains(s, "<!") {
		return s
	}
	var out strings.Builder
	for {
		before, after, found := strings.Cut(s, "<!")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		if after == "" || !isNameStart(after[0]) && after[0] != '-' && after[0] != '[' {
			out.WriteString("&lt;!")
		} else {
			out.WriteString("<!")
		}
		s = after
	}
}

// escapeAttr escapes s for an attribute in double quotes.
func escapeAttr(s string) string {
	return strings.ReplaceAll(escapeText(s), `"`, "&#34;")
}

// escapeText escapes s for element content.
func escapeText(s string) string {
	if !strings.ContainsAny(s, "&<>") {
		return s
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// foldSpace trims s and makes one blank of each run of ASCII white space. No-break
// and ideographic spaces are the author's and stay.
func foldSpace(s string) string {
	s = strings.Trim(s, " \t\r\n\f")
	if !strings.ContainsAny(s, "\t\r\n\f") && !strings.Contains(s, "  ") {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == ' ' || r == '\t' || r == '\r' || r == '\n' || r == '\f'
	}), " ")
}

// looksLikeHTML reports whether a text of unknown kind is markup: it has a tag
// of an element that exists.
func looksLikeHTML(s string) bool {
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
