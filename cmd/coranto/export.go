package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/opml"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/show"
)

type exportCommand struct {
	OPML bool   `name:"opml" help:"As OPML, which other readers import."`
	File string `arg:"" optional:"" help:"Where to (standard output)."`
}

// Run writes the sources of the operator's file as OPML. Categories become
// folders, and what an import found in another reader's list is written back.
func (cmd *exportCommand) Run(s *session) error {
	if !cmd.OPML {
		return errors.New("export: this version writes the list of sources only: " +
			"`coranto export --opml [FILE]`")
	}
	c, err := s.load()
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := opml.Write(&text, c.Site.Title, subscriptions(c)); err != nil {
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

// subscriptions are the sources of a file, with the titles of their categories
// as folders.
func subscriptions(c *config.Config) []opml.Subscription {
	titles := make(map[coranto.Slug]string)
	for _, cat := range c.Site.Categories {
		titles[cat.Slug] = cat.Title
	}
	list := make([]opml.Subscription, len(c.Sources))
	for i, src := range c.Sources {
		list[i] = opml.Subscription{Title: src.Title, Feed: src.URL, Attributes: c.Outlines[i]}
		for _, slug := range src.Categories {
			list[i].Folders = append(list[i].Folders, cmp.Or(titles[slug], string(slug)))
		}
	}
	return list
}
