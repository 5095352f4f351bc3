package coranto

import (
	"cmp"
	"net/url"
	"strings"
	"time"
)

// SourceID is the operator's name of a source: lower-case letters, digits and
// hyphens. It is part of URLs and of every ItemID of the source, so it never
// changes.
type SourceID string

// Republish says how much of an item is published again.
type Republish string

// The amounts of an item that can be published.
const (
	RepublishAsGiven Republish = "as-given" // what the source put in its feed; the default
	RepublishFull    Republish = "full"     // also the text fetched from the post's page
	RepublishExcerpt Republish = "excerpt"  // title and plain-text summary
	RepublishTitle   Republish = "title"    // title only
)

// Source is an origin we read, as the operator's file describes it.
type Source struct {
	ID    SourceID
	Kind  string // how it is read: "feed"; "" means "feed"
	URL   string // absolute, http or https
	Title string // the operator's name for it; "" means the feed's own title

	Categories []Slug   // where its items are published; empty means none but the site's own feed
	Include    []string // if any: an item needs one of these words to be filed in Categories
	Exclude    []string // an item with one of these words is filed nowhere

	Every     time.Duration // fixed interval; 0 means adaptive
	Zone      string        // IANA zone of dates without one; "" means UTC
	Language  string        // BCP 47; "" means the feed's own
	Rights    string        // overrides the feed's own; "" keeps it
	License   string        // URL; overrides the feed's own
	Republish Republish     // "" means RepublishAsGiven
	Index     bool          // search engines may list our pages of its items that show their content
	Credit    string        // template of the visible line; "" means the site's

	Access Access // how it is asked

	MaxItems int  // newest items taken from one document; 0 means 1000
	Paused   bool // known, listed, but not visited
	Retired  bool // no longer in the operator's file: not visited, its items stay
}

// Host is the lower-case host of the source's URL without the dot of the root, with
// its port where that is not the usual one of its scheme. It is the URL itself when
// that has no host.
func (s Source) Host() string {
	u, err := url.Parse(s.URL)
	if err != nil || u.Host == "" {
		return s.URL
	}
	host := strings.ToLower(strings.TrimRight(u.Hostname(), "."))
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	usual := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	if port := u.Port(); port != "" && port != usual {
		host += ":" + port
	}
	return host
}

// Attribution merges what the operator says of a source over what the source's feed
// says of itself: the attribution that its items are published with.
func (s Source) Attribution(feed Attribution) Attribution {
	if feed.Title = cmp.Or(s.Title, feed.Title); feed.Title == "" {
		feed.Title = s.Host()
	}
	feed.Feed = cmp.Or(feed.Feed, s.URL)
	feed.Language = cmp.Or(s.Language, feed.Language)
	feed.Rights = cmp.Or(s.Rights, feed.Rights)
	feed.License = cmp.Or(s.License, feed.License)
	return feed
}
