package discover

import (
	"net/url"
	"slices"
	"strings"

	"github.com/coranto/coranto/aggregate/weblink"
)

// Links are the feeds that a page names with link elements in its head, in
// order, resolved against its base element or else its own address. What stands
// in the body may be anybody's words and does not count.
func Links(page []byte, address string) []string {
	links, base, err := weblink.Head(page, address)
	if err != nil {
		return nil
	}
	return resolved(slices.DeleteFunc(links, func(l weblink.Link) bool { return !namesFeed(l) }), base)
}

// HeaderLinks are the feeds that a response names with Link headers (RFC 8288),
// in order, resolved against its address.
func HeaderLinks(values []string, address string) []string {
	base, err := url.Parse(address)
	if err != nil {
		return nil
	}
	var links []weblink.Link
	for _, l := range weblink.Parse(values) {
		if namesFeed(l) {
			links = append(links, l)
		}
	}
	return resolved(links, base)
}

// resolved are the targets that can be fetched, one of each. Feeds of comments
// are not what somebody means by a site.
func resolved(links []weblink.Link, base *url.URL) []string {
	var list []string
	for _, l := range links {
		address := l.Resolve(base)
		if address == "" || slices.Contains(list, address) ||
			strings.Contains(address, "/comments/") || strings.Contains(address, "comments-rss2") {
			continue
		}
		list = append(list, address)
	}
	return list
}

// namesFeed reports links to a feed: alternates of a feed's type, and what is
// called a feed.
func namesFeed(l weblink.Link) bool {
	switch l.Type {
	case "application/rss+xml", "application/atom+xml", "application/feed+json",
		"application/rdf+xml", "text/xml", "application/xml":
		return l.Is("alternate") || l.Is("feed")
	}
	return l.Type == "" && l.Is("feed")
}
