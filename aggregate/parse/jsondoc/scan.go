package jsondoc

import "github.com/coranto/coranto/aggregate/parse/markup/text"

// Limits of a JSON document. Of what the decoder can't be kept from reading each
// value costs some ten bytes of memory, each level of nesting a call.
const (
	maxDepth  = 256
	maxNumber = 1 << 10 // bytes of a number or of what stands in its place
	maxItems  = 500_000 // objects in lists of the feed, of which few are read
	maxValues = 400_000 // in the items that are read
	maxString = 2 * text.MaxLength
)

// scan is one walk over a JSON document. It follows strings and brackets and
// leaves it to the decoder whether the document is valid.
type scan struct {
	b        []byte
	open     []byte // the brackets that close what is open
	lastItem int    // where the last element of a list of the feed ended
	items    int    // such elements, and objects beside them
	bare     int    // bytes since the last bracket, comma or string
	raw      bool   // there are control characters in strings
	long     bool   // there are strings of more than maxString bytes
}

// scanDocument walks over b. The error wraps markup.ErrHostile and names the limit.
func scanDocument(b []byte) (*scan, error) {
	s := &scan{b: b}
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
			if s.bare++; s.bare > maxNumber {
				err = hostile("a number of more than %d bytes", maxNumber)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	return s, nil
}

// text returns the last byte of the string that begins at i.
func (s *scan) text(i int) int {
	end := stringEnd(s.b, i)
	if end < 0 {
		end = len(s.b)
	}
	s.long = s.long || end-i > maxString
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

func (s *scan) begin(c byte) error {
	s.bare = 0
	if len(s.open) == maxDepth {
		return hostile("values nested more than %d deep", maxDepth)
	}
	if c == '{' && len(s.open) == 2 {
		if s.items++; s.items > maxItems {
			return hostile("more than %d items", maxItems)
		}
	}
	s.open = append(s.open, c+2) // both brackets close with the second character after
	return nil
}

func (s *scan) close(c byte, i int) {
	s.bare = 0
	if len(s.open) > 0 {
		s.open = s.open[:len(s.open)-1]
	}
	if c == '}' && string(s.open) == "}]" {
		s.lastItem = i + 1
	}
}
