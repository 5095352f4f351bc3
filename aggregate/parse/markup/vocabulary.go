package markup

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"

	"github.com/coranto/coranto/aggregate/parse/markup/tags"
	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

// isText reports whether the element holds nothing but a text. Outside of RSS and
// with a prefix, the shorter texts may be elements with children.
func (l *lifter) isText(t tags.Token, name string) bool {
	switch name {
	case "title", "description", "encoded", "summary", "subtitle", "tagline", "info", "rights",
		"copyright", "body", "fullitem", "id", "generator", "creator", "subject", "icon", "logo",
		"created", "origlink", "keywords":
		return true
	case "content":
		file := bytes.Contains(l.b[t.Start:t.End], []byte("url="))
		return !file && !bytes.HasPrefix(t.Name, []byte("media:"))
	case "div":
		return l.inItem()
	case "pubdate":
		return l.inAtomHead() || l.inItem() && (l.root == RootAtom || l.isRepeated(name))
	case "published", "issued":
		return l.inAtomHead()
	case "uri", "url":
		return l.root != RootAtom || !l.bases.IsOuter()
	case "link", "guid", "comments", "name", "category", "author", "email",
		"managingeditor", "webmaster":
		return l.root != RootAtom && bytes.IndexByte(t.Name, ':') < 0 || l.isBorrowed(t, name)
	}
	return false
}

// inItem reports whether what comes next is a child of an item.
func (l *lifter) inItem() bool { return l.itemDepth > 0 && len(l.stack) == l.itemDepth }

// isBorrowed reports whether an element of an Atom feed or entry is one of RSS.
func (l *lifter) isBorrowed(t tags.Token, name string) bool {
	if l.root != RootAtom || l.isForeign(t) {
		return false
	}
	switch name {
	case "pubdate", "guid", "comments":
		return l.inItem()
	case "description":
		return l.inItem() || len(l.stack) == l.headDepth
	case "link":
		return (l.inItem() || len(l.stack) == l.headDepth) &&
			tags.AttrOf(l.b[t.Start:t.End], "href") == ""
	}
	return false
}

// keepBorrowed writes the file that an entry has as an item of RSS has it into an
// element that gofeed keeps.
func (l *lifter) keepBorrowed(t tags.Token, tag []byte) {
	l.flush(t.Start)
	l.out = fmt.Appendf(l.out, `<%s:%senclosure`, RescuePrefix, BorrowedPrefix)
	for _, name := range []string{"url", "type", "length"} {
		value := text.Decode(tags.AttrOf(tag, name), l.result.entities)
		l.out = fmt.Appendf(l.out, ` %s="%s"`, name, text.EscapeAttr(value))
	}
	l.out = append(l.out, "/>"...)
}

// mustRescue reports whether gofeed drops the element: one it does not know, or
// an earlier one of the same name, whose place a later one would take.
func (l *lifter) mustRescue(t tags.Token, name string) bool {
	if name == "encoded" && l.inItem() {
		return l.isRepeated(name)
	}
	if l.isForeign(t) {
		return false
	}
	switch {
	case l.isBorrowed(t, name), l.inAtomHead() && isExtraHead(name),
		name == "created" && l.root == RootAtom:
		return true
	case l.inItem():
		return isSingle(name, l.root) && l.isRepeated(name)
	case l.itemDepth == 0 && len(l.stack) == l.headDepth:
		return l.root != RootAtom && (name == "info" || name == "author" || name == "tagline")
	}
	return false
}

// isExtraHead reports whether a feed of Atom has no such element by the specification,
// although there are feeds that have.
func isExtraHead(name string) bool {
	switch name {
	case "info", "published", "issued", "pubdate", "created":
		return true
	}
	return false
}

// isForeign reports whether t is of another vocabulary than what it stands in.
func (l *lifter) isForeign(t tags.Token) bool {
	if l.root != RootAtom || len(l.stack) == 0 {
		return bytes.IndexByte(t.Name, ':') >= 0
	}
	parent := tags.Token{Name: l.stack[len(l.stack)-1]}
	return !bytes.Equal(t.Prefix(), parent.Prefix())
}

// isRepeated reports whether the open item already has an element of this name.
func (l *lifter) isRepeated(name string) bool {
	if slices.Contains(l.seen, name) {
		return true
	}
	l.seen = append(l.seen, name)
	return false
}

// inAtomHead reports whether what comes next describes an Atom feed, the document
// itself or the source of an entry.
func (l *lifter) inAtomHead() bool {
	depth := len(l.stack)
	if l.root != RootAtom || depth == 0 {
		return false
	}
	if l.itemDepth == 0 {
		return depth == l.headDepth
	}
	parent := tags.Token{Name: l.stack[depth-1]}
	return depth == l.itemDepth+1 && tags.SameName(parent.Local(), []byte("source"))
}

// isSingle reports whether an item has one such element, by its specification.
func isSingle(name string, root Root) bool {
	switch name {
	case "title", "description", "content", "summary", "guid", "id", "rights":
		return true
	case "author", "pubdate":
		return root != RootAtom
	}
	return false
}

// liftBare rewrites elements of Atom that are written as in RSS, a text without
// elements or attributes, which gofeed would drop: a person and a category.
func (l *lifter) liftBare(t tags.Token, name string) bool {
	if l.root != RootAtom || l.isForeign(t) {
		return false
	}
	switch name {
	case "author", "contributor", "category":
	default:
		return false
	}
	s := l.scanner
	next, ok := s.Next()
	if !ok || next.Kind != tags.End || len(bytes.TrimSpace(l.b[t.End:next.Start])) == 0 ||
		!bytes.Equal(next.Name, t.Name) {
		return false
	}
	l.flush(t.Start)
	if name == "category" {
		l.writeTerm(t, l.b[t.End:next.Start])
	} else {
		l.writeName(t, l.b[t.End:next.Start])
	}
	l.copied = next.End
	l.scanner.Seek(l.copied)
	l.pop(len(l.stack))
	return true
}

// writeName writes a person of this name.
func (l *lifter) writeName(t tags.Token, name []byte) {
	child := string(t.Prefix()) + "name"
	l.out = append(append(append(l.out, '<'), t.Name...), "><"...)
	l.out = append(append(append(l.out, child...), '>'), tokenPrefix...)
	l.out = strconv.AppendInt(l.out, int64(len(l.result.parts)), 10)
	l.out = append(append(append(l.out, ".</"...), child...), "></"...)
	l.out = append(append(l.out, t.Name...), '>')
	l.result.parts = append(l.result.parts, text.Written{Raw: name})
}

// writeTerm writes a category of this term, unless it has one.
func (l *lifter) writeTerm(t tags.Token, term []byte) {
	l.out = l.appendTag(l.out, l.b[t.Start:t.End])
	l.out = l.out[:len(l.out)-1]
	if tags.AttrOf(l.b[t.Start:t.End], "term") == "" {
		value, _ := text.Characters(string(term), l.result.entities)
		value = text.EscapeAttr(text.FoldSpace(value))
		l.out = append(append(append(l.out, ` term="`...), value...), '"')
	}
	l.out = append(l.out, "/>"...)
}
