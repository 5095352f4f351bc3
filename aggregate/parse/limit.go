package parse

import (
	"math"
	"slices"
)

// keepNewest drops the items that are too many from a skeleton whose items could
// not be told apart before, so that gofeed never reads them.
func (p *parser) keepNewest() {
	if n := p.markup.Items(); n > p.doc.MaxItems {
		p.markup.Drop(p.dropOldest(n, p.markup.Dates))
	}
}

// dropOldest returns which of n items are too many, in ascending order, given the
// dates of each as written. An item without a date counts as old as the one before
// it; of items of one age the first ones stay.
func (p *parser) dropOldest(n int, dates func(i int) []string) []int {
	p.problem("too-many-items", "The document has %d items; only the newest %d were read.",
		n, p.doc.MaxItems)
	age := make([]int64, n)
	for i := range age {
		age[i] = p.firstDate(dates(i))
		if age[i] == math.MinInt64 && i > 0 {
			age[i] = age[i-1]
		}
	}
	sorted := slices.Clone(age)
	slices.Sort(sorted)
	oldest := sorted[n-p.doc.MaxItems] // of those that stay
	first, _ := slices.BinarySearch(sorted, oldest)
	after, _ := slices.BinarySearch(sorted, oldest+1)
	excess := n - p.doc.MaxItems - first // of those just as old
	stay := after - first - excess
	drop := make([]int, 0, n-p.doc.MaxItems)
	for i, t := range age {
		if t == oldest {
			stay--
		}
		if t < oldest || t == oldest && stay < 0 {
			drop = append(drop, i)
		}
	}
	return drop
}

// firstDate returns the first of the dates that can be read, as Unix time in
// seconds; the smallest number when there is none.
func (p *parser) firstDate(dates []string) int64 {
	for _, raw := range dates {
		if t, err := ParseDate(raw, p.doc.Zone); err == nil {
			return t.Unix()
		}
	}
	return math.MinInt64
}
