package main

import (
	"errors"
	"fmt"

	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/hubs"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/feeds/export"
	"github.com/coranto/coranto/storage"
)

type buildCommand struct {
	Out           string `short:"o" required:"" placeholder:"DIR" help:"Where the files go."`
	Precompressed bool   `help:"Also write .gz, .br and .zst copies."`
	JSON          bool   `name:"json" help:"Print the result as JSON."`
}

// builtResult is what a build did; its JSON form is a contract.
type builtResult struct {
	Written   int      `json:"written"`
	Unchanged int      `json:"unchanged"`
	Removed   int      `json:"removed"`
	Changed   []string `json:"changed"` // paths of documents written or removed
}

// Run writes what is published as files, and only those that changed.
func (cmd *buildCommand) Run(s *session) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	store, err := s.open(c)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.err, "building %s\n", cmd.Out)
	report, err := cmd.write(s, c, store)
	if err := errors.Join(err, store.Close()); err != nil {
		return err
	}
	if cmd.JSON {
		result := builtResult{report.Written, report.Unchanged, report.Removed, report.Changed}
		if result.Changed == nil {
			result.Changed = []string{}
		}
		return show.JSON(s.out, result)
	}
	for _, path := range report.Changed {
		fmt.Fprintln(s.out, path)
	}
	fmt.Fprintf(s.out, "%d documents written, %d unchanged, %d removed in %s\n",
		report.Written, report.Unchanged, report.Removed, cmd.Out)
	return nil
}

func (cmd *buildCommand) write(
	s *session, c *config.Config, store storage.Store,
) (export.Report, error) {
	if err := s.refile(s.ctx, s.aggregator(c, store, nil)); err != nil {
		return export.Report{}, err
	}
	c.Site.Hubs = hubs.OfFiles(c)
	out, err := s.outbound(c, store)
	if err != nil {
		return export.Report{}, err
	}
	return export.Write(s.ctx, export.Options{
		Publisher: out.publisher, Dir: cmd.Out, Precompressed: cmd.Precompressed,
	})
}
