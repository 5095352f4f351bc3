package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/storage"
)

type unpublishCommand struct {
	What  string `arg:"" help:"An item's id or address, or a source's id: all that is stored of it."`
	Why   string `placeholder:"TEXT" help:"For whoever asks later; it stays with the tombstone."`
	Admin string `env:"CORANTO_ADMIN" placeholder:"ADDRESS" help:"${admin_help}"`
	JSON  bool   `name:"json" help:"Print JSON."`
}

// Run takes items down (S37).
func (cmd *unpublishCommand) Run(s *session) error {
	return s.decree(decree{"unpublish", cmd.What, cmd.Why}, cmd.Admin, cmd.JSON)
}

type republishCommand struct {
	What  string `arg:"" help:"An item's id or address, or a source's id."`
	Admin string `env:"CORANTO_ADMIN" placeholder:"ADDRESS" help:"${admin_help}"`
	JSON  bool   `name:"json" help:"Print JSON."`
}

// Run lets items come back that were taken down, if their source still lists them.
func (cmd *republishCommand) Run(s *session) error {
	return s.decree(decree{"republish", cmd.What, ""}, cmd.Admin, cmd.JSON)
}

type pinCommand struct {
	What  string `arg:"" help:"An item's id or address."`
	Undo  bool   `help:"Let it go again when it is old."`
	Admin string `env:"CORANTO_ADMIN" placeholder:"ADDRESS" help:"${admin_help}"`
	JSON  bool   `name:"json" help:"Print JSON."`
}

// Run keeps an item whatever the limits say, or no longer.
func (cmd *pinCommand) Run(s *session) error {
	verb := "pin"
	if cmd.Undo {
		verb = "unpin"
	}
	return s.decree(decree{verb, cmd.What, ""}, cmd.Admin, cmd.JSON)
}

// decree is what the operator wants of stored items.
type decree struct {
	verb string // unpublish, republish, pin or unpin
	what string // an item's id or address, or a source's id
	why  string
}

// decree carries out what the operator wants. While a server holds the store, the
// server does it.
func (s *session) decree(d decree, admin string, asJSON bool) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	layAdmin(c, admin)
	result, err := s.carryOut(c, d)
	if err != nil {
		return err
	}
	return show.Print(s.out, asJSON, result)
}

func (s *session) carryOut(c *config.Config, d decree) (*show.Decree, error) {
	store, err := s.open(c)
	if errors.Is(err, storage.ErrInUse) && c.Admin != "" {
		var result show.Decree
		query := url.Values{"what": {d.what}, "why": {d.why}}
		err := askServer(s.ctx, c.Admin, http.MethodPost, "items/"+d.verb+"?"+query.Encode(), &result)
		return &result, err
	}
	if err != nil {
		return nil, err
	}
	result, err := d.apply(s.ctx, store)
	return result, errors.Join(err, store.Close())
}

// answerDecree is decree for another process of the operator's.
func (d *daemon) answerDecree(w http.ResponseWriter, r *http.Request) {
	order := decree{r.PathValue("verb"), r.FormValue("what"), r.FormValue("why")}
	result, err := order.apply(r.Context(), d.store)
	if err == nil {
		d.log.Info("the operator wants items otherwise",
			"verb", order.verb, "what", order.what, "why", order.why, "items", result.Items)
	}
	d.answer(w, result, err)
}

// apply does it. The error wraps storage.ErrNotFound when nothing is meant by what.
func (d decree) apply(ctx context.Context, store storage.Store) (*show.Decree, error) {
	result := &show.Decree{Verb: d.verb, What: d.what}
	var err error
	switch d.verb {
	case "unpublish":
		result.Items, err = d.unpublish(ctx, store)
	case "republish":
		result.Items, err = d.republish(ctx, store)
	case "pin", "unpin":
		result.Items, err = d.pin(ctx, store)
	default:
		err = fmt.Errorf("%w: nothing is done by %q", storage.ErrNotFound, d.verb)
	}
	if err == nil && result.Items == 0 {
		err = fmt.Errorf("%q: %w: no item with this id or address, and no source with items "+
			"to %s; `coranto status` lists the sources", d.what, storage.ErrNotFound, d.verb)
	}
	if err != nil {
		return nil, err
	}
	return result, nil
}

// pin returns how many items are pinned now, or no longer, whatever they were.
func (d decree) pin(ctx context.Context, store storage.Store) (n int, err error) {
	ids, err := named(ctx, store, d.what)
	if err != nil {
		return 0, err
	}
	ids = slices.Compact(ids)
	for _, id := range ids {
		if _, err := store.Item(ctx, id); err != nil {
			return 0, err
		}
	}
	_, err = store.Pin(ctx, ids, d.verb == "pin")
	return len(ids), err
}

// decreed is how many items are taken down or let in again in one transaction.
const decreed = 500

// unpublish takes down the items that are named, whoever has published them, or all
// of a source.
func (d decree) unpublish(ctx context.Context, store storage.Store) (total int, err error) {
	for {
		ids, err := named(ctx, store, d.what)
		if err == nil && len(ids) == 0 {
			ids, err = listed(ctx, store, d.what)
		}
		if err != nil || len(ids) == 0 {
			return total, err
		}
		n, err := store.Remove(ctx, ids, d.why)
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
	if !isAddress(what) {
		return nil, nil
	}
	keys := storage.DedupKeys(&coranto.Item{GUID: what, Link: what})
	found, err := store.FindDup(ctx, keys)
	found = slices.DeleteFunc(found, func(id coranto.ItemID) bool { return id.IsZero() })
	return found, err
}

// itemID reads an id, or the address of an item's page.
func itemID(what string) (coranto.ItemID, bool) {
	if u, err := url.Parse(what); err == nil && isAddress(what) {
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
func (d decree) republish(ctx context.Context, store storage.Store) (total int, err error) {
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
func (d decree) graves(ctx context.Context, store storage.Store) (list []storage.Tombstone, err error) {
	if id, ok := itemID(d.what); ok {
		t, err := store.Tombstone(ctx, id)
		if err != nil {
			return nil, err
		}
		return []storage.Tombstone{*t}, nil
	}
	q := storage.TombstoneQuery{By: storage.BySource, Value: d.what, Limit: decreed}
	if isAddress(d.what) {
		q.By, q.Value = storage.All, ""
	}
	for {
		page, err := store.Tombstones(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, t := range page.Tombstones {
			if q.By == storage.BySource || t.Link == d.what || t.GUID == d.what {
				list = append(list, t)
			}
		}
		if !page.More {
			return list, nil
		}
		q.Before = page.Tombstones[len(page.Tombstones)-1].Order()
	}
}
