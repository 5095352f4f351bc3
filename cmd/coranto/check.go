package main

import "fmt"

type checkCommand struct{}

// Run reads the file; what is wrong with it is the error.
func (cmd *checkCommand) Run(s *session) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s is valid: %d sources, %d categories\n",
		c.Path, len(c.Sources), len(c.Site.Categories))
	return nil
}
