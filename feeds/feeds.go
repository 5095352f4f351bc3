// Package feeds is the outbound wing: it reads the store and says what is
// published — which items a feed holds, under which identity, with which
// credit — before any format or page gives it a shape.
//
// Its words are the Site (what the operator says of the publication), the Scope
// (the whole site, a category, a source), the Feed and its Entries, and the
// Document (bytes under a path). Sub-packages: format turns a Feed into bytes,
// site into pages, publish keeps the documents, serve hands them out, export
// writes them as files.
//
// Everything here is a function of the store and the Site: no clock, no order
// but the store's, so the same two give the same bytes on every machine.
package feeds

import (
	"cmp"
	"errors"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/internal/host"
	"github.com/coranto/coranto/storage"
)

// ErrNotFound reports a path, category, source or item that is not published.
var ErrNotFound = errors.New("not published")

// Site is what the operator says of the publication as a whole.
type Site struct {
	Title       string // "" means "Coranto"
	Description string // plain text
	URL         string // absolute, ends in "/": every absolute URL is made from it
	Language    string // BCP 47; "" means "en"
	Image       string // absolute URL of a picture for feeds; "" for none
	Zone        *time.Location
	Authority   Authority
	Categories  []coranto.Category // in the order of the file
	Limit       int                // items in a feed; 0 means 50
	Credit      string             // template of the visible line, see CreditLine; "" means the default
	NoCredit    bool               // leave the visible line out of content; the markup keeps the credit
	Contact     string             // mail address of the publisher, or anything else; "" for none
	Hubs        []string           // absolute URLs of the WebSub hubs that tell of changes to its feeds
}

// Authority is the base of minted tag: ids (RFC 4151 §2.1): a host, and a day
// on which it belonged to the operator. It never changes once ids are out.
type Authority struct {
	Host  string // "" means the host of the site's URL
	Since string // YYYY-MM-DD; "" means 2025-01-01
}

// WithDefaults fills what is empty, and writes URL as feeds must: in ASCII, its host
// in lower case, with a slash at its end.
func (s Site) WithDefaults() Site {
	if s.Title == "" {
		s.Title = "Coranto"
	}
	if s.Language == "" {
		s.Language = "en"
	}
	if s.Zone == nil {
		s.Zone = time.UTC
	}
	if s.Limit == 0 {
		s.Limit = 50
	}
	if u, err := url.Parse(s.URL); err == nil && u.Host != "" {
		s.Authority.Host = cmp.Or(s.Authority.Host, u.Hostname())
		u.Host = host.Name(u)
		s.URL = u.String()
	}
	if s.URL != "" && !strings.HasSuffix(s.URL, "/") {
		s.URL += "/"
	}
	s.Authority.Host = authorityName(s.Authority.Host)
	if s.Authority.Since == "" {
		s.Authority.Since = "2025-01-01"
	}
	return s
}

// authorityName is a host as a tag: URI can name it (RFC 4151 §2.1): a DNS name in
// lower case and ASCII. What is none gives way to a name that is nobody's.
func authorityName(name string) string {
	name = host.Name(&url.URL{Host: name})
	foreign := func(r rune) bool {
		return r != '.' && r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	}
	if name == "" || strings.ContainsFunc(name, foreign) {
		return "coranto.invalid"
	}
	return name
}

// Absolute is the public URL of a path of this site ("/opml.xml").
func (s Site) Absolute(path string) string {
	return s.URL + strings.TrimPrefix(path, "/")
}

// MintID makes the tag: URI (RFC 4151) of something this site names itself.
func (s Site) MintID(specific string) string {
	return "tag:" + s.Authority.Host + "," + s.Authority.Since + ":" + specific
}

// Category is the operator's description of a category, or a plain one for a
// slug the file does not mention. Title, Limit, Language and Order are never empty.
func (s Site) Category(slug coranto.Slug) coranto.Category {
	found := coranto.Category{Slug: slug}
	for _, c := range s.Categories {
		if c.Slug == slug {
			found = c
		}
	}
	if found.Title == "" {
		found.Title = string(slug)
	}
	if found.Limit == 0 {
		found.Limit = s.Limit
	}
	if found.Language == "" {
		found.Language = s.Language
	}
	if found.Image == "" {
		found.Image = s.Image
	}
	if found.Order == "" {
		found.Order = coranto.OrderPublished
	}
	return found
}

// Renamed is the category that had a name before. Nothing is published under the
// old name any more.
func (s Site) Renamed(old coranto.Slug) (now coranto.Slug, ok bool) {
	for _, c := range s.Categories {
		if slices.Contains(c.Formerly, old) {
			return c.Slug, true
		}
	}
	return "", false
}

// Scope is what a feed or a list of items covers. The zero value is the whole
// site.
type Scope struct {
	By    storage.Index // All, ByCategory or BySource
	Value string
}

// CategoryScope covers the items filed in a category.
func CategoryScope(slug coranto.Slug) Scope { return Scope{storage.ByCategory, string(slug)} }

// SourceScope covers the items of a source.
func SourceScope(id coranto.SourceID) Scope { return Scope{storage.BySource, string(id)} }

