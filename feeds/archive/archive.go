// Package archive keeps the ledger of archived documents: which items of a list each
// of them holds (RFC 5005 §4).
//
// # Contract
//
// The documents of a list are numbered from 1, oldest first, and hold its items in the
// order of their arrival, so that no item ever joins a document that is closed,
// whatever date it bears. One is closed when the list's feed is made and an item that
// no document holds is not in the feed: everything stored is in the feed or in a
// closed document. Items leave a document when they leave the list or the store.
//
// The ledger is values of the store: below a list's name, "end" says how many
// documents there are and the Seq at which the newest ends, and each number where that
// one does. Whoever closes compares and sets, so that all who publish one store agree.
package archive

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"

	"github.com/coranto/coranto/storage"
)

const (
	maxItems = 50        // in a document
	maxBytes = 512 << 10 // of items in a document, as they are stored; one item may have more
)

// List is a list of items that is archived.
type List struct {
	By    storage.Index // All, ByCategory or BySource
	Value string
	Name  string // its path: what the ledger calls it
}

// Ledger is the ledger in one store. It is safe for concurrent use.
type Ledger struct{ store storage.Store }

// New returns the ledger of a store.
func New(store storage.Store) *Ledger { return &Ledger{store} }

// end is where the newest document of a list ends: all zero before the first.
type end struct {
	number int
	seq    uint64
}

// Close closes documents until every item of a list is in one or is shown: among those
// whose Seqs are given. It returns the number of the newest. A store that can't be
// written to is left as it is.
func (l *Ledger) Close(ctx context.Context, list List, shown map[uint64]bool) (newest int, err error) {
	for {
		last, err := l.end(ctx, list)
		if err != nil {
			return 0, err
		}
		cuts, more, err := l.cut(ctx, list, last.seq, shown)
		if err != nil || len(cuts) == 0 {
			return last.number, err
		}
		err = l.store.SetValues(ctx, changes(list, last, cuts))
		switch {
		case errors.Is(err, storage.ErrReadOnly), errors.Is(err, storage.ErrFull):
			return last.number, nil
		case errors.Is(err, storage.ErrConflict):
			continue // another process was first
		case err != nil:
			return 0, fmt.Errorf("archive %s: %w", list.Name, err)
		case !more:
			return last.number + len(cuts), nil
		}
	}
}

// cutAtOnce is how many items are looked at for documents to close.
const cutAtOnce = 1000

// cut says where the next documents of a list end, after a place: none while all items
// there are shown. more means that there may be others after them.
func (l *Ledger) cut(
	ctx context.Context, list List, after uint64, shown map[uint64]bool,
) (cuts []uint64, more bool, err error) {
	limit := len(shown) + 1 // enough to know that all are shown
	for {
		page, err := l.read(ctx, list, storage.Query{
			AfterSeq: after, FromFirst: true, Limit: limit, Heads: true,
		})
		if err != nil {
			return nil, false, err
		}
		items := page.Records
		slices.Reverse(items)
		hidden := func(r storage.Record) bool { return !shown[r.Seq] }
		switch {
		case !page.More && !slices.ContainsFunc(items, hidden):
			return nil, false, nil
		case page.More && limit < cutAtOnce:
			limit = cutAtOnce
			continue
		}
		for slices.ContainsFunc(items, hidden) || page.More && len(items) > maxItems {
			n := fill(items)
			if page.More && n == len(items) {
				break // what comes after them may belong to the same document
			}
			cuts = append(cuts, items[n-1].Seq)
			items = items[n:]
		}
		return cuts, page.More, nil
	}
}

// fill is how many of some items make a document: at least one.
func fill(items []storage.Record) (n int) {
	var size int64
	for n < min(len(items), maxItems) {
		size += items[n].Bytes
		if n > 0 && size > maxBytes {
			return n
		}
		n++
	}
	return n
}

// changes writes new documents into the ledger.
func changes(list List, last end, cuts []uint64) []storage.ValueChange {
	next := end{last.number + len(cuts), cuts[len(cuts)-1]}
	all := []storage.ValueChange{{Name: endName(list), Old: last.bytes(), New: next.bytes()}}
	for i, seq := range cuts {
		doc := end{last.number + 1 + i, seq}
		all = append(all, storage.ValueChange{Name: docName(list, doc.number), New: doc.bytes()})
	}
	return all
}

