package main

import (
	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/operate"
	"github.com/coranto/coranto/cmd/coranto/show"
)

type revisitCommand struct {
	Source string `arg:"" help:"Its id, as coranto status has it."`
	JSON   bool   `name:"json" help:"Print JSON."`
}

// Run makes a source due at the address of the file that is gone (P40), or was found
// to have moved (P52).
func (cmd *revisitCommand) Run(s *session) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	result, err := perform(s, c, operate.Revisit(), coranto.SourceID(cmd.Source), s.open)
	if err != nil {
		return err
	}
	return show.Print(s.out, cmd.JSON, result)
}
