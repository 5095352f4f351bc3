package parse

import (
	"bytes"

	"github.com/coranto/coranto/aggregate/parse/markup"
)

// jsonSplit is a JSON Feed taken apart into its items and what surrounds them.
type jsonSplit struct {
	items        [][]byte
	before, rest []byte // around the elements of the list
}

// splitJSON finds the items of a JSON Feed. It reports false for a document that it
// can't take apart beyond doubt: it only follows strings and brackets, and leaves
// it to the parser whether the document is valid.
func splitJSON(b []byte) (s jsonSplit, ok bool) {
	begin := jsonItems(b)
	if begin < 0 {
		return s, false
	}
	s.before = b[:begin]
	for i := begin; i < len(b); {
		switch c := b[i]; c {
		case ' ', '\t', '\r', '\n', ',':
			i++
		case '{':
			end := jsonEnd(b, i)
			if end < 0 {
				return s, false
			}
			s.items = append(s.items, b[i:end])
			i = end
		case ']':
			s.rest = b[i:]
			return s, jsonItems(s.rest) < 0 && len(s.items) > 0
		default:
			return s, false
		}
	}
	return s, false
}

// jsonItems returns where the elements of a feed's list of items begin, -1 when
// there is no such list.
func jsonItems(b []byte) int {
	const name = `"items"`
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"':
			end := stringEnd(b, i)
			if end < 0 {
				return -1
			}
			rest := bytes.TrimLeft(b[end:], " \t\r\n")
			if depth <= 1 && string(b[i:end]) == name && bytes.HasPrefix(rest, []byte(":")) {
				rest = bytes.TrimLeft(rest[1:], " \t\r\n")
				if bytes.HasPrefix(rest, []byte("[")) {
					return len(b) - len(rest) + 1
				}
			}
			i = end - 1
		}
	}
	return -1
}

// jsonEnd returns where the object at i ends, -1 when the document ends first.
func jsonEnd(b []byte, i int) int {
	for depth := 0; i < len(b); i++ {
		switch b[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		case '"':
			end := stringEnd(b, i)
			if end < 0 {
				return -1
			}
			i = end - 1
		}
	}
	return -1
}

// stringEnd returns where the string at i ends, -1 when it doesn't.
func stringEnd(b []byte, i int) int {
	for i++; ; {
		j := bytes.IndexByte(b[i:], '"')
		if j < 0 {
			return -1
		}
		escapes := 0
		for k := i + j - 1; k >= i && b[k] == '\\'; k-- {
			escapes++
		}
		i += j + 1
		if escapes%2 == 0 {
			return i
		}
	}
}

// jsonDates returns the dates of an item as written, the publication first.
func jsonDates(item []byte) []string {
	var dates []string
	for _, name := range []string{`"date_published"`, `"date_modified"`} {
		_, rest, found := bytes.Cut(item, []byte(name))
		rest = bytes.TrimLeft(rest, " \t\r\n:")
		if !found || len(rest) == 0 || rest[0] != '"' {
			continue
		}
		if end := stringEnd(rest, 0); end > 0 {
			dates = append(dates, string(rest[1:end-1]))
		}
	}
	return dates
}

// planJSON decides which items of a feed are read, and returns the document
// without the others.
func (p *parser) planJSON(body []byte) (plan, []byte) {
	s, ok := splitJSON(body)
	if !ok {
		return plan{}, body
	}
	var drop []int
	if n := len(s.items); n > p.doc.MaxItems {
		drop = p.dropOldest(n, func(i int) []string { return jsonDates(s.items[i]) })
	}
	marks := markup.MarkParts(p.doc.URL, [][]byte{s.before, s.rest}, s.items, drop)
	pl := p.newPlan(len(s.items), marks, drop)
	if len(pl.index) == len(s.items) {
		return pl, body
	}
	wanted := make([][]byte, len(pl.index))
	for k, i := range pl.index {
		wanted[k] = s.items[i]
	}
	return pl, bytes.Join([][]byte{s.before, bytes.Join(wanted, []byte(",")), s.rest}, nil)
}
