package markup

import (
	"strconv"
	"strings"
)

// Text returns the text that s, a string of what a parser read of the skeleton,
// stands for. kind is what the format says of it; the document may know better.
func (d *Document) Text(s string, kind Kind) Text {
	p, ok := d.partOf(strings.TrimSpace(s))
	if !ok {
		return NewText(s, kind, d.Base)
	}
	if p.base == nil {
		p.base = d.Base
	}
	return p.read(kind, d.entities)
}

// partOf returns the part that the token s stands for.
func (d *Document) partOf(s string) (part, bool) {
	number, found := strings.CutPrefix(s, tokenPrefix)
	if !found {
		return part{}, false
	}
	n, err := strconv.Atoi(strings.TrimSuffix(number, "."))
	if err != nil || n < 0 || n >= len(d.parts) {
		return part{}, false
	}
	return d.parts[n], true
}
