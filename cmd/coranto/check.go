package main

import (
	"fmt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/show"
)

type checkCommand struct{}

// Run reads the file; what is wrong with it is the error.
func (cmd *checkCommand) Run(s *session) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s is valid: %s, %s\n",
		c.Path, show.Plural(len(c.Sources), "source"), categoryCount(c))
	return nil
}

// categoryCount counts the categories that the file names anywhere.
func categoryCount(c *config.Config) string {
	named := make(map[coranto.Slug]bool)
	for _, cat := range c.Site.Categories {
		named[cat.Slug] = true
	}
	name(named, c.Sources)
	return categories(len(named))
}

// name adds the categories that sources name.
func name(named map[coranto.Slug]bool, sources []coranto.Source) {
	for _, src := range sources {
		for _, slug := range src.Categories {
			named[slug] = true
		}
	}
}

func categories(n int) string {
	if n == 1 {
		return "1 category"
	}
	return fmt.Sprintf("%d categories", n)
}
