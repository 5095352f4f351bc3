package text

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/coranto/coranto/aggregate/parse/markup/tags"
)

// Written is a text as it stands in a document.
type Written struct {
	Raw    []byte   // between the tags, as written
	Type   string   // type attribute, lower case
	Mode   string   // Atom 0.3 mode attribute, lower case
	Markup bool     // its element is one of XHTML or says that it holds some
	Base   *url.URL // that its references are relative to; nil when unknown
}

// Read returns the text that w is. kind is what a text without a type is in the
// document's format, own are the document's entities.
func (w Written) Read(kind Kind, own *Entities) Text {
	raw := withoutComments(bytes.TrimSpace(w.Raw))
	decoded, flaws, ok := w.decodeBase64(raw)
	if ok {
		return Text{Value: decoded, Kind: HTML, Base: w.Base, Flaws: flaws}.limit()
	}
	if hasTag(raw) {
		return w.readMarkup(raw, own)
	}
	value, found := Characters(string(raw), own)
	t := New(value, w.kind(kind), w.Base)
	t.Flaws |= flaws | found
	if t.Kind == Loose && bytes.HasPrefix(raw, []byte("<![CDATA[")) {
		t.Kind = looseCDATA
	}
	return t
}

// withoutComments returns a text that has no elements without its comments and
// processing instructions, which are no part of it.
func withoutComments(raw []byte) []byte {
	if !bytes.Contains(raw, []byte("<!--")) && !bytes.Contains(raw, []byte("<?")) {
		return raw
	}
	s := tags.Scan(raw)
	var out []byte
	last := 0
	for {
		t, ok := s.Next()
		if !ok {
			return append(out, raw[last:]...)
		}
		if t.Kind == tags.Other && t.End-t.Start > 2 {
			out = append(out, raw[last:t.Start]...)
			last = t.End
		}
	}
}

// readMarkup returns the text that w is when it has elements.
func (w Written) readMarkup(raw []byte, own *Entities) Text {
	written, flaws := xmlToHTML(raw, w.Base, own)
	value, found := Tidy(written)
	flaws |= found
	xhtml := bytes.Contains(raw[:min(len(raw), 256)], []byte("xhtml"))
	if !w.Markup && !xhtml && w.Mode != "xml" {
		flaws |= UnescapedMarkup
	}
	return Text{Value: value, Kind: HTML, Base: w.Base, Flaws: flaws}.limit()
}

// kind returns the kind that the type attribute gives the text (RFC 4287 §3.1 and
// §4.1.3, or a media type as in Atom 0.3).
func (w Written) kind(otherwise Kind) Kind {
	switch {
	case w.Type == "html", w.Type == "text/html", strings.Contains(w.Type, "xhtml"):
		return HTML
	case w.Type == "text" || w.Type == "plain" || strings.HasPrefix(w.Type, "text/"):
		return Plain
	case w.Mode == "escaped" && w.Type == "":
		return Loose
	}
	return otherwise
}

// decodeBase64 decodes a text that its mode (Atom 0.3) or its media type says is
// in Base64 (RFC 4287 §4.1.3.3). Text and XML types never are.
func (w Written) decodeBase64(raw []byte) (decoded string, flaw Flaw, ok bool) {
	binary := w.Mode == "base64" || strings.Contains(w.Type, "/") &&
		!strings.HasPrefix(w.Type, "text/") && !strings.Contains(w.Type, "xml") && w.Mode == ""
	if !binary {
		return "", 0, false
	}
	packed := strings.Join(strings.Fields(string(raw)), "")
	content, err := base64.StdEncoding.DecodeString(packed)
	if err != nil {
		return "", UndecodableBase64, false
	}
	if isBinary(content) {
		return "", BinaryContent, true
	}
	return Clean(strings.ToValidUTF8(string(content), "\ufffd")), 0, true
}

// isBinary reports whether b is a file rather than a text, in whatever charset.
func isBinary(b []byte) bool {
	return !utf8.Valid(b) && bytes.ContainsFunc(b, func(r rune) bool {
		return r < ' ' && !strings.ContainsRune("\t\r\n\f", r)
	})
}

// Characters returns the character data of s: references decoded, CDATA sections
// as they are.
func Characters(s string, own *Entities) (string, Flaw) {
	const begin, end = "<![CDATA[", "]]>"
	before, rest, found := strings.Cut(s, begin)
	if !found {
		return decodeText(s, own)
	}
	if inner, after, ok := strings.Cut(rest, end); ok && before == "" && after == "" {
		return inner, 0
	}
	var out strings.Builder
	var flaws Flaw
	text := func(s string) {
		decoded, found := decodeText(s, own)
		out.WriteString(decoded)
		flaws |= found
	}
	for found {
		text(before)
		inner, after, _ := strings.Cut(rest, end)
		out.WriteString(inner)
		before, rest, found = strings.Cut(after, begin)
	}
	text(before)
	return out.String(), flaws
}

// decodeText decodes the references of character data outside of sections.
func decodeText(s string, own *Entities) (string, Flaw) {
	s = dropComments(s)
	decoded, flaws := decode(s, own)
	if strings.IndexByte(s, '<') >= 0 {
		flaws |= BareLess
	}
	return decoded, flaws
}

// dropComments leaves comments and processing instructions out of character data.
func dropComments(s string) string {
	if !strings.Contains(s, "<!--") && !strings.Contains(s, "<?") {
		return s
	}
	var out strings.Builder
	tokens, copied := tags.Scan([]byte(s)), 0
	for {
		t, ok := tokens.Next()
		if !ok {
			out.WriteString(s[copied:])
			return out.String()
		}
		if t.Kind == tags.Other && t.End-t.Start > 2 {
			out.WriteString(s[copied:t.Start])
			copied = t.End
		}
	}
}

// hasTag reports whether there are elements in raw, outside CDATA sections.
func hasTag(raw []byte) bool {
	s := tags.Scan(raw)
	for {
		t, ok := s.Next()
		if !ok {
			return false
		}
		if t.Kind == tags.Start || t.Kind == tags.Empty {
			return true
		}
	}
}
