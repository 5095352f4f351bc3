package markup

import "bytes"

// repair writes a document again so that encoding/xml can read it: attributes
// quoted, text escaped, comments and forbidden characters left out. The nesting of
// elements stays as it is; encoding/xml closes what was left open. note is told what
// was wrong where in b.
func repair(b []byte, own *entities, note func(code string, at int)) []byte {
	out := make([]byte, 0, len(b)+len(b)/8)
	s := scanner{b: b}
	last := 0
	text := func(to int) {
		remarkText(b[last:to], last, note)
		out = appendText(out, b[last:to], own)
	}
	for {
		t, ok := s.next()
		if !ok {
			text(len(b))
			return out
		}
		text(t.start)
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

// remarkText notes what a parser stumbles over in a text that is at i.
func remarkText(text []byte, i int, note func(code string, at int)) {
	if _, flaws := tidy(string(text)); flaws&ControlCharacter != 0 {
		note("control-characters", i)
	}
	if bytes.Contains(text, []byte("]]>")) {
		note("section-end", i)
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
