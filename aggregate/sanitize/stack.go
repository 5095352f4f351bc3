package sanitize

import (
	"slices"

	"golang.org/x/net/html/atom"
)

// top is the innermost open element; the document itself, which is of no kind
// that is written, when there is none.
func (w *walker) top() *open {
	if n := len(w.stack); n > 0 {
		return &w.stack[n-1]
	}
	return &w.document
}

// spans counts the span elements without a meaning that are open in the
// innermost open element, after adding to them.
func (w *walker) spans(more int) int {
	top := w.top()
	top.spans += more
	return top.spans
}

// find is the index of the element that an end tag ends; -1 means none: the tag
// is ignored. The search stays within the innermost table cell, list or sealed
// element, as far as that matters to the element (HTML §13.2.4.2).
func (w *walker) find(el element) int {
	for i := len(w.stack) - 1; i >= 0; i-- {
		o := &w.stack[i]
		if o.tag == el.tag && o.kind == el.kind || el.kind == heading && o.kind == heading {
			return i
		}
		if o.bounds(el) {
			return -1
		}
	}
	return -1
}

// bounds reports whether o stops the search for an open el.
func (o *open) bounds(el element) bool {
	switch {
	case o.kind == drop || o.kind == media:
		return true
	case el.kind == table:
		return false
	case el.kind == part:
		return o.kind == table
	case o.kind == table || o.cell():
		return true
	case el.tag == atom.Li:
		return o.tag == atom.Ul || o.tag == atom.Ol
	case el.kind == item:
		return o.tag == atom.Dl
	}
	return false
}

// cell reports whether the element is one that text of a table is in.
func (e element) cell() bool {
	return e.tag == atom.Td || e.tag == atom.Th || e.tag == atom.Caption
}

// ending ends the elements that the start of el ends, as browsers do. It
// reports whether el may begin.
func (w *walker) ending(el element) bool {
	switch el.kind {
	case part:
		return w.endParts(el)
	case item:
		w.endItem(el)
		w.endParagraph()
	case block:
		w.endParagraph()
	case table:
		w.endParagraph()
		w.reopen = w.reopen[:0]
	case heading:
		w.endParagraph()
		if w.top().kind == heading {
			w.popTo(w.find(el))
		}
	case ruby:
		return w.endRuby()
	case phrase:
		if el.tag == atom.A {
			w.endLink()
		}
	}
	return true
}

// endParagraph ends the open paragraph. The formatting within it goes on in the
// block that follows: four different elements of it, more than honest markup has.
func (w *walker) endParagraph() {
	i := w.find(element{atom.P, block})
	if i < 0 {
		return
	}
	w.reopen = w.reopen[:0]
	for _, o := range w.stack[i+1:] {
		if !o.formatting() || o.name == "" || w.muted > 0 || len(w.reopen) == 4 {
			continue
		}
		c := carried{o.element, string(w.out[o.start:o.content])}
		if !slices.Contains(w.reopen, c) {
			w.reopen = append(w.reopen, c)
		}
	}
	w.popTo(i)
}

// resume opens again what endParagraph had to end.
func (w *walker) resume() {
	for _, c := range w.reopen {
		start := len(w.out)
		w.out = append(w.out, c.tag...)
		w.push(c.element, c.element.tag.String())
		w.stack[len(w.stack)-1].start = start
	}
	w.reopen = w.reopen[:0]
}

// endItem ends the list item that a new one follows.
func (w *walker) endItem(el element) {
	for i := len(w.stack) - 1; i >= 0; i-- {
		o := &w.stack[i]
		if o.kind == item && (o.tag == atom.Li) == (el.tag == atom.Li) {
			w.popTo(i)
			return
		}
		if o.special() {
			return
		}
	}
}

// endLink ends the open link: links don't nest. A table cell begins anew.
func (w *walker) endLink() {
	for i := len(w.stack) - 1; i >= 0; i-- {
		o := &w.stack[i]
		if o.tag == atom.A && o.name != "" {
			w.popTo(i)
			return
		}
		if o.cell() || o.kind == drop {
			return
		}
	}
}

// endRuby ends what an annotation ends. Without a ruby there is nothing to
// annotate.
func (w *walker) endRuby() bool {
	if w.find(element{atom.Ruby, phrase}) < 0 {
		return false
	}
	for {
		o := w.top()
		if o.kind != item && o.kind != ruby && o.tag != atom.P {
			return true
		}
		w.popTo(w.find(o.element))
	}
}

// structural reports whether only parts of a table may be written now.
func (w *walker) structural() bool {
	return w.muted == 0 && w.top().structural()
}

// structural reports whether the element is the part of a table that holds only
// other parts.
func (e element) structural() bool {
	return e.kind == table || e.kind == part && !e.cell()
}

// endParts ends what the next part of a table ends and opens the parts it needs.
func (w *walker) endParts(el element) bool {
	t := w.find(element{atom.Table, table})
	if t < 0 {
		return false
	}
	switch el.tag {
	case atom.Td, atom.Th:
		w.toRow(t)
	case atom.Tr:
		w.toSection(t)
	case atom.Col:
		if w.partAt(t+1) != atom.Colgroup {
			w.popTo(t + 1)
			w.imply(atom.Colgroup)
		}
		w.popTo(t + 2)
	default:
		w.popTo(t + 1)
	}
	return true
}

// openCell opens a cell for text and elements that stand between the parts of a
// table, where browsers would move them before it.
func (w *walker) openCell() {
	w.toRow(w.find(element{atom.Table, table}))
	w.imply(atom.Td)
}

// toRow makes a row of table t the innermost open element.
func (w *walker) toRow(t int) {
	if w.partAt(t+2) == atom.Tr {
		w.popTo(t + 3)
		return
	}
	w.toSection(t)
	w.imply(atom.Tr)
}

// toSection makes a section of table t the innermost open element.
func (w *walker) toSection(t int) {
	switch w.partAt(t + 1) {
	case atom.Thead, atom.Tbody, atom.Tfoot:
		w.popTo(t + 2)
	default:
		w.popTo(t + 1)
		w.imply(atom.Tbody)
	}
}

// partAt is the tag of the part of a table at an index of the stack; 0 when
// there is none.
func (w *walker) partAt(i int) atom.Atom {
	if i < len(w.stack) && w.stack[i].kind == part {
		return w.stack[i].tag
	}
	return 0
}

// imply opens a part of a table that the source left out.
func (w *walker) imply(tag atom.Atom) {
	kept := w.attrs
	w.attrs = nil
	w.begin(element{tag, part})
	w.attrs = kept
}
