package main

import (
	"context"
	"fmt"
	"net/http"
)

type healthcheckCommand struct {
	Listen string `env:"CORANTO_LISTEN" placeholder:"ADDRESS" help:"${listen_help}"`
}

// Run asks the server on this machine whether it is ready.
func (cmd *healthcheckCommand) Run(s *session) error {
	c, err := s.loadOrDefault()
	if err != nil {
		return err
	}
	if cmd.Listen != "" {
		c.Listen = cmd.Listen
	}
	ctx, cancel := context.WithTimeout(s.ctx, askTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, localURL(c.Listen)+"readyz", nil)
	if err != nil {
		return err
	}
	res, err := localTransport().RoundTrip(req)
	if err != nil {
		return fmt.Errorf("ask the server at %s: %w", c.Listen, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the server at %s is not ready: %s", c.Listen, res.Status)
	}
	return nil
}
