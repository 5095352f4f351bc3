package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/internal/farm"
)

type demoCommand struct {
	Listen   string `default:"127.0.0.1:8080" placeholder:"ADDRESS" help:"${demo_help}"`
	Language string `default:"en" enum:"en,zh" help:"Of the pages: ${enum}."`
}

// The pace of the demonstration.
const (
	demoVisits = 10 * time.Second // between visits to each paper
	demoNews   = 8 * time.Second  // between two new items somewhere
	demoReload = 15               // seconds after which a browser shows the home page anew
)

// Run starts invented papers on loopback addresses and the whole program on top
// of them: the same fetching, storing and publishing as for real ones.
func (cmd *demoCommand) Run(s *session) error {
	papers := farm.New(farm.DemoConfig(time.Now()))
	if err := papers.Start(); err != nil {
		return fmt.Errorf("start the invented papers: %w", err)
	}
	defer papers.Close()
	dir, err := os.MkdirTemp("", "coranto-demo-")
	if err != nil {
		return fmt.Errorf("make a place for the store: %w", err)
	}
	defer os.RemoveAll(dir)

	quiet := *s
	if s.LogLevel == "info" {
		quiet.log = newLogger(s.err, "warn", s.LogFormat)
	}
	c := cmd.config(papers, dir)
	if c.Listen != cmd.Listen && !strings.HasSuffix(cmd.Listen, ":0") {
		fmt.Fprintf(s.err, "%s is taken by another program; the demonstration moves\n", cmd.Listen)
	}
	d, err := quiet.newDaemon(c)
	if err != nil {
		return s.unlessStopped(err)
	}
	d.wrap, d.maxAge = reloading, time.Second
	home := localURL(d.public.Addr().String())
	fmt.Fprintf(s.out, "%s\n%d invented papers are read, sorted and published again at\n\n    %s\n\n",
		s.out.Paint(term.Head, "Coranto"), papers.Len(), home)
	fmt.Fprintf(s.out, "a feed per category: %scategory/science/atom.xml\nCtrl-C ends it.\n\n", home)

	ctx, stop := context.WithCancel(s.ctx)
	defer stop()
	go cmd.news(ctx, s, papers)
	return d.serve()
}

// config is the file that an operator of these papers would write.
func (cmd *demoCommand) config(papers *farm.Farm, dir string) *config.Config {
	c := config.Default()
	c.Data = dir
	c.Listen, c.Admin = freeAddress(cmd.Listen), ""
	c.Fetch.AllowNetworks = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	c.Site.Title = "The Daily Coranto"
	c.Site.Description = "Invented papers, really read and published"
	c.Site.Language = cmd.Language
	if cmd.Language == "zh" {
		c.Site.Title, c.Site.Description = "每日汇报", "虚构的报纸，真实的收录与发布"
	}
	c.Site.Zone = time.Local
	c.Site.URL = localURL(c.Listen)
	categories := papers.AllCategories()
	for _, cat := range categories {
		c.Site.Categories = append(c.Site.Categories,
			coranto.Category{Slug: coranto.Slug(cat.Slug), Title: cat.Title})
	}
	for i := range papers.Len() {
		slug := coranto.Slug(categories[papers.Feed(i).Category].Slug)
		c.Sources = append(c.Sources, coranto.Source{
			ID:         coranto.SourceID("paper-" + strconv.Itoa(i+1)),
			URL:        papers.FeedURL(i),
			Categories: []coranto.Slug{slug},
			Every:      demoVisits,
		})
	}
	return c
}

// freeAddress is the address itself, or one with a free port when another
// program has it.
func freeAddress(address string) string {
	l, err := net.Listen("tcp", address)
	if err != nil {
		host, _, splitErr := net.SplitHostPort(address)
		if splitErr != nil {
			return address
		}
		if l, err = net.Listen("tcp", net.JoinHostPort(host, "0")); err != nil {
			return address
		}
	}
	free := l.Addr().String()
	if err := l.Close(); err != nil {
		return address
	}
	return free
}

// news makes a paper print something new from time to time.
func (cmd *demoCommand) news(ctx context.Context, s *session, papers *farm.Farm) {
	tick := time.NewTicker(demoNews)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			i, item := papers.AdvanceOne(now)
			_, err := fmt.Fprintf(s.out, "%s  %s prints: %s\n",
				now.Format(time.TimeOnly), papers.Feed(i).Title, item.Title)
			if errors.Is(err, os.ErrClosed) {
				return
			}
		}
	}
}

// reloading makes browsers show the newest home page without a script.
func reloading(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			w.Header().Set("Refresh", strconv.Itoa(demoReload))
		}
		h.ServeHTTP(w, r)
	})
}
