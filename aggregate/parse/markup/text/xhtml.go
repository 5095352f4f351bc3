package text

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/coranto/coranto/aggregate/parse/markup/tags"
)

// xmlToHTML writes the elements of raw as HTML: without prefixes and namespace
// declarations, with end tags for what HTML does not close by "/>", CDATA sections
// as text and references below an xml:base absolute. The div that wraps XHTML
// content (RFC 4287 §3.1.1.3) is left out.
func xmlToHTML(raw []byte, base *url.URL, own *Entities) (string, Flaw) {
	raw = unwrapDiv(raw)
	w := htmlWriter{raw: raw, bases: Bases{Outer: base}, entities: own}
	s := tags.Scan(raw)
	for {
		t, ok := s.Next()
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
	bases    Bases
	entities *Entities
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

func (w *htmlWriter) write(t tags.Token) {
	w.flush(t.Start)
	w.copied = t.End
	switch t.Kind {
	case tags.Section:
		w.out.WriteString(EscapeText(string(w.raw[t.Start+9 : t.End-3])))
	case tags.End:
		w.depth--
		w.bases.Leave(w.depth)
		w.out.WriteString("</" + string(t.Local()) + ">")
	case tags.Start, tags.Empty:
		w.writeTag(t)
	case tags.Other:
		if t.End-t.Start == 2 {
			w.copied = t.Start
		}
	}
}

func (w *htmlWriter) writeTag(t tags.Token) {
	tag, name := w.raw[t.Start:t.End], string(t.Local())
	base := w.bases.Current()
	if value := tags.AttrOf(tag, "xml:base"); value != "" {
		base = JoinBase(base, value, w.entities)
	}
	w.out.WriteString("<" + name)
	for a := range tags.Attrs(tag) {
		w.writeAttr(a, base)
	}
	w.out.WriteByte('>')
	switch {
	case t.Kind == tags.Start:
		w.depth++
		if base != w.bases.Current() {
			w.bases.Enter(w.depth, base)
		}
	case !isVoid(name):
		w.out.WriteString("</" + name + ">")
	}
}

func (w *htmlWriter) writeAttr(a tags.Attr, base *url.URL) {
	name := string(a.Name)
	if name == "xml:base" || strings.HasPrefix(name, "xmlns:") && !isGraphicNamespace(a.Value) ||
		name == "xmlns" && bytes.Contains(a.Value, []byte("xhtml")) {
		return
	}
	value := string(a.Value)
	w.flaws |= referenceFlaws(value, w.entities)
	if isURLAttr(name) && base != nil {
		value = EscapeAttr(Resolve(base, Decode(value, w.entities)))
	}
	w.out.WriteString(" " + name + `="` + strings.ReplaceAll(value, `"`, "&#34;") + `"`)
}

func isGraphicNamespace(value []byte) bool { return bytes.Contains(value, []byte("xlink")) }

// unwrapDiv returns what is inside raw when raw is one div and nothing else.
func unwrapDiv(raw []byte) []byte {
	raw = bytes.TrimSpace(raw)
	s := tags.Scan(raw)
	first, ok := s.Next()
	if !ok || first.Start != 0 || first.Kind != tags.Start || string(first.Local()) != "div" ||
		bytes.Contains(raw[:first.End], []byte("xml:base")) {
		return raw
	}
	for depth := 1; ; {
		t, ok := s.Next()
		if !ok {
			return raw
		}
		if !bytes.Equal(t.Name, first.Name) {
			continue
		}
		switch t.Kind {
		case tags.Start:
			depth++
		case tags.End:
			depth--
		}
		if depth == 0 {
			if t.End != len(raw) {
				return raw
			}
			return bytes.TrimSpace(raw[first.End:t.Start])
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
