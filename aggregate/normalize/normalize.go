// Package normalize turns a parsed feed into items of the program's own words:
// ids, absolute URLs, plain text and sanitized HTML, UTC times that can be
// trusted. It keeps nothing and knows nothing of the store, so the same
// document at the same instant gives the same items.
package normalize

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
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

	// LooseIDs means that earlier documents of the source had one GUID, or one
	// link without a GUID, for several items.
	LooseIDs bool

	// Others has, by parse.Item.Index, when the items of the document that are not
	// in Feed were published, as Post.At was then; zero for those that are in it.
	// nil when all are.
	Others []time.Time
}

// Post is a normalized item with the plain text of its content, which the
// operator's words are looked for in.
type Post struct {
	Item  coranto.Item
	Text  string
	Index int       // parse.Item.Index
	At    time.Time // Item.Published before posts of one instant were set apart

	// Plain is the id that the item would have if the source's ids could be relied
	// on; zero when they can, or when there are none.
	Plain coranto.ItemID

	// Dated means that the source gave the time of publication. Anywhere means
	// that the link is the feed's home page and so says nothing of the post.
	Dated, Anywhere bool
}

// Result is what a document comes to.
type Result struct {
	Posts    []Post              // in document order, each ItemID once
	Credit   coranto.Attribution // what the feed says of itself
	Notes    []Note              // one for each item of the feed, in its order
	Problems []coranto.Problem   // of the document as a whole

	LooseIDs bool // the document's, or what was known before
}

// ListProblems lists what is wrong with a feed that was normalized whole, and with
// its items.
func (r *Result) ListProblems(feed *parse.Feed) []coranto.Problem {
	items := make([][]coranto.Problem, feed.Extent())
	for _, note := range r.Notes {
		items[note.Index] = note.Problems
	}
	return parse.ListProblems(slices.Concat(feed.Problems, r.Problems), items)
}

// Note is what there is to say of an item of the feed, whether it gave a post or
// not.
type Note struct {
	Index    int               // parse.Item.Index
	Problems []coranto.Problem // the parser's and the normalizer's, without a place

	// Again means that the same item may give another post the next time: its date
	// lies ahead, or the document has it twice.
	Again bool
}

// Feed normalizes a document. An item that has neither an id, a link nor any
// text is dropped with a problem; every other becomes a post.
func Feed(doc Document) Result {
	n := &normalizer{doc: doc, at: make(map[coranto.ItemID]place, len(doc.Feed.Items))}
	n.base, _ = url.Parse(cmp.Or(doc.URL, doc.Source.URL))
	n.home = bare(doc.Feed.Link)
	if n.base != nil {
		n.root = bare(n.base.Host)
	}
	n.identities()
	for i := range doc.Feed.Items {
		it := &doc.Feed.Items[i]
		n.result.Notes = append(n.result.Notes, Note{Index: it.Index, Problems: slices.Clone(it.Problems)})
		n.add(it)
	}
	n.spread()
	n.result.Credit = attribution(doc.Feed, n.base)
	n.result.Credit.Feed = cmp.Or(n.result.Credit.Feed, doc.Source.URL)
	return n.result
}

// normalizer carries one document through.
type normalizer struct {
	doc    Document
	base   *url.URL
	home   string // of the feed, bare
	root   string // of the feed's host, bare
	at     map[coranto.ItemID]place
	result Result
}

// place is where a post is.
type place struct{ post, note int }

// note is the note of the item in hand.
func (n *normalizer) note() *Note { return &n.result.Notes[len(n.result.Notes)-1] }

// post normalizes all of an item but its id.
func (n *normalizer) post(it *parse.Item) Post {
	out := coranto.Item{
		Source:       n.doc.Source.ID,
		GUID:         guid(it),
		Link:         sanitize.URL(address(it), n.base),
		Authors:      people(it.Authors),
		Contributors: people(it.Contributors),
		Language:     language(it.Language),
		Rights:       line(it.Rights, longRights),
		License:      sanitize.URL(it.License, n.base),
		Tags:         tags(it.Tags),
		Comments:     sanitize.URL(it.Comments, n.base),
	}
	text := n.text(it, &out)
	out.Enclosures = enclosures(it.Enclosures, n.base)
	out.Links = n.otherLinks(it, out.Link)
	out.Extensions, out.Members = n.extensions(it)
	out.Image = n.image(it, out.Image)
	out.Title = cmp.Or(n.title(it), sanitize.Excerpt(text, 80), out.Link, out.GUID)
	n.cuts(it)
	out.Origin = n.origin(it)
	n.dates(it, &out)
	dated := it.Published.Equal(out.Published) || it.Updated.Equal(out.Published)
	return Post{
		Item: out, Text: text, Index: it.Index, At: out.Published,
		Dated: dated, Anywhere: n.isHome(it.Link),
	}
}

// text fills Content, Summary and the image found in the content, and returns
// the content's plain text. A feed that gives only one text may call it summary
// or content: it is the content.
func (n *normalizer) text(it *parse.Item, out *coranto.Item) string {
	base := n.base
	if u, err := url.Parse(out.Link); err == nil && out.Link != "" {
		base = u
	}
	clean := sanitize.HTML(cmp.Or(it.Content, it.Summary), sanitize.Policy{Base: base})
	for _, p := range clean.Problems {
		n.problem(p.Code, p.Text)
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
func (n *normalizer) dates(it *parse.Item, out *coranto.Item) {
	seen := n.doc.Now.UTC().Add(-time.Duration(it.Index) * time.Millisecond)
	published := it.Published
	if published.IsZero() {
		published = it.Updated
	}
	if published.After(n.doc.Now) {
		n.problem("date-in-future", fmt.Sprintf("dated %s; the time of first sight is used",
			published.UTC().Format(time.RFC3339)))
		n.note().Again = true
		published = time.Time{}
	}
	if published.IsZero() {
		published = seen
	}
	out.Published = published.UTC()
	out.Updated = out.Published
	if it.Updated.After(n.doc.Now) {
		n.note().Again = true
	} else if it.Updated.After(published) {
		out.Updated = it.Updated.UTC()
	}
}

// spread sets posts of one instant a millisecond apart, in document order: dates
// without a time of day would otherwise leave the order to chance. The oldest
// keeps its instant, so that a later document with newer posts agrees.
func (n *normalizer) spread() {
	at := make(map[time.Time]int, len(n.result.Posts))
	next := len(n.doc.Others)
	for i := len(n.result.Posts) - 1; i >= 0; i-- {
		post := &n.result.Posts[i]
		for ; next > post.Index; next-- {
			at[n.doc.Others[next-1]]++
		}
		post.Item.Published = post.At.Add(time.Duration(at[post.At]) * time.Millisecond)
		post.Item.Updated = latest(post.Item.Updated, post.Item.Published)
		at[post.At]++
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// problem records something of the item in hand.
func (n *normalizer) problem(code, text string) {
	n.note().Problems = append(n.note().Problems, coranto.Problem{Code: code, Text: text})
}
