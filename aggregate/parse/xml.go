package parse

import (
	"fmt"

	"github.com/coranto/coranto/aggregate/parse/markup"
)

// parseXML reads an RSS, RDF or Atom document.
func (p *parser) parseXML(body []byte) (*Feed, error) {
	doc, err := markup.Read(body, p.base)
	if err != nil {
		return nil, err
	}
	switch doc.Root {
	case markup.RootNone:
		return nil, ErrNotFeed
	case markup.RootHTML:
		return nil, ErrHTML
	}
	if doc.Junk {
		p.problem("junk-before-root", "Something stood before the feed and was ignored.")
	}
	if doc.Renamed {
		p.problem("namespace-misspelt", "The namespace of Atom was misspelt and has been corrected.")
	}
	feed, err := p.delta(func() (*Feed, error) { return p.readXML(doc) })
	if err == nil && len(feed.Items) == 0 && len(feed.Marks) == 0 && (feed.Title == "" || doc.HasItems()) {
		return p.readLoose(doc, feed), nil
	}
	return feed, err
}

// readXML has gofeed read the skeleton of doc and translates it. What gofeed can't
// read is repaired and tried once more.
func (p *parser) readXML(doc *markup.Document) (*Feed, error) {
	p.markup, p.base, p.usual = doc, doc.Base, usualPrefixes(doc.Namespaces)
	plan := p.planXML(doc)
	doc.Lift(plan.skip)
	if kept := p.keepNewest(); kept != nil {
		plan.index = kept
	}
	if err := doc.Check(); err != nil {
		return nil, err
	}
	repaired := false
	feed, err := p.readSkeleton(doc.Skeleton)
	if err != nil {
		repaired = true
		var again error
		if feed, again = p.readSkeleton(doc.Repaired()); again != nil {
			return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
		}
		p.noteRepair(err)
	}
	p.takeNotes(feed)
	if n := doc.Items() - len(feed.Items); n > 0 && len(feed.Items) > 0 {
		p.problem("items-unread", "%d items stand where the format has none and were not read.", n)
	}
	if feed.Truncated = doc.Truncated; feed.Truncated {
		p.problem("truncated",
			"The document ends early; its %d whole items were read.", len(feed.Items))
	}
	if !plan.settle(feed) || repaired || doc.Unclosed > 0 || doc.Truncated {
		feed.Marks = nil
	}
	return feed, nil
}

func (p *parser) readSkeleton(skeleton []byte) (*Feed, error) {
	if p.markup.Root == markup.RootAtom {
		feed, err := readAtom(skeleton)
		if err != nil {
			return nil, err
		}
		return p.atomFeed(feed), nil
	}
	feed, err := readRSS(skeleton)
	if err != nil {
		return nil, err
	}
	return p.rssFeed(feed), nil
}

// readLoose reads a document again in which no item was found although there are
// some, without the namespaces that hide them. empty is what was found at first.
func (p *parser) readLoose(doc *markup.Document, empty *Feed) *Feed {
	problems := p.problems
	feed, err := p.readXML(doc.Loose())
	if err == nil && (len(feed.Items) > 0 || feed.Title != "" && empty.Title == "") {
		if doc.Root == markup.RootRSS && doc.HasEntries() {
			p.problem("entries-in-rss",
				"The items are entries of Atom in an RSS feed; they were read as items.")
		} else {
			p.problem("namespace-unknown",
				"The elements were in a wrong namespace and were read all the same.")
		}
		return feed
	}
	p.problems = problems
	if doc.HasItems() && !empty.Truncated {
		p.problem("items-unread", "The document has items, but none could be read.")
	}
	return empty
}
