package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/coranto/coranto/aggregate/hosts"
	"github.com/coranto/coranto/cmd/coranto/care"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/local"
	"github.com/coranto/coranto/cmd/coranto/sessions"
	"github.com/coranto/coranto/cmd/coranto/watch"
	"github.com/coranto/coranto/feeds/serve"
	"github.com/coranto/coranto/storage"
)

type serveCommand struct {
	Listen string `env:"CORANTO_LISTEN" placeholder:"ADDRESS" help:"${listen_help}"`
	Admin  string `env:"CORANTO_ADMIN" placeholder:"ADDRESS" help:"${admin_help}"`

	ReadOnly bool `help:"Serve what is stored: fetch nothing, write nothing."`
}

// Run serves until the first signal, and then finishes what is under way.
func (cmd *serveCommand) Run(s *session) error {
	// Both begin before the file is read, so that neither a SIGHUP nor an edit
	// during start-up is missed.
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	file := watch.New(s.Config)

	c, err := s.readOrDefault()
	if err != nil {
		return err
	}
	cmd.lay(c)
	open := s.newDaemon
	if cmd.ReadOnly {
		open = s.newReadOnly
	}
	d, err := open(c)
	if err != nil {
		return s.unlessStopped(err)
	}
	d.hup, d.file = hup, file
	file.Follow(c.Looks)
	d.reload = func() (*config.Config, error) {
		next, err := s.reread(d.config)
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
		c.Listen = cmd.Listen
	}
	layAdmin(c, cmd.Admin)
}

// layAdmin puts the flag over the file; like the file, it takes "off".
func layAdmin(c *config.Config, flag string) {
	switch flag {
	case "":
	case "off":
		c.Admin = ""
	default:
		c.Admin = flag
	}
}

// unlessStopped drops the error of work that a signal ended: for a server that
// is a good end.
func (s *session) unlessStopped(err error) error {
	if s.interrupted(err) {
		return nil
	}
	return err
}

// drainTime is how long requests under way may take after the first signal.
const drainTime = 10 * time.Second

// daemon is a store with its listeners. What one version of the file makes of
// them is an edition; a reload replaces it.
type daemon struct {
	*session
	config *config.Config
	store  storage.Store

	readOnly bool         // nothing is fetched, nothing is written
	hindered func() error // why what is fetched can't be stored; nil when it can

	backups *care.Automatic

	reload func() (*config.Config, error) // nil never reloads
	hup    <-chan os.Signal               // asks for a reload
	file   *watch.File                    // so does a change of the file

	public, admin net.Listener
	live          atomic.Pointer[edition]
	broken        chan error   // the public listener failed
	handling      sync.RWMutex // held for reading by each request under way
	patience      time.Duration

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
	s.tls, s.hosts = sessions.Open(c.Data, s.log), hosts.New()
	return s.daemon(c, &daemon{store: store, hindered: store.Hindered})
}

// newReadOnly is newDaemon for a store that is only read.
func (s *session) newReadOnly(c *config.Config) (*daemon, error) {
	store, err := s.openToRead(c)
	if err != nil {
		return nil, err
	}
	return s.daemon(c, &daemon{store: store, hindered: store.Hindered, readOnly: true})
}

func (s *session) daemon(c *config.Config, d *daemon) (*daemon, error) {
	d.session, d.config, d.broken, d.patience = s, c, make(chan error, 1), drainTime
	held, _ := d.store.(storage.Backuper)
	d.backups = care.NewAutomatic(&care.Keeper{
		Path: storePath(c), Held: held, Out: io.Discard, Log: s.log, Now: time.Now, Wait: lockWait,
	})
	if err := d.listen(); err != nil {
		return nil, errors.Join(err, d.close())
	}
	d.locate(c)
	return d, nil
}

func (d *daemon) listen() (err error) {
	if d.public, err = net.Listen("tcp", d.config.Listen); err != nil {
		return fmt.Errorf("listen for readers: %w (--listen or `listen:` names another)", err)
	}
	if d.config.Admin == "" {
		return nil
	}
	if d.admin, err = net.Listen("tcp", d.config.Admin); err != nil {
		return fmt.Errorf("listen for the operator: %w (--admin or `admin:` names another, or off)", err)
	}
	return nil
}

