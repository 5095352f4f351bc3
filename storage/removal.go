package storage

import (
	"time"

	"github.com/coranto/coranto"
)

// RevisionsKept is how many earlier revisions of an item are kept.
const RevisionsKept = 5

// An item that retention removed is remembered, so that it does not come back as new
// while its source still lists it. The memory ends ExpiredFor after the removal, or
// after the last commit that found the item again if that was ExpiredRenewed after
// the time remembered; and of one source the newest ExpiredKept are remembered, as
// many as a document can list.
const (
	ExpiredFor     = 365 * 24 * time.Hour
	ExpiredRenewed = 30 * 24 * time.Hour
	ExpiredKept    = 10_000
)

// Tombstone is what is left of an item that was removed: enough to refuse it, to
// tell readers that it is gone, and nothing that it said.
type Tombstone struct {
	ID     coranto.ItemID
	Source coranto.SourceID
	At     time.Time // of the removal; of an expired one, see ExpiredRenewed
	// Expired means that retention removed the item. Of such a one nothing below
	// is known.
	Expired bool

	Why        string         // the operator's words; may be empty
	GUID       string         // of the item
	DupGUID    bool           // as in the item's Record
	Link       string         // of the original
	Published  time.Time      // as the item was
	Categories []coranto.Slug // in which the item stood

	// Post stands for the item's link and title, by which it is known under whatever id
	// its source gives it next: see PostKey. Zero when it had no link.
	Post DedupKey
}

// TakenDown is what is left of an item that an operator takes down.
func TakenDown(r *Record, at time.Time, why string) *Tombstone {
	t := &Tombstone{
		ID: r.ID, Source: r.Source, At: at, Why: why, GUID: r.GUID, DupGUID: r.DupGUID, Link: r.Link,
		Published: r.Published, Categories: r.Categories,
	}
	t.Post, _ = PostKey(&r.Item)
	return t
}

// Refuses reports whether an item, which has the Post of the tombstone and another ID,
// is the one that was taken down: nothing in their dates tells them apart.
func (t *Tombstone) Refuses(it *coranto.Item) bool {
	return it.Published.IsZero() || it.Published.Sub(t.Published).Abs() < time.Second
}

// Order is where the tombstone stands among others: newest removal first.
func (t *Tombstone) Order() OrderKey { return OrderKey{t.At, t.ID} }

// TombstoneQuery asks for a page of tombstones, newest first.
type TombstoneQuery struct {
	By    Index  // All, ByCategory or BySource
	Value string // the slug or the source's id; All takes none
	Limit int    // 0 means 50
	// At most one of Before and After is set, as in a Query; both are places that
	// Tombstone.Order gives.
	Before OrderKey
	After  OrderKey
}

// TombstonePage is a part of the tombstones, newest first.
type TombstonePage struct {
	Tombstones []Tombstone
	More       bool // there are some beyond the page, in the direction asked for
}
