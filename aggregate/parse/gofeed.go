package parse

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"
)

// original is gofeed's translator that translates nothing: its universal feed
// loses what this package needs, and making it would cost time and an image scan.
type original struct{}

// Translate implements gofeed.Translator.
func (original) Translate(any) (*gofeed.Feed, error) { return &gofeed.Feed{}, nil }

// readOriginal has gofeed read body and returns its typed original: *rss.Feed,
// *atom.Feed or *json.Feed. A panic of the parser becomes an error: one feed must
// not end the program.
func readOriginal(body []byte) (feed any, err error) {
	defer func() {
		if r := recover(); r != nil {
			feed, err = nil, fmt.Errorf("the parser gave up: %v", r)
		}
	}()
	reader := gofeed.NewParser()
	reader.KeepOriginalFeed = true
	reader.RSSTranslator = original{}
	reader.AtomTranslator = original{}
	reader.JSONTranslator = original{}
	got, err := reader.Parse(bytes.NewReader(body))
	if errors.Is(err, gofeed.ErrFeedTypeNotDetected) {
		return nil, ErrNotFeed
	}
	if err != nil {
		return nil, err
	}
	return got.OriginalFeed(), nil
}

// translate builds the feed from what readOriginal returned.
func (p *parser) translate(original any) (*Feed, error) {
	var feed *Feed
	switch f := original.(type) {
	case *rss.Feed:
		feed = p.rssFeed(f)
	case *atom.Feed:
		feed = p.atomFeed(f)
	case *json.Feed:
		feed = p.jsonFeed(f)
	default:
		return nil, ErrNotFeed
	}
	return feed, nil
}
