package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/operate"
	"github.com/coranto/coranto/cmd/coranto/sessions"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/cmd/coranto/socket"
	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/storage"
)

type fetchCommand struct {
	Sources []string `arg:"" optional:"" help:"Visit just these (all)."`
	Force   bool     `help:"Ask also where the last answer is still good. Retry-After is obeyed."`
	JSON    bool     `name:"json" help:"Print the result as JSON."`
}

// Run visits sources once. It ends with errPartial when some of them failed. While a
// server holds the store, the server visits them now, and does not wait until they are
// due.
func (cmd *fetchCommand) Run(s *session) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	ids, err := known(c, cmd.Sources)
	if err != nil {
		return err
	}
	call := aggregate.Call{IDs: ids, Force: cmd.Force}
	stop := s.waiting("the server visits them; it may take a while")
	result, err := operate.Fetch().Ask(s.ctx, server(c), call)
	stop()
	if !errors.Is(err, socket.ErrNobody) {
		if err == nil {
			err = cmd.tell(s, result)
		}
		return err
	}
	return cmd.visit(s, c, call)
}

// visit is done where no server holds the store.
func (cmd *fetchCommand) visit(s *session, c *config.Config, call aggregate.Call) error {
	store, err := s.open(c)
	if err != nil {
		return err
	}
	s.tls = sessions.Open(c.Data, s.log)
	s.warnInsecure(c)
	began := time.Now()
	reports, roundErr := s.round(c, store, call)
	s.tls.Save()
	if roundErr == nil {
		_, roundErr = s.keeper(c, store).Once(s.ctx)
	}
	stats, err := store.Stats(context.WithoutCancel(s.ctx))
	if err := errors.Join(s.unlessStopped(roundErr), err, store.Close()); err != nil {
		return err
	}
	// What an interrupted round has done is told like that of any other.
	err = cmd.tell(s, show.NewRound(reports, stats, time.Since(began)))
	if roundErr != nil && errors.Is(err, errPartial) {
		err = nil
	}
	return cmp.Or(err, roundErr)
}

func (cmd *fetchCommand) tell(s *session, result *show.Round) error {
	err := show.Print(s.out, cmd.JSON, result)
	if err == nil && result.Failed > 0 {
		err = errPartial
	}
	return err
}

// known turns the names on the command line into ids of the file.
func known(c *config.Config, names []string) ([]coranto.SourceID, error) {
	var ids []coranto.SourceID
	for _, name := range names {
		id := coranto.SourceID(name)
		i := slices.IndexFunc(c.Sources, func(src coranto.Source) bool { return src.ID == id })
		if i < 0 {
			return nil, fmt.Errorf("%s has no source %q; `coranto status` lists them", c.Path, name)
		}
		if c.Sources[i].Paused {
			return nil, fmt.Errorf("%s is paused; take `paused: true` out of %s first", id, c.Path)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// round runs the aggregator once, with a progress line.
func (s *session) round(
	c *config.Config, store storage.Store, call aggregate.Call,
) ([]aggregate.Report, error) {
	quiet := *s
	quiet.log = newLogger(s.err, "error", s.LogFormat) // the table says what the log would
	if s.LogLevel != "info" {
		quiet.log = s.log
	}
	agg := quiet.aggregator(c, store, quiet.client(c))
	if err := s.refile(s.ctx, agg); err != nil {
		return nil, err
	}
	total := len(call.IDs)
	if total == 0 {
		total = len(c.Sources)
	}
	progress := term.NewProgress(s.err, "sources", total)
	var reports []aggregate.Report
	err := agg.Round(s.ctx, call, aggregate.Observer{
		Visited: progress.Add,
		Stored:  func(r aggregate.Report) { reports = append(reports, r) },
	})
	progress.End()
	return reports, err
}
