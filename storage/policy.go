package storage

import (
	"time"

	"github.com/coranto/coranto"
)

// Limits say how much is kept of the store, of a source or of a category. The zero
// value keeps everything; where several limits are set, an item goes as soon as one
// of them says so. Pinned items stay, whatever the limits.
type Limits struct {
	Age   time.Duration // items published longer ago go; 0 keeps all
	Items int           // the newest so many stay, pinned ones counted; 0 keeps all
	// Bytes is the sum of Record.Bytes up to which the newest items stay, pinned
	// ones counted; 0 keeps all. An item that does not fit goes, and so do all
	// that are older.
	Bytes int64
}

// IsZero reports whether the limits keep everything.
func (l Limits) IsZero() bool { return l == Limits{} }

// Policy says what is kept. The zero value keeps everything.
//
// An item goes as soon as the limits of the store, of its source or of any of its
// categories say so: the narrowest counts.
type Policy struct {
	Limits                                  // of the whole store
	PerSource   Limits                      // of each source that is not in Sources
	PerCategory Limits                      // of each category that is not in Categories
	Sources     map[coranto.SourceID]Limits // the zero Limits keep all of a source
	Categories  map[coranto.Slug]Limits     // likewise
}

// IsZero reports whether the policy keeps everything.
func (p *Policy) IsZero() bool {
	if !p.Limits.IsZero() || !p.PerSource.IsZero() || !p.PerCategory.IsZero() {
		return false
	}
	for _, l := range p.Sources {
		if !l.IsZero() {
			return false
		}
	}
	for _, l := range p.Categories {
		if !l.IsZero() {
			return false
		}
	}
	return true
}

// OfSource are the limits of a source.
func (p *Policy) OfSource(id coranto.SourceID) Limits {
	if l, named := p.Sources[id]; named {
		return l
	}
	return p.PerSource
}

// OfCategory are the limits of a category.
func (p *Policy) OfCategory(slug coranto.Slug) Limits {
	if l, named := p.Categories[slug]; named {
		return l
	}
	return p.PerCategory
}

// RetainStats says what Retain removed.
type RetainStats struct {
	Items int
	Bytes int64 // of their encoded values, revisions included
}
