package charset

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// hopeless is by how many bytes that are not UTF-8 a body is ahead of its characters
// that are when nothing behind can make it UTF-8.
const hopeless = 512

var replacement = []byte("\ufffd")

// repairUTF8 reads a body that is UTF-8 but for a few bytes and reports whether it
// is. labeled tells that it is said to be.
//
// Pairs of surrogates, which Java and Oracle encode one by one (CESU-8), become
// the character they mean. A bad byte between two letters or spaces of ASCII can't
// be the rest of a character that was cut: it was pasted from a document in
// windows-1252, mostly a quotation mark, and is read as such. All others become
// U+FFFD, one for each run.
func repairUTF8(body []byte, labeled bool) (attempt, bool) {
	a := attempt{name: "utf-8", body: make([]byte, 0, len(body)+len(body)/16)}
	foreign := 0 // bytes
	bad := false // the last byte was
	for i := 0; i < len(body); {
		if c := body[i]; c < utf8.RuneSelf {
			a.body = append(a.body, c)
			bad = false
			i++
			continue
		}
		r, n := decodeRune(body[i:])
		switch {
		case r != utf8.RuneError || n > 1:
			a.wide++
			if n == 6 {
				a.joined++
			}
			a.body = utf8.AppendRune(a.body, r)
			bad = false
		case isPasted(body, i):
			foreign++
			a.mixed++
			a.body = utf8.AppendRune(a.body, charmap.Windows1252.DecodeByte(body[i]))
		default:
			foreign++
			if !bad {
				a.lost++
				a.body = append(a.body, replacement...)
			}
			bad = true
		}
		i += n
		if foreign > a.wide+hopeless {
			return attempt{}, false
		}
	}
	if labeled {
		return a, foreign <= a.wide
	}
	return a, foreign*8 <= a.wide
}

// decodeRune is utf8.DecodeRune that knows surrogate pairs of six bytes.
func decodeRune(b []byte) (rune, int) {
	r, n := utf8.DecodeRune(b)
	if r != utf8.RuneError || n > 1 || b[0] != 0xed || len(b) < 6 || b[3] != 0xed {
		return r, n
	}
	pair := utf16.DecodeRune(surrogate(b), surrogate(b[3:]))
	if pair == utf8.RuneError {
		return r, n
	}
	return pair, 6
}

// surrogate decodes three bytes, the first of which is 0xED.
func surrogate(b []byte) rune {
	if b[1]&0xc0 != 0x80 || b[2]&0xc0 != 0x80 {
		return 0
	}
	return 0xd000 | rune(b[1]&0x3f)<<6 | rune(b[2]&0x3f)
}

// isPasted reports whether the bad byte body[i] is a character of windows-1252
// between characters of ASCII.
func isPasted(body []byte, i int) bool {
	undefined := bytes.IndexByte([]byte{0x81, 0x8d, 0x8f, 0x90, 0x9d}, body[i]) >= 0
	return !undefined && i > 0 && i+1 < len(body) && isTextByte(body[i-1]) && isTextByte(body[i+1])
}

// isTextByte reports whether c is a character of ASCII that may stand in a text.
func isTextByte(c byte) bool { return c >= ' ' && c < 0x7f || c == '\n' }
