// Package storage is the contract between the program and whatever keeps its
// items: the Store interface, the words it speaks (lease, visit, record,
// change, query) and the errors it answers with.
//
// The two wings of the program meet only here: aggregate commits visits, feeds
// reads records and follows changes. Three boundaries are transactions: Claim,
// Commit and Retain. All reads are snapshots. No general transaction leaves an
// engine, so that an engine may be a file on one machine or a database that
// many share.
//
// Engines are sub-packages; each passes the suite in storagetest. The package
// imports the words of the program and nothing else of it.
package storage

import (
	"context"
	"io"
	"iter"
	"time"

	"github.com/coranto/coranto"
)

// Store keeps sources, their state and their items, and announces what changed.
//
// Methods are safe for concurrent use. A method that is given a context returns
// its error when it ends. Values returned are the caller's to keep.
type Store interface {
	// Claim leases lanes that have a source due, at most lanes of them with at
	// most perLane due sources each, to owner for ttl. Lanes and the sources in
	// them come in the order in which they became due. A lane that another
	// valid lease holds is passed over. The duration is the time until the next
	// source of an unleased lane becomes due: 0 when there is one now, negative
	// when there is none at all. A claim makes no durable write of its own.
	Claim(ctx context.Context, owner string, lanes, perLane int, ttl time.Duration) ([]Lease, time.Duration, error)

	// Extend renews leases for ttl from now; a ttl of 0 gives them back, so that
	// the next claim may have their lanes. Element i reports whether lease i
	// is still the caller's; one that is not can never be committed again.
	Extend(ctx context.Context, leases []LeaseRef, ttl time.Duration) ([]bool, error)

	// Commit stores the outcomes of visits and is durable when it returns. For
	// each visit its state and items are stored together or not at all; result
	// i belongs to visit i, and one visit's error leaves its neighbours alone.
	// Committing the same visit again changes nothing. The error of the call
	// itself means that nothing was stored.
	Commit(ctx context.Context, visits []Visit) ([]VisitResult, error)

	// UpsertSources creates or changes the descriptions of sources; their state
	// and items stay. revs[i], when given, is the Rev that sources[i] is
	// expected to have (0 for one that does not exist yet); any that differs
	// makes the whole call fail with ErrConflict. nil revs expects nothing.
	// Descriptions that are stored already cost no write. A new source is due
	// at once, and so is one whose URL changed: its state forgets Next, Fresh,
	// Fails, HostFails, LastError, GoneSince, Missing, Move and Outcome, which
	// spoke of the old one, and Push but for its Subscription. A Wait that is not
	// over stays, because it is a host's, and WaitHost names that. One
	// whose Access changed forgets Next and Fresh and is due at once, unless its
	// origin asked to wait or is gone.
	UpsertSources(ctx context.Context, sources []coranto.Source, revs []uint64) error

	// SetSubscription replaces a source's subscription if it still is old, else
	// the error is ErrConflict. It may happen during a visit: neither touches what
	// the other writes.
	SetSubscription(ctx context.Context, id coranto.SourceID, old, next Subscription) error

	// Sources yields the sources that q selects, by id. It ends after the first
	// error.
	Sources(ctx context.Context, q SourceQuery) iter.Seq2[SourceRecord, error]

	// Seen returns what the last visit of a source that was committed with a Seen
	// left; nil when there is nothing, or nothing that can be read.
	Seen(ctx context.Context, id coranto.SourceID) ([]byte, error)

	// DueNow makes sources due at once, whatever their state says: a push
	// arrived, or the operator asked. Unknown ids are passed over.
	DueNow(ctx context.Context, ids []coranto.SourceID) error

	// Latest reads one page of an index, newest first.
	Latest(ctx context.Context, q Query) (Page, error)

	// Item reads one item. The error is ErrNotFound when it is not there.
	Item(ctx context.Context, id coranto.ItemID) (*Record, error)

	// FindDup returns, for each key, the item that was stored with it first;
	// the zero ItemID where there is none.
	FindDup(ctx context.Context, keys []DedupKey) ([]coranto.ItemID, error)

	// Changes reads at most limit changes after a cursor, oldest first, and the
	// cursor after the last of them. The zero Cursor reads from the beginning.
	// Each change is delivered at least once, those of one item in order. The
	// error is ErrCursorExpired when changes after the cursor are gone: the
	// reader must then take everything as changed and go on from LogEnd.
	Changes(ctx context.Context, after Cursor, limit int) ([]Change, Cursor, error)

	// LogEnd is the cursor after the newest change.
	LogEnd(ctx context.Context) (Cursor, error)

	// Watch returns a channel that receives soon after a change was committed
	// and is closed when ctx ends. It is a hint: several changes may come as
	// one, and on some engines one may be missed. Readers always read Changes,
	// and do so every two seconds even without a hint.
	Watch(ctx context.Context) <-chan struct{}

	// LoadCursor reads a saved cursor; the zero Cursor when there is none.
	LoadCursor(ctx context.Context, name string) (Cursor, error)

	// SaveCursor replaces a saved cursor if it still is old, else the error is
	// ErrConflict. Changes before the slowest saved cursor may be forgotten.
	SaveCursor(ctx context.Context, name string, old, next Cursor) error

	// Revisions reads what an item was before its content changed, newest first
	// and at most RevisionsKept of them. The error is ErrNotFound when the item
	// is not there.
	Revisions(ctx context.Context, id coranto.ItemID) ([]Record, error)
	// Pin makes items ones that retention never removes, or, when pinned is
	// false, ones like any other, and returns how many that changed. Unknown ids
	// are passed over. Nothing that is published changes with it.
	Pin(ctx context.Context, ids []coranto.ItemID, pinned bool) (int, error)
	// Remove takes items down: they leave every index with all their revisions,
	// pinned or not, and a Tombstone with the operator's reason stays in the
	// place of each, so that no commit stores them again. It returns how many it
	// took down. Items that retention had removed are counted too; others that
	// are not there, and those taken down before, are passed over.
	Remove(ctx context.Context, ids []coranto.ItemID, why string) (int, error)
	// Lift removes tombstones, also those of retention, so that the next visit
	// that finds the items stores them as new, and returns how many there were.
	// Their sources forget what would keep the next visit from reading them:
	// validators, BodyHash, Fresh, and Seen. A visit under way may bring these
	// back; whoever lifts makes the sources due. A tombstone of the operator's is
	// published, so that its end is a change.
	Lift(ctx context.Context, ids []coranto.ItemID) (int, error)
	// Tombstone reads what is left of an item that was removed. The error is
	// ErrNotFound when the item is stored, or nothing is known of it.
	Tombstone(ctx context.Context, id coranto.ItemID) (*Tombstone, error)
	// Tombstones reads a page of the items that were taken down, newest first. It
	// leaves out those that retention removed.
	Tombstones(ctx context.Context, q TombstoneQuery) (TombstonePage, error)
	// Retain removes at most budget items that the policy no longer keeps, in
	// one transaction, and reports whether there are more. What it costs grows
	// with what it removes, with the number of sources and categories that have
	// limits, and with the pinned items beyond these; not with what is kept. Each
	// item leaves a Tombstone that is Expired.
	Retain(ctx context.Context, p Policy, budget int) (more bool, stats RetainStats, err error)
	// Values reads at most limit small values whose names begin with prefix and come
	// after a name, in the order of their names; 0 means no limit.
	Values(ctx context.Context, prefix, after string, limit int) ([]Value, error)
	// SetValues changes values, all of them or none: the error is ErrConflict when one
	// is not what its change expects. Nothing that is published changes with it.
	SetValues(ctx context.Context, changes []ValueChange) error
	// Stats measures the store.
	Stats(ctx context.Context) (Stats, error)

	// Close waits for commits in flight and releases the store.
	Close() error
}

// Backuper is a Store that can write a consistent copy of itself while it is
// being written to.
type Backuper interface {
	// Backup writes the copy and returns its size in bytes.
	Backup(ctx context.Context, w io.Writer) (int64, error)
}

// Checker is a Store that can check its own structure.
type Checker interface {
	// Check returns nil when nothing is wrong, else an error that wraps
	// ErrCorrupt. A deep check also reads every value.
	Check(ctx context.Context, deep bool) error
}
