package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/feeds/serve"
	"github.com/coranto/coranto/storage/bolt"
)

type serveCommand struct {
	Listen string `env:"CORANTO_LISTEN" placeholder:"ADDRESS" help:"What readers connect to, instead of what the file says."`
	Admin  string `env:"CORANTO_ADMIN" placeholder:"ADDRESS" help:"What the operator connects to, instead of what the file says."`
}

// Run serves until the first signal, and then finishes what is under way.
func (cmd *serveCommand) Run(s *session) error {
	c, err := s.loadOrDefault()
	if err != nil {
		return err
	}
	cmd.lay(c)
	d, err := s.newDaemon(c)
	if err != nil {
		return err
	}
	d.reload = func() (*config.Config, error) {
		next, err := s.loadOrDefault()
		if err == nil {
			cmd.lay(next)
		}
		return next, err
	}
	return d.serve()
}

// lay puts the flags over the file.
func (cmd *serveCommand) lay(c *config.Config) {
	if cmd.Listen != "" {
		if c.Site.URL == localURL(c.Listen) {
			c.Site.URL = localURL(cmd.Listen)
		}
		c.Listen = cmd.Listen
	}
	if cmd.Admin != "" {
		c.Admin = cmd.Admin
	}
}

// drainTime is how long requests under way may take after the first signal.
const drainTime = 10 * time.Second

// daemon is a store with its listeners. What one version of the file makes of
// them is an edition; a reload replaces it.
type daemon struct {
	*session
	config *config.Config
	store  *bolt.Store
	reload func() (*config.Config, error) // nil never reloads

	public, admin net.Listener
	live          atomic.Pointer[edition]

	wrap   func(http.Handler) http.Handler // of the public handler; nil leaves it
	maxAge time.Duration                   // for which caches may keep a document; 0 means the usual
}

// newDaemon opens the store and the listeners: what can go wrong does so before
// anything runs.
func (s *session) newDaemon(c *config.Config) (*daemon, error) {
	store, err := s.open(c)
	if err != nil {
		return nil, err
	}
	d := &daemon{session: s, config: c, store: store}
	if d.public, err = net.Listen("tcp", c.Listen); err != nil {
		return nil, errors.Join(fmt.Errorf("listen for readers: %w", err), d.close())
	}
	if c.Admin != "" {
		if d.admin, err = net.Listen("tcp", c.Admin); err != nil {
			return nil, errors.Join(fmt.Errorf("listen for the operator: %w (admin: off does without)", err), d.close())
		}
	}
	return d, nil
}

func (d *daemon) close() error {
	for _, l := range []net.Listener{d.public, d.admin} {
		if l != nil {
			_ = l.Close() // a server has closed it already
		}
	}
	return d.store.Close()
}

// serve runs until the session's context ends.
func (d *daemon) serve() error {
	first, err := d.edition(d.config)
	if err != nil {
		return errors.Join(err, d.close())
	}
	d.live.Store(first)
	servers := d.servers()
	d.log.Info("serving", "url", localURL(d.public.Addr().String()), "sources", len(d.config.Sources), "data", d.config.Data)
	d.watch()
	d.log.Info("stopping")
	return errors.Join(d.drain(servers), d.close())
}

// servers starts answering on the listeners.
func (d *daemon) servers() []*http.Server {
	public := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d.live.Load().handler.ServeHTTP(w, r) })
	servers := []*http.Server{serve.NewServer(d.wrapped(public), d.log)}
	go d.answer(servers[0], d.public)
	if d.admin != nil {
		servers = append(servers, serve.NewServer(d.adminHandler(), d.log))
		go d.answer(servers[1], d.admin)
	}
	return servers
}

func (d *daemon) wrapped(h http.Handler) http.Handler {
	if d.wrap == nil {
		return h
	}
	return d.wrap(h)
}

func (d *daemon) answer(server *http.Server, l net.Listener) {
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		d.log.Error("listener failed", "url", l.Addr().String(), "err", err)
	}
}

