package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/coranto/coranto/aggregate/discover"
	"github.com/coranto/coranto/aggregate/opml"
	"github.com/coranto/coranto/aggregate/sanitize"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/lists"
	"github.com/coranto/coranto/cmd/coranto/remedy"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/cmd/coranto/term"
)

type addCommand struct {
	URL      string   `arg:"" help:"A site or a feed."`
	Category []string `short:"C" help:"Where its items are published. May be given again."`
	DryRun   bool     `help:"Show what was found, and add nothing."`
}

// Run finds the feed of an address, shows it and appends it to the file.
func (cmd *addCommand) Run(s *session) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	found, err := cmd.find(s, c)
	if err != nil {
		return err
	}
	best := found[0]
	additions := lists.New(c)
	if err := additions.Add(opml.Subscription{
		Feed: best.URL, Title: sanitize.Line(best.Title), Folders: cmd.categories(c),
	}); err != nil {
		return fmt.Errorf("add %s: %w", cmd.URL, err)
	}
	cmd.preview(s, best)
	for _, other := range found[1:] {
		fmt.Fprintf(s.out, "also there: %s (%s)\n", other.URL, sanitize.Line(other.Title))
	}
	if additions.Known > 0 {
		fmt.Fprintf(s.out, "%s has it already", c.Path)
		if len(cmd.Category) > 0 {
			fmt.Fprintf(s.out, "; add %s to its categories there", strings.Join(cmd.Category, ", "))
		}
		fmt.Fprintln(s.out)
		return nil
	}
	if cmd.DryRun {
		return nil
	}
	if err := additions.Write(); err != nil {
		return err
	}
	id := additions.More.Sources[0].ID
	fmt.Fprintf(s.out, "added to %s as %s; a running server takes it in, `coranto fetch %s` reads it now\n",
		c.Path, id, id)
	return nil
}

func (cmd *addCommand) find(s *session, c *config.Config) ([]discover.Candidate, error) {
	address := cmd.URL
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	address, err := config.Address(address)
	if err != nil {
		return nil, fmt.Errorf("add: %w", err)
	}
	fmt.Fprintf(s.err, "looking for a feed at %s\n", address)
	stop := s.waiting("the site is slow; each request to it may take up to %s", c.Fetch.Timeout)
	found, err := discover.Find(s.ctx, s.mindful(c), address)
	stop()
	var none *discover.Error
	if errors.As(err, &none) {
		return nil, fmt.Errorf("add %w (%s)", err, none.Remedy)
	}
	if err != nil {
		return nil, fmt.Errorf("add %s: %w", address, remedy.For(err))
	}
	return found, nil
}

// categories are those of the command line: the file's own where one is named,
// whatever its title.
func (cmd *addCommand) categories(c *config.Config) []opml.Path {
	var paths []opml.Path
	for _, name := range cmd.Category {
		for _, cat := range c.Site.Categories {
			if strings.EqualFold(name, string(cat.Slug)) {
				name = cmp.Or(cat.Title, string(cat.Slug))
			}
		}
		paths = append(paths, opml.Path{name})
	}
	return paths
}

// previewItems is how many of a feed's items are shown.
const previewItems = 5

func (cmd *addCommand) preview(s *session, c discover.Candidate) {
	fmt.Fprintf(s.out, "%s\n%s, %s, %s\n",
		s.out.Paint(term.Head, sanitize.Line(c.Title)), c.URL, c.Format, show.Plural(len(c.Items), "item"))
	for i, it := range c.Items {
		if i == previewItems {
			fmt.Fprintf(s.out, "  … %d more\n", len(c.Items)-i)
			break
		}
		date := "          "
		if !it.Published.IsZero() {
			date = it.Published.Format("2006-01-02")
		}
		fmt.Fprintf(s.out, "  %s  %s\n", date, sanitize.Line(it.Title))
	}
	for _, p := range c.Problems {
		fmt.Fprintf(s.out, "  note: %s\n", p)
	}
}