// locate fills in where the site is when the file does not say: where it is
// really listened on, whatever a later version of the file would like.
func (d *daemon) locate(c *config.Config) {
	if c.Site.URL != "" {
		return
	}
	c.Fetch.Push = false // nobody said where hubs would find us
	c.Site.URL = local.URL(d.config.Listen)
	if _, port, err := net.SplitHostPort(d.config.Listen); err == nil && port == "0" {
		c.Site.URL = local.URL(d.public.Addr().String())
	}
}

func (d *daemon) close() error {
	for _, l := range []net.Listener{d.public, d.admin} {
		if l != nil {
			_ = l.Close() // a server has closed it already
		}
	}
	d.tls.Save()
	return d.store.Close()
}

// serve runs until the session's context ends, or readers can't connect any
// more.
func (d *daemon) serve() error {
	first, err := d.edition(d.config)
	if err != nil {
		return errors.Join(d.unlessStopped(err), d.close())
	}
	d.live.Store(first)
	servers := d.servers()
	d.log.Info("serving", "url", local.URL(d.public.Addr().String()),
		"sources", len(d.config.Sources), "data", d.config.Data)
	if d.readOnly {
		d.log.Info(readOnlyNotice)
	}
	err = d.watch()
	d.log.Info("stopping")
	return errors.Join(err, d.drain(servers), d.close())
}

// servers starts answering on the listeners.
func (d *daemon) servers() []*http.Server {
	live := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.live.Load().handler.ServeHTTP(w, r)
	})
	public := serve.NewServer(d.counted(d.wrapped(live)), d.log)
	go func() {
		if err := public.Serve(d.public); !errors.Is(err, http.ErrServerClosed) {
			d.broken <- fmt.Errorf("listen for readers: %w", err)
		}
	}()
	servers := []*http.Server{public}
	if beside := d.listenBeside(); beside != nil {
		servers = append(servers, beside)
	}
	if d.admin == nil {
		return servers
	}
	operator := serve.NewServer(d.counted(d.adminHandler()), d.log)
	go func() {
		if err := operator.Serve(d.admin); !errors.Is(err, http.ErrServerClosed) {
			d.log.Error("nobody listens for the operator any more", "err", err)
		}
	}()
	return append(servers, operator)
}

func (d *daemon) wrapped(h http.Handler) http.Handler {
	if d.wrap == nil {
		return h
	}
	return d.wrap(h)
}

// counted lets drain wait for handlers: the store stays open for them.
func (d *daemon) counted(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.handling.RLock()
		defer d.handling.RUnlock()
		h.ServeHTTP(w, r)
	})
}

// drain ends the visits and lets requests under way finish. Those that take too
// long lose their connection; their handlers are waited for all the same.
func (d *daemon) drain(servers []*http.Server) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(d.ctx), d.patience)
	defer cancel()
	errs := make([]error, len(servers))
	var wait sync.WaitGroup
	for i, server := range servers {
		wait.Go(func() {
			if err := server.Shutdown(ctx); err != nil {
				errs[i] = errors.Join(fmt.Errorf("requests cut off: %w", err), server.Close())
			}
		})
	}
	d.live.Load().stop()
	wait.Wait()
	// Never unlocked: a request that a server let in at the very end stays
	// where it is.
	d.handling.Lock()
	return errors.Join(errs...)
}

// publicHandler is what readers talk to.
func (d *daemon) publicHandler(out *outbound, e *edition) http.Handler {
	opts := serve.Options{
		Publisher: out.publisher,
		MaxAge:    d.maxAge,
		NotFound:  out.pages.NotFound,
		Problem:   out.pages.Problem,
		Ready:     e.ready,
		Logger:    d.log,
		Contact:   e.config.Fetch.Contact,
		Rate:      float64(e.config.Throttle),
		Now:       time.Now,
	}
	if d.maxAge == 0 {
		opts.Fresh = e.plans.Fresh
	}
	return serve.Handler(opts)
}
