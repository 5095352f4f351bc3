package markup

import (
	"bytes"

	"github.com/coranto/coranto/aggregate/parse/markup/tags"
)

// scopes are the namespace prefixes that the open elements declare. The zero value
// has none but that of XML itself.
type scopes struct {
	count map[string]int // of the open elements that declare a prefix
	open  []declaration
}

// declaration is a prefix and the depth of the element that declares it.
type declaration struct {
	depth  int
	prefix string
}

// enter notes what the tag of an element that opens as one of depth declares.
func (s *scopes) enter(depth int, tag []byte) {
	if !bytes.Contains(tag, []byte("xmlns:")) {
		return
	}
	for a := range tags.Attrs(tag) {
		if prefix, found := bytes.CutPrefix(a.Name, []byte("xmlns:")); found {
			if s.count == nil {
				s.count = make(map[string]int)
			}
			s.count[string(prefix)]++
			s.open = append(s.open, declaration{depth, string(prefix)})
		}
	}
}

// leave forgets all elements but the outermost of the number depth.
func (s *scopes) leave(depth int) {
	for n := len(s.open) - 1; n >= 0 && s.open[n].depth > depth; n-- {
		s.count[s.open[n].prefix]--
		s.open = s.open[:n]
	}
}

// known reports whether an open element declares prefix.
func (s *scopes) known(prefix []byte) bool {
	return s.count[string(prefix)] > 0 || string(prefix) == "xml"
}
