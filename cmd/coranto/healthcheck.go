package main

import "github.com/coranto/coranto/cmd/coranto/local"

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
	return local.Ready(s.ctx, c.Listen)
}
