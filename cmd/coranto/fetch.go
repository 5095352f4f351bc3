package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/sessions"
	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/storage"
)

type fetchCommand struct {
	Sources []string `arg:"" optional:"" help:"Visit just these (all)."`
	Force   bool     `help:"Ask also where the last answer is still good. Retry-After is obeyed."`
	JSON    bool     `name:"json" help:"Print the result as JSON."`
}

// Run visits sources once. It ends with errPartial when some of them failed.
func (cmd *fetchCommand) Run(s *session) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	ids, err := known(c, cmd.Sources)
	if err != nil {
		return err
	}
	store, err := s.open(c)
	if err != nil {
		return err
	}
	s.tls = sessions.Open(c.Data, s.log)
	s.warnInsecure(c)
	began := time.Now()
	reports, roundErr := s.round(c, store, aggregate.Call{IDs: ids, Force: cmd.Force})
	s.tls.Save()
	stats, err := store.Stats(context.WithoutCancel(s.ctx))
	if err := errors.Join(s.unlessStopped(roundErr), err, store.Close()); err != nil {
		return err
	}
	// What an interrupted round has done is told like that of any other.
	result := newFetchResult(reports, stats, time.Since(began))
	if cmd.JSON {
		err = writeJSON(s.out, result)
	} else {
		err = result.table(s.out)
	}
	if err == nil && roundErr == nil && result.Failed > 0 {
		err = errPartial
	}
	return cmp.Or(err, roundErr)
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

// fetchResult is the outcome of a round; its JSON form is a contract.
type fetchResult struct {
	Sources []fetchedSource `json:"sources"`
	New     int             `json:"new"`
	Updated int             `json:"updated"`
	Failed  int             `json:"failed"`
	TookMS  int64           `json:"took_ms"`
	Store   struct {
		Items   int   `json:"items"`
		Writes  int64 `json:"item_writes"` // in this round
		Commits int64 `json:"commits"`     // in this round
	} `json:"store"`
}

type fetchedSource struct {
	Source   coranto.SourceID  `json:"source"`
	Title    string            `json:"title"`
	Outcome  storage.Outcome   `json:"outcome"`
	New      int               `json:"new"`
	Updated  int               `json:"updated"`
	TookMS   int64             `json:"took_ms"`
	Next     time.Time         `json:"next"`
	Error    string            `json:"error,omitempty"`
	Problems []coranto.Problem `json:"problems,omitempty"`
}

func newFetchResult(
	reports []aggregate.Report, stats storage.Stats, took time.Duration,
) *fetchResult {
	r := &fetchResult{Sources: []fetchedSource{}, TookMS: took.Milliseconds()}
	r.Store.Items, r.Store.Writes, r.Store.Commits = stats.Items, stats.ItemWrites, stats.Commits
	for _, rep := range reports {
		r.New += rep.New
		r.Updated += rep.Updated
		if rep.Err != nil {
			r.Failed++
		}
		r.Sources = append(r.Sources, fetchedSource{
			Source: rep.Source, Title: rep.Title, Outcome: rep.Outcome,
			New: rep.New, Updated: rep.Updated, Problems: rep.Problems,
			TookMS: rep.Took.Milliseconds(), Next: rep.Next, Error: cause(rep.Err),
		})
	}
	// Failures come last, where the prompt leaves them in sight.
	slices.SortFunc(r.Sources, func(a, b fetchedSource) int {
		return cmp.Or(
			cmp.Compare(min(len(a.Error), 1), min(len(b.Error), 1)), cmp.Compare(a.Source, b.Source))
	})
	return r
}

// cause is an error for a table whose row names the source already.
func cause(err error) string {
	if err == nil {
		return ""
	}
	var fetchErr *fetch.Error
	if errors.As(err, &fetchErr) {
		return fetchErr.Cause()
	}
	var refreshErr *aggregate.Error
	if errors.As(err, &refreshErr) {
		return refreshErr.Err.Error()
	}
	return err.Error()
}

func (r *fetchResult) table(out term.Output) error {
	table := term.NewTable("source", "outcome", ">new", ">updated", ">took", "")
	for _, src := range r.Sources {
		style, note := term.Plain, src.Error
		switch {
		case src.Error != "":
			style = term.Bad
		case src.New+src.Updated > 0:
			style = term.Good
		}
		if src.Outcome == aggregate.OutcomeFresh {
			note = "the last answer is still good; --force asks again"
		}
		if note == "" && len(src.Problems) > 0 {
			note = src.Problems[0].String()
		}
		table.Row(src.Source, term.Cell{Text: string(src.Outcome), Style: style},
			count(src.New), count(src.Updated), took(src.TookMS), term.Cell{Text: note, Style: style})
	}
	if table.Len() > 0 {
		if err := table.Write(out); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out,
		"%d sources: %d new items, %d updated, %d sources failed, in %s; %d items stored\n",
		len(r.Sources), r.New, r.Updated, r.Failed, took(r.TookMS), r.Store.Items)
	return err
}

// count is a number for a table in which most are 0.
func count(n int) string {
	if n == 0 {
		return "·"
	}
	return fmt.Sprint(n)
}

func took(ms int64) string {
	d := time.Duration(ms) * time.Millisecond
	if d >= time.Second {
		d = d.Round(100 * time.Millisecond)
	}
	return d.String()
}

func writeJSON(out term.Output, v any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
