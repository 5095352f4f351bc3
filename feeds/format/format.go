// Package format turns a feed into bytes: RSS 2.0, Atom (RFC 4287), JSON Feed
// 1.1, and an OPML 2.0 list of sources.
//
// # Contract
//
// Whatever strings a feed holds, the bytes are well-formed and valid: text
// loses the characters that XML cannot carry, an address that is not http or
// https is left out, and a part that a format requires is never missing. The
// bytes depend on nothing but the feed: no clock, no map order, no tables of
// the machine. Every item carries the credit of its source in the markup of the
// format, and the visible line at the end of its HTML.
//
// Package gorilla/feeds is imported here and nowhere else. Its structs are
// embedded; a field that cannot say enough is shadowed by a richer one of the
// same name, because encoding/xml and encoding/json prefer the shallower field.
package format

import "github.com/coranto/coranto/feeds"

// All lists the formats that a feed is published in. A new format is a file
// with its generator and a line here.
func All() []feeds.Format {
	return []feeds.Format{
		{
			Name: "rss", Title: "RSS", File: rssFile,
			MediaType: "application/rss+xml; charset=utf-8", Generate: writeRSS,
		},
		{
			Name: "atom", Title: "Atom", File: atomFile,
			MediaType: "application/atom+xml; charset=utf-8", Generate: writeAtom,
		},
		{
			Name: "jsonfeed", Title: "JSON Feed", File: jsonFile,
			MediaType: "application/feed+json", Generate: writeJSON,
		},
	}
}

// File names of the formats below the path of a scope.
const (
	rssFile  = "rss.xml"
	atomFile = "atom.xml"
	jsonFile = "feed.json"
)
