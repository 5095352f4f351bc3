package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/coranto/coranto/aggregate/sanitize"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/depot"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/storage"
)

type statusCommand struct {
	Admin string `env:"CORANTO_ADMIN" placeholder:"ADDRESS" help:"${admin_help}"`
	JSON  bool   `name:"json" help:"Print JSON."`
}

// Run shows the sources as the store knows them. While a server holds the store,
// the server is asked.
func (cmd *statusCommand) Run(s *session) error {
	c, err := s.loadOrDefault()
	if err != nil {
		return err
	}
	layAdmin(c, cmd.Admin)
	result, err := s.readStatus(c)
	if err != nil {
		return err
	}
	return show.Print(s.out, cmd.JSON, result)
}

func (s *session) readStatus(c *config.Config) (*show.Status, error) {
	store, err := s.openToRead(c)
	if errors.Is(err, storage.ErrInUse) && c.Admin != "" {
		result := new(show.Status)
		if askErr := askServer(s.ctx, c.Admin, http.MethodGet, "status", result); askErr != nil {
			return nil, fmt.Errorf("%w; and its server does not tell: %w (--admin names its address)",
				err, askErr)
		}
		return result, nil
	}
	if err != nil {
		return nil, err
	}
	defer store.Close()
	result, err := readStore(s.ctx, store)
	if err == nil && depot.Frozen(filepath.Join(c.Data, storeName)) {
		result.Halted = "the file system is read-only"
	}
	return result, err
}

// askTime bounds a question to the server on this machine.
const askTime = 5 * time.Second

// askServer asks the server on this machine and decodes its answer. What it says
// when it can't do it is the error.
func askServer(ctx context.Context, admin, method, path string, into any) error {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, localURL(admin)+path, nil)
	if err != nil {
		return err
	}
	res, err := localTransport().RoundTrip(req)
	if err != nil {
		return fmt.Errorf("ask the server at %s: %w", admin, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the server at %s: %s", admin, reason(res))
	}
	if err := json.NewDecoder(res.Body).Decode(into); err != nil {
		return fmt.Errorf("read the answer of %s: %w", admin, err)
	}
	return nil
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

// readStore is the status of an open store.
func readStore(ctx context.Context, store storage.Store) (*show.Status, error) {
	stats, err := store.Stats(ctx)
	if err != nil {
		return nil, err
	}
	return show.NewStatus(stats, store.Sources(ctx, storage.SourceQuery{}))
}
