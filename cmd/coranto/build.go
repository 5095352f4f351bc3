package main

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/deploy"
	"github.com/coranto/coranto/cmd/coranto/hubs"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/feeds/export"
	"github.com/coranto/coranto/storage"
)

type buildCommand struct {
	Out           string `short:"o" placeholder:"DIR" help:"Where the files go, if not to build.dir of the file."`
	Precompressed bool   `help:"Also write .gz, .br and .zst copies."`
	Full          bool   `help:"Make and compare every document, also those that can't have changed."`
	JSON          bool   `name:"json" help:"Print the result as JSON."`
}

// builtResult is what a build did; its JSON form is a contract.
type builtResult struct {
	Written   int      `json:"written"`
	Unchanged int      `json:"unchanged"`
	Removed   int      `json:"removed"`
	Changed   []string `json:"changed"` // paths of documents written or removed
	AtOnce    bool     `json:"at_once"` // the new files took the place of the old in one moment
}

// Run writes what is published as files, and only those that changed. Then it runs the
// operator's command, if something did.
func (cmd *buildCommand) Run(s *session) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	cmd.Out = cmp.Or(cmd.Out, c.Build.Dir)
	if cmd.Out == "" {
		return errors.New("nobody says where the files go: use --out DIR, or build: {dir: DIR} in the file")
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
	if err := cmd.print(s, report); err != nil || len(report.Owed) == 0 {
		return err
	}
	return cmd.deploy(s, c.Build.After, report)
}

func (cmd *buildCommand) write(
	s *session, c *config.Config, store storage.Store,
) (export.Report, error) {
	if err := s.refile(s.ctx, s.aggregator(c, store, nil)); err != nil {
		return export.Report{}, err
	}
	c.Site.Hubs = hubs.OfFiles(c)
	out, err := s.outbound(c, store, 1) // nothing is asked for twice
	if err != nil {
		return export.Report{}, err
	}
	progress := term.NewProgress(s.err, "documents", 0)
	defer progress.End()
	return export.Write(s.ctx, export.Options{
		Publisher: out.publisher, Dir: cmd.Out, Precompressed: cmd.Precompressed || c.Build.Precompressed,
		Fingerprint: deploy.Fingerprint(out.publisher.Site(), c.Looks), Full: cmd.Full,
		Owe: c.Build.After != "", Progress: progress.Set,
	})
}

func (cmd *buildCommand) print(s *session, report export.Report) error {
	if cmd.JSON {
		result := builtResult{
			report.Written, report.Unchanged, report.Removed, report.Changed, report.AtOnce,
		}
		if result.Changed == nil {
			result.Changed = []string{}
		}
		return show.JSON(s.out, result)
	}
	for _, path := range report.Changed {
		fmt.Fprintln(s.out, path)
	}
	_, err := fmt.Fprintf(s.out, "%d documents written, %d unchanged, %d removed in %s\n",
		report.Written, report.Unchanged, report.Removed, cmd.Out)
	return err
}

// deploy runs the operator's command for all changes that it was not told of.
func (cmd *buildCommand) deploy(s *session, command string, report export.Report) error {
	fmt.Fprintf(s.err, "running %s\n", command)
	err := deploy.Run(s.ctx, command, deploy.Change{
		Dir: cmd.Out, Paths: report.Owed, Written: report.Written, Removed: report.Removed,
	}, s.err)
	if err != nil {
		return err
	}
	return export.Settle(cmd.Out)
}
