package main

import (
	"errors"
	"fmt"
	"net"

	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/local"
	"github.com/coranto/coranto/cmd/coranto/operate"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/storage"
)

type statusCommand struct {
	Admin string `env:"CORANTO_ADMIN" placeholder:"ADDRESS" help:"${admin_help}"`
	JSON  bool   `name:"json" help:"Print JSON."`
}

// Run shows the sources as the store knows them.
func (cmd *statusCommand) Run(s *session) error {
	c, err := s.loadOrDefault()
	if err != nil {
		return err
	}
	result, err := cmd.read(s, c)
	if err != nil {
		return err
	}
	return show.Print(s.out, cmd.JSON, result)
}

// read asks the server whose address is given, or else the one that holds the store. One
// that has no socket may have an address in the file.
func (cmd *statusCommand) read(s *session, c *config.Config) (*show.Status, error) {
	var nobody *net.OpError
	if cmd.Admin != "" && cmd.Admin != "off" {
		result, err := local.Status(s.ctx, cmd.Admin)
		if !errors.As(err, &nobody) {
			return result, err
		}
	}
	layAdmin(c, cmd.Admin)
	result, err := perform(s, c, operate.Status(), operate.Nothing{}, s.openToRead)
	if !errors.Is(err, storage.ErrInUse) || c.Admin == "" {
		return result, err
	}
	result, askErr := local.Status(s.ctx, c.Admin)
	if askErr != nil {
		return nil, fmt.Errorf("%w; and its server does not tell: %w (--admin names its address)",
			err, askErr)
	}
	return result, nil
}
