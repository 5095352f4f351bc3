package text

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// longestEntity bounds the search for the ";" of a reference.
const longestEntity = 64

// Entities are the entities that a document declares for itself. They may be
// expanded only so often: a short reference can stand for a long text. A nil *Entities has none.
type Entities struct {
	values map[string]string
	budget int  // bytes that may still be written for them
	html   bool // HTML's names are declared too
}

// maxExpanded is how many bytes a document's own entities may come to.
const maxExpanded = 1 << 20

// Len returns how many entities there are.
func (e *Entities) Len() int {
	if e == nil {
		return 0
	}
	return len(e.values)
}

// value returns what the entity called name stands for. A nil e knows none.
func (e *Entities) value(name string) (string, bool) {
	if e == nil {
		return "", false
	}
	value, known := e.values[name]
	if !known || len(value) > e.budget {
		return "", false
	}
	e.budget -= len(value)
	return value, true
}

// expand replaces the document's own entities in markup and leaves all others,
// which HTML knows as well.
func (e *Entities) expand(s string) string {
	if e == nil || !strings.Contains(s, "&") {
		return s
	}
	var out strings.Builder
	for {
		before, after, found := strings.Cut(s, "&")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		name, _, closed := strings.Cut(after[:min(len(after), longestEntity)], ";")
		if value, known := e.value(name); closed && known {
			out.WriteString(EscapeText(value))
			s = after[len(name)+1:]
		} else {
			out.WriteByte('&')
			s = after
		}
	}
}

// Limits of the entities that a document may declare for itself.
const (
	maxEntities    = 300
	maxEntityValue = 1 << 10
)

// HTMLEntities returns the entities of a document whose public document type declares
// HTML's names and that has none of its own.
func HTMLEntities() *Entities { return &Entities{html: true} }

// DeclaresHTML reports whether HTML's names are declared.
func (e *Entities) DeclaresHTML() bool { return e != nil && e.html }

// ReadEntities reads the general entities of an internal subset. An entity
// that refers to another is left out, so that none can grow, unless it is one that
// every XML document has; parameter and external entities are left out too.
func ReadEntities(subset string) *Entities {
	values := map[string]string{}
	for _, declaration := range strings.Split(subset, "<!ENTITY")[1:] {
		fields := strings.Fields(declaration)
		if len(fields) < 2 || fields[0] == "%" || len(values) >= maxEntities {
			continue
		}
		_, rest, _ := strings.Cut(declaration, fields[0])
		rest = strings.TrimSpace(rest)
		if rest == "" || rest[0] != '"' && rest[0] != '\'' {
			continue
		}
		value, _, closed := strings.Cut(rest[1:], rest[:1])
		if !closed || len(value) > maxEntityValue {
			continue
		}
		// Numbers are read where the entity is declared, names where it is used (XML 1.0 §4.4).
		value = decodeNumbers(value)
		if !hasGeneralReference(value) {
			values[fields[0]] = Decode(value, nil)
		}
	}
	return &Entities{values: values, budget: maxExpanded}
}

// decodeNumbers replaces the numeric references of s.
func decodeNumbers(s string) string {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(s, "&#")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		value, length, _ := reference("&#"+after[:min(len(after), longestEntity)], nil)
		out.WriteString(value)
		s = ("&#" + after)[length:]
		if length == 1 {
			out.WriteByte('#')
			s = after
		}
	}
}

// hasGeneralReference reports whether s refers to an entity that not every XML
// document has.
func hasGeneralReference(s string) bool {
	for {
		_, after, found := strings.Cut(s, "&")
		if !found {
			return false
		}
		end := strings.IndexByte(after[:min(len(after), longestEntity)], ';')
		if end > 0 && after[0] != '#' && isReferenceName(after[:end]) && !isXMLEntity("&"+after[:end+1]) {
			return true
		}
		s = after
	}
}