// drain ends the visits and lets requests under way finish.
func (d *daemon) drain(servers []*http.Server) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(d.ctx), drainTime)
	defer cancel()
	var wait sync.WaitGroup
	for _, server := range servers {
		wait.Go(func() {
			if err := server.Shutdown(ctx); err != nil {
				d.log.Warn("requests cut off", "err", err)
			}
		})
	}
	d.live.Load().stop()
	wait.Wait()
	return nil
}

// watch waits for the end and reloads the file when it changes or SIGHUP comes.
func (d *daemon) watch() {
	if d.reload == nil {
		<-d.ctx.Done()
		return
	}
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	seen := modified(d.Config)
	for {
		select {
		case <-d.ctx.Done():
			return
		case <-hup:
		case <-tick.C:
			if now := modified(d.Config); now.Equal(seen) {
				continue
			} else {
				seen = now
			}
		}
		d.replace()
	}
}

// modified is when the file was last written; zero when it is not there.
func modified(path string) time.Time {
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// replace makes an edition of the file as it is now. A file that is wrong leaves
// the old one at work.
func (d *daemon) replace() {
	next, err := d.reload()
	if err == nil {
		err = know(d.ctx, d.store, next.Sources)
	}
	if err != nil {
		d.log.Error("file not reloaded; the old one stays in force", "err", err)
		return
	}
	if next.Listen != d.config.Listen || next.Admin != d.config.Admin || next.Data != d.config.Data {
		d.log.Warn("listen, admin and data change with the next start only")
	}
	old := d.live.Load()
	old.stop()
	fresh, err := d.edition(next)
	if err != nil {
		d.log.Error("file not reloaded; the old one stays in force", "err", err)
		fresh, err = d.edition(d.config)
		if err != nil {
			d.log.Error("nothing is fetched until the next reload", "err", err)
			return
		}
		next = d.config
	}
	d.config = next
	d.live.Store(fresh)
	d.log.Info("file reloaded", "sources", len(next.Sources))
}

// publicHandler is what readers talk to.
func (d *daemon) publicHandler(out *outbound, e *edition) http.Handler {
	return serve.Handler(serve.Options{
		Publisher: out.publisher,
		MaxAge:    d.maxAge,
		NotFound:  out.pages.NotFound,
		Problem:   out.pages.Problem,
		Ready:     e.ready,
		Logger:    d.log,
	})
}

// edition is what one version of the file makes of the store: a crew that visits
// its sources and a handler that publishes.
type edition struct {
	handler http.Handler
	failed  atomic.Pointer[error] // what ended the visits; nil while they go on
	cancel  context.CancelFunc
	work    sync.WaitGroup
}

// stop ends the visits and waits for their outcomes to be stored. The handler
// goes on with what it has.
func (e *edition) stop() {
	e.cancel()
	e.work.Wait()
}

// ready is nil when visits go on and their outcomes can be stored.
func (e *edition) ready() error {
	if err := e.failed.Load(); err != nil {
		return *err
	}
	return nil
}

func (d *daemon) edition(c *config.Config) (*edition, error) {
	out, err := d.outbound(c, d.store)
	if err != nil {
		return nil, err
	}
	agg := d.aggregator(c, d.store, d.client(c))
	if err := d.refile(d.ctx, agg); err != nil {
		return nil, err
	}
	e := &edition{}
	e.handler = d.publicHandler(out, e)
	ctx, cancel := context.WithCancel(d.ctx)
	e.cancel = cancel
	e.work.Go(func() {
		if err := out.publisher.Follow(ctx); err != nil && ctx.Err() == nil {
			d.log.Error("published documents are not renewed", "err", err)
		}
	})
	e.work.Go(func() {
		if err := agg.Run(ctx, aggregate.Observer{}); err != nil {
			e.failed.Store(&err)
			d.log.Error("nothing is fetched any more", "err", err)
		}
	})
	return e, nil
}
