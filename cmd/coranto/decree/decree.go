// Package decree is what the operator wants of stored items: that some are taken down,
// may come back, or are kept whatever the limits say.
package decree

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/internal/host"
	"github.com/coranto/coranto/storage"
)

// Decree is one such wish.
type Decree struct {
	Verb string // unpublish, republish, pin or unpin
	What string // an item's id or address, the address of its page here, or a source's id
	Why  string // for whoever asks later; "" says nothing
}

// Apply carries it out, and returns how many items it was about. The error wraps
// storage.ErrNotFound when What means nothing that is stored.
func (d Decree) Apply(ctx context.Context, store storage.Store) (n int, err error) {
	switch d.Verb {
	case "unpublish":
		n, err = d.unpublish(ctx, store)
	case "republish":
		n, err = d.republish(ctx, store)
	case "pin", "unpin":
		n, err = d.pin(ctx, store)
	default:
		err = fmt.Errorf("%w: nothing is done by %q", storage.ErrNotFound, d.Verb)
	}
	if err == nil && n == 0 {
		err = fmt.Errorf("%q: %w: no item with this id or address, and no source with items "+
			"to %s; `coranto status` lists the sources", d.What, storage.ErrNotFound, d.Verb)
	}
	return n, err
}

// pin returns how many items are pinned now, or no longer, whatever they were.
func (d Decree) pin(ctx context.Context, store storage.Store) (n int, err error) {
	ids, err := named(ctx, store, d.What)
	if err != nil {
		return 0, err
	}
	ids = slices.Compact(ids)
	for _, id := range ids {
		if _, err := store.Item(ctx, id); err != nil {
			return 0, err
		}
	}
	_, err = store.Pin(ctx, ids, d.Verb == "pin")
	return len(ids), err
}

// decreed is how many items are taken down or let in again in one transaction.
const decreed = 500

// unpublish takes down the items that are named, whoever has published them, or all
// of a source.
func (d Decree) unpublish(ctx context.Context, store storage.Store) (total int, err error) {
	for {
		ids, err := named(ctx, store, d.What)
		if err == nil && len(ids) == 0 {
			ids, err = listed(ctx, store, d.What)
		}
		if err != nil || len(ids) == 0 {
			return total, err
		}
		n, err := store.Remove(ctx, ids, d.Why)
		total += n
		if err != nil || n == 0 {
			return total, err
		}
	}
}

// named are the stored items with an id, of which an address may be our page, or
// with an address at their source.
func named(ctx context.Context, store storage.Store, what string) ([]coranto.ItemID, error) {
	if id, ok := itemID(what); ok {
		return []coranto.ItemID{id}, nil
	}
	if !host.IsWeb(what) {
		return nil, nil
	}
	keys := storage.DedupKeys(&coranto.Item{GUID: what, Link: what})
	found, err := store.FindDup(ctx, keys)
	found = slices.DeleteFunc(found, func(id coranto.ItemID) bool { return id.IsZero() })
	return found, err
}

// itemID reads an id, or the address of an item's page.
func itemID(what string) (coranto.ItemID, bool) {
	if u, err := url.Parse(what); err == nil && host.IsWeb(what) {
		what = path.Base(strings.TrimSuffix(u.Path, "/"))
	}
	id, err := coranto.ParseItemID(what)
	return id, err == nil
}

// listed are some items of a source.
func listed(ctx context.Context, store storage.Store, source string) (ids []coranto.ItemID, err error) {
	page, err := store.Latest(ctx, storage.Query{
		By: storage.BySource, Value: source, Limit: decreed, Heads: true,
	})
	for _, r := range page.Records {
		ids = append(ids, r.ID)
	}
	return ids, err
}

// republish lifts the tombstones of the items that are named, or all of a source,
// and has the sources visited.
func (d Decree) republish(ctx context.Context, store storage.Store) (total int, err error) {
	graves, err := d.graves(ctx, store)
	sources := map[coranto.SourceID]bool{}
	for slice := range slices.Chunk(graves, decreed) {
		var ids []coranto.ItemID
		for _, t := range slice {
			ids = append(ids, t.ID)
			sources[t.Source] = true
		}
		n, err := store.Lift(ctx, ids)
		total += n
		if err != nil {
			return total, err
		}
	}
	for id := range sources {
		err = errors.Join(err, store.DueNow(ctx, []coranto.SourceID{id}))
	}
	return total, err
}

// graves are the tombstones that are meant.
func (d Decree) graves(ctx context.Context, store storage.Store) (list []storage.Tombstone, err error) {
	if id, ok := itemID(d.What); ok {
		t, err := store.Tombstone(ctx, id)
		if err != nil {
			return nil, err
		}
		return []storage.Tombstone{*t}, nil
	}
	q := storage.TombstoneQuery{By: storage.BySource, Value: d.What, Limit: decreed}
	if host.IsWeb(d.What) {
		q.By, q.Value = storage.All, ""
	}
	for {
		page, err := store.Tombstones(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, t := range page.Tombstones {
			if q.By == storage.BySource || t.Link == d.What || t.GUID == d.What {
				list = append(list, t)
			}
		}
		if !page.More {
			return list, nil
		}
		q.Before = page.Tombstones[len(page.Tombstones)-1].Order()
	}
}
