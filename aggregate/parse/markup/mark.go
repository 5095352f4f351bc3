package markup

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"strings"

	"github.com/coranto/coranto/aggregate/parse/markup/tags"
)

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
		m.frame(d.source[last:item.Start])
		last = item.End
	}
	m.frame(d.source[last:])
	m.context = m.hash.Sum(nil)
	return m.marks(len(d.split), drop, func(i int) []byte {
		return d.source[d.split[i].Start:d.split[i].End]
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
	s := tags.Scan(b)
	last := 0
	write := func(text []byte) { m.hash.Write(bytes.TrimSpace(text)) }
	for {
		t, ok := s.Next()
		if !ok {
			write(b[last:])
			return
		}
		end := t.End
		switch {
		case t.Kind == tags.Start && isVolatile(string(t.Local())):
			end = elementEnd(b, t)
			s.Seek(end)
		case t.Kind != tags.Other:
			continue
		}
		write(b[last:t.Start])
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
func elementEnd(b []byte, t tags.Token) int {
	s := tags.Scan(b)
	s.Seek(t.End)
	for depth := 1; ; {
		next, ok := s.Next()
		switch {
		case !ok:
			return t.End
		case !bytes.Equal(next.Name, t.Name):
		case next.Kind == tags.Start:
			depth++
		case next.Kind == tags.End:
			if depth--; depth == 0 {
				return next.End
			}
		}
	}
}
