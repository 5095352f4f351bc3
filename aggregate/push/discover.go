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

// Discover finds the offer of a feed (WebSub §4): links in the header of its
// response come before those in the document. address is where it was read from;
// it is the topic when the feed names a hub but not itself.
func Discover(header []string, address string, feed *parse.Feed) Offer {
	var offer Offer
	base, err := url.Parse(address)
	if err != nil {
		return offer
	}
	for _, link := range weblink.Parse(header) {
		if link.Is("hub") {
			offer.hub(link.Resolve(base))
		}
		if link.Is("self") {
			offer.topic(link.Resolve(base))
		}
	}
	for _, hub := range feed.Hubs {
		offer.hub(resolve(base, hub))
	}
	for _, link := range feed.Links {
		if link.Rel == "self" {
			offer.topic(resolve(base, link.Href))
		}
	}
	offer.topic(address)
	if len(offer.Hubs) == 0 {
		return Offer{}
	}
	slices.SortStableFunc(offer.Hubs, func(a, b string) int { return rank(a) - rank(b) })
	offer.Hubs = offer.Hubs[:min(len(offer.Hubs), maxHubs)]
	return offer
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
