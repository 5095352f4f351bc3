package markup

import (
	"bytes"
	"slices"
	"strings"

	"github.com/coranto/coranto/aggregate/parse/markup/tags"
)

// Note is something that was wrong with a document's markup and was mended or
// left out.
type Note struct {
	Code string
	Text string // one sentence
	Item int    // of the skeleton, counted from 1; 0 when it is in none

	at int // in the source; negative when unknown
}

// remark is a Note whose line has not been looked for.
type remark struct {
	code string
	item int
	at   int // in the source; negative when unknown
}

// Notes returns what was wrong with the markup, a code once for each item and once
// for what is outside of them.
func (d *Document) Notes() []Note {
	var notes []Note
	for _, list := range [][]remark{d.before, d.outside, d.remarks} {
		for _, r := range list {
			notes = append(notes, Note{Code: r.code, Text: noteText(r.code), Item: r.item, at: r.at})
		}
	}
	return notes
}

// Line returns the line of n in what Read was given, counted from 1; 0 when it is
// unknown.
func (d *Document) Line(n Note) int { return d.line(n.at) }

// LooseLine returns the line of the first element that was not closed or opened as
// it should, 0 when unknown.
func (d *Document) LooseLine() int { return d.line(d.looseAt) }

// line returns the line of the document that the byte at i of the source is on. It
// counts from the end: tags before may have been rewritten.
func (d *Document) line(i int) int {
	if i < 0 || i > len(d.source) {
		return 0
	}
	newline := []byte("\n")
	return 1 + bytes.Count(d.body, newline) - bytes.Count(d.source[i:], newline)
}

// remark notes what is wrong at i of the source, in an item or, with 0, in none.
func (d *Document) remark(code string, item, i int) {
	list := &d.remarks
	if item == 0 {
		list = &d.outside
	}
	for n := len(*list) - 1; n >= 0 && (*list)[n].item == item; n-- {
		if (*list)[n].code == code {
			return
		}
	}
	*list = append(*list, remark{code, item, i})
}

// noteText is the sentence for a code.
func noteText(code string) string {
	switch code {
	case "attribute-repeated":
		return "An attribute stands twice in one tag; the last one counts."
	case "attribute-unquoted":
		return "The value of an attribute is not in quotes as XML wants it; it was read all the same."
	case "bare-markup":
		return "A < that begins no element stands in a text; it was read as text."
	case "comment-hyphens":
		return "A comment has two hyphens inside, which XML forbids; it was left out."
	case "base-unusable":
		return "An xml:base is no address that links can be relative to; it was ignored."
	case "prefix-undeclared":
		return "The prefix of an element is declared by no xmlns around it; its usual meaning was taken."
	case "text-cut":
		return "A text of an unknown element was very long and was cut."
	case "control-characters":
		return "Control characters, which XML forbids, were left out."
	case "section-end":
		return "The characters ]]> stand in a text, which XML forbids; they were read as text."
	}
	return frameText(code)
}

// frameText is noteText for what is wrong with the frame of a document.
func frameText(code string) string {
	switch code {
	case "text-after-root":
		return "Something stands after the end of the feed and was ignored."
	case "items-outside-channel":
		return "Items stand outside the channel of the feed; they were read all the same."
	case "declaration-repeated":
		return "There is more than one XML declaration; only the first counts."
	case "xml-version":
		return "The document says that it is in a version of XML other than 1.0; it was read as 1.0."
	case "entity-refused":
		return "Entities that refer to files or to other entities are not resolved; they stay as written."
	case "section-unclosed":
		return "A CDATA section is not closed; it was taken to end with its element."
	case "namespace-missing":
		return "The feed element does not say its namespace; it was read as Atom's."
	case "channel-missing":
		return "The channel element of the feed is missing; it was added."
	case "rss-missing":
		return "The rss element around the channel is missing; it was added."
	case "entry-alone":
		return "The document is a single Atom entry; it was read as a feed of one."
	}
	return ""
}

