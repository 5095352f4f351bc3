// Package bolt is the embedded engine of package storage: one file, written by
// one process, on go.etcd.io/bbolt.
//
// # Guarantees
//
// A commit is durable when it returns: the file is synced, always. All that one
// visit brings is in one transaction, and so are the counters and the log of
// changes. A damaged value costs its item only; a damaged page turns the store
// read-only for the life of the process; a file that was cut short, emptied or
// is none of ours is refused when it is opened.
//
// # Layout
//
// Numbers in keys are big-endian. layout/item.proto describes the values, and
// layout/frame.go how they are checked and compressed.
//
//	meta    schema, boots, bytes            → number
//	src     source id                       → description, state
//	seen    source id                       → what its last document held, for the next visit
//	item    seq                             → record; seq is the order of first sight
//	key     item id                         → seq, content hash, hash of the categories
//	all     ^published, item id             → seq
//	cat     value, ^published, item id      → seq
//	bysrc   likewise
//	tag     likewise
//	rev     seq, number of the revision     → the value of the item as it was
//	gone    item id                         → tombstone
//	grave   index, value, ^removed, item id → nothing; lists what is in gone
//	dedup   dedup key, seq                  → item id, source id
//	tally   index, value                    → last modified, items, bytes
//	arrival index, value, seq               → nothing; categories and sources by first sight
//	value   its name                        → a small value of somebody else's
//	log     number of the change            → change
//	cur     name of the cursor              → number of the last change read
//
// Items are keyed by seq and not by their id, so that new ones are appended to
// full pages: half the bytes are written, and the newest are near each other.
//
// There is no bucket for what is due, nor for leases: see package due.
//
// # Rooms
//
// Package layout is the bytes of keys and values, rows what is found by which key,
// disk the file and what may have become of it, calls the Commit calls that wait for
// the one writer, and due the queue of sources and the leases; watch tells of commits,
// excess finds what retention removes, check inspects a file and salvage reads what
// is left of one, parts are what exports consist of, values what others keep here, and migrate brings older files
// here. This package puts them together: what is written under which key. Package
// record of storage has the rules that hold for other engines too.
package bolt
