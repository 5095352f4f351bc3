package markup

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"strings"
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
	raw := bytes.TrimSpace(p.raw)
	if decoded, ok := p.decodeBase64(raw); ok {
		return Text{Value: decoded, Kind: HTML, Base: p.base}
	}
	if hasTag(raw) {
		return Text{Value: Clean(d.xmlToHTML(raw, p.base)), Kind: HTML, Base: p.base}
	}
	t := NewText(d.characters(string(raw)), p.kind(kind), p.base)
	if t.Kind == Loose && bytes.HasPrefix(raw, []byte("<![CDATA[")) {
		t.Kind = looseCDATA
	}
	return t
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
func (p part) decodeBase64(raw []byte) (string, bool) {
	binary := p.mode == "base64" || strings.Contains(p.textType, "/") &&
		!strings.HasPrefix(p.textType, "text/") && !strings.Contains(p.textType, "xml") && p.mode == ""
	if !binary {
		return "", false
	}
	packed := strings.Join(strings.Fields(string(raw)), "")
	decoded, err := base64.StdEncoding.DecodeString(packed)
	if err != nil {
		return "", false
	}
	return Clean(strings.ToValidUTF8(string(decoded), "\ufffd")), true
}

// characters returns the character data of s: references decoded, CDATA sections
// as they are.
func (d *Document) characters(s string) string {
	const begin, end = "<![CDATA[", "]]>"
	before, rest, found := strings.Cut(s, begin)
	if !found {
		return decodeEntities(s, d.entities)
	}
	if inner, after, ok := strings.Cut(rest, end); ok && before == "" && after == "" {
		return inner
	}
	var out strings.Builder
	for found {
		out.WriteString(decodeEntities(before, d.entities))
		inner, after, _ := strings.Cut(rest, end)
		out.WriteString(inner)
		before, rest, found = strings.Cut(after, begin)
	}
	out.WriteString(decodeEntities(before, d.entities))
	return out.String()
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
