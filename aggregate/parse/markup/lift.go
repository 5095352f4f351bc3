package markup

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/coranto/coranto/aggregate/parse/markup/tags"
	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

// A skeleton is short: each long or difficult text is replaced by a token,
// read by this package and put back by the translation. gofeed is faster for it,
// and can't misread what it does not see: markup that is not well-formed, the type
// of a text, ids that must not change.
const (
	tokenPrefix = "x-lifted:" // followed by the number of the part and a full stop
	maxUnlifted = 64 << 10    // bytes of a text that is not lifted
	maxOpen     = 264         // elements, where end tags close others than the guard thought
	liftLength  = 96          // of a text that is lifted for speed alone

	// RescuePrefix is the namespace prefix, never declared, of the elements that are
	// written for gofeed to keep among the extensions what it would drop.
	RescuePrefix = "lifted"

	// BorrowedPrefix begins the local names of those that are of RSS, in Atom.
	BorrowedPrefix = "rss-"
)

// lifter is the state of lift.
type lifter struct {
	b       []byte
	scanner tags.Scanner
	out     []byte
	copied  int // b[:copied] is in out, or left out
	last    int // end of the last token
	result  *Document
	root    Root

	stack     [][]byte // names of the open elements
	headDepth int      // of the channel or feed element
	itemDepth int      // of the open item; 0 means none is open
	itemStart int      // in out
	itemName  []byte
	seen      []string // elements of the open item that may occur once
	bases     text.Bases
	budget    int         // bytes and open elements that may still be searched in vain
	rest      []tags.Span // the items that are left out and not yet reached
	opened    int         // items that are not left out, so far
	prefixes  scopes
}

// Lift writes the skeleton and the parts of d from its source, which the guard let
// pass, and balances the elements. Items that Split counts are left out where
// without says so; nil leaves none out.
func (d *Document) Lift(without []bool) {
	b := d.source
	d.parts, d.items, d.Unclosed = nil, nil, 0
	d.Truncated, d.deep = false, false
	d.outside, d.remarks, d.looseAt = nil, nil, -1
	rest, size := d.leftOut(without)
	l := &lifter{
		b: b, scanner: tags.Scan(b), root: d.Root, headDepth: 1, budget: 1<<20 + 4*len(b),
		out: make([]byte, 0, size/3+512), rest: rest, bases: text.Bases{Outer: d.Base}, result: d,
	}
	for {
		t, ok := l.scanner.Next()
		if !ok {
			break
		}
		l.trim(t)
		switch t.Kind {
		case tags.Start, tags.Empty:
			l.open(t)
		case tags.End:
			l.close(t)
		case tags.Other:
			l.drop(t)
		}
		l.last = l.scanner.Position()
		if d.looseAt < 0 && d.Unclosed > 0 {
			d.looseAt = t.Start
		}
		if len(l.stack) == 0 {
			l.remarkAfter()
			break
		}
		if d.deep = len(l.stack) > maxOpen; d.deep {
			break
		}
	}
	l.finish()
}

// leftOut returns the items that are left out, and the size of what is not.
func (d *Document) leftOut(without []bool) (items []tags.Span, size int) {
	size = len(d.source)
	if len(without) > 0 {
		items = make([]tags.Span, 0, len(without))
	}
	for i, out := range without {
		if out {
			items = append(items, d.split[i])
			size -= d.split[i].End - d.split[i].Start
		}
	}
	return items, size
}

// finish ends the document. Elements that are still open show that it was cut
// off: then an open item is left out. An RSS document whose channel is closed is
// whole.
func (l *lifter) finish() {
	l.flush(l.last)
	if n := len(l.stack); n > 0 {
		rootOnly := n == 1 && l.root == RootRSS && l.headDepth == 2
		l.result.Truncated = !rootOnly
		l.result.Unclosed++
		if l.result.looseAt < 0 {
			l.result.looseAt = l.last
		}
		if l.itemDepth > 0 {
			l.out = l.out[:l.itemStart]
			l.stack = l.stack[:l.itemDepth-1]
		}
		l.unwind(0)
	}
	l.result.Skeleton = l.out
}

func (l *lifter) flush(to int) {
	l.out = append(l.out, l.b[l.copied:to]...)
	l.copied = to
}

