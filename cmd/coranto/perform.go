package main

import (
	"cmp"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/coranto/coranto/cmd/coranto/care"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/depot"
	"github.com/coranto/coranto/cmd/coranto/operate"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/cmd/coranto/socket"
)

// storePath is the store's file.
func storePath(c *config.Config) string { return filepath.Join(c.Data, storeName) }

// plan is when backups are made, and where.
func plan(c *config.Config) care.Plan {
	return care.Plan{
		Every: c.Backup.Every, Keep: c.Backup.Keep,
		Dir: cmp.Or(c.Backup.Dir, filepath.Join(c.Data, "backups")),
	}
}

// server is the one that holds the store, if there is one.
func server(c *config.Config) socket.Client {
	return socket.Client{Store: storePath(c), Temp: os.TempDir()}
}

// perform has the server that holds the store do something. Without one, the store is
// opened and it is done here.
func perform[In, Out any](
	s *session, c *config.Config, op operate.Operation[In, Out], in In,
	open func(*config.Config) (*depot.Store, error),
) (out Out, err error) {
	out, err = op.Ask(s.ctx, server(c), in)
	if !errors.Is(err, socket.ErrNobody) {
		return out, err
	}
	store, err := open(c)
	if err != nil {
		return out, err
	}
	desk := &operate.Desk{
		Store: store, Access: accessOfAll(c), Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Halted: func() string {
			if depot.Frozen(storePath(c)) {
				return "the file system is read-only"
			}
			return ""
		},
		Backup: func() *show.Backup { return plan(c).Report(storePath(c), time.Now()) },
	}
	out, err = op.Do(s.ctx, desk, in)
	return out, errors.Join(err, store.Close())
}
