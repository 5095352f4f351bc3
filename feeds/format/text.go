package format

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean drops what a feed must not hold: bytes that are no UTF-8, control
// characters, noncharacters and U+FFFD. XML 1.0 §2.2 forbids most of them
// outright; the rest are the marks of a text decoded wrongly. gorilla writes
// content as CDATA, which encoding/xml does not check, so one of them would
// make the whole feed not well-formed.
//
// UTF-8 that somebody before us read as Latin-1 is read again: "SÃ£o".
func clean(s string) string {
	if strings.Contains(s, "\u00c2") || strings.Contains(s, "\u00c3") {
		s = mended(s)
	}
	for i := 0; i < len(s); i++ {
		if (s[i] < ' ' && s[i] != '\n') || s[i] >= utf8.RuneSelf-1 {
			return strings.Map(cleanRune, s)
		}
	}
	return s
}

// mended reads the pieces again, between markup, that are UTF-8 when each character is
// taken for a byte. One that holds anything else of Latin-1 is left alone, as «AMANHû.
func mended(s string) string {
	var b strings.Builder
	for s != "" {
		end := strings.IndexAny(s, "<>&\"\n") + 1
		if end == 0 {
			end = len(s)
		}
		if raw, ok := latin1(s[:end]); ok && utf8.Valid(raw) {
			b.Write(raw)
		} else {
			b.WriteString(s[:end])
		}
		s = s[end:]
	}
	return b.String()
}

// latin1 is a text with a byte for each character; ok is false when one has none.
func latin1(s string) (raw []byte, ok bool) {
	for _, r := range s {
		if r > 0xFF {
			return nil, false
		}
		raw = append(raw, byte(r))
	}
	return raw, true
}

func cleanRune(r rune) rune {
	switch {
	case r == '\t' || r == '\n':
		return r
	case r == '\r':
		return ' '
	case r < ' ', r >= 0x7F && r <= 0x9F, r == utf8.RuneError, r&0xFFFE == 0xFFFE,
		r >= 0xFDD0 && r <= 0xFDEF:
		return -1
	}
	return r
}

// line is s cleaned, on one line, without space around it.
func line(s string) string {
	s = clean(s)
	if strings.ContainsAny(s, "\t\n") || strings.Contains(s, "  ") {
		return strings.Join(strings.Fields(s), " ")
	}
	return strings.TrimSpace(s)
}

var (
	endTag    = regexp.MustCompile(`</\w+>`)
	tagStart  = regexp.MustCompile(`<[/a-zA-Z]`)
	reference = regexp.MustCompile(`&#?([\p{L}\p{N}_]+)`)
)

// looksHTML reports whether readers that guess take the plain text s for HTML:
// it has an end tag, or what could be a character reference.
func looksHTML(s string) bool {
	if strings.Contains(s, "</") && endTag.MatchString(s) {
		return true
	}
	if !strings.Contains(s, "&") {
		return false
	}
	for _, ref := range reference.FindAllString(s, -1) {
		letters := strings.IndexFunc(ref[1:], func(r rune) bool { return !unicode.IsLetter(r) }) < 0
		if !letters || html.UnescapeString(ref+";") != ref+";" {
			return true
		}
	}
	return false
}

// bare is a line for places that cannot declare HTML nor escape it twice, such
// as names and attributes: what looks like HTML loses its brackets.
func bare(s string) string {
	s = line(s)
	if tagStart.MatchString(s) || strings.Contains(s, "<") && strings.Contains(s, "@") {
		s = line(strings.NewReplacer("<", " ", ">", " ").Replace(s))
	}
	if looksHTML(s) {
		s = line(strings.ReplaceAll(s, "&", " "))
	}
	return s
}

// markup is the inside of an element, escaped by us. encoding/xml takes several
// times as long and also escapes quotes and line feeds, which need none.
type markup struct {
	XML string `xml:",innerxml"`
}

var (
	entities      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	hexReferences = strings.NewReplacer("&", "&#x26;", "<", "&#x3C;", ">", "&#x3E;")
)

// escape writes clean text as character data.
func escape(s string) string { return entities.Replace(s) }

// paragraph is plain text as HTML.
func paragraph(s string) string {
	return "<p>" + html.EscapeString(s) + "</p>"
}
