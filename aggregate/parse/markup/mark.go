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
	if len(d.split) == 0 || d.entities.Len() > 0 || d.Renamed {
		return nil
	}
	m := newMarker(url)
	if d.entities.DeclaresHTML() {
		m.hash.Write([]byte{0xfe})
	}
	behind := make([]uint64, len(d.split))
	last := 0
	for i, item := range d.split {
		m.frame(d.source[last:item.Start])
		behind[i] = m.frames
		last = item.End
	}
	m.frame(d.source[last:])
	m.context = m.hash.Sum(nil)
	return m.marks(len(d.split), drop, func(i int) (uint64, []byte) {
		return behind[i], d.source[d.split[i].Start:d.split[i].End]
	})
}

// MarkParts is Marks for a document of another kind: parts are its items, frame
// is what surrounds them.
func MarkParts(url string, frame, parts [][]byte, drop []int) []uint64 {
	m := newMarker(url)
	for _, f := range frame {
		m.write(f)
		m.begun = false
	}
	m.context = m.hash.Sum(nil)
	return m.marks(len(parts), drop, func(i int) (uint64, []byte) { return 0, parts[i] })
}

// marker computes marks. SHA-256 is fast where processors know it, and nobody can
// write an item that is taken for another.
type marker struct {
	hash    hash.Hash
	context []byte
	sum     [sha256.Size]byte
	frames  uint64 // stretches around items that have something, so far
	begun   bool   // something of the present one has been hashed
}

func newMarker(url string) *marker {
	m := &marker{hash: sha256.New()}
	m.hash.Write([]byte(url))
	return m
}

// marks returns the marks of n items but for those in drop. item returns the bytes of
// one, and behind how many frames it stands.
func (m *marker) marks(n int, drop []int, item func(i int) (behind uint64, b []byte)) []uint64 {
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

// mark hashes where an item stands too: what a base or a language holds for depends
// on which frames are before it, not on how many items are.
func (m *marker) mark(behind uint64, item []byte) uint64 {
	m.hash.Reset()
	m.hash.Write(m.context)
	m.hash.Write(binary.LittleEndian.AppendUint64(m.sum[:0], behind))
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

// write hashes a piece of a frame. Before its first stands a byte that no text has, so
// that what follows an item is not taken for what precedes it.
func (m *marker) write(piece []byte) {
	if piece = bytes.TrimSpace(piece); len(piece) == 0 {
		return
	}
	if !m.begun {
		m.begun = true
		m.frames++
		m.hash.Write([]byte{0xff})
	}
	m.hash.Write(piece)
}

// frame hashes what stands around the items, without the elements that say
// nothing about them and change whenever one is added, and without comments and
// white space.
func (m *marker) frame(b []byte) {
	m.begun = false
	s := tags.Scan(b)
	last := 0
	for {
		t, ok := s.Next()
		if !ok {
			m.write(b[last:])
			return
		}
		volatile := t.Kind == tags.Start && isVolatile(string(t.Local())) && skipPlain(&s, t)
		if volatile || t.Kind == tags.Other {
			m.write(b[last:t.Start])
			last = s.Position()
		}
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

// skipPlain moves s behind the element that begins with t, if it is a text or a list
// as RSS 1.0 has it. Anything else may open or close what holds for items. It looks no
// farther than to the first other tag, so that a document costs linear time.
func skipPlain(s *tags.Scanner, t tags.Token) bool {
	for depth := 0; ; {
		next, ok := s.Next()
		switch {
		case !ok:
			s.Seek(t.End)
			return false
		case next.Kind == tags.Section || next.Kind == tags.Other:
		case next.Kind == tags.End && depth == 0 && bytes.Equal(next.Name, t.Name):
			return true
		case !isList(next.Local()) || next.Kind == tags.End && depth == 0:
			s.Seek(t.End)
			return false
		case next.Kind == tags.Start:
			depth++
		case next.Kind == tags.End:
			depth--
		}
	}
}

// isList reports whether an element is one of those that the list of items in RSS 1.0
// is made of.
func isList(local []byte) bool {
	switch string(local) {
	case "Seq", "seq", "Bag", "li":
		return true
	}
	return false
}
