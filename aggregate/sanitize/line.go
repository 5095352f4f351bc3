package sanitize

import (
	"unicode"
	"unicode/utf8"
)

// Line makes plain text safe to publish and to log: valid UTF-8 on one line,
// white space folded to single spaces and trimmed, without control characters,
// XML's forbidden characters, byte order marks and the bidirectional embeddings,
// overrides and isolates that let a title reorder the text around it. The marks
// LRM, RLM and ALM stay: right-to-left text needs them and they reorder nothing
// else.
func Line(s string) string {
	if isLine(s) {
		return s
	}
	l := line{buf: make([]byte, 0, len(s))}
	l.write([]byte(s))
	return string(l.buf)
}

// isLine reports whether s is printable ASCII with single spaces between words:
// what most titles in Latin script are.
func isLine(s string) bool {
	space := true
	for i := range len(s) {
		if s[i] <= ' ' && (s[i] != ' ' || space) || s[i] >= 0x7f {
			return false
		}
		space = s[i] == ' '
	}
	return !space || s == ""
}

// line collects text on one line.
type line struct {
	buf   []byte
	space bool // white space is due before the next visible character
}

// write adds text of any shape.
func (l *line) write(s []byte) {
	for i := 0; i < len(s); {
		end := wordEnd(s, i)
		l.word(s[i:end])
		if end == len(s) {
			return
		}
		r, size := utf8.DecodeRune(s[end:])
		switch {
		case r == utf8.RuneError && size == 1:
			l.word([]byte("\uFFFD"))
		case unicode.IsSpace(r):
			l.space = true
		}
		i = end + size
	}
}

// word adds visible characters, after the white space that is due.
func (l *line) word(s []byte) {
	if len(s) == 0 {
		return
	}
	if l.space && len(l.buf) > 0 {
		l.buf = append(l.buf, ' ')
	}
	l.space = false
	l.buf = append(l.buf, s...)
}

// wordEnd is the index of the first byte from i on that a line doesn't take as
// it is. Single spaces between two ASCII characters belong to the word: they
// are most of all white space.
func wordEnd(s []byte, i int) int {
	for start := i; i < len(s); {
		switch c := s[i]; {
		case graphic(c):
			i++
		case c == ' ' && i > start && i+1 < len(s) && graphic(s[i+1]):
			i += 2
		case c < utf8.RuneSelf:
			return i
		case eastAsian(s, i):
			i += 3
		default:
			size := plainRune(s[i:])
			if size == 0 {
				return i
			}
			i += size
		}
	}
	return len(s)
}

// plainRune is the length of the character that s begins with, 0 when a line
// doesn't take it as it is.
func plainRune(s []byte) int {
	r, size := utf8.DecodeRune(s)
	if r == utf8.RuneError && size == 1 || unicode.IsSpace(r) || !visible(r) {
		return 0
	}
	return size
}

// graphic reports whether c is a visible ASCII character.
func graphic(c byte) bool { return c > ' ' && c < 0x7f }

// eastAsian reports whether a character of the three bytes that East Asian
// scripts are written with begins at s[i], and is one to take as it is. It spares
// most of the work of decoding them.
func eastAsian[T string | []byte](s T, i int) bool {
	if i+2 >= len(s) || s[i+1]&0xC0 != 0x80 || s[i+2]&0xC0 != 0x80 {
		return false
	}
	switch c := s[i]; {
	case c >= 0xE4 && c <= 0xEC: // U+4000 to U+CFFF
		return true
	case c == 0xE3: // U+3000, which is a space, to U+3FFF
		return s[i+1] > 0x80 || s[i+2] > 0x80
	case c == 0xEF: // U+FF00 to U+FFBF among others
		return s[i+1] >= 0xBC && s[i+1] <= 0xBE
	}
	return false
}

// visible reports whether a line may hold r, white space aside.
func visible(r rune) bool {
	switch {
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069: // embeddings, overrides, isolates
		return false
	case r == 0xFEFF: // byte order mark
		return false
	}
	return allowed(r)
}

// allowed reports whether published text may hold r: no control character other
// than tab and line feed, nothing that XML 1.0 forbids (§2.2).
func allowed(r rune) bool {
	switch {
	case r == '\t' || r == '\n':
		return true
	case r < 0x20, r >= 0x7f && r <= 0x9f, r == 0xFFFE, r == 0xFFFF:
		return false
	}
	return true
}
