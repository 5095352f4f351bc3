package jsondoc

import (
	"bytes"

	"github.com/coranto/coranto/aggregate/parse/markup"
)

// Parts is a document taken apart into its items and what surrounds them.
type Parts struct {
	items        [][]byte
	before, rest []byte // around the elements of the list
}

// Split finds the items of a feed. It reports false for a document that it can't take
// apart beyond doubt, and for one without items. The parts share b's memory.
func Split(b []byte) (s Parts, ok bool) {
	begin := itemsBegin(b)
	if begin < 0 {
		return s, false
	}
	s.before = b[:begin]
	for i := begin; ; {
		i += spaces(b[i:])
		end := -1
		if i < len(b) && b[i] == '{' {
			end = objectEnd(b, i)
		}
		if end < 0 {
			return s, false
		}
		s.items = append(s.items, b[i:end])
		i = end + spaces(b[end:])
		if i < len(b) && b[i] == ',' {
			i++
			continue
		}
		s.rest = b[i:]
		return s, bytes.HasPrefix(s.rest, []byte("]")) && itemsBegin(s.rest) < 0
	}
}

// spaces is the number of white spaces that b begins with.
func spaces(b []byte) int { return len(b) - len(bytes.TrimLeft(b, " \t\r\n")) }

// Len is the number of items.
func (s Parts) Len() int { return len(s.items) }

// Marks returns numbers that stand for what each item is read from: its bytes, what
// surrounds the items, and url, the address of the document. It is 0 for those in
// drop, which are in ascending order.
func (s Parts) Marks(url string, drop []int) []uint64 {
	return markup.MarkParts(url, [][]byte{s.before, s.rest}, s.items, drop)
}

// Dates returns the dates of item i as written, the publication first.
func (s Parts) Dates(i int) []string {
	var dates []string
	for _, name := range []string{`"date_published"`, `"date_modified"`} {
		_, rest, found := bytes.Cut(s.items[i], []byte(name))
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

// Only returns the document with no items but those given by their places.
func (s Parts) Only(places []int) []byte {
	wanted := make([][]byte, len(places))
	for k, i := range places {
		wanted[k] = s.items[i]
	}
	return bytes.Join([][]byte{s.before, bytes.Join(wanted, []byte(",")), s.rest}, nil)
}

// itemsBegin returns where the elements of a feed's list of items begin, -1 when
// there is no such list.
func itemsBegin(b []byte) int {
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

// objectEnd returns where the object at i ends, -1 when the document ends first.
func objectEnd(b []byte, i int) int {
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
