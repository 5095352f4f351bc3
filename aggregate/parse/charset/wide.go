package charset

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// wideCharset recognizes UTF-16 and UTF-32 by byte order mark or null bytes, and
// EBCDIC by the bytes of "<?xm"; nil when it is none of these.
func wideCharset(b []byte, l labels) (encoding.Encoding, string) {
	head := string(b[:min(len(b), 4)])
	switch {
	case head == "\x00\x00\xfe\xff", head == "\xff\xfe\x00\x00":
		return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), "utf-32"
	case strings.HasPrefix(head, "\xfe\xff"), strings.HasPrefix(head, "\xff\xfe"):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "utf-16"
	case head == "\x4c\x6f\xa7\x94":
		return charmap.CodePage037, "ibm037"
	case len(head) < 4:
		return nil, ""
	}
	switch nullPattern(head) {
	case "0001":
		return utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), "utf-32be"
	case "1000":
		return utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), "utf-32le"
	}
	return nullParity(b[:min(len(b), 512)], l)
}

// nullPattern writes 0 for each null byte of s and 1 for each other.
func nullPattern(s string) string {
	pattern := []byte(s)
	for i, c := range pattern {
		pattern[i] = '1'
		if c == 0 {
			pattern[i] = '0'
		}
	}
	return string(pattern)
}

// nullParity recognizes UTF-16 by the null bytes of its ASCII characters, which
// are all at even or all at odd places. A label that says UTF-16 is believed with
// fewer of them.
func nullParity(head []byte, l labels) (encoding.Encoding, string) {
	var nulls [2]int
	for i, c := range head {
		if c == 0 {
			nulls[i%2]++
		}
	}
	least := max(2, len(head)/8)
	if strings.HasPrefix(compact(l.first()), "utf16") && !utf8.Valid(head) {
		least = 1
	}
	switch {
	case nulls[0] >= least && nulls[1]*8 < nulls[0]:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "utf-16be"
	case nulls[1] >= least && nulls[0]*8 < nulls[1]:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16le"
	}
	return nil, ""
}
