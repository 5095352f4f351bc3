package normalize

import (
	"cmp"
	"strings"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/parse"
)

// identities finds out whether GUIDs and links tell posts apart. That a document
// shows nothing against them means little, so what was known before stays.
func (n *normalizer) identities() {
	n.result.LooseIDs = n.doc.LooseIDs
	seen := make(map[string]*sharers, len(n.doc.Feed.Items))
	for i := range n.doc.Feed.Items {
		it := &n.doc.Feed.Items[i]
		id, guid := n.plain(it)
		if id == "" {
			continue
		}
		s := seen[id]
		if s == nil {
			s = &sharers{first: it, titles: make(map[string]bool, 1)}
			seen[id] = s
		}
		if s.add(it, guid) && !n.result.LooseIDs {
			n.result.LooseIDs = true
			n.result.Problems = append(n.result.Problems, coranto.Problem{
				Code: "ids-repeated",
				Text: "several items share one id; they are told apart by link and title",
			})
		}
	}
}

// sharers are the items of a document that have one GUID, or one link.
type sharers struct {
	first  *parse.Item
	titles map[string]bool
}

// add takes in an item and reports whether these can't all be one post: without a
// GUID when the titles differ, with one when the links do too (B25). Two titles
// under one GUID and link are two states of one post (B27), three are not.
func (s *sharers) add(it *parse.Item, guid bool) bool {
	s.titles[it.Title] = true
	switch {
	case len(s.titles) == 1:
		return false
	case !guid:
		return true
	}
	return it.Link != s.first.Link || len(s.titles) > 2
}

// plain is what a source tells its posts apart by: the GUID, or the link where
// there is none. The feed's own home page stands for no post. "" means that there
// is neither.
func (n *normalizer) plain(it *parse.Item) (id string, guid bool) {
	switch {
	case it.HasGUID && !n.isHome(it.ID):
		return it.ID, true
	case !n.isHome(it.Link):
		return it.Link, false
	}
	return "", false
}

// identity is what the item's id is derived from: what tells it apart, with link
// and title where that does not, else the title with the raw date. "" means that
// there is nothing.
func (n *normalizer) identity(it *parse.Item) string {
	title := cmp.Or(it.Title, it.Content, it.Summary)
	plain, _ := n.plain(it)
	switch {
	case plain != "" && n.result.LooseIDs:
		return plain + "\x00" + it.Link + "\x00" + it.Title
	case plain != "":
		return plain
	case title != "":
		return title + "\x00" + cmp.Or(it.PublishedRaw, it.UpdatedRaw)
	}
	return cmp.Or(it.ID, it.Link)
}

// isHome reports the feed's home page and the root of its host, whatever the
// scheme.
func (n *normalizer) isHome(address string) bool {
	b := bare(address)
	return b != "" && (b == n.home || b == n.root)
}

// bare is an address without what never tells two pages apart.
func bare(address string) string {
	if _, rest, found := strings.Cut(address, "://"); found {
		address = rest
	}
	address, _, _ = strings.Cut(address, "#")
	return strings.ToLower(strings.TrimSuffix(address, "/"))
}

// add appends one item. Of two with the same id the later update wins (B27).
func (n *normalizer) add(it *parse.Item) {
	identity := n.identity(it)
	if identity == "" {
		n.problem("item-empty", "the item has no id, no link and no text; it was left out")
		return
	}
	post := n.post(it)
	post.Item.ID = coranto.NewItemID(n.doc.Source.ID, identity)
	if plain, _ := n.plain(it); plain != "" && n.result.LooseIDs {
		post.Plain = coranto.NewItemID(n.doc.Source.ID, plain)
	}
	first, seen := n.at[post.Item.ID]
	if !seen {
		n.at[post.Item.ID] = place{len(n.result.Posts), len(n.result.Notes) - 1}
		n.result.Posts = append(n.result.Posts, post)
		return
	}
	n.problem("item-repeated", "the document has this item twice; the later update is used")
	n.note().Again, n.result.Notes[first.note].Again = true, true
	if post.Item.Updated.After(n.result.Posts[first.post].Item.Updated) {
		post.Index = n.result.Posts[first.post].Index
		n.result.Posts[first.post] = post
	}
}