// Decode replaces the character references of s: numeric ones, HTML's
// names and the document's own entities. What is no reference stays as it is: a
// bare "&" and names that mean nothing. Characters that XML forbids are dropped.
func Decode(s string, own *Entities) string {
	decoded, _ := decode(s, own)
	return decoded
}

// decode is Decode that tells what it met.
func decode(s string, own *Entities) (string, Flaw) {
	i := strings.IndexByte(s, '&')
	if i < 0 {
		return s, 0
	}
	var flaws Flaw
	var out strings.Builder
	out.Grow(len(s))
	for i >= 0 {
		out.WriteString(s[:i])
		s = s[i:]
		value, length, flaw := reference(s, own)
		flaws |= flaw
		out.WriteString(value)
		s = s[length:]
		i = strings.IndexByte(s, '&')
	}
	out.WriteString(s)
	return out.String(), flaws
}

// reference reads the reference that s begins with and returns what stands for it
// and its length: "&" and 1 when it is none.
func reference(s string, own *Entities) (value string, length int, flaw Flaw) {
	end := strings.IndexByte(s[:min(len(s), longestEntity)], ';')
	if end < 2 || !isReferenceName(s[1:end]) {
		return "&", 1, BareAmpersand
	}
	whole := s[:end+1]
	if value, known := own.value(s[1:end]); known {
		return value, len(whole), 0
	}
	undeclared := UndeclaredEntity
	if own.DeclaresHTML() {
		undeclared = 0
	}
	if bracket := angleBracket(whole); bracket != "" {
		return bracket, len(whole), undeclared
	}
	value = html.UnescapeString(whole)
	if value == whole || len(value) > 1 && strings.HasSuffix(value, ";") {
		return "&", 1, UnknownEntity
	}
	switch r, _ := utf8.DecodeRuneInString(value); {
	case isForbidden(r):
		return "", len(whole), ControlCharacter
	case r == utf8.RuneError:
		return value, len(whole), DamagedCharacter
	case whole[1] == '#' && isC1(whole[2:end]):
		return value, len(whole), WindowsCharacter
	case whole[1] != '#' && !isXMLEntity(whole):
		return value, len(whole), undeclared
	}
	return value, len(whole), 0
}

// isXMLEntity reports whether a reference is to one of the entities that every XML
// document has.
func isXMLEntity(whole string) bool {
	switch whole {
	case "&amp;", "&lt;", "&gt;", "&quot;", "&apos;":
		return true
	}
	return false
}

// isC1 reports whether the number of a reference is that of a C1 control, which
// HTML reads as a character of windows-1252.
func isC1(number string) bool {
	base := 10
	if number[0]|0x20 == 'x' {
		number, base = number[1:], 16
	}
	n, err := strconv.ParseUint(number, base, 32)
	return err == nil && n >= 0x80 && n < 0xa0
}

// angleBracket returns the two characters that the document types of RSS 0.91 and
// XHTML 1.0 name otherwise than HTML does today.
func angleBracket(reference string) string {
	switch reference {
	case "&lang;":
		return "\u2329"
	case "&rang;":
		return "\u232a"
	}
	return ""
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
	clean, _ := Tidy(s)
	return clean
}

// Tidy is Clean that tells what it met.
func Tidy(s string) (string, Flaw) {
	for i := range len(s) {
		if s[i] < 0x20 && isForbidden(rune(s[i])) || s[i] == 0xc2 && i+1 < len(s) && s[i+1] < 0xa0 {
			return strings.Map(cleanRune, s), runeFlaws(s)
		}
	}
	if strings.Contains(s, "\ufffe") || strings.Contains(s, "\uffff") {
		return strings.Map(cleanRune, s), ControlCharacter
	}
	return s, 0
}

func runeFlaws(s string) Flaw {
	var flaws Flaw
	for _, r := range s {
		switch {
		case isForbidden(r):
			flaws |= ControlCharacter
		case r >= 0x80 && r < 0xa0:
			flaws |= WindowsCharacter
		}
	}
	return flaws
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
