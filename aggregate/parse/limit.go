package parse

import (
	"bytes"
	"slices"
	"time"
)

// keepNewest returns the lifted document with no more items than are kept, so
// that gofeed never reads the others.
func (p *parser) keepNewest(l *lifted) []byte {
	if len(l.items) <= p.doc.MaxItems {
		return l.doc
	}
	dates := make([]time.Time, len(l.items))
	for i, s := range l.items {
		dates[i] = p.spanDate(l.doc[s.start:s.end])
	}
	return dropSpans(l.doc, l.items, p.dropOldest(dates))
}

// dropOldest returns the items that are too many, in ascending order, given the
// dates of all. An item without a date counts as old as the one before it.
func (p *parser) dropOldest(dates []time.Time) []int {
	order := make([]int, len(dates))
	for i := range dates {
		order[i] = i
		if dates[i].IsZero() && i > 0 {
			dates[i] = dates[i-1]
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return dates[b].Compare(dates[a]) })
	p.problem("too-many-items", "", "The document has %d items; only the newest %d were read.",
		len(dates), p.doc.MaxItems)
	drop := order[p.doc.MaxItems:]
	slices.Sort(drop)
	return drop
}

// spanDate returns the date of an item, zero when it has none that can be read.
func (p *parser) spanDate(item []byte) time.Time {
	s := scanner{b: item}
	for {
		t, ok := s.next()
		if !ok {
			return time.Time{}
		}
		if t.kind != startTag || !isDateName(lowerName(t.local())) {
			continue
		}
		raw, _, _ := bytes.Cut(item[t.end:], []byte("<"))
		if date, err := ParseDate(string(raw), p.doc.Zone); err == nil {
			return date
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

// dropSpans returns doc without the spans that drop, in ascending order, counts.
func dropSpans(doc []byte, spans []span, drop []int) []byte {
	out := make([]byte, 0, len(doc))
	last := 0
	for _, i := range drop {
		out = append(out, doc[last:spans[i].start]...)
		last = spans[i].end
	}
	return append(out, doc[last:]...)
}
