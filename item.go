package coranto

import (
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ItemID is our key of an item: a hash of its source and of the identity the
// source gives it. It is the same on every machine, at every refresh and after
// a move to another engine. The zero value stands for no item.
type ItemID [16]byte

// ErrItemID reports a text that is no ItemID.
var ErrItemID = errors.New("not an item id")

// NewItemID derives the id of an item from its source and its identity: the
// GUID, or for an item without one whatever stands for it.
func NewItemID(source SourceID, identity string) ItemID {
	sum := sha256.Sum256([]byte(string(source) + "\x00" + identity))
	return ItemID(sum[:16])
}

// ParseItemID reads what String writes. The error wraps ErrItemID.
func ParseItemID(s string) (ItemID, error) {
	var id ItemID
	raw, err := itemIDCoding().DecodeString(strings.ToUpper(s))
	if err != nil || len(raw) != len(id) {
		return ItemID{}, fmt.Errorf("%w: %q", ErrItemID, s)
	}
	copy(id[:], raw)
	return id, nil
}

// String is the id as URLs carry it: 26 letters and digits, lower case, safe in
// a path and in a file name.
func (id ItemID) String() string {
	return strings.ToLower(itemIDCoding().EncodeToString(id[:]))
}

// IsZero reports whether id stands for no item.
func (id ItemID) IsZero() bool { return id == ItemID{} }

func itemIDCoding() *base32.Encoding {
	return base32.HexEncoding.WithPadding(base32.NoPadding)
}

// Item is one normalized post of one source.
//
// Every string is valid UTF-8 without control characters other than tab and
// line feed. URLs are absolute http or https, or "" when the source gave none
// that is. Times are UTC and zero when the source did not say, except that an
// item read from a store always has Published and Updated. Slices and maps are nil
// when empty.
type Item struct {
	ID     ItemID
	Source SourceID

	GUID    string // the source's id, verbatim and opaque; "" when it gave none
	Link    string // the post's own page
	Title   string // plain text, one line; never empty in a store
	Summary string // plain text excerpt
	Content string // sanitized HTML

	Authors      []Person
	Contributors []Person

	Published time.Time // never changes once stored; never later than first seen
	Updated   time.Time // never before Published; moves only when the item's content does

	Language string // BCP 47; "" means the source's
	Rights   string // plain text; "" means the source's
	License  string // URL of the licence; "" means the source's

	Tags       []Tag
	Categories []Slug // sorted, without duplicates

	Enclosures []Enclosure
	Image      Image
	Links      []Link // related, via, license, replies …; not Link itself
	Comments   string // URL of the page for comments

	// Extensions are the elements for podcasts, media, places and discussions;
	// Members are the extensions of a JSON Feed item, compact JSON by their names,
	// which begin with an underscore. Both are what internal/vocabulary lets pass.
	Extensions []Extension
	Members    map[string]string

	// Origin is who published the item first when the source itself is an
	// aggregator and says so (atom:source, RSS source); nil otherwise.
	Origin *Attribution
}

// Person is an author or contributor. At least one field is set.
type Person struct {
	Name   string // plain text
	Email  string
	URI    string // home page
	Avatar string // image URL
}

// Tag is a source's own label. It never creates a feed by itself.
type Tag struct {
	Term   string // never empty
	Scheme string // IRI of the vocabulary; "" when there is none
	Label  string // for people; "" means Term
}

// Enclosure is an attached media file.
type Enclosure struct {
	URL      string
	Type     string // media type; "" when unknown
	Title    string
	Length   int64         // bytes; 0 when unknown
	Duration time.Duration // 0 when unknown
}

// Image is the picture that stands for an item. The zero value is none.
type Image struct {
	URL    string
	Alt    string
	Width  int // pixels; 0 when unknown
	Height int // pixels; 0 when unknown
}

// Link is a link of an item or feed with its relation (RFC 4287 §4.2.7).
type Link struct {
	Rel      string
	Href     string
	Type     string
	Hreflang string
	Title    string
}

// Attribution is the credit due to the publisher of a feed, in the publisher's
// own words: what atom:source (RFC 4287 §4.2.11), the RSS source element and
// the visible credit line are made from.
type Attribution struct {
	ID       string // the feed's own id; "" when it has none
	Title    string // plain text
	Summary  string // plain text subtitle or description
	Link     string // home page
	Feed     string // the feed's own URL
	Language string // BCP 47
	Rights   string // plain text
	License  string // URL
	Icon     string // image URL
	Authors  []Person
}
