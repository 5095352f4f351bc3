// Package coranto holds the words of this program: the item, the source it
// came from, the category it is published under and the credit it carries.
//
// # The item
//
// An Item is one post of one source, normalized: text is valid UTF-8, URLs are
// absolute, Content is sanitized HTML, times are UTC. An Item is a value; a
// stage that changes one returns a new one. What outlives an item (when it was
// first seen, its revision, its tombstone) is the store's and never inside it.
//
// # The source
//
// A Source is an origin we read, and the one who gets the credit. Its SourceID
// never changes after its first refresh, because every ItemID is derived from
// it.
//
// # The category
//
// A Category is a partition we publish, with a page and a feed in each format.
// Its Slug is its name in URLs.
//
// The package imports the standard library only and is imported by all others.
package coranto

import "time"

// Version is the version of this program, as `coranto version` prints it and
// the User-Agent names it.
const Version = "0.1.0"

// HomeURL is where this program is described; the User-Agent and the generator
// elements of published feeds point at it.
const HomeURL = "https://github.com/coranto/coranto"

// Clock tells the time. The program is given time.Now; tests give their own.
type Clock func() time.Time
