package main

import (
	"bytes"
	"fmt"
	"os"

	"github.com/coranto/coranto/aggregate/opml"
	"github.com/coranto/coranto/cmd/coranto/lists"
	"github.com/coranto/coranto/cmd/coranto/show"
)

type exportCommand struct {
	OPML bool   `name:"opml" help:"As OPML, which other readers import."`
	File string `arg:"" optional:"" help:"Where to (standard output)."`
}

// Run writes all that is stored, or the sources of the operator's file as OPML.
// Categories become folders, and what an import found in another reader's list is
// written back.
func (cmd *exportCommand) Run(s *session) error {
	if !cmd.OPML {
		return s.exportAll(cmd.File)
	}
	c, err := s.load()
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := opml.Write(&text, c.Site.Title, lists.Subscriptions(c)); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if cmd.File == "" || cmd.File == "-" {
		_, err := s.out.Write(text.Bytes())
		return err
	}
	if err := os.WriteFile(cmd.File, text.Bytes(), 0o644); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	fmt.Fprintf(s.out, "wrote %s to %s\n", show.Plural(len(c.Sources), "source"), cmd.File)
	return nil
}
