package parse

import (
	"bytes"
	"slices"
)

// repair writes a document again so that encoding/xml can read it: attributes
// quoted, text escaped, comments and forbidden characters left out. The nesting of
// elements stays as it is; encoding/xml closes what was left open.
func repair(b []byte, entities map[string]string) []byte {
	out := make([]byte, 0, len(b)+len(b)/8)
	s := scanner{b: b}
	last := 0
	for {
		t, ok := s.next()
		if !ok {
			return appendText(out, b[last:], entities)
		}
		out = appendText(out, b[last:t.start], entities)
		last = t.end
		switch t.kind {
		case startTag, emptyTag:
			out = appendTag(out, requote(b[t.start:t.end]))
		case endTag:
			out = append(append(append(out, "</"...), t.name...), '>')
		case cdataToken:
			out = append(out, escapeText(cleanText(string(b[t.start+9:t.end-3])))...)
		}
	}
}

func appendText(out, text []byte, entities map[string]string) []byte {
	return append(out, escapeText(cleanText(decodeEntities(string(text), entities)))...)
}

// requote puts the values of a tag's attributes in double quotes.
func requote(tag []byte) []byte {
	if bytes.IndexByte(tag, '=') < 0 {
		return tag
	}
	return rewriteAttrs(nil, tag, func(_, value string) string { return cleanText(value) })
}

// cutDocument keeps a document up to its last whole item, or up to its first when
// there is no whole one, and closes the elements that are open there. It returns
// how many items are left.
func cutDocument(b []byte) (cut []byte, items int) {
	var open, atCut []string
	end := 0
	s := scanner{b: b}
	for {
		t, ok := s.next()
		if !ok {
			break
		}
		switch t.kind {
		case startTag:
			if isItemName(lowerName(t.local())) && items == 0 && end == 0 {
				end, atCut = t.start, slices.Clone(open)
			}
			open = append(open, string(t.name))
		case endTag:
			open = closeElement(open, string(t.name))
			if isItemName(lowerName(t.local())) {
				items++
				end, atCut = t.end, slices.Clone(open)
			}
		}
	}
	if end == 0 {
		end, atCut = len(b), open
	}
	cut = slices.Clone(b[:end])
	for _, name := range slices.Backward(atCut) {
		cut = append(append(append(cut, "</"...), name...), '>')
	}
	return cut, items
}

// closeElement removes the innermost element called name, and what is in it.
func closeElement(open []string, name string) []string {
	for i, n := range slices.Backward(open) {
		if n == name {
			return open[:i]
		}
	}
	return open
}
