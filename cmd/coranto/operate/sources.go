package operate

import (
	"context"
	"fmt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/cmd/coranto/decree"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/storage"
)

// Status shows the sources and the store.
func Status() Operation[Nothing, *show.Status] {
	return Operation[Nothing, *show.Status]{"status", status}
}

func status(ctx context.Context, d *Desk, _ Nothing) (result *show.Status, err error) {
	stats, err := d.Store.Stats(ctx)
	if err == nil {
		result, err = show.NewStatus(stats, d.Store.Sources(ctx, storage.SourceQuery{}))
	}
	halted := d.Halted()
	switch {
	case err == nil:
		result.Halted, result.Backup = halted, d.Backup()
		if d.Hub != nil {
			result.Hub = d.Hub()
		}
	case halted != "": // what is wrong now explains more
		err = fmt.Errorf("%s; %w", halted, err)
	}
	return result, err
}

// Stored is what stands under an id: one of both.
type Stored struct {
	Item   *show.Item   `json:"item,omitempty"`
	Source *show.Source `json:"source,omitempty"`
}

// Print shows it.
func (s *Stored) Print(out term.Output, asJSON bool) error {
	if s.Item != nil {
		return show.Print(out, asJSON, s.Item)
	}
	return show.Print(out, asJSON, s.Source)
}

// Inspect shows what is stored under the id of an item or source.
func Inspect() Operation[string, *Stored] {
	return Operation[string, *Stored]{"inspect", inspect}
}

func inspect(ctx context.Context, d *Desk, what string) (*Stored, error) {
	if id, err := coranto.ParseItemID(what); err == nil {
		rec, err := d.Store.Item(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("item %s: %w (its id stands in the address of its page)", what, err)
		}
		earlier, err := d.Store.Revisions(ctx, id)
		if err != nil {
			return nil, err
		}
		return &Stored{Item: show.NewItem(rec, earlier)}, nil
	}
	rec, err := source(ctx, d.Store, coranto.SourceID(what))
	if err != nil {
		return nil, fmt.Errorf("%q is no file, no address, no item and no source: %w", what, err)
	}
	return &Stored{Source: show.NewSource(rec, d.Access)}, nil
}

// Revisit takes back what keeps a source from being asked at the address that the
// operator's file has: it is gone (P40), or was found to have moved (P52).
func Revisit() Operation[coranto.SourceID, *show.Revisit] {
	return Operation[coranto.SourceID, *show.Revisit]{"revisit", revisit}
}

func revisit(ctx context.Context, d *Desk, id coranto.SourceID) (*show.Revisit, error) {
	rec, err := source(ctx, d.Store, id)
	if err != nil {
		return nil, err
	}
	result := show.NewRevisit(rec)
	switch {
	case rec.Retired:
		return nil, fmt.Errorf("%s is no longer in the file: `coranto add %s` puts it there", id, rec.URL)
	case rec.Paused:
		return nil, fmt.Errorf("%s is paused: take `paused: true` out of the file", id)
	case !rec.State.Move.Adopted.IsZero():
		err = aggregate.Unmove(ctx, d.Store, id, d.Now())
	case rec.State.Outcome == storage.OutcomeGone:
		err = d.Store.DueNow(ctx, []coranto.SourceID{id})
	default:
		return nil, fmt.Errorf("%s is neither gone nor moved: it is asked at %s as it becomes due, "+
			"and by `coranto fetch %s` at once", id, rec.URL, id)
	}
	return result, err
}

// source is a source of the store. The error wraps storage.ErrNotFound when it has
// none with the id.
func source(
	ctx context.Context, store storage.Store, id coranto.SourceID,
) (*storage.SourceRecord, error) {
	for rec, err := range store.Sources(ctx, storage.SourceQuery{IDs: []coranto.SourceID{id}}) {
		return &rec, err
	}
	return nil, fmt.Errorf("source %q: %w; `coranto status` lists them", id, storage.ErrNotFound)
}

// Decree carries out what the operator wants of stored items.
func Decree() Operation[decree.Decree, *show.Decree] {
	return Operation[decree.Decree, *show.Decree]{"decree",
		func(ctx context.Context, d *Desk, order decree.Decree) (*show.Decree, error) {
			n, err := order.Apply(ctx, d.Store)
			if err != nil {
				return nil, err
			}
			d.Log.Info("the operator wants items otherwise",
				"verb", order.Verb, "what", order.What, "why", order.Why, "items", n)
			return &show.Decree{Verb: order.Verb, What: order.What, Items: n}, nil
		}}
}

// Fetch visits sources once, now, and tells how it went.
func Fetch() Operation[aggregate.Call, *show.Round] {
	return Operation[aggregate.Call, *show.Round]{"fetch",
		func(ctx context.Context, d *Desk, call aggregate.Call) (*show.Round, error) {
			return d.Round(ctx, call)
		}}
}
