package parse

import (
	"encoding/json"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/parse/jsondoc"
	"github.com/coranto/coranto/internal/vocabulary"
)

// jsonMembers gives the items their extensions, which gofeed drops. body is what feed
// was read from. It is decoded a second time only where it may have extensions, and
// what does not decode as a list of items has none: gofeed has told what is wrong.
func (p *parser) jsonMembers(feed *Feed, body []byte) {
	items := jsondoc.Members(body)
	if len(items) != len(feed.Items) {
		return // there are none, or items were left out as too many, nobody can say which
	}
	for i, members := range items {
		p.itemMembers(&feed.Items[i], members)
	}
}

// itemMembers gives an item what its members say. Where _extensions is not of our
// form, it is another program's and nobody's loss.
func (p *parser) itemMembers(item *Item, members map[string]string) {
	document := p.problems
	p.problems = item.Problems
	defer func() { item.Problems, p.problems = p.problems, document }()
	if elements, ok := members["_extensions"]; ok {
		var own struct{ Elements []coranto.Extension }
		if json.Unmarshal([]byte(elements), &own) == nil {
			p.keepExtensions(item, own.Elements)
		}
	}
	if c, ok := jsondoc.ReadCredit(members["_source"]); ok {
		p.jsonCredit(item, &c)
	}
	var lost int
	if item.Members, lost = vocabulary.Members(members); lost > 0 {
		p.problem("members-cut", "%d extensions of the item were too long or not in form and "+
			"were left out.", lost)
	}
}

func (p *parser) jsonCredit(item *Item, c *jsondoc.Credit) {
	item.Rights, item.License = c.Rights, p.webURL(c.License)
	links := p.addLink(nil, Link{Rel: "self", Href: c.Feed})
	links = p.addLink(links, Link{Rel: "alternate", Href: c.Home})
	item.Source = &Feed{
		Format: "json", ID: c.ID, Title: c.Title, Link: pickLink(links), Links: links,
		Language: c.Language, Icon: p.webURL(c.Icon),
	}
}
