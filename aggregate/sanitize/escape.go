package sanitize

import "unicode/utf8"

// escape appends text to dst as character data of HTML and XML alike. Characters
// that published text may not hold are left out, invalid bytes become U+FFFD.
func escape[T string | []byte](dst []byte, s T) []byte { return escapeBut(dst, s, '"') }

// escapeAttr appends text to dst as the value of an attribute in double quotes.
func escapeAttr(dst []byte, s string) []byte { return escapeBut(dst, s, ' ') }

// escapeBut appends text to dst, leaving one ASCII character alone.
func escapeBut[T string | []byte](dst []byte, s T, alone byte) []byte {
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c == alone || c >= ' ' && c < 0x7f && c != '&' && c != '<' && c != '>' && c != '"' {
			i++
			continue
		}
		if c >= utf8.RuneSelf && eastAsian(s, i) {
			i += 3
			continue
		}
		with, size := escaped(string(s[i:min(i+utf8.UTFMax, len(s))]))
		if size < 0 {
			i -= size
			continue
		}
		dst = append(dst, s[from:i]...)
		dst = append(dst, with...)
		i += size
		from = i
	}
	return append(dst, s[from:]...)
}

// escaped says what the first character of s is written as, and how many bytes
// it is long: negative when it stays as it is.
func escaped(s string) (with string, size int) {
	switch s[0] {
	case '&':
		return "&amp;", 1
	case '<':
		return "&lt;", 1
	case '>':
		return "&gt;", 1
	case '"':
		return "&#34;", 1
	}
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case r == utf8.RuneError && size == 1:
		return "\uFFFD", 1
	case !allowed(r):
		return "", size
	}
	return "", -size
}
