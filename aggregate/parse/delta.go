package parse

import (
	"slices"

	"github.com/coranto/coranto/aggregate/parse/jsondoc"
	"github.com/coranto/coranto/aggregate/parse/markup"
)

// Mark stands for what one item of a document is read from: its bytes, what
// surrounds the items, and the document's URL. Items of one source with the same
// mark are read alike. 0 stands for an item that must be read each time.
type Mark uint64

// plan says which items of a document are read.
type plan struct {
	skip  []bool // by item; nil when items could not be told apart before
	index []int  // of the items that are read
	marks []Mark // by item; nil when items can't be read by themselves
}

// newPlan leaves out the items that are known, and those in drop, which are too
// many, in ascending order. marks has an element for each item, or none.
func (p *parser) newPlan(items int, marks []uint64, drop []int) plan {
	var pl plan
	if len(marks) == items {
		pl.marks = make([]Mark, items)
	}
	pl.skip = make([]bool, items)
	for _, i := range drop {
		pl.skip[i] = true
	}
	for i := range items {
		if pl.skip[i] {
			continue
		}
		if pl.marks != nil {
			pl.marks[i] = Mark(marks[i])
			pl.skip[i] = p.known(pl.marks[i])
		}
		if !pl.skip[i] {
			pl.index = append(pl.index, i)
		}
	}
	return pl
}

// known reports whether an item need not be read again.
func (p *parser) known(m Mark) bool {
	return m != 0 && p.doc.Known != nil && p.doc.Known(m)
}

// delta reads a document without the items that are known. Where it can't be read
// without them it is read whole.
func (p *parser) delta(read func() (*Feed, error)) (*Feed, error) {
	problems := slices.Clip(p.problems)
	feed, err := read()
	if p.doc.Known == nil || err == nil && feed.Marks != nil {
		return feed, err
	}
	p.doc.Known, p.problems = nil, problems
	return read()
}

// planXML decides which items of a document are read, before any is.
func (p *parser) planXML(doc *markup.Document) plan {
	n := doc.Split()
	if n == 0 {
		return plan{}
	}
	var drop []int
	if n > p.doc.MaxItems {
		drop = p.dropOldest(n, doc.SplitDates)
	}
	return p.newPlan(n, doc.Marks(p.doc.URL, drop), drop)
}

// planJSON is planXML for a JSON Feed. It returns the document without the items that
// are not read.
func (p *parser) planJSON(body []byte) (plan, []byte) {
	parts, ok := jsondoc.Split(body)
	if !ok {
		return plan{}, body
	}
	var drop []int
	n := parts.Len()
	if n > p.doc.MaxItems {
		drop = p.dropOldest(n, parts.Dates)
	}
	pl := p.newPlan(n, parts.Marks(p.doc.URL, drop), drop)
	if len(pl.index) == n {
		return pl, body
	}
	return pl, parts.Only(pl.index)
}

// settle gives the items of a feed that was read by a plan their places. It
// reports whether the feed has just the items that were to be read: only then can
// they be known again.
func (pl *plan) settle(feed *Feed) bool {
	if len(feed.Items) != len(pl.index) {
		return false
	}
	for i := range feed.Items {
		feed.Items[i].Index = pl.index[i]
	}
	if pl.skip == nil {
		return false
	}
	feed.Marks = pl.marks
	return true
}