func endName(list List) string        { return "archive" + list.Name + "end" }
func docName(list List, n int) string { return fmt.Sprintf("archive%s%09d", list.Name, n) }

// bytes is an end as a value; none for the zero end.
func (e end) bytes() []byte {
	if e.number == 0 {
		return nil
	}
	return fmt.Appendf(nil, "%d %d", e.number, e.seq)
}

func (l *Ledger) end(ctx context.Context, list List) (end, error) {
	return l.value(ctx, endName(list))
}

// value reads an end; the zero end when there is no such value.
func (l *Ledger) value(ctx context.Context, name string) (e end, err error) {
	// No name that begins with this one comes before it.
	found, err := l.store.Values(ctx, name, "", 1)
	if err != nil || len(found) == 0 || found[0].Name != name {
		return e, err
	}
	if _, err := fmt.Sscanf(string(found[0].Data), "%d %d", &e.number, &e.seq); err != nil {
		return e, fmt.Errorf("read %s: %w: %w", name, storage.ErrCorrupt, err)
	}
	return e, nil
}

// Newest is the number of the newest document of a list; 0 when there is none.
func (l *Ledger) Newest(ctx context.Context, list List) (int, error) {
	e, err := l.end(ctx, list)
	return e.number, err
}

// Items reads a closed document, in the order of arrival, the last first, and how many
// there are. ok is false when no such document is closed.
func (l *Ledger) Items(
	ctx context.Context, list List, number int,
) (items []storage.Record, ok bool, err error) {
	after, through, err := l.bounds(ctx, list, number)
	if err != nil || through == 0 {
		return nil, false, err
	}
	q := storage.Query{BeforeSeq: through + 1, Limit: maxItems}
	page, err := l.read(ctx, list, q)
	if err != nil {
		return nil, false, err
	}
	old := func(r storage.Record) bool { return r.Seq <= after }
	if i := slices.IndexFunc(page.Records, old); i >= 0 {
		page.Records = page.Records[:i]
	}
	return page.Records, true, nil
}

// bounds is where the document before ends, and where this one does; 0 for one that is
// not there.
func (l *Ledger) bounds(ctx context.Context, list List, number int) (after, through uint64, err error) {
	if number < 1 {
		return 0, 0, nil
	}
	this, err := l.value(ctx, docName(list, number))
	if err != nil {
		return 0, 0, err
	}
	before, err := l.value(ctx, docName(list, number-1))
	return before.seq, this.seq, err
}

// Before is the number of the newest document before one that still holds an item; 0
// when there is none. number may be one more than the newest.
func (l *Ledger) Before(ctx context.Context, list List, number int) (int, error) {
	last, err := l.value(ctx, docName(list, number-1))
	if err != nil || last.number == 0 {
		return 0, err
	}
	page, err := l.read(ctx, list, storage.Query{BeforeSeq: last.seq + 1, Limit: 1, Heads: true})
	if err != nil || len(page.Records) == 0 {
		return 0, err
	}
	return l.Find(ctx, list, page.Records[0].Seq)
}

// Find is the number of the document that holds the item with a Seq, if the list does; 0
// when none is closed that does.
func (l *Ledger) Find(ctx context.Context, list List, seq uint64) (int, error) {
	last, err := l.end(ctx, list)
	if err != nil || seq > last.seq {
		return 0, err
	}
	n := sort.Search(last.number, func(i int) bool {
		doc, failed := l.value(ctx, docName(list, i+1))
		err = errors.Join(err, failed)
		return doc.seq >= seq
	})
	return n + 1, err
}

// read reads a page of a list by arrival.
func (l *Ledger) read(ctx context.Context, list List, q storage.Query) (storage.Page, error) {
	q.By, q.Value, q.Arrival = list.By, list.Value, true
	page, err := l.store.Latest(ctx, q)
	if err != nil {
		return page, fmt.Errorf("read arrivals of %s: %w", list.Name, err)
	}
	return page, nil
}
