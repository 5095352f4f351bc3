package main

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"slices"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/opml"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/show"
)

type exportCommand struct {
	OPML bool   `name:"opml" help:"As OPML, which other readers import."`
	File string `arg:"" optional:"" help:"Where to (standard output)."`
}

// Run writes all that is stored, or the sources of the operator's file as OPML. Categories become
// folders, and what an import found in another reader's list is written back.
func (cmd *exportCommand) Run(s *session) error {
	if !cmd.OPML {
		return s.exportAll(cmd.File)
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

// subscriptions are the sources of a file, in the folders that an import found and
// in one for each other category, under its title.
func subscriptions(c *config.Config) opml.List {
	titles := make(map[coranto.Slug]string)
	for _, cat := range c.Site.Categories {
		titles[cat.Slug] = cat.Title
	}
	list := opml.List{Folders: c.Folders, Subscriptions: make([]opml.Subscription, len(c.Sources))}
	for i, src := range c.Sources {
		outline := c.Outlines[i]
		sub := opml.Subscription{Title: src.Title, Feed: src.URL, Attributes: outline.Attributes}
		sub.Folders = slices.DeleteFunc(slices.Clone(outline.Folders), func(path opml.Path) bool {
			return len(path) > 0 && !filed(src.Categories, titles, path[len(path)-1:])
		})
		names := slices.Concat(sub.Folders...)
		for _, slug := range src.Categories {
			if !slices.ContainsFunc(names, func(name string) bool { return isNamed(slug, titles[slug], name) }) {
				sub.Folders = append(sub.Folders, opml.Path{cmp.Or(titles[slug], string(slug))})
			}
		}
		list.Subscriptions[i] = sub
	}
	return list
}

// filed reports whether one of the categories has the name of a folder.
func filed(categories []coranto.Slug, titles map[coranto.Slug]string, name opml.Path) bool {
	return slices.ContainsFunc(categories, func(s coranto.Slug) bool { return isNamed(s, titles[s], name[0]) })
}