// trim cuts a text that is not lifted, before t or in it, at a length that costs a
// parser little. A "<" in it is escaped: with what comes when t is left out it could
// become a tag that the guard has not seen.
func (l *lifter) trim(t tags.Token) {
	if raw := l.b[l.last:t.Start]; bytes.IndexByte(raw, '<') >= 0 {
		l.remark("bare-markup", l.last)
		l.flush(l.last)
		raw = raw[:min(len(raw), maxUnlifted)]
		l.out = append(l.out, bytes.ReplaceAll(raw, []byte("<"), []byte("&lt;"))...)
		l.copied = t.Start
		return
	}
	if t.Start-l.last > maxUnlifted {
		l.remark("text-cut", l.last)
		l.flush(cutAt(l.b, l.last+maxUnlifted))
		l.copied = t.Start
	}
	if t.Kind == tags.Section && t.End-t.Start > maxUnlifted {
		l.remark("text-cut", t.Start)
		l.flush(cutAt(l.b, t.Start+maxUnlifted))
		l.out = append(l.out, "]]>"...)
		l.copied = t.End
	}
}

// cutAt returns i or where the character around it begins.
func cutAt(b []byte, i int) int {
	for !utf8.RuneStart(b[i]) {
		i--
	}
	return i
}

// drop leaves out comments, which are fatal to encoding/xml when they hold "--",
// and what else means nothing here.
func (l *lifter) drop(t tags.Token) {
	if t.End-t.Start > 2 {
		if s := l.b[t.Start:t.End]; s[1] == '!' && bytes.Contains(s[4:len(s)-3], []byte("--")) {
			l.remark("comment-hyphens", t.Start)
		} else if tags.IsDeclaration(s) {
			l.remark("declaration-repeated", t.Start)
		}
		l.flush(t.Start)
		l.copied = t.End
		return
	}
	l.remark("bare-markup", t.Start)
	l.flush(t.Start)
	l.out = append(l.out, "&lt;!"...)
	l.copied = t.End
}

func (l *lifter) open(t tags.Token) {
	name := tags.Lower(t.Local())
	tag := l.b[t.Start:t.End]
	if isItemName(name) && l.mayBegin(t) {
		l.openItem(t)
		if l.skips(t) {
			return
		}
		l.opened++
	}
	if name == "channel" && l.isSecondChannel() {
		l.omit(t)
		return
	}
	l.prefixes.enter(len(l.stack)+1, tag)
	l.remarkTag(t, tag)
	l.rebase(t, tag)
	if t.Kind == tags.Start && (l.isText(t, name) && l.liftText(t, name) || l.liftBare(t, name)) {
		return
	}
	if name == "enclosure" && l.root == RootAtom && l.inItem() && !l.isForeign(t) {
		l.keepBorrowed(t, tag)
	}
	l.writeTag(t, tag)
	if t.Kind == tags.Empty {
		l.pop(len(l.stack))
		return
	}
	l.push(t, name)
}

// mayBegin reports whether an item may begin where t stands: inside of another one
// only where that was not closed.
func (l *lifter) mayBegin(t tags.Token) bool {
	return len(l.stack) > 0 && (l.itemDepth == 0 || tags.SameName(t.Name, l.itemName))
}

// push notes that the element of t is open, and keeps those of its attributes that
// gofeed drops.
func (l *lifter) push(t tags.Token, name string) {
	tag := l.b[t.Start:t.End]
	l.stack = append(l.stack, t.Name)
	depth := len(l.stack)
	switch {
	case name == "channel":
		l.headDepth = depth
		l.keepAttrs(t, tag)
	case l.itemDepth > 0 && depth == l.itemDepth, depth == 1 && l.root == RootAtom,
		name == "source" && depth == l.itemDepth+1:
		l.keepAttrs(t, tag)
	}
}

// isSecondChannel reports whether a channel that begins here is not the first. The
// parser would keep the last one only: without its tags its items are those of the
// first, and what it says of itself is dropped.
func (l *lifter) isSecondChannel() bool {
	return l.root != RootAtom && l.itemDepth == 0 && l.headDepth > 1
}

// omit leaves out a tag that stands where it should not.
func (l *lifter) omit(t tags.Token) {
	l.flush(t.Start)
	l.copied = t.End
	l.result.Unclosed++
}

