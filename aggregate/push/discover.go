package push

import (
	"net/url"
	"slices"

	"github.com/coranto/coranto/aggregate/parse"
	"github.com/coranto/coranto/aggregate/weblink"
)

// Limits of an offer.
const (
	maxHubs = 4
	maxURL  = 2048 // bytes
)

// Offer is where to subscribe to a document, and to which URL. The zero value is
// none.
type Offer struct {
	Hubs  []string // absolute URLs, those over https first
	Topic string
}

// Document is what an offer may stand in.
type Document struct {
	Link []string // the values of its response's Link headers
	URL  string   // where it was read from

	Feed *parse.Feed // the document, if it is a feed
	Page []byte      // the document, if it is an HTML page
}

// Discover finds the offer of a document (WebSub §4): links in the header of its
// response come before those in a feed, or in the head of a page. The URL is the topic
// when the document names a hub but not itself.
func Discover(doc Document) Offer {
	var offer Offer
	base, err := url.Parse(doc.URL)
	if err != nil {
		return offer
	}
	offer.links(weblink.Parse(doc.Link), base)
	if doc.Feed != nil {
		offer.feed(doc.Feed, base)
	} else if links, base, err := weblink.Head(doc.Page, doc.URL); err == nil {
		offer.links(links, base)
	}
	offer.topic(doc.URL)
	if len(offer.Hubs) == 0 {
		return Offer{}
	}
	slices.SortStableFunc(offer.Hubs, func(a, b string) int { return rank(a) - rank(b) })
	offer.Hubs = offer.Hubs[:min(len(offer.Hubs), maxHubs)]
	return offer
}

func (o *Offer) links(links []weblink.Link, base *url.URL) {
	for _, link := range links {
		if link.Is("hub") {
			o.hub(link.Resolve(base))
		}
		if link.Is("self") {
			o.topic(link.Resolve(base))
		}
	}
}

func (o *Offer) feed(feed *parse.Feed, base *url.URL) {
	for _, hub := range feed.Hubs {
		o.hub(resolve(base, hub))
	}
	for _, link := range feed.Links {
		if link.Rel == "self" {
			o.topic(resolve(base, link.Href))
		}
	}
}

func resolve(base *url.URL, target string) string {
	return weblink.Link{Target: target}.Resolve(base)
}

func (o *Offer) hub(address string) {
	if address != "" && len(address) <= maxURL && !slices.Contains(o.Hubs, address) {
		o.Hubs = append(o.Hubs, address)
	}
}

// topic takes the first address that is one.
func (o *Offer) topic(address string) {
	if o.Topic == "" && len(address) <= maxURL {
		o.Topic = address
	}
}

// rank puts https first: only there can a hub be given a secret.
func rank(hub string) int {
	if secure(hub) {
		return 0
	}
	return 1
}

func secure(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https"
}
