package tags

import "bytes"

// Span is a stretch of bytes: from Start to before End.
type Span struct{ Start, End int }

// splitter finds where the items of a document begin and end, on the way of the
// guard. It knows names and depths only: a document whose items it can't tell
// apart beyond doubt has none for it.
type splitter struct {
	items []Span
	name  []byte // of the item elements
	depth int    // of the element that holds the items
	begin int    // of the open item; -1 means none is open
	count int    // of item elements, told apart or not
	lost  bool   // the items can't be told apart
}

// open takes note of a start tag below depth other elements.
func (s *splitter) open(t Token, depth int) {
	if !IsItem(t.Local()) {
		return
	}
	s.count++
	switch {
	case s.name == nil:
		s.name, s.depth = t.Name, depth
	case !bytes.EqualFold(t.Name, s.name):
		s.lost = s.lost || s.begin < 0
		return
	}
	if !bytes.Equal(t.Name, s.name) || depth != s.depth || s.begin >= 0 {
		s.lost = true
		return
	}
	if t.Kind == Empty {
		s.items = append(s.items, Span{t.Start, t.End})
		return
	}
	s.begin = t.Start
}

// close takes note of an end tag that leaves depth open elements.
func (s *splitter) close(t Token, depth int) {
	if s.begin < 0 || depth > s.depth {
		return
	}
	if depth < s.depth || !bytes.Equal(t.Name, s.name) {
		s.lost = true
	}
	s.items = append(s.items, Span{s.begin, t.End})
	s.begin = -1
}

// found returns the items of a document at whose end depth elements were open.
func (s *splitter) found(depth int) []Span {
	if s.lost || s.begin >= 0 || depth != 0 {
		return nil
	}
	return s.items
}
