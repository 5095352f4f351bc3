package main

import (
	"github.com/coranto/coranto/cmd/coranto/decree"
	"github.com/coranto/coranto/cmd/coranto/operate"
	"github.com/coranto/coranto/cmd/coranto/show"
)

type unpublishCommand struct {
	What string `arg:"" help:"An item's id or address, or a source's id: all that is stored of it."`
	Why  string `placeholder:"TEXT" help:"For whoever asks later; it stays with the tombstone."`
	JSON bool   `name:"json" help:"Print JSON."`
}

// Run takes items down (S37).
func (cmd *unpublishCommand) Run(s *session) error {
	return s.decree(decree.Decree{Verb: "unpublish", What: cmd.What, Why: cmd.Why}, cmd.JSON)
}

type republishCommand struct {
	What string `arg:"" help:"An item's id or address, or a source's id."`
	JSON bool   `name:"json" help:"Print JSON."`
}

// Run lets items come back that were taken down, if their source still lists them.
func (cmd *republishCommand) Run(s *session) error {
	return s.decree(decree.Decree{Verb: "republish", What: cmd.What}, cmd.JSON)
}

type pinCommand struct {
	What string `arg:"" help:"An item's id or address."`
	Undo bool   `help:"Let it go again when it is old."`
	JSON bool   `name:"json" help:"Print JSON."`
}

// Run keeps an item whatever the limits say, or no longer.
func (cmd *pinCommand) Run(s *session) error {
	verb := "pin"
	if cmd.Undo {
		verb = "unpin"
	}
	return s.decree(decree.Decree{Verb: verb, What: cmd.What}, cmd.JSON)
}

// decree carries out what the operator wants.
func (s *session) decree(d decree.Decree, asJSON bool) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	result, err := perform(s, c, operate.Decree(), d, s.open)
	if err != nil {
		return err
	}
	return show.Print(s.out, asJSON, result)
}