// openItem notes where an item begins. What should have been closed before is
// closed.
func (l *lifter) openItem(t tags.Token) {
	l.flush(t.Start)
	depth := len(l.stack)
	for depth > 1 && !isHead(l.stack[depth-1]) {
		depth--
	}
	if l.itemDepth > 0 && depth <= l.itemDepth {
		l.result.items = append(l.result.items, tags.Span{Start: l.itemStart, End: len(l.out)})
	}
	l.result.Unclosed += len(l.stack) - depth
	l.unwind(depth)
	if l.root == RootRSS && depth == 1 && tags.Lower(l.stack[0]) == "rss" {
		l.result.remark("items-outside-channel", 0, t.Start)
	}
	l.itemStart, l.itemDepth = len(l.out), 0
	l.seen, l.itemName = l.seen[:0], t.Name
	if t.Kind == tags.Start {
		l.itemDepth = depth + 1
	}
}

// skips leaves out the item that begins with t, if that is wanted.
func (l *lifter) skips(t tags.Token) bool {
	if len(l.rest) == 0 || l.rest[0].Start != t.Start {
		return false
	}
	l.copied = l.rest[0].End
	l.scanner.Seek(l.copied)
	l.itemDepth = 0
	l.rest = l.rest[1:]
	return true
}

// isHead reports whether an element holds items.
func isHead(name []byte) bool {
	local := tags.Lower(tags.Token{Name: name}.Local())
	return isFrame(local) && !isItemName(local)
}

// unwind closes the open elements down to depth.
func (l *lifter) unwind(depth int) {
	for n := len(l.stack) - 1; n >= depth; n-- {
		l.out = append(append(append(l.out, "</"...), l.stack[n]...), '>')
	}
	l.pop(depth)
}

func (l *lifter) pop(depth int) {
	l.stack = l.stack[:depth]
	l.bases.Leave(depth)
	l.prefixes.leave(depth)
}

// close closes the innermost open element of the name, and what was left open in
// it. An end tag that closes nothing is left out.
func (l *lifter) close(t tags.Token) {
	depth := l.lastOpen(t.Name)
	if depth < 0 {
		l.flush(t.Start)
		l.copied = t.End
		l.result.Unclosed++
		return
	}
	if depth+1 < len(l.stack) || !bytes.Equal(l.stack[depth], t.Name) {
		l.flush(t.Start)
		l.copied = t.End
		l.result.Unclosed += len(l.stack) - depth - 1
		l.unwind(depth)
	}
	l.pop(depth)
	if l.itemDepth > depth {
		l.flush(t.End)
		l.result.items = append(l.result.items, tags.Span{Start: l.itemStart, End: len(l.out)})
		l.itemDepth = 0
	}
}

// lastOpen returns the place of the innermost open element of the name, -1 when there
// is none or the budget does not allow to look for it.
func (l *lifter) lastOpen(name []byte) int {
	for i := len(l.stack) - 1; i >= 0; i-- {
		if tags.SameName(l.stack[i], name) {
			return i
		}
		if l.budget--; l.budget < 0 {
			break
		}
	}
	return -1
}

// keepAttrs writes the attributes of a feed or item that gofeed drops into an
// element that it keeps.
func (l *lifter) keepAttrs(t tags.Token, tag []byte) {
	lang, about := tags.AttrOf(tag, "xml:lang"), tags.AttrOf(tag, "rdf:about")
	if lang == "" && about == "" {
		return
	}
	l.flush(t.End)
	l.out = fmt.Appendf(l.out, `<%s:attrs lang="%s" about="%s"/>`, RescuePrefix,
		text.EscapeAttr(text.Decode(lang, nil)), text.EscapeAttr(text.Decode(about, l.result.entities)))
}

