package jsondoc

import (
	"bytes"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/coranto/coranto"
)

// mender mends the strings of a document.
type mender struct{ problems []coranto.Problem }

// problem records what was mended unless a problem of its kind is known.
func (m *mender) problem(code, format string, args ...any) {
	known := func(p coranto.Problem) bool { return p.Code == code }
	if !slices.ContainsFunc(m.problems, known) {
		m.problems = append(m.problems, coranto.Problem{Code: code, Text: fmt.Sprintf(format, args...)})
	}
}

// mend writes b again with control characters escaped, or left out where no
// feed has a use for them, and with strings of a length that can be held.
func (m *mender) mend(b []byte) []byte {
	out := make([]byte, 0, len(b)+len(b)/16)
	for {
		i := bytes.IndexByte(b, '"')
		if i < 0 {
			return append(out, b...)
		}
		end := stringEnd(b, i)
		if end < 0 {
			return append(out, b...)
		}
		out = append(out, b[:i]...)
		out = m.text(out, b[i:end])
		b = b[end:]
	}
}

// text appends one string, given in its quotes.
func (m *mender) text(out, text []byte) []byte {
	if len(text) > maxString {
		m.problem("text-cut", "A text was longer than %d bytes and was cut.", maxString)
		text = cutString(text[:maxString])
	}
	if !hasControl(text) {
		return append(out, text...)
	}
	m.problem("repaired", "There are control characters in texts; they were escaped or left out.")
	escaped := false
	for _, c := range text {
		switch {
		case c >= 0x20:
			out = append(out, c)
			escaped = c == '\\' && !escaped
			continue
		case escaped:
			out = append(out, controlEscape(c, '\\'))
		case controlEscape(c, 0) != 0:
			out = append(out, '\\', controlEscape(c, 0))
		}
		escaped = false
	}
	return out
}

// controlEscape returns the letter that stands for a control character behind a
// backslash, and otherwise when there is none.
func controlEscape(c, otherwise byte) byte {
	switch c {
	case '\t':
		return 't'
	case '\n':
		return 'n'
	case '\r':
		return 'r'
	}
	return otherwise
}

// cutString ends a string, given with its first quote and without its last, between
// two characters.
func cutString(text []byte) []byte {
	end := len(text)
	for end > 0 && !utf8.RuneStart(text[end-1]) {
		end--
	}
	end-- // a character that may not be whole
	const longestEscape = len(`\u0000`)
	if i := bytes.LastIndexByte(text[end-longestEscape:end], '\\'); i >= 0 {
		end += i - longestEscape
	}
	for end > 0 && text[end-1] == '\\' {
		end--
	}
	return append(bytes.Clone(text[:end]), "…\""...)
}
