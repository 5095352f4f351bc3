// Package charset makes UTF-8 of the bytes of a feed, whose labels are often wrong.
// It decides by the bytes first, then by the labels, and reports what it guessed
// or lost: text is never garbled silently.
package charset

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"mime"
	"strings"
	"unicode/utf8"

	"github.com/coranto/coranto"
	"github.com/wlynxg/chardet"
	htmlcharset "golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// sampleSize is how much of a document statistics are made of.
const sampleSize = 64 << 10

// ErrUnknown reports a charset that can't be decoded. The error that wraps it names
// the charset.
var ErrUnknown = errors.New("unknown charset")

// Decode returns body as UTF-8 without a byte order mark, with the problems that
// it met. contentType is the media type of the response, "" when unknown.
//
// What the bytes show comes before what labels say: byte order mark, pattern of
// null bytes, valid UTF-8, HTTP charset unless it is a server's default, XML
// declaration, detection.
func Decode(body []byte, contentType string) ([]byte, []coranto.Problem, error) {
	var d decoder
	clean, err := d.decode(body, contentType)
	return clean, d.problems, err
}

// decoder collects the problems of one document.
type decoder struct{ problems []coranto.Problem }

func (d *decoder) problem(code, format string, args ...any) {
	d.problems = append(d.problems, coranto.Problem{Code: code, Text: fmt.Sprintf(format, args...)})
}

func (d *decoder) decode(body []byte, contentType string) ([]byte, error) {
	if coding, name := wideCharset(body); coding != nil {
		return d.transcode(body, coding, name), nil
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	labels := charsetLabels(body, contentType)
	if utf8.Valid(body) {
		return d.decodeValid(body, labels)
	}
	return d.decodeLegacy(body, labels)
}

// wideCharset recognizes UTF-16 and UTF-32 by byte order mark or null bytes, and
// EBCDIC by the bytes of "<?xm"; nil when it is none of these.
func wideCharset(b []byte) (encoding.Encoding, string) {
	head := string(b[:min(len(b), 4)])
	switch {
	case head == "\x00\x00\xfe\xff", head == "\xff\xfe\x00\x00":
		return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), "utf-32"
	case strings.HasPrefix(head, "\xfe\xff"), strings.HasPrefix(head, "\xff\xfe"):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "utf-16"
	case head == "\x4c\x6f\xa7\x94":
		return charmap.CodePage037, "cp037"
	case len(head) < 4:
		return nil, ""
	}
	switch zeros := nullPattern(head); zeros {
	case "0001":
		return utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), "utf-32be"
	case "1000":
		return utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), "utf-32le"
	case "0101":
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "utf-16be"
	case "1010":
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16le"
	}
	return nil, ""
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

// labels are the charsets that the response and the document name.
type labels struct {
	stated []string // about this document, the more trustworthy first
	server string   // of the server, which says nothing about one file
}

// charsetLabels returns the charsets that the response and the document name.
func charsetLabels(body []byte, contentType string) labels {
	http := ""
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		http = strings.ToLower(strings.TrimSpace(params["charset"]))
	}
	declared := declaredCharset(body)
	switch http {
	case "iso-8859-1", "us-ascii", "utf-8", "windows-1252":
		return labels{stated: []string{declared}, server: http}
	}
	return labels{stated: []string{http, declared}}
}

// declaredCharset returns the encoding that the XML declaration names.
func declaredCharset(b []byte) string {
	_, declaration, found := bytes.Cut(b[:min(len(b), 512)], []byte("<?xml"))
	if !found {
		return ""
	}
	declaration, _, _ = bytes.Cut(declaration, []byte("?>"))
	_, value, found := bytes.Cut(declaration, []byte("encoding"))
	value = bytes.TrimLeft(value, " \t\r\n=")
	if !found || len(value) < 2 || value[0] != '"' && value[0] != '\'' {
		return ""
	}
	name, _, _ := bytes.Cut(value[1:], value[:1])
	return strings.ToLower(strings.TrimSpace(string(name)))
}

