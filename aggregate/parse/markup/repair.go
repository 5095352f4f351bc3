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
			out = appendStrictTag(out, t, b[t.start:t.end], own)
		case endTag:
			out = append(appendName(append(out, "</"...), t.name), '>')
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

// appendStrictTag appends a tag with names that XML allows and its values in double
// quotes.
func appendStrictTag(out []byte, t token, tag []byte, own *entities) []byte {
	out = appendName(append(out, '<'), t.name)
	for a := range attrs(tag) {
		out = append(appendName(append(out, ' '), a.name), `="`...)
		value := Clean(decodeEntities(string(a.value), own))
		out = append(append(out, escapeAttr(value)...), '"')
	}
	if t.kind == emptyTag {
		out = append(out, '/')
	}
	return append(out, '>')
}

// appendName appends a name with "_" in the place of what encoding/xml has no place
// for, and of letters beyond ASCII, which mean nothing in any format.
func appendName(out, name []byte) []byte {
	colon := false
	for i, c := range name {
		inner := i > 0 && (c >= '0' && c <= '9' || c == '-' || c == '.')
		known := c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == ':' && !colon || inner
		if !known {
			c = '_'
		}
		colon = colon || c == ':'
		out = append(out, c)
	}
	return out
}
