package charset

import (
	"bytes"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// readSevenBit reads a body in one of the codings that are ASCII on the wire:
// ISO-2022-JP, -KR and -CN by their escape sequences, HZ by its label or, when it
// has none, by what it holds.
func readSevenBit(body []byte, l labels) (attempt, bool) {
	if bytes.IndexByte(body, 0x1b) >= 0 {
		switch {
		case bytes.Contains(body, []byte("\x1b$)C")):
			return transcode(unshift(body), korean.EUCKR, "iso-2022-kr"), true
		case bytes.Contains(body, []byte("\x1b$)A")), bytes.Contains(body, []byte("\x1b$)E")):
			return transcode(unshift(body), simplifiedchinese.GB18030, "iso-2022-cn"), true
		case bytes.Contains(body, []byte("\x1b$")), bytes.Contains(body, []byte("\x1b(J")),
			bytes.Contains(body, []byte("\x1b(I")):
			return transcode(body, japanese.ISO2022JP, "iso-2022-jp"), true
		}
	}
	if !bytes.Contains(body, []byte("~{")) {
		return attempt{}, false
	}
	a := transcode(body, simplifiedchinese.HZGB2312, "hz-gb-2312")
	if l.says("hz-gb-2312") {
		return a, true
	}
	a.guessed = true
	balanced := bytes.Count(body, []byte("~{")) == bytes.Count(body, []byte("~}"))
	return a, balanced && isASCII(body) && a.lost == 0 && looksChinese(a.body)
}

// unshift writes the second character set of ISO 2022, which is switched on by
// shift-out and off by shift-in or the end of the line, with the eighth bit, and
// drops the announcements "ESC $ ) X" (RFC 1557, RFC 1922).
func unshift(body []byte) []byte {
	out := make([]byte, 0, len(body))
	shifted := byte(0)
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case c == 0x0e:
			shifted = 0x80
		case c == 0x0f:
			shifted = 0
		case c == 0x1b && bytes.HasPrefix(body[i+1:], []byte("$)")):
			i += min(3, len(body)-1-i)
		case c == '\n':
			shifted = 0
			out = append(out, c)
		case c > ' ' && c < 0x7f:
			out = append(out, c|shifted)
		default:
			out = append(out, c)
		}
	}
	return out
}
