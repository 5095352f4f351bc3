package parse

import (
	"bytes"
	"errors"
	"fmt"
)

// parseXML reads an RSS, RDF or Atom document.
func (p *parser) parseXML(body []byte) (*Feed, error) {
	if err := guard(body); err != nil {
		return nil, err
	}
	head := readProlog(body)
	switch head.root {
	case rootNone:
		return nil, ErrNotFeed
	case rootHTML:
		return nil, ErrHTML
	}
	if head.junk {
		p.problem("junk-before-root", "", "Something stood before the feed and was ignored.")
	}
	body = p.wrapRoot(body[head.start:], &head)
	feed, err := p.readXML(body, head)
	if err == nil && len(feed.Items) == 0 && (feed.Title == "" || hasItems(body)) {
		return p.readLoose(body, head)
	}
	return feed, err
}

// wrapRoot gives documents that lack their outermost element one, and corrects
// the namespace of Atom where it is misspelt.
func (p *parser) wrapRoot(body []byte, head *prolog) []byte {
	switch head.root {
	case rootEntry:
		head.root = rootAtom
		return bytes.Join([][]byte{[]byte(`<feed xmlns="` + atomNamespace + `">`), body, []byte("</feed>")}, nil)
	case rootChannel:
		head.root = rootRSS
		return bytes.Join([][]byte{[]byte("<rss>"), body, []byte("</rss>")}, nil)
	}
	fixed, changed := fixNamespaces(body, head.root)
	if changed {
		p.problem("namespace-misspelt", "", "The namespace of Atom was misspelt and has been corrected.")
	}
	return fixed
}

// readXML lifts the texts out, has gofeed read the rest and translates it. What
// gofeed can't read is repaired and tried once more.
func (p *parser) readXML(body []byte, head prolog) (*Feed, error) {
	p.base = rootBase(p.base, body)
	p.lifted = lift(body, head, p.base)
	doc := p.keepNewest(p.lifted)
	feed, err := p.readDocument(doc, head.root)
	if err != nil {
		var again error
		if feed, again = p.readDocument(repair(doc, head.entities), head.root); again != nil {
			return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
		}
		p.problem("repaired", "", "The document is not well-formed and was repaired: %v.", err)
	}
	if p.lifted.unclosed > 0 {
		p.problem("loose-markup", "", "%d elements were not opened or closed as they should.", p.lifted.unclosed)
	}
	if feed.Truncated = p.lifted.truncated; feed.Truncated {
		p.problem("truncated", "", "The document ends early; its %d whole items were read.", len(feed.Items))
	}
	return feed, nil
}

func (p *parser) readDocument(doc []byte, root rootKind) (*Feed, error) {
	if root == rootAtom {
		feed, err := readAtom(doc)
		if err != nil {
			return nil, err
		}
		return p.atomFeed(feed), nil
	}
	feed, err := readRSS(doc)
	if err != nil {
		return nil, err
	}
	return p.rssFeed(feed), nil
}

// readLoose reads a document again in which no item was found although there are
// some, without the namespaces that hide them.
func (p *parser) readLoose(body []byte, head prolog) (*Feed, error) {
	problems := p.problems
	feed, err := p.readXML(dropNamespaces(body), head)
	if err != nil || len(feed.Items) == 0 && feed.Title == "" {
		p.problems = problems
		if hasItems(body) {
			p.problem("items-unread", "", "The document has items, but none could be read.")
		}
		if err != nil {
			return nil, errors.Join(ErrMalformed, err)
		}
		return feed, nil
	}
	p.problem("namespace-unknown", "", "The items were in a wrong namespace and were read all the same.")
	return feed, nil
}

func hasItems(b []byte) bool {
	return bytes.Contains(b, []byte("<item")) || bytes.Contains(b, []byte("<entry")) ||
		bytes.Contains(b, []byte(":item")) || bytes.Contains(b, []byte(":entry"))
}
