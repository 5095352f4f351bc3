package parse

import (
	"cmp"
	"strings"

	"github.com/mmcdole/gofeed/rss"

	"github.com/coranto/coranto/aggregate/parse/byline"
	"github.com/coranto/coranto/aggregate/parse/elements"
	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

// rssFeed translates RSS 0.9x, 1.0 (RDF) and 2.0.
func (p *parser) rssFeed(f *rss.Feed) *Feed {
	feed := &Feed{
		Format: "rss", Version: f.Version,
		Title:     p.plain(f.Title, text.Loose),
		Summary:   p.html(f.Description, text.Loose),
		Language:  p.plain(f.Language, text.Plain),
		Rights:    p.plain(f.Copyright, text.Loose),
		Updated:   p.date(p.plain(f.LastBuildDate, text.Plain), "updated"),
		Published: p.date(p.plain(f.PubDate, text.Plain), "published"),
		Generator: p.plain(f.Generator, text.Loose),
		Authors:   p.people(append(elements.Rescued(f.Extensions, "author"), f.ManagingEditor)...),
	}
	for _, l := range f.Links {
		feed.Links = p.addLink(feed.Links, Link{Rel: "alternate", Href: p.textURL(l)})
	}
	own := pickLink(feed.Links)
	for _, c := range f.Categories {
		feed.Tags = p.addTag(feed.Tags, p.rssTag(c))
	}
	if f.Image != nil {
		feed.Logo = p.textURL(f.Image.URL)
	}
	p.headExtensions(feed, f.Extensions)
	feed.Language = cmp.Or(feed.Language, p.markup.Language)
	if feed.Authors == nil {
		feed.Authors = p.people(f.WebMaster)
	}
	feed.Link = cmp.Or(own, pickLink(feed.Links))
	feed.Hints = rssHints(feed.Hints, f)
	p.noteHints(feed.Hints, f)
	feed.Items = make([]Item, 0, len(f.Items))
	for i, it := range f.Items {
		feed.Items = append(feed.Items, p.item(i, func() Item { return p.rssItem(it) }))
	}
	return feed
}

func (p *parser) rssItem(it *rss.Item) Item {
	item := Item{
		Title:        p.plain(it.Title, text.Loose),
		Summary:      p.html(it.Description, text.Loose),
		Content:      p.html(it.Content, text.Loose),
		Authors:      p.people(append([]string{it.Author}, elements.Rescued(it.Extensions, "author")...)...),
		Comments:     p.textURL(it.Comments),
		PublishedRaw: p.plain(it.PubDate, text.Plain),
	}
	p.rssCustom(&item, it.Custom)
	for _, c := range it.Categories {
		item.Tags = p.addTag(item.Tags, p.rssTag(c))
	}
	p.rssEnclosures(&item, it.Enclosures)
	p.rssLinks(&item, it)
	p.rssSource(&item, it.Source)
	p.itemExtensions(&item, it.Extensions)
	for _, e := range item.Enclosures {
		item.Links = p.addLink(item.Links,
			Link{Rel: "enclosure", Href: e.URL, Type: e.Type, Title: e.Title})
	}
	p.itemDates(&item)
	return item
}

func (p *parser) rssEnclosures(item *Item, enclosures []*rss.Enclosure) {
	for _, e := range enclosures {
		item.Enclosures = p.addEnclosure(item.Enclosures,
			Enclosure{URL: e.URL, Type: e.Type, Length: p.length(e.Length)})
		item.Links = p.addLink(item.Links, Link{Rel: "enclosure", Href: e.URL, Type: e.Type})
	}
}

// rssCustom reads the elements that are in no RSS specification but in feeds.
func (p *parser) rssCustom(item *Item, custom map[string]string) {
	if s := custom["summary"]; s != "" {
		item.Content = cmp.Or(item.Content, item.Summary)
		item.Summary = p.html(s, text.Loose)
	}
	for _, name := range []string{"body", "fullitem", "content", "encoded"} {
		if item.Content == "" && custom[name] != "" {
			item.Content = p.html(custom[name], text.Loose)
		}
	}
	item.Rights = p.plain(cmp.Or(custom["rights"], custom["copyright"]), text.Loose)
	for tag := range strings.SplitSeq(custom["tags"], ",") {
		item.Tags = p.addTag(item.Tags, Tag{Term: p.plain(tag, text.Loose)})
	}
	published := cmp.Or(custom["published"], custom["date"])
	item.PublishedRaw = cmp.Or(item.PublishedRaw, p.plain(published, text.Plain))
	item.UpdatedRaw = p.plain(cmp.Or(custom["updated"], custom["modified"]), text.Plain)
	item.ID = p.text(custom["id"], text.Plain).Value
	item.HasGUID = item.ID != ""
}

// rssLinks reads link and guid. A guid is a permalink unless it says it is not,
// but only one that is a web address can be.
func (p *parser) rssLinks(item *Item, it *rss.Item) {
	var guid text.Text
	if it.GUID != nil {
		guid = p.text(it.GUID.Value, text.Plain)
		item.ID = cmp.Or(guid.Value, item.ID)
		item.HasGUID = item.ID != ""
		item.opaqueID = !saysPermalink(it.GUID)
	}
	for _, l := range it.Links {
		item.Links = p.addLink(item.Links, Link{Rel: "alternate", Href: p.textURL(l)})
	}
	own := pickLink(item.Links)
	item.Links = p.atomExtensionLinks(item.Links, it.Extensions)
	original := p.textURL(elements.First(it.Extensions, "feedburner:origLink"))
	item.Link = cmp.Or(original, own, pickLink(item.Links))
	if item.Link == "" && isPermalink(it.GUID, guid) {
		item.Link = p.address(guid.Base, guid.Value)
		item.GUIDIsLink = item.Link != ""
		item.Links = p.addLink(item.Links, Link{Rel: "alternate", Href: item.Link})
	}
}

func isPermalink(g *rss.GUID, guid text.Text) bool {
	return g != nil && saysPermalink(g) &&
		(text.IsWebURL(guid.Value) || strings.HasPrefix(guid.Value, "/"))
}

func saysPermalink(g *rss.GUID) bool {
	return strings.EqualFold(strings.TrimSpace(g.IsPermalink), "true")
}

// rssSource reads the source element: the feed an item was first published in.
func (p *parser) rssSource(item *Item, s *rss.Source) {
	if s == nil || s.Title == "" && s.URL == "" {
		return
	}
	source := &Feed{Format: "rss", Title: p.sourceTitle(s.Title)}
	source.Links = p.addLink(nil, Link{Rel: "self", Href: s.URL, Type: "application/rss+xml"})
	item.Source = source
}

// sourceTitle reads the text of a source element, which some write as Atom has it: with
// a title in it.
func (p *parser) sourceTitle(s string) string {
	written := p.text(s, text.Loose)
	if title, ok := byline.Element(written.Value, "title"); ok {
		return title
	}
	line, guesses := written.Line()
	p.noteFlaws(guesses)
	return line
}

func (p *parser) rssTag(c *rss.Category) Tag {
	return Tag{Term: p.plain(c.Value, text.Loose), Scheme: c.Domain}
}
