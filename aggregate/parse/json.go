package parse

import (
	"cmp"
	"fmt"
	"time"

	"github.com/mmcdole/gofeed/json"
)

// parseJSON reads a JSON Feed document.
func (p *parser) parseJSON(body []byte) (*Feed, error) {
	original, err := readJSON(body)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return p.jsonFeed(original), nil
}

// jsonFeed translates JSON Feed 1.0 and 1.1.
func (p *parser) jsonFeed(f *json.Feed) *Feed {
	feed := &Feed{
		Format: "json", Version: f.Version,
		ID:       f.FeedURL,
		Title:    foldSpace(f.Title),
		Summary:  escapeText(f.Description),
		Language: f.Language,
		Authors:  p.jsonPeople(f.Author, f.Authors),
		Icon:     p.webURL(f.Favicon),
		Logo:     p.webURL(f.Icon),
	}
	feed.Links = p.addLink(feed.Links, Link{Rel: "alternate", Href: f.HomePageURL, Type: "text/html"})
	feed.Links = p.addLink(feed.Links, Link{Rel: "self", Href: f.FeedURL, Type: "application/feed+json"})
	feed.Links = p.addLink(feed.Links, Link{Rel: "next", Href: f.NextURL, Type: "application/feed+json"})
	feed.Link = pickLink(feed.Links)
	feed.Items = make([]Item, 0, len(f.Items))
	for i, it := range f.Items {
		if it != nil {
			feed.Items = append(feed.Items, p.jsonItem(it, place(i)))
		}
	}
	return feed
}

func (p *parser) jsonItem(it *json.Item, place string) Item {
	item := Item{
		ID:           it.ID,
		HasGUID:      it.ID != "",
		Title:        foldSpace(it.Title),
		Summary:      escapeText(it.Summary),
		Content:      cmp.Or(resolveHTML(p.base, it.ContentHTML), escapeText(it.ContentText)),
		Language:     it.Language,
		Authors:      p.jsonPeople(it.Author, it.Authors),
		PublishedRaw: it.DatePublished,
		UpdatedRaw:   it.DateModified,
	}
	item.Image.URL = p.webURL(cmp.Or(it.Image, it.BannerImage))
	item.Links = p.addLink(item.Links, Link{Rel: "alternate", Href: it.URL, Type: "text/html"})
	item.Links = p.addLink(item.Links, Link{Rel: "related", Href: it.ExternalURL})
	item.Link = pickLink(item.Links)
	for _, tag := range it.Tags {
		item.Tags = addTag(item.Tags, Tag{Term: tag})
	}
	p.jsonEnclosures(&item, it.Attachments)
	p.itemDates(&item, place)
	return item
}

func (p *parser) jsonEnclosures(item *Item, attachments *[]json.Attachments) {
	if attachments == nil {
		return
	}
	for _, a := range *attachments {
		item.Enclosures = p.addEnclosure(item.Enclosures, Enclosure{
			URL: a.URL, Type: a.MimeType, Title: foldSpace(a.Title), Length: max(a.SizeInBytes, 0),
			Duration: time.Duration(min(max(a.DurationInSeconds, 0), 1e7)) * time.Second,
		})
		item.Links = p.addLink(item.Links, Link{Rel: "enclosure", Href: p.webURL(a.URL), Type: a.MimeType})
	}
}
