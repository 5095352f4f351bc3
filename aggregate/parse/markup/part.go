package markup

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Text returns the text that s, a string of what a parser read of the skeleton,
// stands for. kind is what the format says of it; the document may know better.
func (d *Document) Text(s string, kind Kind) Text {
	p, ok := d.partOf(strings.TrimSpace(s))
	if !ok {
		return NewText(s, kind, d.Base)
	}
	if p.base == nil {
		p.base = d.Base
	}
	return d.read(p, kind).limit()
}

// partOf returns the part that the token s stands for.
func (d *Document) partOf(s string) (part, bool) {
	number, found := strings.CutPrefix(s, tokenPrefix)
	if !found {
		return part{}, false
	}
	n, err := strconv.Atoi(strings.TrimSuffix(number, "."))
	if err != nil || n < 0 || n >= len(d.parts) {
		return part{}, false
	}
	return d.parts[n], true
}

// read returns the text of a part. kind is what a text without a type is in the
// document's format.
func (d *Document) read(p part, kind Kind) Text {
	raw := withoutComments(bytes.TrimSpace(p.raw))
	decoded, flaws, ok := p.decodeBase64(raw)
	if ok {
		return Text{Value: decoded, Kind: HTML, Base: p.base, Flaws: flaws}
	}
	if hasTag(raw) {
		return d.readMarkup(p, raw)
	}
	value, found := d.characters(string(raw))
	t := NewText(value, p.kind(kind), p.base)
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
	s := scanner{b: raw}
	var out []byte
	last := 0
	for {
		t, ok := s.next()
		if !ok {
			return append(out, raw[last:]...)
		}
		if t.kind == otherToken && t.end-t.start > 2 {
			out = append(out, raw[last:t.start]...)
			last = t.end
		}
	}
}

// readMarkup returns the text of a part that has elements.
func (d *Document) readMarkup(p part, raw []byte) Text {
	written, flaws := d.xmlToHTML(raw, p.base)
	value, found := tidy(written)
	flaws |= found
	xhtml := bytes.Contains(raw[:min(len(raw), 256)], []byte("xhtml"))
	if !p.markup && !xhtml && p.mode != "xml" {
		flaws |= UnescapedMarkup
	}
	return Text{Value: value, Kind: HTML, Base: p.base, Flaws: flaws}
}

// kind returns the kind that the type attribute gives the text (RFC 4287 §3.1 and
// §4.1.3, or a media type as in Atom 0.3).
func (p part) kind(otherwise Kind) Kind {
	switch {
	case p.textType == "html", p.textType == "text/html", strings.Contains(p.textType, "xhtml"):
		return HTML
	case p.textType == "text" || p.textType == "plain" || strings.HasPrefix(p.textType, "text/"):
		return Plain
	case p.mode == "escaped" && p.textType == "":
		return Loose
	}
	return otherwise
}

// decodeBase64 decodes a text that its mode (Atom 0.3) or its media type says is
// in Base64 (RFC 4287 §4.1.3.3). Text and XML types never are.
func (p part) decodeBase64(raw []byte) (decoded string, flaw Flaw, ok bool) {
	binary := p.mode == "base64" || strings.Contains(p.textType, "/") &&
		!strings.HasPrefix(p.textType, "text/") && !strings.Contains(p.textType, "xml") && p.mode == ""
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

// characters returns the character data of s: references decoded, CDATA sections
// as they are.
func (d *Document) characters(s string) (string, Flaw) {
	const begin, end = "<![CDATA[", "]]>"
	before, rest, found := strings.Cut(s, begin)
	if !found {
		return d.decodeText(s)
	}
	if inner, after, ok := strings.Cut(rest, end); ok && before == "" && after == "" {
		return inner, 0
	}
	var out strings.Builder
	var flaws Flaw
	text := func(s string) {
		decoded, found := d.decodeText(s)
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
func (d *Document) decodeText(s string) (string, Flaw) {
	s = dropComments(s)
	decoded, flaws := decode(s, d.entities)
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
	tokens, copied := scanner{b: []byte(s)}, 0
	for {
		t, ok := tokens.next()
		if !ok {
			out.WriteString(s[copied:])
			return out.String()
		}
		if t.kind == otherToken && t.end-t.start > 2 {
			out.WriteString(s[copied:t.start])
			copied = t.end
		}
	}
}

// hasTag reports whether there are elements in raw, outside CDATA sections.
func hasTag(raw []byte) bool {
	s := scanner{b: raw}
	for {
		t, ok := s.next()
		if !ok {
			return false
		}
		if t.kind == startTag || t.kind == emptyTag {
			return true
		}
	}
}
