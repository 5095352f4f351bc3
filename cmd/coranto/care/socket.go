// Package care is what an operator does for the store file: back it up, restore,
// check, repair and compact it. While a server holds the file, what can be done then
// is asked of the server, through a socket beside the file that only its owner may
// open.
package care

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/coranto/coranto/storage"
)

// socketName is the socket's name beside the store file.
const socketName = "admin.sock"

func socketPath(store string) string { return filepath.Join(filepath.Dir(store), socketName) }

// stuck is how long a client may take for one piece of a backup: while it is written,
// pages that commits replace are not reused.
const stuck = 30 * time.Second

// Store is what a server does for commands.
type Store interface {
	storage.Backuper
	storage.Checker
}

// operations lists what the server does for commands. An addition is a line.
func operations(store Store) map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /backup": func(w http.ResponseWriter, r *http.Request) {
			if _, err := store.Backup(r.Context(), patient{w}); err != nil {
				panic(http.ErrAbortHandler) // the client sees that the copy is not whole
			}
		},
		"GET /check": func(w http.ResponseWriter, r *http.Request) {
			if err := store.Check(r.Context(), true); err != nil {
				http.Error(w, err.Error(), http.StatusConflict)
			}
		},
	}
}

// patient gives each write a deadline of its own.
type patient struct{ http.ResponseWriter }

func (p patient) Write(b []byte) (int, error) {
	c := http.NewResponseController(p.ResponseWriter)
	if err := c.SetWriteDeadline(time.Now().Add(stuck)); err != nil {
		return 0, err
	}
	return p.ResponseWriter.Write(b)
}

// Listen answers commands of the file's owner until the server is closed. A socket that
// a dead server left is replaced; without a socket, as where its path is too long, the
// server does its work all the same.
func Listen(path string, store Store, log *slog.Logger) (*http.Server, error) {
	name := socketPath(path)
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	l, err := net.Listen("unix", name)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(name, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	mux := http.NewServeMux()
	for pattern, handler := range operations(store) {
		mux.HandleFunc(pattern, handler)
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: stuck}
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("commands can't ask this server any more", "err", err)
		}
	}()
	return server, nil
}

// ask has the server that holds a store do something, and copies its answer. held is
// the error that says who it is.
func ask(ctx context.Context, store, operation string, to io.Writer, held error) (int64, error) {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socketPath(store))
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://coranto/"+operation, nil)
	if err != nil {
		return 0, err
	}
	res, err := (&http.Transport{DialContext: dial, DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		return 0, fmt.Errorf("%w; and it can't be asked: %w; stop it first", held, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		reason, err := io.ReadAll(io.LimitReader(res.Body, 1<<16))
		return 0, errors.Join(fmt.Errorf("%w: %s", storage.ErrCorrupt, reason), err)
	}
	return io.Copy(to, res.Body)
}
