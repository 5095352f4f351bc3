package parse

import (
	"slices"
	"time"
)

// keepNewest drops the items that are too many, so that gofeed never reads them.
func (p *parser) keepNewest() {
	if p.markup.Items() <= p.doc.MaxItems {
		return
	}
	dates := make([]time.Time, p.markup.Items())
	for i := range dates {
		dates[i] = p.firstDate(p.markup.Dates(i))
	}
	p.markup.Drop(p.dropOldest(dates))
}

// firstDate returns the first of the dates that can be read, or zero.
func (p *parser) firstDate(dates []string) time.Time {
	for _, raw := range dates {
		if t, err := ParseDate(raw, p.doc.Zone); err == nil {
			return t
		}
	}
	return time.Time{}
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
	p.problem("too-many-items", "The document has %d items; only the newest %d were read.",
		len(dates), p.doc.MaxItems)
	drop := order[p.doc.MaxItems:]
	slices.Sort(drop)
	return drop
}
