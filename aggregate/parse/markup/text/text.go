// Package text tells what the characters of a feed mean.
//
// A Written is a text as it stands in an XML document; what is read of it, or of
// another format, is a Text, which knows whether its characters are markup and comes
// as one plain line or as HTML. The functions beside them decode and escape
// references, fold white space and make addresses absolute. Nothing here fails: what
// means nothing stays as it was written, and the flaws of a Text tell what was
// repaired or guessed.
package text

import (
	"html"
	"net/url"
	"strings"
	"unicode/utf8"

	nethtml "golang.org/x/net/html"

	"github.com/coranto/coranto/aggregate/parse/markup/tags"
)

// Kind says how the characters of a text are to be read.
type Kind int

// The kinds of texts.
const (
	Plain      Kind = iota // characters stand for themselves
	HTML                   // markup
	Loose                  // the format does not say; markup when it has tags
	looseCDATA             // the same in a CDATA section; references are markup too
)

// MaxLength is the length in bytes at which a text is cut.
const MaxLength = 2 << 20

// Text is a text of a document with its kind.
type Text struct {
	Value string
	Kind  Kind
	Base  *url.URL // that its references are relative to; nil when unknown
	Cut   bool     // Value was longer than MaxLength
	Flaws Flaw     // what was repaired or guessed in Value
}

// New returns the text that s is by its format's rules, without characters
// that XML forbids.
func New(s string, kind Kind, base *url.URL) Text {
	value, flaws := Tidy(strings.TrimSpace(s))
	return Text{Value: value, Kind: kind, Base: base, Flaws: flaws}.limit()
}

// limit cuts a text that is too long, and notes what was lost before it came.
func (t Text) limit() Text {
	t.Flaws |= damaged(t.Value)
	if len(t.Value) > MaxLength {
		t.Value, t.Cut = cutText(t.Value, MaxLength), true
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

// Plain returns the text without markup on one line.
func (t Text) Plain() string {
	if t.isMarkup() {
		return FoldSpace(HTMLText(t.Value))
	}
	return FoldSpace(looseText(t.Value, t.Kind))
}

func (t Text) isMarkup() bool {
	switch {
	case t.Kind == Plain:
		return false
	case t.Kind == HTML, looksLikeHTML(t.Value):
		return true
	}
	return t.Kind == looseCDATA && strings.ContainsRune(t.Value, '&') && !hasBareTag(t.Value)
}

// hasBareTag reports whether s has a "<" that begins no element of HTML: then its
// author did not think of markup.
func hasBareTag(s string) bool {
	return strings.ContainsRune(s, '<') && !looksLikeHTML(s)
}

// looseText decodes numeric references that were escaped twice, in a text whose
// author did not escape anything else: nobody writes "&#8217;" to show it.
func looseText(s string, kind Kind) string {
	if kind != Loose || !strings.Contains(s, "&#") || strings.Contains(s, "&amp;") {
		return s
	}
	return html.UnescapeString(s)
}

// Address is Plain, but keeps an address in angle brackets.
func (t Text) Address() string {
	if t.Kind == Loose && !strings.ContainsAny(t.Value, "&/") {
		return FoldSpace(t.Value)
	}
	return t.Plain()
}

// Markup returns the text as HTML with absolute URLs.
func (t Text) Markup() string {
	if t.Kind == Plain {
		return EscapeText(t.Value)
	}
	return ResolveHTML(t.Base, escapeDeclarations(t.Value))
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
		if after == "" || !tags.IsNameStart(after[0]) && after[0] != '-' && after[0] != '[' {
			out.WriteString("&lt;!")
		} else {
			out.WriteString("<!")
		}
		s = after
	}
}

// EscapeAttr escapes s for an attribute in double quotes.
func EscapeAttr(s string) string {
	return strings.ReplaceAll(EscapeText(s), `"`, "&#34;")
}

// EscapeText escapes s for element content.
func EscapeText(s string) string {
	if !strings.ContainsAny(s, "&<>") {
		return s
	}
	var out strings.Builder
	out.Grow(len(s) + len(s)/8)
	for {
		i := strings.IndexAny(s, "&<>")
		if i < 0 {
			out.WriteString(s)
			return out.String()
		}
		out.WriteString(s[:i])
		out.WriteString(escapeByte(s[i]))
		s = s[i+1:]
	}
}

func escapeByte(c byte) string {
	switch c {
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	}
	return "&amp;"
}

// FoldSpace trims s and makes one blank of each run of ASCII white space. No-break
// and ideographic spaces are the author's and stay.
func FoldSpace(s string) string {
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

// HTMLText returns the characters between the tags of s.
func HTMLText(s string) string {
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