// Path is the scope's page: "/", "/category/go/", "/source/go-blog/". Its feeds
// stand below it under their file names.
func (s Scope) Path() string {
	switch s.By {
	case storage.ByCategory:
		return "/category/" + s.Value + "/"
	case storage.BySource:
		return "/source/" + s.Value + "/"
	}
	return "/"
}

// OlderPath is the page of the scope that begins after an item.
func (s Scope) OlderPath(after coranto.ItemID) string {
	return s.Path() + "before/" + after.String() + "/"
}

// ItemPath is the page of an item.
func ItemPath(id coranto.ItemID) string { return "/item/" + id.String() + "/" }

// Paths of documents that exist once.
const (
	CategoriesPath = "/categories/"
	SourcesPath    = "/sources/"
	SubscribePath  = "/subscribe/"
	OPMLPath       = "/opml.xml"
	StylePath      = "/style.css"
	IconPath       = "/icon.svg"
	RobotsPath     = "/robots.txt"
	SitemapPath    = "/sitemap.xml"
)

// Feed is a titled list of items as it is published, before a format gives it
// bytes.
type Feed struct {
	Scope    Scope
	ID       string // permanent tag: URI
	Title    string // plain text
	Subtitle string // plain text
	Language string
	Home     string    // absolute URL of the page that shows the same items
	Icon     string    // absolute URL
	Image    string    // absolute URL of a larger picture; "" for none
	Updated  time.Time // newest Updated of its entries; zero when it has none
	Modified time.Time // when the store last changed anything in the scope; for Last-Modified
	Entries  []Entry   // newest first

	TTL     time.Duration // for which a reader may keep the document; 0 says nothing
	Hubs    []string      // absolute URLs of its WebSub hubs
	Contact string        // mail address of the publisher; "" for none
	Archive Archive       // its place among the archived documents of its scope
	Deleted []Deletion    // of entries it held once, newest first
}

// Archive is the place of a feed document in the archived feed of its scope (RFC
// 5005 §4). Documents of the archive are numbered from 1, oldest first; once it
// is numbered, no entry ever joins one. The zero value is a feed without archive.
type Archive struct {
	Number int // of the document; 0 for the subscription document, the feed itself
	Prev   int // number of the document before; 0 when there is none
	Next   int // of an archived document: that of the one after; 0 when it is the newest
}

// Deletion is an entry that was taken down (RFC 6721).
type Deletion struct {
	EntryID string
	At      time.Time
}

// Self is the public URL of the feed in the format that is published under the
// given file name.
func (f *Feed) Self(file string) string { return f.Home + file }

// ArchiveURL is the public URL of an archived document of the feed's scope, in
// the format that is published under the given file name.
func (f *Feed) ArchiveURL(number int, file string) string {
	return f.Home + "archive/" + strconv.Itoa(number) + "/" + file
}

// Entry is an item as it is published.
type Entry struct {
	coranto.Item                     // Content and Summary already cut down to the Republish mode
	EntryID      string              // permanent IRI, unique in any feed: the GUID when it is one, else minted
	Credit       coranto.Attribution // of its source, or of its origin when the source credits another
	Via          coranto.Attribution // the source, when Credit is another's; zero otherwise
	CreditHTML   string              // the visible line, one <p>; "" when the operator turned it off
	Page         string              // absolute URL of our own page of the item
	NoIndex      bool                // search engines should find the original in place of that page
	Changed      time.Time           // when the store last changed it or its filing
	Seq          uint64              // its place in the order of arrival
}

// Mark is when the entry came and was changed last.
func (e *Entry) Mark() Mark { return Mark{e.Seq, e.Changed} }

// Format is one way to write a feed. Generate takes time and order as given and
// is deterministic.
type Format struct {
	Name      string // "atom"
	Title     string // for people: "Atom"
	File      string // name below the scope's path: "atom.xml"
	MediaType string // with charset where the type has one
	Generate  func(w io.Writer, f *Feed) error
}

// Document is a published resource.
type Document struct {
	Path      string // begins with "/"
	MediaType string
	Body      []byte
	ETag      string    // hex of a hash of Body, without quotes; set by publish, codings add a suffix
	Modified  time.Time // newest change of what it shows; zero means unknown
	NoIndex   bool      // asks search engines to pass it over
	Fixed     bool      // it hardly ever changes: an archived document

	// Marks are those of a feed's entries, if single entries of it can be asked for; nil
	// for every other document.
	Marks []Mark
}

// Mark is when something came into the store and was changed there last, or how much of
// that somebody has seen. The zero value is nothing.
type Mark struct {
	Seq     uint64    // place in the order of arrival, whatever the clock said
	Changed time.Time // last change
}

// Max is how much has been seen by who has seen both.
func (m Mark) Max(other Mark) Mark {
	m.Seq = max(m.Seq, other.Seq)
	if other.Changed.After(m.Changed) {
		m.Changed = other.Changed
	}
	return m
}

// Within reports whether who has seen as much as other has seen this.
func (m Mark) Within(other Mark) bool {
	return m.Seq <= other.Seq && !m.Changed.After(other.Changed)
}
