package main

import (
	"fmt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/config"
)

type checkCommand struct{}

// Run reads the file; what is wrong with it is the error.
func (cmd *checkCommand) Run(s *session) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s is valid: %s, %s\n",
		c.Path, plural(len(c.Sources), "source"), categoryCount(c))
	return nil
}

// categoryCount counts the categories that the file names anywhere.
func categoryCount(c *config.Config) string {
	named := make(map[coranto.Slug]bool)
	for _, cat := range c.Site.Categories {
		named[cat.Slug] = true
	}
	for _, src := range c.Sources {
		for _, slug := range src.Categories {
			named[slug] = true
		}
	}
	if len(named) == 1 {
		return "1 category"
	}
	return fmt.Sprintf("%d categories", len(named))
}