// liftText replaces the text of element t, if that is worth it, and moves on
// behind the element.
func (l *lifter) liftText(t tags.Token, name string) bool {
	tag := l.b[t.Start:t.End]
	p := text.Written{
		Type:   strings.ToLower(tags.AttrOf(tag, "type")),
		Mode:   strings.ToLower(tags.AttrOf(tag, "mode")),
		Markup: bytes.Contains(tag, []byte("xhtml")) || bytes.Contains(tag, []byte("+xml")),
	}
	rescue := l.mustRescue(t, name)
	inner, end := l.inner(t)
	if end == 0 {
		return false
	}
	p.Raw = inner
	if !l.bases.IsOuter() {
		p.Base = l.bases.Current()
	}
	closed := end > t.End+len(inner)
	if closed && !rescue && !l.worthLifting(p, name) {
		return false
	}
	l.flush(t.Start)
	l.writePart(t, tag, name, rescue)
	l.result.parts = append(l.result.parts, p)
	l.copied = end
	l.scanner.Seek(l.copied)
	l.pop(len(l.stack))
	return true
}

func (l *lifter) writePart(t tags.Token, tag []byte, name string, rescue bool) {
	openTag, closeName := tag, string(t.Name)
	if rescue {
		closeName = RescuePrefix + ":" + name
		if l.isBorrowed(t, name) {
			closeName = RescuePrefix + ":" + BorrowedPrefix + name
		}
		openTag = []byte("<" + closeName + ">")
	}
	l.out = l.appendTag(l.out, openTag)
	l.out = append(l.out, tokenPrefix...)
	l.out = strconv.AppendInt(l.out, int64(len(l.result.parts)), 10)
	l.out = append(append(append(l.out, ".</"...), closeName...), '>')
}

// worthLifting reports whether gofeed could misread a text or would be slow.
func (l *lifter) worthLifting(p text.Written, name string) bool {
	return p.Type != "" || p.Mode != "" || len(p.Raw) >= liftLength || p.Base != nil ||
		name == "id" && l.root != RootRSS || bytes.ContainsAny(p.Raw, difficult) ||
		bytes.Contains(p.Raw, []byte(tokenPrefix))
}

// difficult are the characters of a text that is more than its bytes: markup, and
// control characters, which gofeed drops without a word.
const difficult = "<&\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f\x10\x11\x12\x13\x14\x15" +
	"\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f"

// inner returns what is between the tags of element t, and where the element
// ends; 0 when the document ends first.
func (l *lifter) inner(t tags.Token) ([]byte, int) {
	if l.budget < 0 {
		return nil, 0
	}
	s := &l.scanner
	defer s.Seek(s.Position())
	for nested, items := 0, 0; ; {
		next, ok := s.Next()
		switch {
		case !ok:
			l.budget -= s.Position() - t.End
			return nil, 0
		case next.Kind == tags.Section || next.Kind == tags.Other || next.Kind == tags.Empty:
		case !tags.SameName(next.Name, t.Name):
			if items += l.itemStep(t, next); items < 0 {
				l.budget -= s.Position() - t.End
				return l.innerUnclosed(t)
			}
		case next.Kind == tags.Start:
			nested++
		case nested > 0:
			nested--
		default:
			return l.b[t.End:next.Start], next.End
		}
	}
}

// itemStep is -1 where next ends an item, and 1 where it begins one inside of t, as
// the content of an entry may (RFC 4287 §4.1.3.3).
func (l *lifter) itemStep(t, next tags.Token) int {
	switch {
	case l.itemDepth == 0 || !tags.SameName(next.Name, l.itemName):
		return 0
	case next.Kind == tags.End:
		return -1
	case l.root == RootAtom && tags.SameName(t.Local(), []byte("content")):
		return 1
	}
	return 0
}

// innerUnclosed is inner for an element of an item whose end tag is missing: the
// next element of the item ends it.
func (l *lifter) innerUnclosed(t tags.Token) ([]byte, int) {
	s := &l.scanner
	s.Seek(t.End)
	for {
		next, ok := s.Next()
		if !ok {
			return nil, 0
		}
		if isItemPart(tags.Lower(next.Local())) || tags.SameName(next.Name, l.itemName) {
			l.result.Unclosed++
			return l.b[t.End:next.Start], next.Start
		}
	}
}

// isItemPart reports whether an element is one that items have and HTML has not.
func isItemPart(name string) bool {
	switch name {
	case "link", "description", "guid", "pubdate", "category", "author", "enclosure", "comments",
		"source", "encoded", "creator", "date", "id", "updated", "published", "content":
		return true
	}
	return false
}

func isItemName(name string) bool { return name == "item" || name == "entry" }
