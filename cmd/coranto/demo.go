package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/coranto/coranto/cmd/coranto/demo"
	"github.com/coranto/coranto/cmd/coranto/local"
	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/internal/farm"
)

type demoCommand struct {
	Listen   string `default:"127.0.0.1:8080" placeholder:"ADDRESS" help:"${demo_help}"`
	Language string `default:"en" enum:"en,zh" help:"Of the pages: ${enum}."`
}

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
	c := demo.Config(papers, dir, cmd.Listen, cmd.Language)
	if c.Listen != cmd.Listen && !strings.HasSuffix(cmd.Listen, ":0") {
		fmt.Fprintf(s.err, "%s is taken by another program; the demonstration moves\n", cmd.Listen)
	}
	d, err := quiet.newDaemon(c)
	if err != nil {
		return s.unlessStopped(err)
	}
	d.wrap, d.maxAge = demo.Reloading, time.Second
	home := local.URL(d.public.Addr().String())
	fmt.Fprintf(s.out, "%s\n%d invented papers are read, sorted and published again at\n\n    %s\n\n",
		s.out.Paint(term.Head, "Coranto"), papers.Len(), home)
	fmt.Fprintf(s.out, "a feed per category: %scategory/science/atom.xml\nCtrl-C ends it.\n\n", home)

	ctx, stop := context.WithCancel(s.ctx)
	defer stop()
	go demo.News(ctx, s.out, papers)
	return d.serve()
}
