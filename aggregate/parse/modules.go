package parse

import (
	"cmp"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"github.com/coranto/coranto/aggregate/parse/byline"
	"github.com/coranto/coranto/aggregate/parse/date"
	"github.com/coranto/coranto/aggregate/parse/elements"
	"github.com/coranto/coranto/aggregate/parse/markup"
	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

// plainOf returns the first of the named elements of x as plain text.
func (p *parser) plainOf(x ext.Extensions, names ...string) string {
	return p.plain(elements.First(x, names...), text.Loose)
}

// htmlOf returns the first of the named elements of x as HTML.
func (p *parser) htmlOf(x ext.Extensions, names ...string) string {
	return p.html(elements.First(x, names...), text.Loose)
}

// idOf returns the id that Atom or RDF gives in another format.
func (p *parser) idOf(x ext.Extensions) string {
	return cmp.Or(p.text(elements.First(x, "atom:id"), text.Plain).Value, elements.Kept(x, "about"))
}

// headExtensions fills what a feed says by elements of other vocabularies, in any
// format.
func (p *parser) headExtensions(feed *Feed, x ext.Extensions) {
	if len(x) == 0 {
		return
	}
	p.rename(x)
	feed.Links = p.atomExtensionLinks(feed.Links, x)
	feed.Title = cmp.Or(feed.Title, p.plainOf(x, "atom:title", "dc:title", "dcterms:title"))
	feed.Summary = cmp.Or(feed.Summary, p.htmlOf(x, "itunes:summary", "dc:description",
		markup.RescuePrefix+":tagline", markup.RescuePrefix+":info", "itunes:subtitle"))
	feed.Language = cmp.Or(feed.Language, p.plainOf(x, "dc:language", "dcterms:language"),
		elements.Kept(x, "lang"))
	feed.Rights = cmp.Or(feed.Rights,
		p.plainOf(x, "dc:rights", "dcterms:rights", "atom:rights", "media:copyright"))
	feed.ID = cmp.Or(feed.ID, p.idOf(x))
	feed.License = p.license(feed.Links, x)
	feed.Links = p.addLink(feed.Links, Link{Rel: "license", Href: feed.License})
	feed.Generator = cmp.Or(feed.Generator, p.extensionGenerator(x))
	if feed.Updated.IsZero() {
		feed.Updated = p.date(elements.First(x, "dcterms:modified", "atom:updated", "dc:date"), "updated")
	}
	if feed.Published.IsZero() {
		feed.Published = p.date(p.plainOf(x, "dcterms:issued", markup.RescuePrefix+":published",
			markup.RescuePrefix+":issued", markup.RescuePrefix+":pubdate", "atom:published",
			"dcterms:created", markup.RescuePrefix+":created"), "published")
	}
	if feed.Contributors == nil {
		feed.Contributors = p.people(elements.Values(x, "dc:contributor", "dcterms:contributor")...)
	}
	if feed.Authors == nil {
		feed.Authors = p.extensionAuthors(x)
	}
	feed.Tags = p.extensionTags(feed.Tags, x)
	feed.Logo = cmp.Or(feed.Logo, p.extensionLogo(x))
	feed.Icon = cmp.Or(feed.Icon, p.textURL(elements.First(x, "webfeeds:icon")))
	feed.Hints = feedHints(x)
}

// license returns the first license named by link or by Creative Commons.
func (p *parser) license(links []Link, x ext.Extensions) string {
	if l := firstRel(links, "license"); l != "" {
		return l
	}
	named := elements.First(x, "creativeCommons:license", "cc:license", "media:license", "podcast:license")
	if text.IsWebURL(named) {
		return named
	}
	for _, at := range [][3]string{
		{"cc", "license", "resource"}, {"cc", "licence", "resource"},
		{"media", "license", "href"}, {"podcast", "license", "url"},
	} {
		for _, e := range elements.All(x, at[0], at[1]) {
			if text.IsWebURL(e.Attrs[at[2]]) {
				return e.Attrs[at[2]]
			}
		}
	}
	return ""
}

// extensionGenerator returns the program that admin:generatorAgent names by its URL.
func (p *parser) extensionGenerator(x ext.Extensions) string {
	for _, e := range elements.All(x, "admin", "generatorAgent") {
		if u := p.webURL(e.Attrs["resource"]); u != "" {
			return u
		}
	}
	return ""
}

func (p *parser) extensionLogo(x ext.Extensions) string {
	for _, e := range elements.All(x, "itunes", "image") {
		if u := p.textURL(cmp.Or(e.Attrs["href"], e.Attrs["url"], e.Value)); u != "" {
			return u
		}
	}
	for _, e := range elements.All(x, "itunes", "link") {
		if u := p.webURL(e.Attrs["href"]); u != "" && e.Attrs["rel"] == "image" {
			return u
		}
	}
	for _, e := range elements.All(x, "media", "thumbnail") {
		if u := p.webURL(e.Attrs["url"]); u != "" {
			return u
		}
	}
	return ""
}

// itemExtensions fills what an item says by elements of other vocabularies, in
// any format.
func (p *parser) itemExtensions(item *Item, x ext.Extensions) {
	if len(x) > 0 {
		p.noteRepeated(x)
		p.rename(x)
		p.itemTexts(item, x)
		p.rdfFiles(item, x)
		p.media(item, x)
		p.podcast(item, x)
		p.passThrough(item, x)
	}
	item.License = p.license(item.Links, x)
	item.Links = p.addLink(item.Links, Link{Rel: "license", Href: item.License})
}

// contentItem returns the text of the first content:item, as the content module of
// RSS 1.0 first had it.
func (p *parser) contentItem(x ext.Extensions) string {
	for _, items := range elements.All(x, "content", "items") {
		at := []ext.Extension{items}
		for _, step := range []string{"Bag", "li", "item"} {
			if len(at) > 0 {
				at = at[0].Children[step]
			}
		}
		for _, e := range at {
			return p.html(cmp.Or(elements.Child(e, "value"), elements.Child(e, "encoded")), text.Loose)
		}
	}
	return ""
}

func (p *parser) itemTexts(item *Item, x ext.Extensions) {
	item.ID = cmp.Or(item.ID, p.idOf(x))
	item.HasGUID = item.ID != ""
	item.Title = cmp.Or(item.Title,
		p.plainOf(x, "dc:title", "media:title", "itunes:title", "atom:title"), p.mediaTitle(x))
	item.Content = cmp.Or(item.Content, p.htmlOf(x, "content:encoded",
		markup.RescuePrefix+":description", markup.RescuePrefix+":content",
		"xhtml:body", "xhtml:div", "atom:content", "atom03:content"), p.contentItem(x))
	item.Summary = cmp.Or(item.Summary, p.htmlOf(x, "dc:description", "itunes:summary",
		"atom:summary", "media:description", "itunes:subtitle"))
	item.Rights = cmp.Or(item.Rights,
		p.plainOf(x, "dc:rights", "dcterms:rights", "atom:rights", "media:copyright"))
	item.Language = cmp.Or(item.Language, p.plainOf(x, "dc:language", "dcterms:language"),
		elements.Kept(x, "lang"))
	item.PublishedRaw = cmp.Or(item.PublishedRaw, p.plainOf(x, "dcterms:issued",
		"dcterms:created", "atom:published", "atom03:issued", markup.RescuePrefix+":created"))
	item.UpdatedRaw = cmp.Or(item.UpdatedRaw,
		p.plainOf(x, "dcterms:modified", "atom:updated", "atom03:modified", "dc:date"))
	if item.Summary == "" && item.Content == "" {
		item.Summary = p.mediaDescription(x)
	}
	if item.Authors == nil {
		item.Authors = p.extensionAuthors(x)
	}
	if item.Contributors == nil {
		item.Contributors = append(p.people(elements.Values(x, "dc:contributor", "dcterms:contributor")...),
			p.atomExtensionPeople(elements.Atom(x, "contributor"))...)
	}
	item.Comments = cmp.Or(item.Comments, p.webURL(elements.First(x, "wfw:comment")))
	item.Tags = p.extensionTags(item.Tags, x)
}

// extensionAuthors returns the people of the first vocabulary that names any.
func (p *parser) extensionAuthors(x ext.Extensions) []Person {
	if people := p.atomExtensionPeople(elements.Atom(x, "author")); people != nil {
		return people
	}
	for _, name := range []string{
		"dc:creator", "dcterms:creator", "dc:author", "itunes:author", "media:credit",
	} {
		if people := p.people(elements.Values(x, name)...); people != nil {
			return people
		}
	}
	return p.owner(x)
}

// owner reads itunes:owner, which holds a name and an address.
func (p *parser) owner(x ext.Extensions) []Person {
	for _, e := range elements.All(x, "itunes", "owner") {
		person := Person{Name: p.child(e, "name"), Email: byline.Email(p.child(e, "email"))}
		if person != (Person{}) {
			return []Person{person}
		}
	}
	return nil
}

// extensionTags adds the labels of Dublin Core, Media RSS and iTunes.
func (p *parser) extensionTags(tags []Tag, x ext.Extensions) []Tag {
	for _, subject := range elements.Values(x, "dc:subject", "dcterms:subject") {
		tags = p.addTag(tags, Tag{Term: p.plain(subject, text.Loose)})
	}
	for _, c := range elements.Atom(x, "category") {
		tags = p.addTag(tags,
			Tag{Term: c.Attrs["term"], Scheme: c.Attrs["scheme"], Label: c.Attrs["label"]})
	}
	for _, c := range elements.All(x, "media", "category") {
		scheme := cmp.Or(c.Attrs["scheme"], "http://search.yahoo.com/mrss/category_schema")
		term := p.plain(c.Value, text.Loose)
		tags = p.addTag(tags, Tag{Term: term, Scheme: scheme, Label: c.Attrs["label"]})
	}
	tags = p.itunesTags(tags, elements.All(x, "itunes", "category"))
	for keyword := range strings.SplitSeq(p.plainOf(x, "itunes:keywords"), ",") {
		tags = p.addTag(tags, Tag{Term: keyword, Scheme: itunesScheme})
	}
	return tags
}

const itunesScheme = "http://www.itunes.com/"

func (p *parser) itunesTags(tags []Tag, categories []ext.Extension) []Tag {
	for _, c := range categories {
		tags = p.addTag(tags, Tag{Term: c.Attrs["text"], Scheme: itunesScheme})
		tags = p.itunesTags(tags, c.Children["category"])
	}
	return tags
}

// podcast reads the iTunes elements that an item's own fields have a place for.
func (p *parser) podcast(item *Item, x ext.Extensions) {
	if len(item.Enclosures) > 0 {
		first := &item.Enclosures[0]
		first.Duration = cmp.Or(first.Duration, date.ReadDuration(elements.First(x, "itunes:duration")))
	}
	for _, e := range elements.All(x, "itunes", "image") {
		p.setImage(item, map[string]string{"url": e.Attrs["href"]})
	}
}

// child returns the plain text of e's first child called name.
func (p *parser) child(e ext.Extension, name string) string {
	return p.plain(elements.Child(e, name), text.Plain)
}
