package markup

import (
	"bytes"
	"net/url"
	"strings"
)

// xmlToHTML writes the elements of raw as HTML: without prefixes and namespace
// declarations, with end tags for what HTML does not close by "/>", CDATA sections
// as text and references below an xml:base absolute. The div that wraps XHTML
// content (RFC 4287 §3.1.1.3) is left out.
func (d *Document) xmlToHTML(raw []byte, base *url.URL) (string, Flaw) {
	raw = unwrapDiv(raw)
	w := htmlWriter{raw: raw, bases: []scope{{base: base}}, entities: d.entities}
	s := scanner{b: raw}
	for {
		t, ok := s.next()
		if !ok {
			break
		}
		w.write(t)
	}
	w.flush(len(raw))
	return w.out.String(), w.flaws
}

type htmlWriter struct {
	raw      []byte
	copied   int
	out      strings.Builder
	depth    int
	bases    []scope
	entities *entities
	flaws    Flaw
}

func (w *htmlWriter) flush(to int) {
	text := string(w.raw[w.copied:to])
	w.flaws |= referenceFlaws(text, w.entities)
	if strings.IndexByte(text, '<') >= 0 {
		w.flaws |= BareLess
	}
	w.out.WriteString(w.entities.expand(text))
	w.copied = to
}

func (w *htmlWriter) write(t token) {
	w.flush(t.start)
	w.copied = t.end
	switch t.kind {
	case cdataToken:
		w.out.WriteString(EscapeText(string(w.raw[t.start+9 : t.end-3])))
	case endTag:
		w.depth--
		if n := len(w.bases) - 1; n > 0 && w.bases[n].depth > w.depth {
			w.bases = w.bases[:n]
		}
		w.out.WriteString("</" + string(t.local()) + ">")
	case startTag, emptyTag:
		w.writeTag(t)
	case otherToken:
		if t.end-t.start == 2 {
			w.copied = t.start
		}
	}
}

func (w *htmlWriter) writeTag(t token) {
	tag, name := w.raw[t.start:t.end], string(t.local())
	base := w.bases[len(w.bases)-1].base
	if value := attrOf(tag, "xml:base"); value != "" {
		base = joinBase(base, value, w.entities)
	}
	w.out.WriteString("<" + name)
	for a := range attrs(tag) {
		w.writeAttr(a, base)
	}
	w.out.WriteByte('>')
	switch {
	case t.kind == startTag:
		w.depth++
		if base != w.bases[len(w.bases)-1].base {
			w.bases = append(w.bases, scope{w.depth, base})
		}
	case !isVoid(name):
		w.out.WriteString("</" + name + ">")
	}
}

func (w *htmlWriter) writeAttr(a attr, base *url.URL) {
	name := string(a.name)
	if name == "xml:base" || strings.HasPrefix(name, "xmlns:") && !isGraphicNamespace(a.value) ||
		name == "xmlns" && bytes.Contains(a.value, []byte("xhtml")) {
		return
	}
	value := string(a.value)
	w.flaws |= referenceFlaws(value, w.entities)
	if isURLAttr(name) && base != nil {
		value = escapeAttr(Resolve(base, decodeEntities(value, w.entities)))
	}
	w.out.WriteString(" " + name + `="` + strings.ReplaceAll(value, `"`, "&#34;") + `"`)
}

func isGraphicNamespace(value []byte) bool { return bytes.Contains(value, []byte("xlink")) }

// unwrapDiv returns what is inside raw when raw is one div and nothing else.
func unwrapDiv(raw []byte) []byte {
	raw = bytes.TrimSpace(raw)
	s := scanner{b: raw}
	first, ok := s.next()
	if !ok || first.start != 0 || first.kind != startTag || string(first.local()) != "div" ||
		bytes.Contains(raw[:first.end], []byte("xml:base")) {
		return raw
	}
	for depth := 1; ; {
		t, ok := s.next()
		if !ok {
			return raw
		}
		if !bytes.Equal(t.name, first.name) {
			continue
		}
		switch t.kind {
		case startTag:
			depth++
		case endTag:
			depth--
		}
		if depth == 0 {
			if t.end != len(raw) {
				return raw
			}
			return bytes.TrimSpace(raw[first.end:t.start])
		}
	}
}

// isVoid reports whether an element has no content and no end tag in HTML.
func isVoid(name string) bool {
	switch name {
	case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
		"source", "track", "wbr":
		return true
	}
	return false
}
