package storage

import (
	"context"
	"iter"
	"time"
)

// Part is a piece of a store on its way into another one. Exactly one field is set.
//
// Parts come in this order: sources; items in the order in which they were first
// stored, which decides who was first to publish a story; revisions, those of an
// item oldest first; tombstones; touches; values; then changes, oldest first, each cursor
// right after the last change that its reader has read.
type Part struct {
	Source *SourcePart
	Item   *Record
	// Revision is what an item was, Tombstone what is left of one that was removed.
	Revision  *Record
	Tombstone *Tombstone

	Touch  *Touch
	Value  *Value
	Change *Change
	Cursor string // the name of one saved here

	// Forgotten means that there were changes before this place which are gone: a
	// cursor before it has expired.
	Forgotten bool
}

// SourcePart is a source with all that is known of it. Its Items are not counted.
type SourcePart struct {
	SourceRecord
	Seen []byte // see Visit.Seen; nil when there is nothing
}

// Touch is when one value of an index last changed: see Page.Modified. It tells of
// values that hold no items any more, too.
type Touch struct {
	By       Index
	Value    string
	Modified time.Time
}

// Exporter is a Store that can hand out all that it holds.
type Exporter interface {
	// Export yields the parts of one snapshot. It ends after the first error. On some
	// engines a snapshot that is read slowly costs room: whoever writes to a pipe
	// exports from a copy.
	Export(ctx context.Context) iter.Seq2[Part, error]
}

// Importer is a Store that can take what another one handed out.
type Importer interface {
	// Import stores parts, in transactions of bounded size. The store must hold
	// nothing yet, else the error is ErrConflict. After any other error, that of parts
	// included, it holds something of them, and is to be thrown away. What is rendered
	// from the store is the same, byte for byte, as from the one that was exported;
	// what engines count for themselves, like epochs, is not taken along.
	Import(ctx context.Context, parts iter.Seq2[Part, error]) error
}
