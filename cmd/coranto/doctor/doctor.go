// Package doctor examines the program itself: it lives a week against an origin
// that marks its manners, with the real scheduler, client and store, under a clock
// that runs ahead.
package doctor

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/push"
	"github.com/coranto/coranto/internal/score"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// The week: a restart every hour, and on one day every three minutes of an hour.
const (
	span         = 7 * 24 * time.Hour
	restartEvery = time.Hour
	crashFrom    = 50 * time.Hour
	crashTo      = 51 * time.Hour
	crashEvery   = 3 * time.Minute
)

// Score lives a week, writes the report, and returns the number of demerits.
func Score(ctx context.Context, out io.Writer) (demerits int, err error) {
	dir, err := os.MkdirTemp("", "coranto-score-")
	if err != nil {
		return 0, fmt.Errorf("make a folder for the store: %w", err)
	}
	defer os.RemoveAll(dir)
	began := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	w := &week{now: began, path: filepath.Join(dir, "coranto.db")}
	origin, err := score.New(w.clock)
	if err != nil {
		return 0, err
	}
	defer origin.Close()
	w.origin = origin
	callback, err := w.listen()
	if err != nil {
		return 0, err
	}
	defer callback.Close()
	if err := w.live(ctx); err != nil {
		return 0, err
	}
	fmt.Fprintf(out, "A week of visits, %d restarts, under a clock that runs ahead.\n\n", w.restarts)
	if demerits, err = origin.Report(out); err != nil {
		return demerits, err
	}
	_, err = fmt.Fprintf(out, "\n%d demerits\n", demerits)
	return demerits, err
}

// week is the program under a clock of its own.
type week struct {
	path     string
	origin   *score.Origin
	called   atomic.Pointer[push.Subscriber] // of the life that goes on
	callback string                          // where hubs call
	restarts int

	mu  sync.Mutex
	now time.Time
}

func (w *week) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *week) set(t time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = t
}

// listen begins to take what hubs tell, on loopback. What it returns must be closed.
func (w *week) listen() (*http.Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen on loopback: %w", err)
	}
	w.callback = "http://" + listener.Addr().String() + "/websub/"
	handler := func(rw http.ResponseWriter, r *http.Request) { w.called.Load().ServeHTTP(rw, r) }
	server := &http.Server{Handler: http.HandlerFunc(handler), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // ends with Close
	return server, nil
}

// live runs the program again and again until the week is over.
func (w *week) live(ctx context.Context) error {
	began := w.clock()
	for at := time.Duration(0); at < span; w.restarts++ {
		next := at + restartEvery
		if at >= crashFrom && at < crashTo {
			next = at + crashEvery
		}
		if err := w.run(ctx, began.Add(next)); err != nil {
			return err
		}
		at = next
	}
	w.restarts--
	return nil
}

// run is one life of the process, until a time.
func (w *week) run(ctx context.Context, until time.Time) (err error) {
	store, err := bolt.Open(w.path, bolt.Options{Now: w.clock})
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := store.Close(); err == nil {
			err = closeErr
		}
	}()
	if err := store.UpsertSources(ctx, w.origin.Sources(), nil); err != nil {
		return err
	}
	client := fetch.New(fetch.Options{
		AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Now: w.clock,
	})
	defer client.CloseIdle()
	return w.visit(ctx, store, client, until)
}

// visit makes visits as they become due.
func (w *week) visit(
	ctx context.Context, store storage.Store, client *fetch.Client, until time.Time,
) error {
	agg := aggregate.New(aggregate.Options{Store: store, Fetch: client, Clock: w.clock, Workers: 4})
	hubs := push.New(push.Options{
		Store: store, Client: client, Deliver: agg.Pushed, Callback: w.callback,
		Random: rand.Reader, Clock: w.clock,
	})
	w.called.Store(hubs)
	for {
		w.origin.Deliver(ctx)
		next, err := agg.Pass(ctx, aggregate.Observer{})
		if err != nil {
			return err
		}
		if err := hubs.Keep(ctx); err != nil {
			return err
		}
		now := w.clock()
		if next < 0 || now.Add(next).After(until) {
			w.set(until)
			return nil
		}
		w.set(now.Add(max(next, time.Second)))
	}
}
