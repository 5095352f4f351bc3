package markup

import "bytes"

// Items returns the number of items in the skeleton.
func (d *Document) Items() int { return len(d.items) }

// Split returns the number of items that were told apart before the document is
// lifted: all of them, or none.
func (d *Document) Split() int { return len(d.split) }

// SplitDates returns the dates of item i as written, in document order, before the
// document is lifted.
func (d *Document) SplitDates(i int) []string {
	return datesOf(d.source[d.split[i].start:d.split[i].end])
}

// Check refuses a skeleton that would cost a parser too much memory. It is for the
// skeleton that is left when the items that are too many have been dropped. The
// error wraps ErrHostile.
func (d *Document) Check() error {
	elements := bytes.Count(d.Skeleton, []byte("<")) - bytes.Count(d.Skeleton, []byte("</"))
	if elements > maxElements {
		return hostile("more than %d elements to read", maxElements)
	}
	return nil
}

// Dates returns the dates of item i of the skeleton as written, in document order.
func (d *Document) Dates(i int) []string {
	return datesOf(d.Skeleton[d.items[i].start:d.items[i].end])
}

func datesOf(item []byte) []string {
	var dates []string
	s := scanner{b: item}
	for {
		t, ok := s.next()
		if !ok {
			return dates
		}
		if t.kind == startTag && isDateName(lowerName(t.local())) {
			raw, _, _ := bytes.Cut(item[t.end:], []byte("<"))
			dates = append(dates, string(raw))
		}
	}
}

func isDateName(name string) bool {
	switch name {
	case "pubdate", "published", "updated", "issued", "modified", "date":
		return true
	}
	return false
}

// Drop removes the items with the given numbers, in ascending order, from the
// skeleton.
func (d *Document) Drop(items []int) {
	out := make([]byte, 0, len(d.Skeleton))
	last := 0
	for _, i := range items {
		out = append(out, d.Skeleton[last:d.items[i].start]...)
		last = d.items[i].end
	}
	d.Skeleton = append(out, d.Skeleton[last:]...)
	d.items = nil
}
