package parse

import (
	"strings"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

// titleLength is how many bytes of an item's text stand for a missing title.
const titleLength = 100

// complete fills what the items and the feed left out by what they say elsewhere.
func (p *parser) complete(feed *Feed) {
	feed.Hubs = append(feed.Hubs, allRel(feed.Links, "hub")...)
	for i := range feed.Items {
		item := &feed.Items[i]
		item.HasTitle = item.Title != ""
		item.complete()
		if len(item.Authors) == 0 {
			item.Authors = inheritedAuthors(feed, item)
		}
		if item.Link == "" && item.Title == "" {
			item.Problems = append(item.Problems, coranto.Problem{
				Code: "item-without-content", Text: "The item has neither a link nor a title nor a text.",
			})
		}
	}
}

// inheritedAuthors returns who wrote an item that names nobody: the authors of the
// feed it is from (RFC 4287 §4.2.1), else of the feed it is in.
func inheritedAuthors(feed *Feed, item *Item) []Person {
	if item.Source != nil && len(item.Source.Authors) > 0 {
		return item.Source.Authors
	}
	return feed.Authors
}

// complete finds a link, an id, a title and a picture for an item that has none.
func (it *Item) complete() {
	if it.Link == "" {
		it.Link = it.fallbackLink()
	}
	if it.Title == "" {
		it.Title = it.fallbackTitle()
	}
	if it.ID == "" && len(it.Enclosures) > 0 {
		it.ID = it.Enclosures[0].URL
	}
	for _, e := range it.Enclosures {
		if it.Image.URL == "" && isImage(e.Type, "") {
			it.Image.URL = e.URL
		}
	}
}

// fallbackLink returns the id where it is a web address, or the first file.
func (it *Item) fallbackLink() string {
	if text.IsWebURL(it.ID) && !it.opaqueID {
		if address := text.WebURL(nil, it.ID); address != "" {
			it.GUIDIsLink = true
			return address
		}
	}
	if len(it.Enclosures) > 0 {
		return it.Enclosures[0].URL
	}
	return ""
}

// fallbackTitle returns the beginning of the text, or the name of the file.
func (it *Item) fallbackTitle() string {
	for _, body := range []string{it.Summary, it.Content} {
		if s := text.FoldSpace(text.HTMLText(body[:min(len(body), 20*titleLength)])); s != "" {
			return text.Excerpt(s, titleLength)
		}
	}
	return strings.TrimPrefix(strings.TrimPrefix(it.Link, "https://"), "http://")
}
