package storage

import (
	"time"

	"github.com/coranto/coranto"
)

// Record is an item as it is stored.
//
// The store sets what the item leaves open: Published is the time of first
// sight when the source gave none, and keeps its first value for ever; Updated
// moves only when the content's hash changes, and then to the source's own
// time if that is later than the stored one, else to the time of the commit. A
// time of the source's that is later than the commit counts as the commit's.
type Record struct {
	coranto.Item
	FirstSeen time.Time
	Changed   time.Time // when the content or its filing last changed; FirstSeen for revision 1
	Revision  int       // 1 for an item never changed
	Hash      [16]byte  // ContentHash of the item

	// DupOf is the item of another source that was stored first with the same
	// GUID or link; zero when there is none. It is decided when the item is
	// added and never changes.
	DupOf coranto.ItemID

	// DupGUID means that another source had stored an item with the same GUID
	// before. It is decided with DupOf.
	DupGUID bool
	// Seq is the item's place in the order of arrival: one stored later has a greater
	// Seq, and no two have the same. It never changes. 0 in what Revisions returns.
	Seq uint64
	// Pinned means that retention never removes the item: see Store.Pin.
	Pinned bool
	// Bytes is what the store counts for the item, without its earlier revisions.
	Bytes int64
}

// Order is where the record stands in every index.
func (r *Record) Order() OrderKey { return OrderKey{r.Published, r.ID} }

// OrderKey is a place in an index: newest Published first and, among items of
// the same nanosecond, the smaller ID first. The order is total and does not
// depend on the order of arrival.
type OrderKey struct {
	Published time.Time
	ID        coranto.ItemID
}

// IsZero reports whether k is no place: before the newest item.
func (k OrderKey) IsZero() bool { return k.Published.IsZero() && k.ID.IsZero() }

// Index names an index of items.
type Index uint8

// The indices, each newest first. Value in a Query is the slug, the source's id
// or the tag's term; All takes none.
const (
	All Index = iota
	ByCategory
	BySource
	ByTag
)

// Query asks for one page of an index.
type Query struct {
	By    Index
	Value string
	Limit int // 0 means 50

	// At most one of Before and After is set. Before asks for the items that
	// follow a place (older), After for those that precede it (newer), nearest
	// to it; both pages are newest first. Neither asks for the newest.
	Before OrderKey
	After  OrderKey

	// Arrival orders by Seq, the last to arrive first; then BeforeSeq and AfterSeq are
	// what Before and After are else, 0 for none, but that with FromFirst an AfterSeq of
	// 0 is before the first of all. Tags have no such order.
	Arrival, FromFirst  bool
	BeforeSeq, AfterSeq uint64

	// Heads leaves Content empty: cheaper, for lists.
	Heads bool
}

// Page is a part of an index, newest first.
type Page struct {
	Records []Record
	More    bool // there are items beyond the page, in the direction asked for

	// Modified is when this value of the index last changed in any way: an item
	// added, updated, refiled or removed. Zero when it never held an item.
	Modified time.Time
}

// DedupKey stands for something two sources may publish alike: see DedupKeys.
type DedupKey [16]byte

// Cursor is a place in the log of changes. Its bytes are the engine's own. The
// zero value is the beginning.
type Cursor string

// Change says what one committed visit, or one removal, changed.
type Change struct {
	At         time.Time
	Source     coranto.SourceID
	Items      []coranto.ItemID // added, updated, refiled or removed, in the visit's order
	Categories []coranto.Slug   // every category that gained, lost or shows one of Items
	Tags       []string         // likewise
	Credit     bool             // what the source says of itself changed: all its items show it
}

// Stats is the measure of a store.
type Stats struct {
	Engine  string // "bolt"
	Schema  int
	Sources int
	Items   int

	ItemBytes int64 // Record.Bytes of all items
	FileBytes int64 // on disk
	FreeBytes int64 // of FileBytes: reusable
	MaxBytes  int64 // that FileBytes may grow to; 0 means no limit

	Revisions     int   // earlier contents kept of all items
	RevisionBytes int64 // of these, encoded
	Tombstones    int   // items that were taken down
	Expired       int   // items that retention removed and that are remembered

	Commits    int64 // durable transactions since the store was opened
	ItemWrites int64 // items added or rewritten since the store was opened

	Oldest time.Time // first seen of the oldest item kept; zero when empty

	// Categories that hold items, by slug, with their number and the time of
	// their newest item.
	Categories []Count
}

// Count is the size of one category.
type Count struct {
	Slug   coranto.Slug
	Items  int
	Bytes  int64 // Record.Bytes of these
	Newest time.Time
}
