package main

import (
	"cmp"
	"fmt"
	"os"
	"slices"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/opml"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/internal/slug"
)

type importCommand struct {
	File   string `arg:"" help:"The OPML file, as other readers export it."`
	DryRun bool   `help:"Say what would be added, and add nothing."`
}

// Run appends the feeds of an OPML file to the operator's file. Folders become
// categories.
func (cmd *importCommand) Run(s *session) error {
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
		s.log.Warn("entry left out", "entry", p.Place, "problem", p.Text)
	}
	additions := newAdditions(c)
	for _, sub := range list {
		additions.add(sub.Feed, sub.Title, sub.Folders)
	}
	if !cmd.DryRun {
		if err := additions.write(); err != nil {
			return err
		}
	}
	verb := "added"
	if cmd.DryRun {
		verb = "would add"
	}
	fmt.Fprintf(s.out, "%s %d sources in %d categories to %s; %d were there already\n",
		verb, len(additions.sources), len(additions.categories), c.Path, additions.known)
	return nil
}

// additions are sources and categories on their way into the operator's file.
type additions struct {
	config     *config.Config
	ids        map[coranto.SourceID]bool
	urls       map[string]bool
	sources    []coranto.Source
	categories []coranto.Category
	known      int // of those to be added: in the file already
}

func newAdditions(c *config.Config) *additions {
	a := &additions{config: c, ids: make(map[coranto.SourceID]bool), urls: make(map[string]bool)}
	for _, src := range c.Sources {
		a.ids[src.ID], a.urls[src.URL] = true, true
	}
	return a
}

// add notes a source, filed in categories with the given titles, unless its
// address is there already.
func (a *additions) add(address, title string, categories []string) {
	if a.urls[address] {
		a.known++
		return
	}
	a.urls[address] = true
	src := coranto.Source{ID: a.freeID(address, title), URL: address, Title: title}
	for _, name := range categories {
		s := coranto.Slug(slug.Make(name))
		if !slices.Contains(src.Categories, s) {
			src.Categories = append(src.Categories, s)
		}
		known := slices.ContainsFunc(a.categories, func(c coranto.Category) bool { return c.Slug == s })
		if !known && name != string(s) {
			a.categories = append(a.categories, coranto.Category{Slug: s, Title: name})
		}
	}
	a.sources = append(a.sources, src)
}

// freeID is an id for people: from the title, or from the address when there is
// none or another source has it.
func (a *additions) freeID(address, title string) coranto.SourceID {
	id := config.SourceID(cmp.Or(title, address))
	if title != "" {
		id = coranto.SourceID(slug.Make(title))
	}
	if a.ids[id] {
		id = config.SourceID(address)
	}
	for n := 2; a.ids[id]; n++ {
		id = coranto.SourceID(slug.Make(fmt.Sprintf("%.58s-%d", config.SourceID(address), n)))
	}
	a.ids[id] = true
	return id
}

// write appends to the file, in one step.
func (a *additions) write() error {
	text, err := os.ReadFile(a.config.Path)
	if err != nil {
		return fmt.Errorf("read config: %w", err)
	}
	text, err = config.Append(a.config.Path, text, a.sources, a.categories)
	if err != nil {
		return err
	}
	return replaceFile(a.config.Path, text)
}

// replaceFile writes a file so that a crash leaves either the old or the new.
func replaceFile(path string, text []byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("write config: %w", err)
	}
	temp := path + ".new"
	if err := os.WriteFile(temp, text, info.Mode().Perm()); err != nil {
		return fmt.Errorf("write config: %w", err)
	}
	if err := os.Rename(temp, path); err != nil {
		return fmt.Errorf("write config: %w", err)
	}
	return nil
}
