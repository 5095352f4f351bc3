package parse

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/coranto/coranto/aggregate/parse/markup"
)

// Limits of a JSON document. Of what the decoder can't be kept from reading each
// value costs some ten bytes of memory, each level of nesting a call.
const (
	maxJSONDepth  = 256
	maxJSONNumber = 1 << 10 // bytes of a number or of what stands in its place
	maxJSONItems  = 500_000 // objects in lists of the feed, of which few are read
	maxJSONValues = 400_000 // in the items that are read
	maxJSONString = 2 * markup.MaxText
)

// jsonScan is one walk over a JSON document. It follows strings and brackets and
// leaves it to the decoder whether the document is valid.
type jsonScan struct {
	b        []byte
	open     []byte // the brackets that close what is open
	lastItem int    // where the last element of a list of the feed ended
	items    int    // such elements, and objects beside them
	bare     int    // bytes since the last bracket, comma or string
	raw      bool   // there are control characters in strings
	long     bool   // there are strings of more than maxJSONString bytes
	cut      bool   // the document ends in a string
}

// scanJSON walks over b. The error wraps ErrHostile and names the limit.
func scanJSON(b []byte) (*jsonScan, error) {
	s := &jsonScan{b: b}
	for i := 0; i < len(b); i++ {
		var err error
		switch c := b[i]; c {
		case '"':
			i = s.text(i)
			s.bare = 0
		case '{', '[':
			err = s.begin(c)
		case '}', ']':
			s.close(c, i)
		case ',', ':', ' ', '\t', '\r', '\n':
			s.bare = 0
		default:
			if s.bare++; s.bare > maxJSONNumber {
				err = hostile("a number of more than %d bytes", maxJSONNumber)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	return s, nil
}

func hostile(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrHostile, fmt.Sprintf(format, args...))
}

// text returns the last byte of the string that begins at i.
func (s *jsonScan) text(i int) int {
	end := stringEnd(s.b, i)
	if end < 0 {
		s.cut, end = true, len(s.b)
	}
	s.long = s.long || end-i > maxJSONString
	if !s.raw {
		s.raw = hasControl(s.b[i:end])
	}
	return end - 1
}

func hasControl(b []byte) bool {
	for _, c := range b {
		if c < 0x20 {
			return true
		}
	}
	return false
}

func (s *jsonScan) begin(c byte) error {
	s.bare = 0
	if len(s.open) == maxJSONDepth {
		return hostile("values nested more than %d deep", maxJSONDepth)
	}
	if c == '{' && len(s.open) == 2 {
		if s.items++; s.items > maxJSONItems {
			return hostile("more than %d items", maxJSONItems)
		}
	}
	s.open = append(s.open, c+2) // both brackets close with the second character after
	return nil
}

func (s *jsonScan) close(c byte, i int) {
	s.bare = 0
	if len(s.open) > 0 {
		s.open = s.open[:len(s.open)-1]
	}
	if c == '}' && string(s.open) == "}]" {
		s.lastItem = i + 1
	}
}

// prepareJSON refuses a document that would cost the decoder too much, and mends
// what it can't read: control characters inside strings, and an early end, before
// which the document is cut behind the last whole object of the feed's list.
func (p *parser) prepareJSON(b []byte) (body []byte, truncated bool, err error) {
	s, err := scanJSON(b)
	if err != nil {
		return nil, false, err
	}
	if truncated = len(s.open) > 0 && s.lastItem > 0; truncated {
		b = append(bytes.Clone(b[:s.lastItem]), "]}"...)
	}
	if s.raw || s.long {
		b = p.mendStrings(b)
	}
	return b, truncated, nil
}

// mendStrings writes b again with control characters escaped, or left out where no
// feed has a use for them, and with strings of a length that can be held.
func (p *parser) mendStrings(b []byte) []byte {
	out := make([]byte, 0, len(b)+len(b)/16)
	for {
		i := bytes.IndexByte(b, '"')
		if i < 0 {
			return append(out, b...)
		}
		end := stringEnd(b, i)
		if end < 0 {
			return append(out, b...)
		}
		out = append(out, b[:i]...)
		out = p.mendString(out, b[i:end])
		b = b[end:]
	}
}

// mendString appends one string, given in its quotes.
func (p *parser) mendString(out, text []byte) []byte {
	if len(text) > maxJSONString {
		p.problem("text-cut", "A text was longer than %d bytes and was cut.", maxJSONString)
		text = cutJSON(text[:maxJSONString])
	}
	if !hasControl(text) {
		return append(out, text...)
	}
	p.problem("repaired", "There are control characters in texts; they were escaped or left out.")
	escaped := false
	for _, c := range text {
		switch {
		case c >= 0x20:
			out = append(out, c)
			escaped = c == '\\' && !escaped
			continue
		case escaped:
			out = append(out, controlEscape(c, '\\'))
		case controlEscape(c, 0) != 0:
			out = append(out, '\\', controlEscape(c, 0))
		}
		escaped = false
	}
	return out
}

// controlEscape returns the letter that stands for a control character behind a
// backslash, and otherwise when there is none.
func controlEscape(c, otherwise byte) byte {
	switch c {
	case '\t':
		return 't'
	case '\n':
		return 'n'
	case '\r':
		return 'r'
	}
	return otherwise
}

// cutJSON ends a string, given with its first quote and without its last, between
// two characters.
func cutJSON(text []byte) []byte {
	end := len(text)
	for end > 0 && !utf8.RuneStart(text[end-1]) {
		end--
	}
	end-- // a character that may not be whole
	const longestEscape = len(`\u0000`)
	if i := bytes.LastIndexByte(text[end-longestEscape:end], '\\'); i >= 0 {
		end += i - longestEscape
	}
	for end > 0 && text[end-1] == '\\' {
		end--
	}
	return append(bytes.Clone(text[:end]), "…\""...)
}

// checkJSON refuses a document that has too many values. It is for what is left
// when the items that are too many have been dropped.
func checkJSON(b []byte) error {
	if len(b) < 2*maxJSONValues {
		return nil
	}
	values := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			if end := stringEnd(b, i); end > 0 {
				i = end - 1
			}
		case '{', '[', ',':
			if values++; values > maxJSONValues {
				return hostile("more than %d values to read", maxJSONValues)
			}
		}
	}
	return nil
}