// decodeValid reads a body that is valid UTF-8. It is UTF-8 whatever the labels
// say, unless it is in one of the 7-bit codings, which are ASCII on the wire.
func (d *decoder) decodeValid(body []byte, l labels) ([]byte, error) {
	for _, label := range l.stated {
		switch {
		case label == "utf-7" || label == "unicode-1-1-utf-7":
			return nil, fmt.Errorf("%w: %s", ErrUnknown, label)
		case strings.HasPrefix(label, "hz-gb") && bytes.Contains(body, []byte("~{")):
			return d.transcode(body, simplifiedchinese.HZGB2312, "hz-gb-2312"), nil
		}
	}
	if bytes.Contains(body, []byte("\x1b$")) {
		coding, name := findCharset("iso-2022-jp")
		return d.transcode(body, coding, name), nil
	}
	if label := cmp.Or(l.stated...); label != "" && !isASCII(body) {
		if _, name := findCharset(label); name != "utf-8" {
			d.problem("charset-mislabeled", "The document is in UTF-8 although it is labeled %q.", label)
		}
	}
	return body, nil
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// findCharset returns the coding that a label names and its usual name; nil and
// "" when the label is unknown or its decoder would be no use. The encodings gb2312
// and gbk are read as GB18030, which contains both.
func findCharset(label string) (encoding.Encoding, string) {
	switch label {
	case "gb2312", "gbk", "gb_2312-80", "cp936", "ms936", "x-gbk", "euc-cn":
		return simplifiedchinese.GB18030, "gb18030"
	case "utf-8", "utf8", "unicode-1-1-utf-8", "us-ascii", "ascii", "utf_8":
		return encoding.Nop, "utf-8"
	case "", "utf-16", "utf-16le", "utf-16be", "utf-32", "ucs-2", "utf_16", "unicode":
		return nil, "" // a wide coding would have shown itself
	}
	coding, name := htmlcharset.Lookup(label)
	if name == "replacement" {
		return nil, ""
	}
	return coding, name
}

// attempt is a body read in one charset.
type attempt struct {
	body []byte
	name string
	lost int // runs of bytes that mean nothing in it
}

func try(body []byte, label string) (attempt, bool) {
	coding, name := findCharset(label)
	switch {
	case coding == nil:
		return attempt{}, false
	case coding == encoding.Nop:
		clean := bytes.ToValidUTF8(body, []byte("\ufffd"))
		return attempt{clean, name, bytes.Count(clean, []byte("\ufffd"))}, true
	}
	clean, err := coding.NewDecoder().Bytes(body)
	if err != nil {
		return attempt{}, false
	}
	return attempt{clean, name, bytes.Count(clean, []byte("\ufffd"))}, true
}

// good reports whether so little was lost that the charset must be right: one
// bad byte must not cost the feed.
func (a attempt) good() bool {
	if a.lost <= 2 {
		return true
	}
	return a.lost*8 <= wideRunes(a.body)
}

// wideRunes counts the characters of b that are not ASCII.
func wideRunes(b []byte) int {
	n := 0
	for _, c := range b {
		if c >= 0xc0 {
			n++
		}
	}
	return n
}

// decodeLegacy reads a body that is not valid UTF-8.
func (d *decoder) decodeLegacy(body []byte, l labels) ([]byte, error) {
	for _, label := range l.stated {
		if a, ok := try(body, label); ok && a.good() {
			return d.accept(a, false), nil
		}
	}
	if a, ok := try(body, "utf-8"); ok && a.lost*8 <= wideRunes(a.body) {
		return d.accept(a, false), nil
	}
	if label := unknownLabel(l.stated); label != "" && bytes.IndexByte(body, '<') < 0 {
		return nil, fmt.Errorf("%w: %s", ErrUnknown, label)
	}
	a := guess(body)
	if western, ok := try(body, l.server); ok && western.lost == 0 && !isFarFromWestern(a.name) {
		return d.accept(western, false), nil
	}
	return d.accept(a, true), nil
}

// isFarFromWestern reports whether a charset is hard to mistake for the Western
// ones that servers name by default.
func isFarFromWestern(name string) bool {
	switch name {
	case "gb18030", "big5", "euc-jp", "euc-kr", "shift_jis", "koi8-r", "windows-1251":
		return true
	}
	return false
}

// guess reads the body in the charset that its bytes make likely.
func guess(body []byte) attempt {
	sample := body[:min(len(body), sampleSize)]
	if a, ok := try(body, strings.ToLower(chardet.Detect(sample).Encoding)); ok && a.good() {
		return a
	}
	if looksChinese(sample) {
		if a, ok := try(body, "gb18030"); ok {
			return a
		}
	}
	a, _ := try(body, "windows-1252")
	return a
}

// unknownLabel returns the first label that names no charset we can read.
func unknownLabel(labels []string) string {
	for _, label := range labels {
		if coding, _ := findCharset(label); coding == nil && label != "" {
			return label
		}
	}
	return ""
}

// accept records what was guessed or lost in a and returns its body.
func (d *decoder) accept(a attempt, guessed bool) []byte {
	if guessed {
		d.problem("charset-guessed",
			"The document does not say its charset, or says a wrong one; it was read as %s.", a.name)
	}
	if a.lost > 0 {
		d.problem("unicode-replaced",
			"%d places in the document are not valid %s; each became U+FFFD.", a.lost, a.name)
	}
	return a.body
}

func (d *decoder) transcode(body []byte, coding encoding.Encoding, name string) []byte {
	clean, err := coding.NewDecoder().Bytes(body)
	if err != nil {
		clean = bytes.ToValidUTF8(body, []byte("\ufffd"))
	}
	return d.accept(attempt{clean, name, bytes.Count(clean, []byte("\ufffd"))}, false)
}

// looksChinese reports whether b, read as GB18030, is nearly all Han characters
// where it is not ASCII.
func looksChinese(b []byte) bool {
	clean, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
	if err != nil {
		return false
	}
	han, wide := 0, 0
	for _, r := range string(clean) {
		if r < utf8.RuneSelf {
			continue
		}
		wide++
		if r >= 0x4e00 && r <= 0x9fff || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef {
			han++
		}
	}
	return wide >= 8 && han*100 >= wide*90
}
