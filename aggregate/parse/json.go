package parse

import (
	"cmp"
	stdjson "encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/mmcdole/gofeed/json"

	"github.com/coranto/coranto/aggregate/parse/jsondoc"
	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

// parseJSON reads a JSON Feed document.
func (p *parser) parseJSON(body []byte) (*Feed, error) {
	doc, err := p.prepareJSON(body)
	if err != nil {
		return nil, err
	}
	plan, body := p.planJSON(doc.Body)
	if err := jsondoc.Check(body); err != nil {
		return nil, err
	}
	original, fixed, err := decodeJSON(body)
	if err != nil {
		return nil, err
	}
	if fixed != nil {
		body = fixed.Body
	}
	if len(original.Items) == 0 && len(plan.skip) == 0 &&
		!strings.Contains(original.Version, "jsonfeed") {
		return nil, ErrNotFeed
	}
	if !strings.Contains(original.Version, "jsonfeed.org/version/1") {
		p.problem("version-unknown",
			"The document does not say that it is JSON Feed 1 or 1.1; it was read as such.")
	}
	feed := p.jsonFeed(original)
	if fixed != nil {
		p.noteFixes(feed, fixed)
	}
	p.jsonHubs(feed, body)
	p.jsonMembers(feed, body)
	if feed.Truncated = doc.Truncated; feed.Truncated {
		p.problem("truncated",
			"The document ends early; its %d whole items were read.", len(feed.Items))
	}
	if !plan.settle(feed) || fixed != nil || feed.Truncated {
		feed.Marks = nil
	}
	return feed, nil
}

// prepareJSON makes body fit for the decoder.
func (p *parser) prepareJSON(body []byte) (jsondoc.Prepared, error) {
	doc, err := jsondoc.Prepare(body)
	if err != nil {
		return doc, err
	}
	for _, problem := range doc.Problems {
		p.add(problem)
	}
	if body[0] == '[' {
		return doc, fmt.Errorf("%w: the document is a list, and a JSON Feed is an object", ErrMalformed)
	}
	return doc, nil
}

// decodeJSON has gofeed read body. What gofeed can't read is fixed and tried once more;
// fixed is nil where that was not necessary.
func decodeJSON(body []byte) (feed *json.Feed, fixed *jsondoc.Fixed, err error) {
	feed, err = readJSON(body)
	if err == nil {
		return feed, nil, nil
	}
	right, again := jsondoc.Fix(body)
	if again == nil {
		feed, again = readJSON(right.Body)
	}
	if again != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return feed, &right, nil
}

// noteFixes records what was changed, with the items that it was changed in.
func (p *parser) noteFixes(feed *Feed, fixed *jsondoc.Fixed) {
	known := len(fixed.Problems)
	for _, problem := range fixed.Problems {
		p.add(problem)
	}
	for i := range feed.Items {
		if at := feed.Items[i].Index; len(fixed.Items) > at {
			known += len(fixed.Items[at])
			for _, problem := range fixed.Items[at] {
				feed.Items[i].add(problem)
			}
		}
	}
	if known == 0 {
		p.problem("repaired",
			"The document is not as JSON Feed wants it; it was read as far as it can be understood.")
	}
}

// jsonHubs adds the hubs of a feed, which gofeed does not read, to its links.
func (p *parser) jsonHubs(feed *Feed, body []byte) {
	for _, hub := range jsondoc.Hubs(body) {
		feed.Links = p.addLink(feed.Links, Link{Rel: "hub", Href: hub})
	}
}

// jsonFeed translates JSON Feed 1.0 and 1.1.
func (p *parser) jsonFeed(f *json.Feed) *Feed {
	feed := &Feed{
		Format: "json", Version: f.Version,
		ID:       p.webURL(f.FeedURL),
		Title:    p.jsonText(f.Title).Plain(),
		Summary:  p.jsonText(f.Description).Markup(),
		Language: f.Language,
		Authors:  p.jsonPeople(f.Author, f.Authors),
		Icon:     p.webURL(f.Favicon),
		Logo:     p.webURL(f.Icon),
	}
	const mediaType = "application/feed+json"
	for _, l := range []Link{
		{Rel: "alternate", Href: f.HomePageURL, Type: "text/html"},
		{Rel: "self", Href: f.FeedURL, Type: mediaType},
		{Rel: "next", Href: f.NextURL, Type: mediaType},
	} {
		feed.Links = p.addLink(feed.Links, l)
	}
	feed.Link = pickLink(feed.Links)
	for _, i := range p.newestJSON(f.Items) {
		if it := f.Items[i]; it != nil {
			feed.Items = append(feed.Items, p.item(i, func() Item { return p.jsonItem(it) }))
		}
	}
	return feed
}

// newestJSON returns the places of the items that are kept of a list that could not
// be taken apart before.
func (p *parser) newestJSON(items []*json.Item) []int {
	if len(items) <= p.doc.MaxItems {
		return without(len(items), nil)
	}
	return without(len(items), p.dropOldest(len(items), func(i int) []string {
		if items[i] == nil {
			return nil
		}
		return []string{items[i].DatePublished, items[i].DateModified}
	}))
}

func (p *parser) jsonItem(it *json.Item) Item {
	item := Item{
		ID:           it.ID,
		HasGUID:      it.ID != "",
		Title:        p.jsonText(it.Title).Plain(),
		Summary:      p.jsonText(it.Summary).Markup(),
		Content:      p.note(text.New(it.ContentHTML, text.HTML, p.base)).Markup(),
		Language:     it.Language,
		Authors:      p.jsonPeople(it.Author, it.Authors),
		PublishedRaw: it.DatePublished,
		UpdatedRaw:   it.DateModified,
	}
	if it.ID != "" && strings.IndexByte("[{", it.ID[0]) >= 0 && stdjson.Valid([]byte(it.ID)) {
		p.problem("json-type", "What \"id\" holds is no text, as JSON Feed wants it.")
	}
	if item.Content == "" {
		item.Content = p.jsonText(it.ContentText).Markup()
	}
	item.Image.URL = p.webURL(cmp.Or(it.Image, it.BannerImage))
	item.Links = p.addLink(item.Links, Link{Rel: "alternate", Href: it.URL, Type: "text/html"})
	item.Links = p.addLink(item.Links, Link{Rel: "related", Href: it.ExternalURL})
	if item.Link = pickLink(item.Links); item.Link == "" && !text.IsWebURL(item.ID) {
		item.Link = p.webURL(it.ExternalURL)
	}
	for _, tag := range it.Tags {
		item.Tags = p.addTag(item.Tags, Tag{Term: tag})
	}
	p.jsonEnclosures(&item, it.Attachments)
	p.itemDates(&item)
	return item
}

func (p *parser) jsonEnclosures(item *Item, attachments *[]json.Attachments) {
	if attachments == nil {
		return
	}
	for _, a := range *attachments {
		item.Enclosures = p.addEnclosure(item.Enclosures, Enclosure{
			URL: a.URL, Type: a.MimeType, Title: text.FoldSpace(a.Title), Length: max(a.SizeInBytes, 0),
			Duration: time.Duration(min(max(a.DurationInSeconds, 0), 1e7)) * time.Second,
		})
		item.Links = p.addLink(item.Links, Link{Rel: "enclosure", Href: a.URL, Type: a.MimeType})
	}
}

// jsonText is a text of a JSON Feed, which is plain wherever its name does not end
// in "html".
func (p *parser) jsonText(s string) text.Text {
	return p.note(text.New(s, text.Plain, nil))
}
