package markup

import (
	"strconv"
	"strings"

	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

// Text returns the text that s, a string of what a parser read of the skeleton,
// stands for. kind is what the format says of it; the document may know better.
func (d *Document) Text(s string, kind text.Kind) text.Text {
	p, ok := d.partOf(strings.TrimSpace(s))
	switch {
	case ok:
	case strings.Contains(s, tokenPrefix): // the parser gave back markup, with tokens in it
		p = text.Written{Raw: []byte(d.expand(s))}
	default:
		return text.New(s, kind, d.Base)
	}
	if p.Base == nil {
		p.Base = d.Base
	}
	return p.Read(kind, d.entities)
}

// expand replaces the tokens in s by what they stand for.
func (d *Document) expand(s string) string {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(s, tokenPrefix)
		out.WriteString(before)
		if !found {
			return out.String()
		}
		number, rest, _ := strings.Cut(after, ".")
		if p, ok := d.partOf(tokenPrefix + number + "."); ok && out.Len() < text.MaxLength {
			out.Write(p.Raw)
			s = rest
		} else {
			s = after
		}
	}
}

// partOf returns the part that the token s stands for.
func (d *Document) partOf(s string) (text.Written, bool) {
	number, found := strings.CutPrefix(s, tokenPrefix)
	if !found {
		return text.Written{}, false
	}
	n, err := strconv.Atoi(strings.TrimSuffix(number, "."))
	if err != nil || n < 0 || n >= len(d.parts) {
		return text.Written{}, false
	}
	return d.parts[n], true
}
