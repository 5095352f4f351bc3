package parse

import (
	"cmp"

	ext "github.com/mmcdole/gofeed/extensions"

	"github.com/coranto/coranto/aggregate/parse/elements"
	"github.com/coranto/coranto/aggregate/parse/markup"
	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

// Elements of RSS in an Atom document are read as they are meant there. What the
// element of Atom says counts more.

// borrowedFrom returns the elements of RSS called name.
func borrowedFrom(x ext.Extensions, name string) []ext.Extension {
	return elements.All(x, markup.RescuePrefix, markup.BorrowedPrefix+name)
}

// borrowedText returns the first element of RSS called name, as gofeed has it.
func borrowedText(x ext.Extensions, name string) string {
	return elements.First(x, markup.RescuePrefix+":"+markup.BorrowedPrefix+name)
}

// borrowed reads the elements of RSS that an entry has.
func (p *parser) borrowed(item *Item, x ext.Extensions) {
	p.noteBorrowed(x)
	item.ID = cmp.Or(item.ID, p.text(borrowedText(x, "guid"), text.Plain).Value)
	item.HasGUID = item.ID != ""
	item.Summary = cmp.Or(item.Summary, p.html(borrowedText(x, "description"), text.Loose))
	item.PublishedRaw = cmp.Or(item.PublishedRaw, p.plain(borrowedText(x, "pubdate"), text.Plain))
	item.Comments = cmp.Or(item.Comments, p.textURL(borrowedText(x, "comments")))
	item.Links = p.borrowedLinks(item.Links, x)
	for _, e := range borrowedFrom(x, "enclosure") {
		item.Enclosures = p.addEnclosure(item.Enclosures, Enclosure{
			URL: e.Attrs["url"], Type: e.Attrs["type"], Length: p.length(e.Attrs["length"]),
		})
	}
}

// borrowedHead reads the elements of RSS that a feed has.
func (p *parser) borrowedHead(feed *Feed, x ext.Extensions) {
	p.noteBorrowed(x)
	feed.Summary = cmp.Or(feed.Summary, p.html(borrowedText(x, "description"), text.Loose))
	feed.Links = p.borrowedLinks(feed.Links, x)
}

// borrowedLinks reads links that are texts.
func (p *parser) borrowedLinks(list []Link, x ext.Extensions) []Link {
	for _, e := range borrowedFrom(x, "link") {
		list = p.addLink(list, Link{Rel: "alternate", Href: p.textURL(e.Value)})
	}
	return list
}

func (p *parser) noteBorrowed(x ext.Extensions) {
	for _, name := range []string{"pubdate", "description", "link", "enclosure", "guid", "comments"} {
		if len(borrowedFrom(x, name)) > 0 {
			p.problem("element-of-rss",
				"The %s element is one of RSS and not of Atom; it was read as it is meant there.", name)
			return
		}
	}
}
