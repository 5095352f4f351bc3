package main

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/decree"
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
	return s.decree(decree.Decree{Verb: "unpublish", What: cmd.What, Why: cmd.Why}, cmd.Admin, cmd.JSON)
}

type republishCommand struct {
	What  string `arg:"" help:"An item's id or address, or a source's id."`
	Admin string `env:"CORANTO_ADMIN" placeholder:"ADDRESS" help:"${admin_help}"`
	JSON  bool   `name:"json" help:"Print JSON."`
}

// Run lets items come back that were taken down, if their source still lists them.
func (cmd *republishCommand) Run(s *session) error {
	return s.decree(decree.Decree{Verb: "republish", What: cmd.What}, cmd.Admin, cmd.JSON)
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
	return s.decree(decree.Decree{Verb: verb, What: cmd.What}, cmd.Admin, cmd.JSON)
}

// decree carries out what the operator wants. While a server holds the store, the
// server does it.
func (s *session) decree(d decree.Decree, admin string, asJSON bool) error {
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

func (s *session) carryOut(c *config.Config, d decree.Decree) (*show.Decree, error) {
	store, err := s.open(c)
	if errors.Is(err, storage.ErrInUse) && c.Admin != "" {
		var result show.Decree
		query := url.Values{"what": {d.What}, "why": {d.Why}}
		err := askServer(s.ctx, c.Admin, http.MethodPost, "items/"+d.Verb+"?"+query.Encode(), &result)
		return &result, err
	}
	if err != nil {
		return nil, err
	}
	n, err := d.Apply(s.ctx, store)
	return &show.Decree{Verb: d.Verb, What: d.What, Items: n}, errors.Join(err, store.Close())
}

// answerDecree is decree for another process of the operator's.
func (d *daemon) answerDecree(w http.ResponseWriter, r *http.Request) {
	order := decree.Decree{
		Verb: r.PathValue("verb"), What: r.FormValue("what"), Why: r.FormValue("why"),
	}
	n, err := order.Apply(r.Context(), d.store)
	if err == nil {
		d.log.Info("the operator wants items otherwise",
			"verb", order.Verb, "what", order.What, "why", order.Why, "items", n)
	}
	d.answer(w, &show.Decree{Verb: order.Verb, What: order.What, Items: n}, err)
}
