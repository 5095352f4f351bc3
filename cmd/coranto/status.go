package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/coranto/coranto/aggregate/sanitize"
	"github.com/coranto/coranto/cmd/coranto/config"
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
		result, err := askStatus(s.ctx, cmd.Admin)
		if !errors.As(err, &nobody) {
			return result, err
		}
	}
	layAdmin(c, cmd.Admin)
	result, err := perform(s, c, operate.Status(), operate.Nothing{}, s.openToRead)
	if !errors.Is(err, storage.ErrInUse) || c.Admin == "" {
		return result, err
	}
	result, askErr := askStatus(s.ctx, c.Admin)
	if askErr != nil {
		return nil, fmt.Errorf("%w; and its server does not tell: %w (--admin names its address)",
			err, askErr)
	}
	return result, nil
}

// askTime bounds a question to the server on this machine.
const askTime = 5 * time.Second

// askStatus asks the server at an address. What it says when it can't tell is the error.
func askStatus(ctx context.Context, admin string) (*show.Status, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, localURL(admin)+"status", nil)
	if err != nil {
		return nil, err
	}
	res, err := localTransport().RoundTrip(req)
	if err != nil {
		return nil, fmt.Errorf("ask the server at %s: %w", admin, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server at %s: %s", admin, reason(res))
	}
	result := new(show.Status)
	if err := json.NewDecoder(res.Body).Decode(result); err != nil {
		return nil, fmt.Errorf("read the answer of %s: %w", admin, err)
	}
	return result, nil
}

// reason is what our own server says when it can't do what it is asked; the status
// where it is another one.
func reason(res *http.Response) string {
	if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/plain") {
		return res.Status
	}
	text, err := io.ReadAll(io.LimitReader(res.Body, 1<<10))
	if err != nil {
		return res.Status
	}
	return cmp.Or(sanitize.Line(string(text)), res.Status)
}

// localTransport talks to our own server on this machine, which the guarded
// client would refuse to. It follows no redirect and uses no proxy.
func localTransport() *http.Transport { return &http.Transport{DisableKeepAlives: true} }
