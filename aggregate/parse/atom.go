package parse

import (
	"cmp"
	"strings"

	"github.com/mmcdole/gofeed/atom"

	"github.com/coranto/coranto/aggregate/parse/elements"
	"github.com/coranto/coranto/aggregate/parse/markup"
	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

// atomFeed translates an Atom 1.0 (RFC 4287) or 0.3 feed.
func (p *parser) atomFeed(f *atom.Feed) *Feed {
	feed := p.atomHead(&atom.Source{
		Title: f.Title, ID: f.ID, Updated: f.Updated, Subtitle: f.Subtitle, Links: f.Links,
		Generator: f.Generator, Icon: f.Icon, Logo: f.Logo, Rights: f.Rights,
		Contributors: f.Contributors, Authors: f.Authors, Categories: f.Categories,
		Extensions: f.Extensions,
	})
	feed.Format, feed.Version = "atom", f.Version
	feed.Language = cmp.Or(p.markup.Language, feed.Language)
	feed.Items = make([]Item, 0, len(f.Entries))
	for i, e := range f.Entries {
		feed.Items = append(feed.Items, p.item(i, func() Item { return p.atomItem(e) }))
	}
	return feed
}

// atomHead translates what a feed and a source element have in common.
func (p *parser) atomHead(s *atom.Source) *Feed {
	feed := &Feed{
		ID:           p.atomID(s.ID),
		Title:        p.plain(s.Title, text.Plain),
		Summary:      p.html(s.Subtitle, text.Plain),
		Links:        p.atomLinks(s.Links),
		Rights:       p.plain(s.Rights, text.Plain),
		Updated:      p.date(p.plain(s.Updated, text.Plain), "updated"),
		Authors:      p.atomPeople(s.Authors),
		Contributors: p.atomPeople(s.Contributors),
		Tags:         p.atomTags(s.Categories),
		Icon:         p.textURL(s.Icon),
		Logo:         p.textURL(s.Logo),
	}
	if s.Generator != nil {
		feed.Generator = p.plain(s.Generator.Value, text.Plain)
	}
	p.borrowedHead(feed, s.Extensions)
	p.headExtensions(feed, s.Extensions)
	feed.Language = cmp.Or(feed.Language, elements.Kept(s.Extensions, "lang"))
	feed.Link = pickLink(feed.Links)
	return feed
}

func (p *parser) atomItem(e *atom.Entry) Item {
	item := Item{
		ID:           p.atomID(e.ID),
		Title:        p.plain(e.Title, text.Plain),
		Summary:      p.html(e.Summary, text.Plain),
		Links:        p.atomLinks(e.Links),
		Rights:       p.plain(e.Rights, text.Plain),
		Authors:      p.atomPeople(e.Authors),
		Contributors: p.atomPeople(e.Contributors),
		Tags:         p.atomTags(e.Categories),
		PublishedRaw: p.plain(e.Published, text.Plain),
		UpdatedRaw:   p.plain(e.Updated, text.Plain),
	}
	item.HasGUID = item.ID != ""
	if e.Source != nil {
		item.Source = p.atomHead(e.Source)
		item.Source.Format = "atom"
	}
	p.atomContent(&item, e.Content)
	p.atomEnclosures(&item, e.Links)
	p.borrowed(&item, e.Extensions)
	p.itemExtensions(&item, e.Extensions)
	item.Link = pickLink(item.Links)
	p.itemDates(&item)
	return item
}

// atomContent reads the content element. One with a src attribute stands for a
// file elsewhere (RFC 4287 §4.1.3.2).
func (p *parser) atomContent(item *Item, c *atom.Content) {
	switch {
	case c == nil:
	case c.Src != "" && (c.Type == "" || strings.HasPrefix(c.Type, "text/")):
		item.Links = p.addLink(item.Links, Link{Rel: "alternate", Href: c.Src, Type: c.Type})
	case c.Src != "":
		item.Enclosures = p.addEnclosure(item.Enclosures, Enclosure{URL: c.Src, Type: c.Type})
	default:
		item.Content = p.html(c.Value, text.Plain)
	}
}

func (p *parser) atomEnclosures(item *Item, links []*atom.Link) {
	for _, l := range links {
		if relation(l.Rel) == "enclosure" {
			item.Enclosures = p.addEnclosure(item.Enclosures, Enclosure{
				URL: l.Href, Type: l.Type, Title: text.FoldSpace(l.Title), Length: p.length(l.Length),
			})
		}
	}
}

// atomID returns an id verbatim: ids are opaque, and RFC 4287 §4.2.6 forbids to
// normalize them. Only a relative one, which the RFC forbids too, is resolved.
func (p *parser) atomID(s string) string {
	id := p.text(s, text.Plain)
	if strings.HasPrefix(id.Value, "/") {
		return text.Resolve(id.Base, id.Value)
	}
	return id.Value
}

func (p *parser) atomTags(categories []*atom.Category) []Tag {
	var tags []Tag
	for _, c := range categories {
		tags = p.addTag(tags, Tag{
			Term: c.Term, Scheme: strings.TrimPrefix(c.Scheme, markup.Verbatim), Label: c.Label,
		})
	}
	return tags
}

// addTag appends t, unless it has no term, is already listed or is one too many.
func (p *parser) addTag(tags []Tag, t Tag) []Tag {
	t.Term, t.Label = text.FoldSpace(t.Term), text.FoldSpace(t.Label)
	if t.Term == "" {
		t.Term = t.Label
	}
	if t.Term == "" || p.isFull(len(tags)) {
		return tags
	}
	for _, known := range tags {
		if known.Term == t.Term && known.Scheme == t.Scheme {
			return tags
		}
	}
	return append(tags, t)
}

// longestList is how many tags, links, files or people are read of an item or of a
// feed: each is compared with those before.
const longestList = 200

// isFull reports whether a list of n has no place for one more, and records it.
func (p *parser) isFull(n int) bool {
	if n < longestList {
		return false
	}
	p.problem("list-cut",
		"There are more than %d tags, links, files or people; the others were left out.", longestList)
	return true
}
