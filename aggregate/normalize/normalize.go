// Package normalize turns a parsed feed into items of the program's own words:
// ids, absolute URLs, plain text and sanitized HTML, UTC times that can be
// trusted. It keeps nothing and knows nothing of the store, so the same
// document at the same instant gives the same items.
package normalize

import (
	"cmp"
	"fmt"
	"net/url"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/parse"
	"github.com/coranto/coranto/aggregate/sanitize"
)

// excerptLength is how many characters of text a summary keeps.
const excerptLength = 280

// Document is a parsed feed with what is known of its arrival.
type Document struct {
	Source coranto.Source
	Feed   *parse.Feed
	URL    string    // where it was read from, after redirects
	Now    time.Time // when: no item is published later than that

	// LooseGUIDs means that earlier documents of the source had one GUID for
	// several items.
	LooseGUIDs bool
}

// Post is a normalized item with the plain text of its content, which the
// operator's words are looked for in.
type Post struct {
	Item coranto.Item
	Text string

	// PlainID is the id that the post would have if GUIDs of its source could
	// be relied on; zero where they can, or it has none.
	PlainID coranto.ItemID
}

// Result is what a document comes to.
type Result struct {
	Posts    []Post              // in document order, each ItemID once
	Credit   coranto.Attribution // what the feed says of itself
	Problems []coranto.Problem

	LooseGUIDs bool // the document's, or what was known before
}

// Feed normalizes a document. An item that has neither an id, a link nor any
// text is dropped with a problem; every other becomes a post.
func Feed(doc Document) Result {
	n := &normalizer{doc: doc, at: make(map[coranto.ItemID]int, len(doc.Feed.Items))}
	n.base, _ = url.Parse(cmp.Or(doc.URL, doc.Source.URL))
	n.identities()
	for i := range doc.Feed.Items {
		n.add(i, &doc.Feed.Items[i])
	}
	n.result.Credit = attribution(doc.Feed, n.base)
	n.result.Credit.Feed = cmp.Or(n.result.Credit.Feed, doc.Source.URL)
	return n.result
}

// normalizer carries one document through.
type normalizer struct {
	doc    Document
	base   *url.URL
	at     map[coranto.ItemID]int // index in result.Posts
	result Result
}

// identities finds out whether GUIDs tell posts apart: they do not when one has
// different links and titles (B25). That a document has no such pair means
// nothing, so what was known before stays.
func (n *normalizer) identities() {
	n.result.LooseGUIDs = n.doc.LooseGUIDs
	first := make(map[string]*parse.Item, len(n.doc.Feed.Items))
	for i := range n.doc.Feed.Items {
		it := &n.doc.Feed.Items[i]
		if !it.HasGUID {
			continue
		}
		other, seen := first[it.ID]
		if !seen {
			first[it.ID] = it
			continue
		}
		if other.Link != it.Link && other.Title != it.Title {
			n.result.LooseGUIDs = true
			n.problem("guid-repeated", 0, "several items share one id; they are told apart by their links")
			return
		}
	}
}

// identity is what the item's id is derived from: the GUID, the link or, where
// both are missing, the title with the raw date. "" means there is nothing.
func (n *normalizer) identity(it *parse.Item) string {
	switch {
	case it.HasGUID && n.result.LooseGUIDs:
		return it.ID + "\x00" + it.Link
	case it.HasGUID:
		return it.ID
	case it.Link != "":
		return it.Link
	case it.Title != "" || it.Content != "" || it.Summary != "":
		return cmp.Or(it.Title, it.Content, it.Summary) + "\x00" + cmp.Or(it.PublishedRaw, it.UpdatedRaw)
	}
	return ""
}

// add appends one item. Of two with the same id the later update wins (B27).
func (n *normalizer) add(i int, it *parse.Item) {
	identity := n.identity(it)
	if identity == "" {
		n.problem("item-empty", i+1, "the item has no id, no link and no text; it was left out")
		return
	}
	post := n.post(i, it)
	post.Item.ID = coranto.NewItemID(n.doc.Source.ID, identity)
	if it.HasGUID && n.result.LooseGUIDs {
		post.PlainID = coranto.NewItemID(n.doc.Source.ID, it.ID)
	}
	k, seen := n.at[post.Item.ID]
	if !seen {
		n.at[post.Item.ID] = len(n.result.Posts)
		n.result.Posts = append(n.result.Posts, post)
		return
	}
	if post.Item.Updated.After(n.result.Posts[k].Item.Updated) {
		n.result.Posts[k] = post
	}
}

// post normalizes all of an item but its id.
func (n *normalizer) post(i int, it *parse.Item) Post {
	out := coranto.Item{
		Source:       n.doc.Source.ID,
		GUID:         guid(it),
		Link:         sanitize.URL(it.Link, n.base),
		Authors:      people(it.Authors),
		Contributors: people(it.Contributors),
		Language:     language(it.Language),
		Rights:       sanitize.Line(it.Rights),
		License:      sanitize.URL(it.License, n.base),
		Tags:         tags(it.Tags),
		Comments:     sanitize.URL(it.Comments, n.base),
	}
	text := n.text(i, it, &out)
	out.Enclosures = enclosures(it.Enclosures, n.base)
	out.Links = n.otherLinks(it, out.Link)
	out.Image = n.image(it, out.Image)
	out.Title = cmp.Or(sanitize.Line(it.Title), sanitize.Excerpt(text, 80), out.Link, out.GUID)
	if it.Source != nil {
		origin := attribution(it.Source, n.base)
		out.Origin = &origin
	}
	n.dates(i, it, &out)
	return Post{Item: out, Text: text}
}

// text fills Content, Summary and the image found in the content, and returns
// the content's plain text. A feed that gives only one text may call it summary
// or content: it is the content.
func (n *normalizer) text(i int, it *parse.Item, out *coranto.Item) string {
	base := n.base
	if u, err := url.Parse(out.Link); err == nil && out.Link != "" {
		base = u
	}
	clean := sanitize.HTML(cmp.Or(it.Content, it.Summary), sanitize.Policy{Base: base})
	for _, p := range clean.Problems {
		n.problem(p.Code, i+1, p.Text)
	}
	out.Content, out.Image = clean.HTML, clean.Image
	text := clean.Text
	if it.Content != "" && it.Summary != "" {
		text = cmp.Or(sanitize.Text(it.Summary), text)
	}
	out.Summary = sanitize.Excerpt(text, excerptLength)
	return clean.Text
}

// dates sets Published and Updated. A date in the future is one nobody can
// trust, and a missing one none at all: both become the moment of first sight,
// a millisecond apart so that the document's order survives.
func (n *normalizer) dates(i int, it *parse.Item, out *coranto.Item) {
	seen := n.doc.Now.UTC().Add(-time.Duration(i) * time.Millisecond)
	published := it.Published
	if published.IsZero() {
		published = it.Updated
	}
	if published.After(n.doc.Now) {
		n.problem("date-in-future", i+1, fmt.Sprintf("dated %s; the time of first sight is used",
			published.UTC().Format(time.RFC3339)))
		published = time.Time{}
	}
	if published.IsZero() {
		published = seen
	}
	out.Published = published.UTC()
	out.Updated = out.Published
	if it.Updated.After(published) && !it.Updated.After(n.doc.Now) {
		out.Updated = it.Updated.UTC()
	}
}

func (n *normalizer) problem(code string, item int, text string) {
	p := coranto.Problem{Code: code, Text: text}
	if item > 0 {
		p.Place = fmt.Sprintf("item %d", item)
	}
	n.result.Problems = append(n.result.Problems, p)
}
