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
// that XML forbids. A CDATA section that was escaped itself is taken for one.
func New(s string, kind Kind, base *url.URL) Text {
	value, flaws := Tidy(strings.TrimSpace(s))
	if inner, ok := strings.CutPrefix(value, "<![CDATA["); ok && strings.HasSuffix(inner, "]]>") {
		value = strings.TrimSpace(strings.TrimSuffix(inner, "]]>"))
		flaws |= EscapedTwice
		if kind == Loose {
			kind = looseCDATA
		}
	}
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
	line, _ := t.Line()
	return line
}

// Line is Plain that tells what was guessed, beyond the flaws of the text.
func (t Text) Line() (string, Flaw) {
	switch t.Kind {
	case Plain:
		return FoldSpace(t.Value), 0
	case HTML:
		plain, hidden := htmlText(t.Value)
		return FoldSpace(plain), flawIf(hidden, LostWords)
	}
	u := usageOf(t.Value)
	if u.markup || t.Kind == looseCDATA && strings.IndexByte(t.Value, '<') < 0 {
		plain, hidden := htmlText(u.escape(t.Value))
		return FoldSpace(plain), flawIf(hidden || u.lost, LostWords)
	}
	decoded, again := decodeAgain(t.Value, t.Kind)
	return FoldSpace(decoded), flawIf(again && t.Kind == Loose, EscapedTwice)
}

// decodeAgain decodes the references that are left in a text of unknown kind, and
// reports whether there are some: nearly all readers take titles for HTML. A text with
// another "&" has an author who knows nothing of references. One with "&amp;" outside
// of a CDATA section has one who escapes what he means to show, and stays.
func decodeAgain(s string, kind Kind) (string, bool) {
	if strings.IndexByte(s, '&') < 0 {
		return s, false
	}
	decoded, flaws := decode(s, nil)
	switch {
	case flaws&(BareAmpersand|UnknownEntity) != 0:
		return s, false
	case kind == Loose && strings.Contains(s, "&amp;"):
		return s, true
	}
	return decoded, true
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
	switch {
	case t.Kind == Plain:
		return EscapeText(t.Value)
	case t.Kind != HTML && !t.mayBeMarkup():
		return strings.ReplaceAll(t.Value, "<", "&lt;")
	}
	return ResolveHTML(t.Base, escapeDeclarations(t.Value))
}

// mayBeMarkup reports whether a text of unknown kind, which is HTML by the rules of
// RSS, has no "<" or one that can't be a word.
func (t Text) mayBeMarkup() bool {
	first := strings.IndexByte(t.Value, '<')
	return first < 0 || first == 0 || strings.Contains(t.Value, "</") ||
		strings.Contains(t.Value, "<!") || usageOf(t.Value).markup
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

// HTMLText returns the characters between the tags of s.
func HTMLText(s string) string {
	plain, _ := htmlText(s)
	return plain
}

// htmlText is HTMLText that reports whether a script or a style sheet was left out.
func htmlText(s string) (plain string, hidden bool) {
	if strings.IndexByte(s, '<') < 0 {
		return html.UnescapeString(s), false
	}
	var out strings.Builder
	tokens := nethtml.NewTokenizer(strings.NewReader(s))
	for skip := ""; ; {
		switch tokens.Next() {
		case nethtml.ErrorToken:
			return out.String(), hidden
		case nethtml.TextToken:
			if skip == "" {
				out.Write(tokens.Text())
			} else {
				hidden = true
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

// Excerpt cuts s to about size bytes, after a word where there are words.
func Excerpt(s string, size int) string {
	if len(s) <= size {
		return s
	}
	for !utf8.RuneStart(s[size]) {
		size--
	}
	if i := strings.LastIndexByte(s[:size], ' '); i > size/2 {
		size = i
	}
	return s[:size] + "…"
}
