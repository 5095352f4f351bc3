package feeds

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/coranto/coranto/feeds/archive"
	"github.com/coranto/coranto/storage"
)

// list is a scope as its ledger calls it. A category that got another name keeps the
// ledger of its first, as its feed keeps the id.
func (r *Reader) list(scope Scope) archive.List {
	return archive.List{By: scope.By, Value: scope.Value, Name: r.firstScope(scope).Path()}
}

// archived archives what a scope's feed does not show, and returns the number of the
// newest document that holds something; 0 when there is none.
func (r *Reader) archived(ctx context.Context, scope Scope, shown []storage.Record) (int, error) {
	list := r.list(scope)
	seqs := make(map[uint64]bool, len(shown))
	for i := range shown {
		seqs[shown[i].Seq] = true
	}
	newest, err := r.ledger.Close(ctx, list, seqs)
	if err != nil {
		return 0, err
	}
	return r.ledger.Before(ctx, list, newest+1)
}

// Archived composes an archived document of a scope's feed (RFC 5005 §4). Once it is
// there, its entries change only when an item does, or leaves. The error wraps
// ErrNotFound when no such document is closed, and when nothing is left in it.
func (r *Reader) Archived(ctx context.Context, scope Scope, number int) (*Feed, error) {
	about, err := r.about(ctx, scope)
	if err != nil {
		return nil, err
	}
	list := r.list(scope)
	items, ok, err := r.ledger.Items(ctx, list, number)
	if err != nil {
		return nil, err
	}
	if !ok || len(items) == 0 {
		return nil, fmt.Errorf("document %d of the archive of %s: %w", number, scope.Path(), ErrNotFound)
	}
	slices.SortFunc(items, byOrder)
	entries, err := r.entries(ctx, items)
	if err != nil {
		return nil, err
	}
	f := r.feed(scope, about, slimmed(entries))
	// Its address is known before it is closed, so that this document need not change.
	f.Archive = Archive{Number: number, Next: number + 1}
	if f.Archive.Prev, err = r.ledger.Before(ctx, list, number); err != nil {
		return nil, err
	}
	f.Modified, err = r.lastChange(ctx, scope, items)
	return f, err
}

// byOrder puts the newest first, as every list does.
func byOrder(a, b storage.Record) int {
	if n := b.Published.Compare(a.Published); n != 0 {
		return n
	}
	return slices.Compare(a.ID[:], b.ID[:])
}

// lastChange is when items changed last, or the last was taken down that may have been
// among them.
func (r *Reader) lastChange(
	ctx context.Context, scope Scope, items []storage.Record,
) (last time.Time, err error) {
	for i := range items {
		if items[i].Changed.After(last) {
			last = items[i].Changed
		}
	}
	q := storage.TombstoneQuery{By: scope.By, Value: scope.Value, Limit: 1}
	page, err := r.store.Tombstones(ctx, q)
	if err != nil {
		return last, fmt.Errorf("read what was taken down from %s: %w", scope.Path(), err)
	}
	if len(page.Tombstones) > 0 && page.Tombstones[0].At.After(last) {
		last = page.Tombstones[0].At
	}
	return last, nil
}

// Archives lists the documents of a scope's archive that hold something, newest first,
// after archiving what its feed does not show.
func (r *Reader) Archives(ctx context.Context, scope Scope) (numbers []int, err error) {
	f, err := r.Feed(ctx, scope)
	if err != nil {
		return nil, err
	}
	for n := f.Archive.Prev; n > 0; {
		numbers = append(numbers, n)
		if n, err = r.ledger.Before(ctx, r.list(scope), n); err != nil {
			return nil, err
		}
	}
	return numbers, nil
}

// ArchiveEnd is how many documents of a scope's archive are closed.
func (r *Reader) ArchiveEnd(ctx context.Context, scope Scope) (int, error) {
	return r.ledger.Newest(ctx, r.list(scope))
}

// ArchiveOf is the number of the document that holds an item of a scope; 0 when none
// is closed that does.
func (r *Reader) ArchiveOf(ctx context.Context, scope Scope, seq uint64) (int, error) {
	return r.ledger.Find(ctx, r.list(scope), seq)
}
