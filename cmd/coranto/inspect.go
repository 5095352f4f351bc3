package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/normalize"
	"github.com/coranto/coranto/aggregate/parse"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/operate"
	"github.com/coranto/coranto/cmd/coranto/remedy"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/internal/host"
)

type inspectCommand struct {
	What        string `arg:"" help:"A file, an address, a source's id or an item's id."`
	Stage       string `enum:"page,parse,item" default:"item" help:"${stage_help}"`
	JSON        bool   `name:"json" help:"Print JSON."`
	ContentType string `placeholder:"TYPE" help:"The Content-Type that a file came with."`
	Base        string `placeholder:"URL" help:"The address that a file came from."`
	Zone        string `default:"UTC" help:"The zone of dates without one."`
}

// Run shows a document's stages, or what is stored under an id.
func (cmd *inspectCommand) Run(s *session) error {
	if cmd.Stage == "page" {
		return cmd.showPage(s)
	}
	if doc, err := cmd.document(s); err != nil || doc != nil {
		if err != nil {
			return err
		}
		return cmd.showDocument(s, doc)
	}
	c, err := s.load()
	if err != nil {
		return err
	}
	stored, err := perform(s, c, operate.Inspect(), cmd.What, s.openToRead)
	if err != nil {
		return err
	}
	return stored.Print(s.out, cmd.JSON)
}

// document reads What when it is a file or an address; nil when it is neither.
func (cmd *inspectCommand) document(s *session) (*parse.Document, error) {
	zone, err := time.LoadLocation(cmd.Zone)
	if err != nil {
		return nil, fmt.Errorf("zone %q: %w", cmd.Zone, err)
	}
	if host.IsWeb(cmd.What) {
		c, err := s.loadOrDefault()
		if err != nil {
			return nil, err
		}
		stop := s.waiting("the site is slow; the request may take up to %s", c.Fetch.Timeout)
		res, err := s.mindful(c).Get(s.ctx, fetch.Request{URL: cmd.What, Access: accessOf(c, cmd.What)})
		stop()
		if err != nil {
			return nil, remedy.For(err)
		}
		return &parse.Document{
			Body: res.Body, ContentType: res.ContentType, URL: res.URL, Zone: zone,
		}, nil
	}
	if info, err := os.Stat(cmd.What); err != nil || info.IsDir() {
		return nil, nil //nolint:nilerr // what is no file may be an id
	}
	body, err := os.ReadFile(cmd.What)
	if err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	coding := strings.TrimPrefix(filepath.Ext(cmd.What), ".")
	if body, err = fetch.DecodeFile(body, coding, 0); err != nil {
		return nil, err
	}
	if _, err := url.Parse(cmd.Base); err != nil {
		return nil, fmt.Errorf("base address: %w", err)
	}
	return &parse.Document{Body: body, ContentType: cmd.ContentType, URL: cmd.Base, Zone: zone}, nil
}

// accessOf is how the file has an address asked.
func accessOf(c *config.Config, address string) coranto.Access {
	for i := range c.Sources {
		if host.Key(c.Sources[i].URL) == host.Key(address) {
			return c.Sources[i].Access
		}
	}
	return coranto.Access{}
}

func (cmd *inspectCommand) showDocument(s *session, doc *parse.Document) error {
	feed, problems, err := parse.Parse(*doc)
	if err != nil {
		return fmt.Errorf("parse %s: %w", cmd.What, err)
	}
	if cmd.Stage == "parse" {
		return show.Print(s.out, cmd.JSON, show.Parsed{Inspection: feed.Inspect(problems)})
	}
	result := normalize.Feed(normalize.Document{
		Source: coranto.Source{ID: config.SourceID(cmd.What), URL: doc.URL},
		Feed:   feed, URL: doc.URL, Now: time.Now(),
	})
	return show.Print(s.out, cmd.JSON, show.NewDocument(feed, result))
}

// accessOfAll is how sources are asked that say nothing of their own.
func accessOfAll(c *config.Config) coranto.Access {
	return coranto.Access{
		UserAgent: c.Fetch.UserAgent, Proxy: c.Fetch.Proxy, Timeout: c.Fetch.Timeout, MaxBody: c.Fetch.MaxBody,
	}
}
