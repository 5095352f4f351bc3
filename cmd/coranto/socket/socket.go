// Package socket is how a command reaches the server that holds a store: through a
// socket beside the store file that only its owner may open. What is asked and
// answered is HTTP; which questions there are is not known here.
package socket

import (
	"bytes"
	"context"
	"encoding/json"
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

// ErrNobody is the error when no server listens: the store is free, or in other hands.
var ErrNobody = errors.New("no server listens beside the store")

// patience is how long a client may take for its question, or for a piece of an answer.
const patience = 30 * time.Second

// Listen answers whom owns the store file until the server is closed. A socket that a
// dead server left is replaced. temp is where it goes when the store's path is too
// long;
func Listen(store, temp string, answer http.Handler, log *slog.Logger) (*http.Server, error) {
	path, short := Path(store, temp)
	if !short {
		if err := private(filepath.Dir(path)); err != nil {
			return nil, err
		}
		log.Warn("the path of the data directory is too long for a socket: commands reach this "+
			"server through another, and must have the same directory for temporary files",
			"socket", path)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	server := &http.Server{Handler: patiently(answer), ReadHeaderTimeout: patience}
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("commands can't ask this server any more", "err", err)
		}
	}()
	return server, nil
}

// patiently gives each piece of an answer a deadline of its own: while a backup is
// written, pages that commits replace are not reused.
func patiently(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(patient{w}, r)
	})
}

type patient struct{ http.ResponseWriter }

func (p patient) Write(b []byte) (int, error) {
	c := http.NewResponseController(p.ResponseWriter)
	if err := c.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return 0, err
	}
	return p.ResponseWriter.Write(b)
}

// refusals are the errors that both sides know, by the status that stands for them.
func refusals() map[int]error {
	return map[int]error{
		http.StatusNotFound:            storage.ErrNotFound,
		http.StatusConflict:            storage.ErrCorrupt,
		http.StatusForbidden:           storage.ErrReadOnly,
		http.StatusInsufficientStorage: storage.ErrFull,
	}
}

// Refuse answers with an error, which Ask returns.
func Refuse(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	for code, known := range refusals() {
		if errors.Is(err, known) {
			status = code
		}
	}
	http.Error(w, err.Error(), status)
}

// refused is what a server says instead of an answer.
type refused struct {
	text  string
	known error // one of refusals, or nil
}

func (e *refused) Error() string { return e.text }

func (e *refused) Unwrap() error { return e.known }

// Client asks the server of one store. The zero value is of no use.
type Client struct {
	Store string // the store's file
	Temp  string // as Listen has it
}

// Ask asks a question, as JSON, and returns the answer, which the caller closes. The
// error wraps ErrNobody when no server listens, and what the server refused with.
func (c Client) Ask(ctx context.Context, question string, in any) (io.ReadCloser, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	url := "http://coranto/" + question
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	res, err := (&http.Transport{DialContext: c.dial, DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode == http.StatusOK {
		return res.Body, nil
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 1<<16))
	if err != nil {
		return nil, fmt.Errorf("read what the server refuses with: %w", err)
	}
	return nil, &refused{string(bytes.TrimSpace(text)), refusals()[res.StatusCode]}
}

func (c Client) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	path, short := Path(c.Store, c.Temp)
	var err error
	if !short {
		err = owned(filepath.Dir(path))
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNobody, err)
	}
	conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("%w: %w", ErrNobody, err)
	}
	return conn, err
}
