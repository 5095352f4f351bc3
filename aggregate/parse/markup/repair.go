package markup

import "bytes"

// repair writes a document again so that encoding/xml can read it: attributes
// quoted, text escaped, comments and forbidden characters left out. The nesting of
// elements stays as it is; encoding/xml closes what was left open.
func repair(b []byte, own *entities) []byte {
	out := make([]byte, 0, len(b)+len(b)/8)
	s := scanner{b: b}
	last := 0
	for {
		t, ok := s.next()
		if !ok {
			return appendText(out, b[last:], own)
		}
		out = appendText(out, b[last:t.start], own)
		last = t.end
		switch t.kind {
		case startTag, emptyTag:
			out = appendTag(out, requote(b[t.start:t.end]))
		case endTag:
			out = append(append(append(out, "</"...), t.name...), '>')
		case cdataToken:
			out = append(out, EscapeText(Clean(string(b[t.start+9:t.end-3])))...)
		}
	}
}

func appendText(out, text []byte, own *entities) []byte {
	return append(out, EscapeText(Clean(decodeEntities(string(text), own)))...)
}

// requote puts the values of a tag's attributes in double quotes.
func requote(tag []byte) []byte {
	if bytes.IndexByte(tag, '=') < 0 {
		return tag
	}
	return rewriteAttrs(nil, tag, func(_, value string) string { return Clean(value) })
}
