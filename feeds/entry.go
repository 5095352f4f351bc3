package feeds

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/internal/vocabulary"
	"github.com/coranto/coranto/storage"
)

// entry composes one record of a source.
func (r *Reader) entry(rec *storage.Record, src storage.SourceRecord) Entry {
	e := Entry{
		Item:    rec.Item,
		EntryID: r.entryID(rec),
		Credit:  src.Attribution(),
		Page:    r.site.Absolute(ItemPath(rec.Item.ID)),
		Changed: rec.Changed,
		Seq:     rec.Seq,
	}
	if rec.Origin != nil && rec.Origin.Title != "" {
		e.Credit, e.Via = *rec.Origin, e.Credit
	}
	e.Language = cmp.Or(e.Language, src.Attribution().Language)
	e.Rights = cmp.Or(e.Rights, e.Credit.Rights)
	e.License = cmp.Or(e.License, e.Credit.License)
	if len(e.Authors) == 0 {
		e.Authors = authorsOf(e.Credit)
	}
	cut(&e.Item, src.Republish)
	e.NoIndex = e.Content != "" && !src.Index
	if !r.site.NoCredit {
		e.CreditHTML = CreditLine(cmp.Or(src.Credit, r.site.Credit), &e)
	}
	return e
}

// entryID is the permanent id of an item in our feeds. A republisher must not
// change an IRI (RFC 4287 §4.2.6); what is none, what another source used first
// and what does not tell the source's own items apart give way to an id minted
// from our own stable ItemID.
func (r *Reader) entryID(rec *storage.Record) string {
	return r.idOf(rec.Item.ID, rec.Source, rec.GUID, rec.DupGUID)
}

func (r *Reader) idOf(id coranto.ItemID, source coranto.SourceID, guid string, dup bool) string {
	own := coranto.NewItemID(source, guid) == id
	if own && !dup && IsID(guid) {
		return guid
	}
	return r.site.MintID("item/" + id.String())
}

// deletionsKept is how many entries that were taken down a feed tells of.
const deletionsKept = 50

// deleted are the entries of a scope that the operator took down, newest first, under
// the ids that they were published with (S37). What retention removes is no deletion:
// readers keep it.
func (r *Reader) deleted(ctx context.Context, scope Scope) (list []Deletion, err error) {
	q := storage.TombstoneQuery{By: scope.By, Value: scope.Value, Limit: deletionsKept}
	page, err := r.store.Tombstones(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("read what was taken down from %s: %w", scope.Path(), err)
	}
	for i := range page.Tombstones {
		t := &page.Tombstones[i]
		list = append(list, Deletion{r.idOf(t.ID, t.Source, t.GUID, t.DupGUID), t.At})
	}
	return list, nil
}

// authorsOf names someone for an item that names nobody: the feed's authors,
// else the publication itself (RFC 4287 §4.1.1 wants an author).
func authorsOf(c coranto.Attribution) []coranto.Person {
	if len(c.Authors) > 0 {
		return c.Authors
	}
	return []coranto.Person{{Name: c.Title, URI: c.Link}}
}

// cut leaves of an item what may be republished. What the members of a JSON Feed
// hold nobody knows, so they go with the text. Files that are pictures go with the
// picture.
func cut(it *coranto.Item, mode coranto.Republish) {
	it.Extensions = vocabulary.Cut(it.Extensions, mode)
	switch mode {
	case coranto.RepublishExcerpt:
		it.Content, it.Members = "", nil
	case coranto.RepublishTitle:
		it.Content, it.Summary, it.Image, it.Members = "", "", coranto.Image{}, nil
		it.Enclosures = slices.DeleteFunc(slices.Clone(it.Enclosures), isPicture)
	}
}

func isPicture(f coranto.Enclosure) bool {
	return strings.HasPrefix(strings.ToLower(f.Type), "image/")
}
