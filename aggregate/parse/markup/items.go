package markup

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/coranto/coranto/aggregate/parse/markup/tags"
)

// Items returns the number of items in the skeleton.
func (d *Document) Items() int { return len(d.items) }

// Split returns the number of items that were told apart before the document is
// lifted: all of them, or none.
func (d *Document) Split() int { return len(d.split) }

// SplitDates returns the dates of item i as written, in document order, before the
// document is lifted.
func (d *Document) SplitDates(i int) []string {
	return datesOf(d.source[d.split[i].Start:d.split[i].End])
}

// Check refuses a skeleton that would cost a parser too much memory. It is for the
// skeleton that is left when the items that are too many have been dropped. The
// error wraps ErrHostile.
func (d *Document) Check() error {
	if d.deep {
		return fmt.Errorf("%w: more than %d elements that are not closed as they should be", ErrHostile, maxOpen)
	}
	return tags.Check(d.Skeleton, len(d.items))
}

// Dates returns the dates of item i of the skeleton as written, in document order.
func (d *Document) Dates(i int) []string {
	return datesOf(d.Skeleton[d.items[i].Start:d.items[i].End])
}

func datesOf(item []byte) []string {
	var dates []string // one, mostly
	s := tags.Scan(item)
	for {
		t, ok := s.Next()
		if !ok {
			return dates
		}
		if t.Kind == tags.Start && isDateName(t.Local()) {
			raw, _, _ := bytes.Cut(item[t.End:], []byte("<"))
			dates = append(dates, string(raw))
		}
	}
}

// isDateName is asked for each tag of a document with too many items, so it makes no
// copy of a name in lower case.
func isDateName(name []byte) bool {
	switch len(name) {
	case len("date"):
		return is(name, "date")
	case len("issued"):
		return is(name, "issued")
	case len("pubDate"):
		return is(name, "pubDate") || is(name, "updated")
	case len("modified"):
		return is(name, "modified")
	case len("published"):
		return is(name, "published")
	}
	return false
}

// is reports whether a name is the given one in any case.
func is(name []byte, other string) bool {
	return string(name) == other || strings.EqualFold(string(name), other)
}

// Drop removes the items with the given numbers, in ascending order, from the
// skeleton.
func (d *Document) Drop(items []int) {
	out := make([]byte, 0, len(d.Skeleton))
	kept := d.items[:0]
	last := 0
	for i, item := range d.items {
		out = append(out, d.Skeleton[last:item.Start]...)
		last = item.End
		if len(items) > 0 && items[0] == i {
			items = items[1:]
			continue
		}
		begin := len(out)
		out = append(out, d.Skeleton[item.Start:item.End]...)
		kept = append(kept, tags.Span{Start: begin, End: len(out)})
	}
	d.Skeleton, d.items = append(out, d.Skeleton[last:]...), kept
}
