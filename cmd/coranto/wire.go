package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/net/http/httpproxy"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/retain"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/depot"
	"github.com/coranto/coranto/cmd/coranto/local"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/format"
	"github.com/coranto/coranto/feeds/publish"
	"github.com/coranto/coranto/feeds/site"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// read reads the file and lays the flags over it.
func (s *session) read() (*config.Config, error) {
	c, err := config.Load(s.Config)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &noFileError{s.Config, err}
	}
	if err != nil {
		return nil, err
	}
	c.Data = cmp.Or(s.Data, c.Data)
	return c, nil
}

// noFileError says what to do where there is no file.
type noFileError struct {
	path string
	err  error
}

func (e *noFileError) Error() string {
	return fmt.Sprintf("there is no %s: `coranto init` writes one, --config names another", e.path)
}

func (e *noFileError) Unwrap() error { return e.err }

// readOrDefault is read, but the usual file may be missing: an empty planet.
func (s *session) readOrDefault() (*config.Config, error) {
	if s.isDefault() && !s.exists() {
		c := config.Default()
		c.Data = cmp.Or(s.Data, c.Data)
		return c, nil
	}
	return s.read()
}

// load is read for commands that don't listen: the site is where the file says,
// or else where it would be listened on.
func (s *session) load() (*config.Config, error) { return located(s.read()) }

// loadOrDefault is load, but the usual file may be missing.
func (s *session) loadOrDefault() (*config.Config, error) { return located(s.readOrDefault()) }

func located(c *config.Config, err error) (*config.Config, error) {
	if err == nil {
		c.Site.URL = cmp.Or(c.Site.URL, local.URL(c.Listen))
	}
	return c, err
}

// storeName is the store's file below the data directory.
const storeName = "coranto.db"

// lockWait is how long a command waits for another process to let go of the
// store: enough for one that is ending, not for a server that runs.
const lockWait = 500 * time.Millisecond

// open opens the store and makes it know the sources of the file.
func (s *session) open(c *config.Config) (*depot.Store, error) {
	if c.Storage != "bolt" {
		return nil, fmt.Errorf("storage %q: this version has bolt alone", c.Storage)
	}
	store, err := depot.Open(filepath.Join(c.Data, storeName), bolt.Options{
		Logger: s.log, Timeout: lockWait, MaxSize: c.Keep.Disk,
	})
	if err != nil {
		return nil, err
	}
	if err := depot.Know(s.ctx, store, c.Sources); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

// openToRead opens the store for a look.
func (s *session) openToRead(c *config.Config) (*depot.Store, error) {
	return depot.Open(filepath.Join(c.Data, storeName), bolt.Options{
		Logger: s.log, ReadOnly: true, Timeout: lockWait,
	})
}

func (s *session) client(c *config.Config) *fetch.Client {
	opts := fetch.Options{
		UserAgent:     c.Fetch.UserAgent,
		Contact:       c.Fetch.Contact,
		Timeout:       c.Fetch.Timeout,
		PerHost:       c.Fetch.PerHost,
		MaxBody:       c.Fetch.MaxBody,
		AllowNetworks: c.Fetch.AllowNetworks,
		AllowHosts:    c.Fetch.AllowHosts,
		AllowPorts:    c.Fetch.AllowPorts,
		Proxy:         c.Fetch.Proxy,
		Environment:   httpproxy.FromEnvironment().ProxyFunc(),
		Hosts:         s.hosts,
		Logger:        s.log,
	}
	if s.tls != nil {
		opts.Sessions = s.tls
	}
	return fetch.New(opts)
}

// mindful is a client for an operator's question between visits: it knows which hosts
// asked visits to wait (P36). Those that did not answer are tried all the same. A store
// that can't be read, as while a server runs, tells nothing.
func (s *session) mindful(c *config.Config) *fetch.Client {
	client := s.client(c)
	store, err := s.openToRead(c)
	if err != nil {
		return client
	}
	err = aggregate.Remember(s.ctx, store, client.Hosts(), time.Now())
	if err = errors.Join(err, store.Close()); err != nil {
		s.log.Warn("what hosts asked for is not known", "err", err)
	}
	client.Hosts().Reopen()
	return client
}

// warnInsecure names the sources whose certificates are not verified (P66).
func (s *session) warnInsecure(c *config.Config) {
	for i := range c.Sources {
		if src := &c.Sources[i]; src.Access.Insecure && !src.Paused {
			s.log.Warn("the certificate is not verified, as the file says",
				"source", string(src.ID), "url", src.URL)
		}
	}
}

// aggregator is the inbound wing, wired. One that only refiles needs no client.
func (s *session) aggregator(
	c *config.Config, store storage.Store, client *fetch.Client,
) *aggregate.Aggregator {
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	return aggregate.New(aggregate.Options{
		Store:      store,
		Fetch:      client,
		Categories: c.Site.Categories,
		Workers:    c.Fetch.Workers,
		Room:       s.keeper(c, store).Room,
		Logger:     s.log,
		Owner:      fmt.Sprintf("%s/%d/%d", host, os.Getpid(), time.Now().UnixNano()),
	})
}

// keeper keeps the store within the limits of the file.
func (s *session) keeper(c *config.Config, store storage.Store) *retain.Keeper {
	return retain.New(retain.Options{Store: store, Policy: c.Keep.Policy, Logger: s.log})
}

// refile files stored items anew where the operator's words have changed.
func (s *session) refile(ctx context.Context, agg *aggregate.Aggregator) error {
	return agg.Refile(ctx, func(source coranto.SourceID, moved int) {
		if moved > 0 {
			s.log.Info("items filed anew", "source", string(source), "items", moved)
		}
	})
}

// outbound is the outbound wing, wired.
type outbound struct {
	publisher *publish.Publisher
	pages     *site.Pages
}

// outbound wires the outbound wing. kept bounds the bytes of the documents that it keeps
// in memory; 0 means as many as a server needs.
func (s *session) outbound(c *config.Config, store storage.Store, kept int64) (*outbound, error) {
	about := c.Site
	about.Contact = c.Fetch.Contact
	reader := feeds.NewReader(store, about)
	pages, err := site.New(reader, format.All())
	if err != nil {
		return nil, err
	}
	pages = pages.Dressed(c.Theme, s.log)
	return &outbound{
		pages: pages,
		publisher: publish.New(publish.Options{
			Store: store, Reader: reader, Formats: format.All(), Pages: pages.Page, Logger: s.log,
			MaxBytes: kept,
		}),
	}, nil
}
