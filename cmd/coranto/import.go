package main

import (
	"fmt"
	"os"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/opml"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/config/edit"
	"github.com/coranto/coranto/cmd/coranto/lists"
	"github.com/coranto/coranto/cmd/coranto/show"
)

type importCommand struct {
	File   string `arg:"" help:"The OPML file, as other readers export it."`
	DryRun bool   `help:"Say what would be added, and add nothing."`
}

// Run appends the feeds of an OPML file to the operator's file. Folders become
// categories; how they are nested, and what else the list says of feeds and folders,
// is kept for export.
func (cmd *importCommand) Run(s *session) error {
	if isStream(cmd.File) && !cmd.DryRun {
		return s.importAll(cmd.File)
	}
	c, err := s.load()
	if err != nil {
		return err
	}
	f, err := os.Open(cmd.File)
	if err != nil {
		return fmt.Errorf("read OPML: %w", err)
	}
	defer f.Close()
	list, problems, err := opml.Parse(f)
	if err != nil {
		return fmt.Errorf("import %s: %w", cmd.File, err)
	}
	for _, p := range problems {
		s.log.Warn("left out", "entry", p.Place, "problem", config.HidePassword(p.Text))
	}
	additions := lists.New(c)
	for _, sub := range list.Subscriptions {
		if err := additions.Add(sub); err != nil {
			s.log.Warn("entry left out", "entry", sub.Title, "err", err)
		}
	}
	additions.More.Folders = list.Folders
	if !cmd.DryRun {
		stop := s.waiting("writing them into %s; a long list takes some seconds", c.Path)
		err := additions.Write()
		stop()
		if err != nil {
			return err
		}
	}
	verb := "added"
	if cmd.DryRun {
		verb = "would add"
	}
	fmt.Fprintf(s.out, "%s %s in %s to %s; %d were there already\n",
		verb, show.Plural(len(additions.More.Sources), "source"), filedIn(additions.More.Sources), c.Path, additions.Known)
	return nil
}

// filedIn counts the categories of sources that are added.
func filedIn(sources []edit.Addition) string {
	named := make(map[coranto.Slug]bool)
	for _, s := range sources {
		name(named, []coranto.Source{s.Source})
	}
	return categories(len(named))
}
