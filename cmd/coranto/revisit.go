package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/storage"
)

type revisitCommand struct {
	Source string `arg:"" help:"Its id, as coranto status has it."`
	Admin  string `env:"CORANTO_ADMIN" placeholder:"ADDRESS" help:"${admin_help}"`
	JSON   bool   `name:"json" help:"Print JSON."`
}

// Run makes a source due at the address of the file that is gone (P40), or was found
// to have moved (P52). While a server holds the store, the server does it.
func (cmd *revisitCommand) Run(s *session) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	layAdmin(c, cmd.Admin)
	store, err := s.open(c)
	if errors.Is(err, storage.ErrInUse) && c.Admin != "" {
		var result show.Revisit
		path := "revisit/" + url.PathEscape(cmd.Source)
		if err := askServer(s.ctx, c.Admin, http.MethodPost, path, &result); err != nil {
			return err
		}
		return show.Print(s.out, cmd.JSON, &result)
	}
	if err != nil {
		return err
	}
	result, err := revisit(s.ctx, store, coranto.SourceID(cmd.Source), time.Now())
	if err := errors.Join(err, store.Close()); err != nil {
		return err
	}
	return show.Print(s.out, cmd.JSON, result)
}

// revisit takes back what keeps a source from being asked at the address that the
// operator's file has.
func revisit(
	ctx context.Context, store storage.Store, id coranto.SourceID, now time.Time,
) (*show.Revisit, error) {
	rec, err := theSource(ctx, store, id)
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
		err = aggregate.Unmove(ctx, store, id, now)
	case rec.State.Outcome == storage.OutcomeGone:
		err = store.DueNow(ctx, []coranto.SourceID{id})
	default:
		return nil, fmt.Errorf("%s is neither gone nor moved: it is asked at %s as it becomes due, "+
			"and by `coranto fetch %s` at once, unless its host asked to wait", id, rec.URL, id)
	}
	return result, err
}

// theSource is a source of the store. The error wraps storage.ErrNotFound when it has
// none with the id.
func theSource(
	ctx context.Context, store storage.Store, id coranto.SourceID,
) (*storage.SourceRecord, error) {
	for rec, err := range store.Sources(ctx, storage.SourceQuery{IDs: []coranto.SourceID{id}}) {
		return &rec, err
	}
	return nil, fmt.Errorf("source %q: %w; `coranto status` lists them", id, storage.ErrNotFound)
}
