package text

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// isGarbled reports whether s was UTF-8 once that somebody took for windows-1252, as in
// "cafÃ©", or GBK made of characters that were lost, "锟斤拷".
//
// One such pair of characters proves nothing: French has "à »" and German "ß“". A text
// is garbled when nearly all that is beyond ASCII is made of such sequences, and when
// there are several: two of the usual kind, or four of letters that may well precede a
// quotation mark or an ellipsis.
func isGarbled(s string) bool {
	if strings.Contains(s, "锟斤拷") {
		return true
	}
	begin := strings.IndexByte(s, 0xc3) // all that may begin a sequence are U+00C2 to U+00F4
	if begin < 0 {
		return false
	}
	sequences, weight, others := 0, 0, 0
	for s = s[begin:]; s != ""; {
		if s[0] < utf8.RuneSelf {
			s = s[1:]
			continue
		}
		n, w := garbledSequence(s)
		if n == 0 {
			_, n = utf8.DecodeRuneInString(s)
			others++
		} else {
			sequences++
			weight += w
		}
		s = s[n:]
	}
	return weight >= 4 && sequences >= 4*others
}

// garbledSequence returns the length of the characters at the beginning of s that are
// the bytes of one character of UTF-8 in windows-1252, and what they weigh; 0 when
// there are none.
func garbledSequence(s string) (length, weight int) {
	lead, n := utf8.DecodeRuneInString(s)
	if lead < 0xc2 || lead > 0xf4 {
		return 0, 0
	}
	weight = 2
	more := 1
	switch {
	case lead >= 0xf0:
		more = 3
	case lead >= 0xe0:
		more = 2
	case lead > 0xc3:
		weight = 1
	}
	character := [utf8.UTFMax]byte{byte(lead)}
	for i := range more {
		r, size := utf8.DecodeRuneInString(s[n:])
		b, ok := byteOf(r)
		if !ok {
			return 0, 0
		}
		character[i+1] = b
		n += size
	}
	if !utf8.Valid(character[:more+1]) {
		return 0, 0
	}
	return n, weight
}

// byteOf returns the byte beyond ASCII that r is in windows-1252; the controls that it
// leaves undefined are their own.
func byteOf(r rune) (byte, bool) {
	if r >= 0x80 && r < 0xa0 {
		return byte(r), true
	}
	b, ok := charmap.Windows1252.EncodeRune(r)
	return b, ok && b >= 0x80
}
