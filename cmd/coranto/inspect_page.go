package main

import (
	"errors"
	"fmt"

	"github.com/coranto/coranto/aggregate/page"
	"github.com/coranto/coranto/aggregate/robots"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/internal/host"
)

// showPage reads the page at an address as the pages of posts are read, and tells
// what its origin says of that: also where it says no, which is an error after.
func (cmd *inspectCommand) showPage(s *session) error {
	if !host.IsWeb(cmd.What) {
		return fmt.Errorf("--stage page: %q is no address", cmd.What)
	}
	c, err := s.loadOrDefault()
	if err != nil {
		return err
	}
	client := s.mindful(c)
	defer client.CloseIdle()
	policy := robots.New(robots.Options{Fetch: robots.Through(client)})
	rules, err := policy.Rules(s.ctx, cmd.What)
	if err != nil {
		return err
	}
	read, err := page.New(page.Options{Fetch: client, Robots: policy}).Read(s.ctx, cmd.What)
	if err != nil && !errors.Is(err, page.ErrDisallowed) {
		return err
	}
	return errors.Join(show.Print(s.out, cmd.JSON, show.NewPage(cmd.What, rules, read)), err)
}
