package parse

import (
	"encoding/json"
	"time"

	"github.com/coranto/coranto"
)

// Feed is what a source's document says of itself, translated and repaired but
// not yet normalized: titles and rights are plain text, Summary is HTML, URLs
// are absolute when the document's own URL is known, times are UTC and zero when
// the source did not say. The JSON form is the contract of
// `inspect --stage parse --json`; a key is absent when its value is empty.
type Feed struct {
	ID           string    `json:"id,omitempty"`       // verbatim and opaque
	Title        string    `json:"title,omitempty"`    // plain text
	Summary      string    `json:"summary,omitempty"`  // HTML
	Link         string    `json:"link,omitempty"`     // home page
	Links        []Link    `json:"links,omitempty"`    // every link, Link itself included
	Language     string    `json:"language,omitempty"` // as given
	Rights       string    `json:"rights,omitempty"`   // plain text
	Updated      time.Time `json:"updated,omitzero"`
	Published    time.Time `json:"published,omitzero"`
	Authors      []Person  `json:"authors,omitempty"`
	Contributors []Person  `json:"contributors,omitempty"`
	Tags         []Tag     `json:"tags,omitempty"`
	Generator    string    `json:"generator,omitempty"`
	Icon         string    `json:"icon,omitempty"` // small square picture
	Logo         string    `json:"logo,omitempty"` // larger picture

	Format    string   `json:"-"` // "rss", "atom" or "json"
	Version   string   `json:"-"` // of the format, as the document states it
	Items     []Item   `json:"-"` // in document order; Inspect shows them
	License   string   `json:"-"` // URL
	Hubs      []string `json:"-"` // WebSub hubs, absolute URLs
	Hints     Hints    `json:"-"`
	Truncated bool     `json:"-"` // items may be missing: their absence means nothing

	// Marks are those of every item of the document, by Item.Index, also of items
	// that were not read; nil when the document can only be read whole.
	Marks []Mark `json:"-"`

	// Problems are those of the document as a whole.
	Problems []coranto.Problem `json:"-"`
}

// Item is one post as its source's document gives it. The field rules are those
// of Feed; Content and Summary are HTML that nobody has sanitized yet.
type Item struct {
	ID           string      `json:"id,omitempty"`
	Title        string      `json:"title,omitempty"`
	Summary      string      `json:"summary,omitempty"`
	Content      string      `json:"content,omitempty"`
	Link         string      `json:"link,omitempty"`
	Links        []Link      `json:"links,omitempty"`
	Language     string      `json:"language,omitempty"` // "" means the feed's
	Rights       string      `json:"rights,omitempty"`
	Updated      time.Time   `json:"updated,omitzero"`
	Published    time.Time   `json:"published,omitzero"`
	Authors      []Person    `json:"authors,omitempty"` // the feed's where the item names none
	Contributors []Person    `json:"contributors,omitempty"`
	Tags         []Tag       `json:"tags,omitempty"`
	Enclosures   []Enclosure `json:"enclosures,omitempty"`
	Source       *Feed       `json:"source,omitempty"` // who published it first; nil when not said
	Comments     string      `json:"comments,omitempty"`
	GUIDIsLink   bool        `json:"guid_is_link,omitempty"` // Link was taken from the GUID

	opaqueID bool // ID says that it is no address, even if it looks like one

	// Extensions are elements for podcasts, media, places and discussions, and
	// Members those of a JSON Feed item that begin with an underscore: both as
	// internal/vocabulary lets them pass.
	Extensions []coranto.Extension `json:"extensions,omitempty"`
	Members    map[string]string   `json:"members,omitempty"`

	// Index is where the item stands in its document, counted from 0. Problems
	// are those of the item alone, one of a kind, without a place.
	Index    int               `json:"-"`
	Problems []coranto.Problem `json:"-"`

	HasGUID      bool          `json:"-"` // ID is the source's own
	HasTitle     bool          `json:"-"` // Title is the source's own, not made from the text
	PublishedRaw string        `json:"-"` // the date as written
	UpdatedRaw   string        `json:"-"` // the date as written
	License      string        `json:"-"` // URL
	Image        coranto.Image `json:"-"` // the picture the source names for the item
}

// Person is an author or contributor. It converts to coranto.Person.
type Person struct {
	Name   string `json:"name,omitempty"`
	Email  string `json:"email,omitempty"`
	URI    string `json:"uri,omitempty"`
	Avatar string `json:"-"`
}

// Tag is a source's own label. It converts to coranto.Tag.
type Tag struct {
	Term   string `json:"term,omitempty"`
	Scheme string `json:"scheme,omitempty"`
	Label  string `json:"label,omitempty"`
}

// Link is a link with its relation (RFC 4287 §4.2.7). It converts to
// coranto.Link.
type Link struct {
	Rel      string `json:"rel,omitempty"`
	Href     string `json:"href,omitempty"`
	Type     string `json:"type,omitempty"`
	Hreflang string `json:"hreflang,omitempty"`
	Title    string `json:"title,omitempty"`
}

// Enclosure is an attached media file. It converts to coranto.Enclosure. In JSON
// its length is a string of bytes and its duration a number of seconds.
type Enclosure struct {
	URL      string
	Type     string
	Title    string
	Length   int64
	Duration time.Duration
}

// MarshalJSON writes the enclosure with the keys of the contract.
func (e Enclosure) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		URL      string `json:"url,omitempty"`
		Type     string `json:"type,omitempty"`
		Length   int64  `json:"length,omitempty,string"`
		Title    string `json:"title,omitempty"`
		Duration int64  `json:"duration,omitempty"`
	}{e.URL, e.Type, e.Length, e.Title, int64(e.Duration / time.Second)})
}

// Hints is what a feed says about when to ask again. Zero fields were not given
// or made no sense.
type Hints struct {
	TTL          time.Duration  // RSS ttl
	UpdatePeriod time.Duration  // sy:updatePeriod divided by sy:updateFrequency
	SkipHours    []int          // 0 to 23, GMT
	SkipDays     []time.Weekday // GMT
}

// Inspection is one parsed feed as `inspect --stage parse --json` prints it.
type Inspection struct {
	Feed     *Feed             `json:"feed"`
	Items    []Item            `json:"items"`
	Problems []coranto.Problem `json:"problems"`
}

// Inspect gives f and its problems the shape of the inspection contract.
func (f *Feed) Inspect(problems []coranto.Problem) Inspection {
	if problems == nil {
		problems = []coranto.Problem{}
	}
	items := f.Items
	if items == nil {
		items = []Item{}
	}
	return Inspection{Feed: f, Items: items, Problems: problems}
}
