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

// Check refuses a skeleton that would cost a parser too much memory: the elements
// and attributes that there may be are some for the feed and some for each item. It
// is for the skeleton that is left when the items that are too many have been
// dropped. Its depth is measured once more: writing it must not have made elements
// that the guard has not seen. The error wraps ErrHostile.
func (d *Document) Check() error {
	if deepest(d.Skeleton) > maxDepth+8 {
		return hostile("elements nested more than %d deep", maxDepth)
	}
	allowed := min(maxParts, headParts+itemParts*len(d.items))
	elements := bytes.Count(d.Skeleton, []byte("<")) - bytes.Count(d.Skeleton, []byte("</"))
	if elements+bytes.Count(d.Skeleton, []byte("=")) > allowed {
		return hostile("more than %d elements and attributes to read", allowed)
	}
	return nil
}

// deepest returns how many elements of b are open at most.
func deepest(b []byte) int {
	s := scanner{b: b}
	depth, most := 0, 0
	for {
		t, ok := s.next()
		if !ok {
			return most
		}
		switch t.kind {
		case startTag:
			depth++
			most = max(most, depth)
		case endTag:
			depth--
		}
	}
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
	kept := d.items[:0]
	last := 0
	for i, item := range d.items {
		out = append(out, d.Skeleton[last:item.start]...)
		last = item.end
		if len(items) > 0 && items[0] == i {
			items = items[1:]
			continue
		}
		begin := len(out)
		out = append(out, d.Skeleton[item.start:item.end]...)
		kept = append(kept, span{begin, len(out)})
	}
	d.Skeleton, d.items = append(out, d.Skeleton[last:]...), kept
}
