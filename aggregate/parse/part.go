package parse

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"strings"
)

// partOf returns the part that s stands for.
func (l *lifted) partOf(s string) (part, bool) {
	number, found := strings.CutPrefix(s, tokenPrefix)
	if !found || l == nil {
		return part{}, false
	}
	n, err := strconv.Atoi(strings.TrimSuffix(number, "."))
	if err != nil || n < 0 || n >= len(l.parts) {
		return part{}, false
	}
	return l.parts[n], true
}

// read returns the text of a part. kind is what a text without a type is in the
// document's format.
func (l *lifted) read(p part, kind textKind) text {
	raw := bytes.TrimSpace(p.raw)
	if decoded, ok := p.decodeBase64(raw); ok {
		return text{value: decoded, kind: kindHTML, base: p.base}
	}
	if hasTag(raw) {
		return text{value: cleanText(l.xmlToHTML(raw, p.base)), kind: kindHTML, base: p.base}
	}
	t := text{value: cleanText(l.characters(string(raw))), kind: p.kind(kind), base: p.base}
	if t.kind == kindLoose && bytes.HasPrefix(raw, []byte("<![CDATA[")) {
		t.kind = kindCDATA
	}
	t.value = strings.TrimSpace(t.value)
	return t
}

// kind returns the kind that the type attribute gives the text (RFC 4287 §3.1 and
// §4.1.3, or a media type as in Atom 0.3).
func (p part) kind(otherwise textKind) textKind {
	switch {
	case p.textType == "html", p.textType == "text/html", strings.Contains(p.textType, "xhtml"):
		return kindHTML
	case p.textType == "text" || p.textType == "plain" || strings.HasPrefix(p.textType, "text/"):
		return kindText
	case p.mode == "escaped" && p.textType == "":
		return kindLoose
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
	return cleanText(strings.ToValidUTF8(string(decoded), "\ufffd")), true
}

// characters returns the character data of s: references decoded, CDATA sections
// as they are.
func (l *lifted) characters(s string) string {
	const begin, end = "<![CDATA[", "]]>"
	before, rest, found := strings.Cut(s, begin)
	if !found {
		return decodeEntities(s, l.entities)
	}
	if inner, after, ok := strings.Cut(rest, end); ok && before == "" && after == "" {
		return inner
	}
	var out strings.Builder
	for found {
		out.WriteString(decodeEntities(before, l.entities))
		inner, after, _ := strings.Cut(rest, end)
		out.WriteString(inner)
		before, rest, found = strings.Cut(after, begin)
	}
	out.WriteString(decodeEntities(before, l.entities))
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
