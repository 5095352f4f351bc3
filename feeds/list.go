package feeds

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// List is one page of a scope for people: heads of items, newest first.
type List struct {
	Scope    Scope
	Title    string // of the category or source; the site's for the whole site
	Entries  []Entry
	Older    coranto.ItemID // begin the next page after this item; zero when there is none
	Modified time.Time
}

// Bounds of a page. Between the most there may be and the fewest of the first page
// a page ends where its items say so: see PageEnd.
const (
	pageFirst = 30  // the fewest items of the first page, when there are more
	pageMost  = 100 // the most items of any page

	// PageContext is the number of items on either side that decide whether a page
	// ends with an item.
	PageContext = 16
)

// PageEnd is the number of items of the page that begins at ids[start], at least 1.
// The list is in order and newest first; of it ids must hold the PageContext items
// before start and the pageMost+PageContext items from there on, where there are so
// many.
//
// A page ends with an item whose id is the smallest of all within PageContext items
// around it. So the ends are a matter of the items alone and not of how many are
// newer: whatever comes, goes or moves changes the pages near it, and no other.
func PageEnd(ids []coranto.ItemID, start int) int {
	fewest := 1
	if start == 0 {
		fewest = pageFirst
	}
	for n := fewest; n < pageMost; n++ {
		if smallest(ids, start+n-1) {
			return n
		}
	}
	return min(pageMost, len(ids)-start)
}

// PageAhead is the number of items from the beginning of a page that PageEnd needs.
const PageAhead = pageMost + PageContext

// smallest reports whether an id is smaller than its neighbors. One that has too few
// of them is not, so that what comes next to it later can't change the answer.
func smallest(ids []coranto.ItemID, at int) bool {
	if at < PageContext || at+PageContext >= len(ids) {
		return false
	}
	for i := at - PageContext; i <= at+PageContext; i++ {
		if i != at && string(ids[i][:]) < string(ids[at][:]) {
			return false
		}
	}
	return true
}

// List reads limit heads of a scope, those after an item or the newest when before
// is zero; a limit of 0 reads one page for people, see PageEnd. The error wraps
// ErrNotFound as that of Feed does, and also when there is no item before in the
// scope.
func (r *Reader) List(ctx context.Context, scope Scope, before coranto.ItemID, limit int) (*List, error) {
	about, err := r.about(ctx, scope)
	if err != nil {
		return nil, err
	}
	q := storage.Query{By: scope.By, Value: scope.Value, Limit: limit, Heads: true}
	if limit == 0 {
		q.Limit = PageAhead
	}
	if !before.IsZero() {
		rec, err := r.record(ctx, before)
		if err != nil {
			return nil, err
		}
		if !scope.holds(rec) {
			return nil, fmt.Errorf("item %s in %s: %w", before, scope.Path(), ErrNotFound)
		}
		q.Before = rec.Order()
	}
	page, err := r.store.Latest(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("read items of %s: %w", scope.Path(), err)
	}
	if limit == 0 {
		if err := r.cutPage(ctx, q, before, &page); err != nil {
			return nil, err
		}
	}
	entries, err := r.entries(ctx, page.Records)
	if err != nil {
		return nil, err
	}
	list := &List{Scope: scope, Title: about.title, Entries: entries, Modified: page.Modified}
	if page.More && len(entries) > 0 {
		list.Older = entries[len(entries)-1].Item.ID
	}
	return list, nil
}

// cutPage leaves of what q found the page that begins after an item.
func (r *Reader) cutPage(
	ctx context.Context, q storage.Query, before coranto.ItemID, page *storage.Page,
) error {
	var ids []coranto.ItemID
	if !before.IsZero() {
		q.After, q.Before, q.Limit = q.Before, storage.OrderKey{}, PageContext-1
		newer, err := r.store.Latest(ctx, q)
		if err != nil {
			return fmt.Errorf("read items around %s: %w", before, err)
		}
		ids = append(idsOf(newer.Records), before)
	}
	start := len(ids)
	n := PageEnd(append(ids, idsOf(page.Records)...), start)
	page.More = page.More || n < len(page.Records)
	page.Records = page.Records[:n]
	return nil
}

func idsOf(records []storage.Record) []coranto.ItemID {
	ids := make([]coranto.ItemID, len(records))
	for i := range records {
		ids[i] = records[i].ID
	}
	return ids
}

// holds reports whether an item belongs in the scope.
func (s Scope) holds(rec *storage.Record) bool {
	switch s.By {
	case storage.ByCategory:
		return slices.Contains(rec.Categories, coranto.Slug(s.Value))
	case storage.BySource:
		return rec.Source == coranto.SourceID(s.Value)
	}
	return true
}
