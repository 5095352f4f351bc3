package markup

import (
	"html"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// longestEntity bounds the search for the ";" of a reference.
const longestEntity = 64

// decodeEntities replaces the character references of s: numeric ones, HTML's
// names and the document's own entities. What is no reference stays as it is: a
// bare "&" and names that mean nothing. Characters that XML forbids are dropped.
func decodeEntities(s string, own map[string]string) string {
	i := strings.IndexByte(s, '&')
	if i < 0 {
		return s
	}
	var out strings.Builder
	out.Grow(len(s))
	for i >= 0 {
		out.WriteString(s[:i])
		s = s[i:]
		value, length := reference(s, own)
		out.WriteString(value)
		s = s[length:]
		i = strings.IndexByte(s, '&')
	}
	out.WriteString(s)
	return out.String()
}

// reference reads the reference that s begins with and returns what stands for it
// and its length: "&" and 1 when it is none.
func reference(s string, own map[string]string) (value string, length int) {
	end := strings.IndexByte(s[:min(len(s), longestEntity)], ';')
	if end < 2 || !isReferenceName(s[1:end]) {
		return "&", 1
	}
	whole := s[:end+1]
	if value, known := own[s[1:end]]; known {
		return value, len(whole)
	}
	value = html.UnescapeString(whole)
	if value == whole || len(value) > 1 && strings.HasSuffix(value, ";") {
		return "&", 1
	}
	if r, _ := utf8.DecodeRuneInString(value); isForbidden(r) {
		return "", len(whole)
	}
	return value, len(whole)
}

func isReferenceName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '#' && i == 0 {
			continue
		}
		if c != '_' && c != '-' && c != '.' && c < 0x80 {
			return false
		}
	}
	return true
}

// isForbidden reports whether XML 1.0 has no place for r.
func isForbidden(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff
}

// Clean drops the characters that XML forbids and reads C1 controls as the
// Windows characters they were meant for. Most texts have neither.
func Clean(s string) string {
	for i := range len(s) {
		if s[i] < 0x20 && isForbidden(rune(s[i])) || s[i] == 0xc2 && i+1 < len(s) && s[i+1] < 0xa0 {
			return strings.Map(cleanRune, s)
		}
	}
	if strings.Contains(s, "\ufffe") || strings.Contains(s, "\uffff") {
		return strings.Map(cleanRune, s)
	}
	return s
}

func cleanRune(r rune) rune {
	switch {
	case isForbidden(r):
		return -1
	case r >= 0x80 && r < 0xa0:
		return charmap.Windows1252.DecodeByte(byte(r))
	}
	return r
}
