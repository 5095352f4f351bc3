package markup

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"strings"
)

// splitter finds where the items of a document begin and end, on the way of the
// guard. It knows names and depths only: a document whose items it can't tell
// apart beyond doubt has none for it.
type splitter struct {
	items []span
	name  []byte // of the item elements
	depth int    // of the element that holds the items
	begin int    // of the open item; -1 means none is open
	count int    // of item elements, told apart or not
	lost  bool   // the items can't be told apart
}

// open takes note of a start tag below depth other elements.
func (s *splitter) open(t token, depth int) {
	if !isItemTag(t.local()) {
		return
	}
	s.count++
	switch {
	case s.name == nil:
		s.name, s.depth = t.name, depth
	case !bytes.EqualFold(t.name, s.name):
		s.lost = s.lost || s.begin < 0
		return
	}
	if !bytes.Equal(t.name, s.name) || depth != s.depth || s.begin >= 0 {
		s.lost = true
		return
	}
	if t.kind == emptyTag {
		s.items = append(s.items, span{t.start, t.end})
		return
	}
	s.begin = t.start
}

// close takes note of an end tag that leaves depth open elements.
func (s *splitter) close(t token, depth int) {
	if s.begin < 0 || depth > s.depth {
		return
	}
	if depth < s.depth || !bytes.Equal(t.name, s.name) {
		s.lost = true
	}
	s.items = append(s.items, span{s.begin, t.end})
	s.begin = -1
}

// found returns the items of a document at whose end depth elements were open.
func (s *splitter) found(depth int) []span {
	if s.lost || s.begin >= 0 || depth != 0 {
		return nil
	}
	return s.items
}

// isItemTag is isItemName for a name in any case, without allocating.
func isItemTag(local []byte) bool {
	switch len(local) {
	case len("item"):
		return bytes.EqualFold(local, []byte("item"))
	case len("entry"):
		return bytes.EqualFold(local, []byte("entry"))
	}
	return false
}

// Marks returns a mark for each item that Split counts, and nil when items can't
// be read by themselves. A mark stands for the bytes of the item and for all that
// surrounds the items, but for what changes with every edition, and for url, the
// document's own: items of the same mark are read alike. An item that the
// document has twice has no mark: 0; nor have those in drop, in ascending order.
func (d *Document) Marks(url string, drop []int) []uint64 {
	if len(d.split) == 0 || d.entities != nil || d.Renamed {
		return nil
	}
	m := marker{hash: sha256.New()}
	m.hash.Write([]byte(url))
	last := 0
	for _, item := range d.split {
		m.frame(d.source[last:item.start])
		last = item.end
	}
	m.frame(d.source[last:])
	m.context = m.hash.Sum(nil)
	return m.marks(len(d.split), drop, func(i int) []byte {
		return d.source[d.split[i].start:d.split[i].end]
	})
}

// MarkParts is Marks for a document of another kind: parts are its items, frame
// is what surrounds them.
func MarkParts(url string, frame, parts [][]byte, drop []int) []uint64 {
	m := marker{hash: sha256.New()}
	m.hash.Write([]byte(url))
	for _, f := range frame {
		m.hash.Write(f)
	}
	m.context = m.hash.Sum(nil)
	return m.marks(len(parts), drop, func(i int) []byte { return parts[i] })
}

// marker computes marks. SHA-256 is fast where processors know it, and nobody can
// write an item that is taken for another.
type marker struct {
	hash    hash.Hash
	context []byte
	sum     [sha256.Size]byte
}

// marks returns the marks of n items but for those in drop.
func (m *marker) marks(n int, drop []int, item func(i int) []byte) []uint64 {
	marks := make([]uint64, n)
	for i := range marks {
		if len(drop) > 0 && drop[0] == i {
			drop = drop[1:]
			continue
		}
		marks[i] = m.mark(item(i))
	}
	return withoutTwins(marks)
}

func (m *marker) mark(item []byte) uint64 {
	m.hash.Reset()
	m.hash.Write(m.context)
	m.hash.Write(item)
	return binary.LittleEndian.Uint64(m.hash.Sum(m.sum[:0]))
}

func withoutTwins(marks []uint64) []uint64 {
	count := make(map[uint64]int)
	for _, mark := range marks {
		if mark != 0 {
			count[mark]++
		}
	}
	for i, mark := range marks {
		if count[mark] > 1 {
			marks[i] = 0
		}
	}
	return marks
}

// frame hashes what stands around the items, without the elements that say
// nothing about them and change whenever one is added, and without comments and
// white space.
func (m *marker) frame(b []byte) {
	s := scanner{b: b}
	last := 0
	write := func(text []byte) { m.hash.Write(bytes.TrimSpace(text)) }
	for {
		t, ok := s.next()
		if !ok {
			write(b[last:])
			return
		}
		end := t.end
		switch {
		case t.kind == startTag && isVolatile(string(t.local())):
			end = elementEnd(b, t)
			s.pos = end
		case t.kind != otherToken:
			continue
		}
		write(b[last:t.start])
		last = end
	}
}

// isVolatile reports whether a feed's element changes with its items and says
// nothing that an item is read by. RSS 1.0 lists its items in the channel.
func isVolatile(local string) bool {
	switch strings.ToLower(local) {
	case "lastbuilddate", "pubdate", "updated", "modified", "date", "items", "totalresults":
		return true
	}
	return false
}

// elementEnd returns where the element that begins with t ends, and the end of
// its start tag when it doesn't.
func elementEnd(b []byte, t token) int {
	s := scanner{b: b, pos: t.end}
	for depth := 1; ; {
		next, ok := s.next()
		switch {
		case !ok:
			return t.end
		case !bytes.Equal(next.name, t.name):
		case next.kind == startTag:
			depth++
		case next.kind == endTag:
			if depth--; depth == 0 {
				return next.end
			}
		}
	}
}
