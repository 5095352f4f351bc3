// Package source knows the kinds of origin: how a source is read. A kind first
// asks the origin, which gives a Listing: what it lists now, or the word that
// nothing changed. Then it reads the listing, as often as is wanted.
//
// A new kind is one file and one line in Kinds.
package source

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/parse"
	"github.com/coranto/coranto/storage"
)

// Kind is one way to read an origin.
type Kind struct {
	Name string // as the operator writes it

	// List asks the origin.
	List func(ctx context.Context, client *fetch.Client, rec storage.SourceRecord) (*Listing, error)

	// Read reads what a changed listing brought, but for the items whose marks are
	// known. It does no input or output.
	Read func(rec storage.SourceRecord, list *Listing, known func(parse.Mark) bool) (*parse.Feed, error)
}

// Kinds is the list of all kinds. The first is the default.
func Kinds() []Kind {
	return []Kind{
		{"feed", listFeed, readFeed},
	}
}

// ByName finds a kind; "" is the default.
func ByName(name string) (Kind, error) {
	for _, k := range Kinds() {
		if k.Name == cmp.Or(name, Kinds()[0].Name) {
			return k, nil
		}
	}
	return Kind{}, fmt.Errorf("unknown kind %q", name)
}

// Listing is what an origin answered.
type Listing struct {
	// Changed reports a document that was not seen before; Body is nil otherwise.
	// NotModified is the origin's own word (304) for that.
	Changed     bool
	NotModified bool

	Body        []byte
	ContentType string            // with its charset; "" when unknown
	URL         string            // where it was read from, after redirects
	Link        []string          // the values of the answer's Link headers
	Permanent   bool              // there were redirects, and all of them permanent
	Problems    []coranto.Problem // of the exchange

	// What to keep with the source's state for the next request.
	ETag, LastModified, ValidatorURL string
	BodyHash                         [32]byte

	// HasValidators reports that the origin can be asked conditionally, even
	// where its validators were not taken.
	HasValidators bool

	Freshness    time.Duration // for how long the origin calls the answer fresh
	HasFreshness bool
	RetryAfter   time.Duration // for how long WaitHost asks to be left alone; 0 when nobody asks
	WaitHost     string        // the source's host, or that of a redirect
}