// remarkBefore notes what is wrong before the root element, which is all of head,
// and reports whether there is text.
func (d *Document) remarkBefore(head []byte) (text bool) {
	s := tags.Scan(head)
	declarations, last, typed := 0, 0, false
	for {
		t, ok := s.Next()
		if !ok {
			return text || len(bytes.TrimSpace(head[last:])) > 0
		}
		text = text || len(bytes.TrimSpace(head[last:t.Start])) > 0
		token := head[t.Start:t.End]
		switch {
		case !typed && isDoctype(head[t.Start:]):
			typed = true
			s.Seek(d.remarkDoctype(head, t.Start))
		case tags.IsDeclaration(token):
			if declarations++; declarations == 2 {
				d.remarkAbove("declaration-repeated")
			}
			version := tags.AttrOf(token, "version")
			if declarations == 1 && version != "" && version != "1.0" {
				d.remarkAbove("xml-version")
			}
		}
		last = s.Position()
	}
}

// remarkAbove notes what is wrong before the root element.
func (d *Document) remarkAbove(code string) { d.before = append(d.before, remark{code, 0, -1}) }

// remarkDoctype notes entities that are not resolved, and returns where the
// document type declaration at i ends.
func (d *Document) remarkDoctype(head []byte, i int) int {
	var p prolog
	end := p.readDoctype(head, i)
	if bytes.Count(head[i:end], []byte("<!ENTITY")) > p.entities.Len() {
		d.remarkAbove("entity-refused")
	}
	return end
}

// remarkTag notes what is wrong with a tag.
func (l *lifter) remarkTag(t tags.Token, tag []byte) {
	if i := bytes.IndexByte(t.Name, ':'); i > 0 && !l.prefixes.known(t.Name[:i]) {
		l.remark("prefix-undeclared", t.Start)
	}
	if bytes.IndexByte(tag, '=') < 0 {
		return
	}
	var names [8][]byte
	n := 0
	for a := range tags.Attrs(tag) {
		for _, known := range names[:n] {
			if bytes.Equal(known, a.Name) {
				l.remark("attribute-repeated", t.Start)
			}
		}
		if n < len(names) {
			names[n] = a.Name
			n++
		}
		if a.Bare {
			l.remark("attribute-unquoted", t.Start)
		}
	}
}

func (l *lifter) remark(code string, at int) {
	item := 0
	if l.itemDepth > 0 {
		item = l.opened
	}
	l.result.remark(code, item, at)
}

// remarkAfter notes what stands behind the root element, comments aside.
func (l *lifter) remarkAfter() {
	rest := l.b[l.last:]
	s := tags.Scan(rest)
	last := 0
	for {
		t, ok := s.Next()
		switch {
		case !ok && len(bytes.TrimSpace(rest[last:])) == 0:
			return
		case !ok, len(bytes.TrimSpace(rest[last:t.Start])) > 0,
			t.Kind != tags.Other, !strings.Contains("<!--<?", string(rest[t.Start:min(t.End, t.Start+2)])):
			l.result.remark("text-after-root", 0, l.last)
			return
		}
		last = t.End
	}
}

// Repaired returns the skeleton once more, with what a parser may still stumble
// over escaped or left out. It is slower to make and rarely needed.
func (d *Document) Repaired() []byte {
	return repair(d.Skeleton, d.entities, func(code string, at int) {
		d.remark(code, d.itemAt(at), -1)
	})
}

// ItemOnLine returns the one item of the skeleton that is on its line with the given
// number, counted from 1; 0 when there is none or there are several.
func (d *Document) ItemOnLine(line int) int {
	begin := 0
	for ; line > 1; line-- {
		i := bytes.IndexByte(d.Skeleton[begin:], '\n')
		if i < 0 {
			return 0
		}
		begin += i + 1
	}
	end := begin
	if i := bytes.IndexByte(d.Skeleton[begin:], '\n'); i >= 0 {
		end += i
	} else {
		end = len(d.Skeleton)
	}
	found := 0
	for n, item := range d.items {
		if item.Start < end && item.End > begin {
			if found > 0 {
				return 0
			}
			found = n + 1
		}
	}
	return found
}

// itemAt returns the item that the byte at i of the skeleton is in, counted from
// 1; 0 when it is in none.
func (d *Document) itemAt(i int) int {
	n, found := slices.BinarySearchFunc(d.items, i, func(item tags.Span, i int) int {
		switch {
		case item.End <= i:
			return -1
		case item.Start > i:
			return 1
		}
		return 0
	})
	if !found {
		return 0
	}
	return n + 1
}
