package parse

import (
	"math"
	"slices"
)

// keepNewest drops the items that are too many from a skeleton whose items could
// not be told apart before, so that gofeed never reads them. It returns the places
// of those that stay; nil when all do.
func (p *parser) keepNewest() (index []int) {
	n := p.markup.Items()
	if n <= p.doc.MaxItems {
		return nil
	}
	drop := p.dropOldest(n, p.markup.Dates)
	p.markup.Drop(drop)
	return without(n, drop)
}

// without returns the numbers below n that are not in drop, which is in ascending
// order.
func without(n int, drop []int) []int {
	kept := make([]int, 0, n-len(drop))
	for i := range n {
		if len(drop) > 0 && drop[0] == i {
			drop = drop[1:]
			continue
		}
		kept = append(kept, i)
	}
	return kept
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
