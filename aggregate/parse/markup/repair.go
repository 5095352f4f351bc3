package markup

import (
	"bytes"

	"github.com/coranto/coranto/aggregate/parse/markup/tags"
	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

// repair writes a document again so that encoding/xml can read it: attributes
// quoted, text escaped, comments and forbidden characters left out. The nesting of
// elements stays as it is; encoding/xml closes what was left open. note is told what
// was wrong where in b.
func repair(b []byte, own *text.Entities, note func(code string, at int)) []byte {
	out := make([]byte, 0, len(b)+len(b)/8)
	s := tags.Scan(b)
	last := 0
	write := func(to int) {
		remarkText(b[last:to], last, note)
		out = appendText(out, b[last:to], own)
	}
	for {
		t, ok := s.Next()
		if !ok {
			write(len(b))
			return out
		}
		write(t.Start)
		last = t.End
		switch t.Kind {
		case tags.Start, tags.Empty:
			out = appendStrictTag(out, t, b[t.Start:t.End], own)
		case tags.End:
			out = append(appendName(append(out, "</"...), t.Name), '>')
		case tags.Section:
			out = append(out, text.EscapeText(text.Clean(string(b[t.Start+9:t.End-3])))...)
		}
	}
}

// remarkText notes what a parser stumbles over in a text that is at i.
func remarkText(b []byte, i int, note func(code string, at int)) {
	if _, flaws := text.Tidy(string(b)); flaws&text.ControlCharacter != 0 {
		note("control-characters", i)
	}
	if bytes.Contains(b, []byte("]]>")) {
		note("section-end", i)
	}
}

func appendText(out, b []byte, own *text.Entities) []byte {
	return append(out, text.EscapeText(text.Clean(text.Decode(string(b), own)))...)
}

// appendStrictTag appends a tag with names that XML allows and its values in double
// quotes.
func appendStrictTag(out []byte, t tags.Token, tag []byte, own *text.Entities) []byte {
	out = appendName(append(out, '<'), t.Name)
	for a := range tags.Attrs(tag) {
		out = append(appendName(append(out, ' '), a.Name), `="`...)
		value := text.Clean(text.Decode(string(a.Value), own))
		out = append(append(out, text.EscapeAttr(value)...), '"')
	}
	if t.Kind == tags.Empty {
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
