package page

import (
	"slices"
	"time"
)

const (
	maxTries = 3 // how often a page that fails is asked for
	maxDone  = 8 // contents remembered
)

// Attempts are what is known of reading one item's page (P73). It is a value to be
// stored beside the item, outside of it: it says nothing about the post. The zero
// value is that of an item whose page was never asked for.
type Attempts struct {
	Done  []string  `json:"done,omitempty"`  // hashes of contents whose page was read or given up
	Tries int       `json:"tries,omitempty"` // that failed since
	Last  time.Time `json:"last,omitzero"`   // when the page was asked for last
}

// Due reports whether the page of an item with the given hash of its content is to
// be asked for: once for each content, also when an origin shows two of them in
// turn, and after a failure three times at most, a day apart. Last in the future,
// after a clock was set back, holds nobody up.
func (a Attempts) Due(hash string, now time.Time) bool {
	if slices.Contains(a.Done, hash) {
		return false
	}
	return a.Tries == 0 || now.Sub(a.Last) >= failurePause || a.Last.After(now)
}

// After is what is known once the page was asked for: read says whether it was
// read. After the third failure the item's own content is what there is.
func (a Attempts) After(hash string, now time.Time, read bool) Attempts {
	next := Attempts{Done: slices.Clone(a.Done), Tries: a.Tries + 1, Last: now}
	if read || next.Tries >= maxTries {
		next.Tries = 0
		next.Done = append(next.Done, hash)
		next.Done = next.Done[max(0, len(next.Done)-maxDone):]
	}
	return next
}
