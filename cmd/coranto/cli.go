package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/alecthomas/kong"
	"github.com/lmittmann/tint"

	"github.com/coranto/coranto/aggregate/hosts"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/sessions"
	"github.com/coranto/coranto/cmd/coranto/term"
)

// commandLine is all of it: the flags of every command, and the list of
// commands.
type commandLine struct {
	globals

	Demo        demoCommand        `cmd:"" help:"Show everything at work, with an invented internet."`
	Init        initCommand        `cmd:"" help:"Write a commented coranto.yaml."`
	Add         addCommand         `cmd:"" help:"Find the feed of a site and add it to the file."`
	Import      importCommand      `cmd:"" help:"Add the feeds of an OPML file, or take in an export."`
	Export      exportCommand      `cmd:"" help:"Write all that is stored, or the list of sources."`
	Check       checkCommand       `cmd:"" help:"Say all that is wrong with the file."`
	Fetch       fetchCommand       `cmd:"" help:"Visit sources once, and say how it went."`
	Serve       serveCommand       `cmd:"" help:"Visit sources when they are due, and publish."`
	Build       buildCommand       `cmd:"" help:"Write everything that is published as files."`
	Lint        lintCommand        `cmd:"" help:"Say what is wrong in a feed or an OPML list."`
	Inspect     inspectCommand     `cmd:"" help:"Show what becomes of a document, source or item."`
	Unpublish   unpublishCommand   `cmd:"" help:"Take items down, for good."`
	Republish   republishCommand   `cmd:"" help:"Let items come back that were taken down."`
	Pin         pinCommand         `cmd:"" help:"Keep an item, however old it grows."`
	Status      statusCommand      `cmd:"" help:"Show the sources and how they are."`
	Revisit     revisitCommand     `cmd:"" help:"Ask a source again that is gone, or undo its move."`
	Backup      backupCommand      `cmd:"" help:"Copy the store, also while the server runs."`
	Restore     restoreCommand     `cmd:"" help:"Put a backup in the place of the store."`
	Fsck        fsckCommand        `cmd:"" help:"Check all of the store, or rebuild it."`
	Compact     compactCommand     `cmd:"" help:"Give back to the disk what is free in the store."`
	Doctor      doctorCommand      `cmd:"" help:"Examine this program itself: how it asks origins."`
	Healthcheck healthcheckCommand `cmd:"" help:"Exit with 0 if the server on this machine is ready."`
	Version     versionCommand     `cmd:"" help:"Print the version."`
	Completion  completionCommand  `cmd:"" help:"Print a completion script for a shell."`
}

// helpTexts are those of flags that more than one command has, or that would
// not stand beside the rest on a line.
func helpTexts() kong.Vars {
	return kong.Vars{
		"file":        config.DefaultName,
		"file_help":   "The file (" + config.DefaultName + ").",
		"data_help":   "Where the store is, instead of what the file says.",
		"level_help":  "What is logged: debug, info, warn or error (info).",
		"levels":      "debug,info,warn,error",
		"format_help": "How: text or json (text).",
		"listen_help": "What readers connect to, instead of what the file says.",
		"admin_help":  "What the operator connects to, instead of what the file says.",
		"demo_help":   "What the browser connects to (127.0.0.1:8080); another port if taken.",
		"stage_help": "Show one stage: parse (the source's own words), item (what they become) or" +
			" page (may a post's page be read, and how is it).",
	}
}

// globals are the flags of every command.
type globals struct {
	Config    string `short:"c" default:"${file}" env:"CORANTO_CONFIG" help:"${file_help}"`
	Data      string `env:"CORANTO_DATA" placeholder:"DIR" help:"${data_help}"`
	LogLevel  string `enum:"${levels}" default:"info" env:"CORANTO_LOG_LEVEL" help:"${level_help}"`
	LogFormat string `enum:"text,json" default:"text" env:"CORANTO_LOG_FORMAT" help:"${format_help}"`
}

// session is what a command runs with.
type session struct {
	globals
	ctx    context.Context // ends with the first signal
	out    term.Output     // results
	err    term.Output     // progress, logs and errors
	log    *slog.Logger
	parser *kong.Kong
	tls    *sessions.File // nil keeps none over a restart
	hosts  *hosts.Memory  // of a server, whatever it reads again; nil: each client its own
}

func newLogger(out term.Output, level, format string) *slog.Logger {
	var threshold slog.Level
	if err := threshold.UnmarshalText([]byte(level)); err != nil {
		threshold = slog.LevelInfo
	}
	opts := &slog.HandlerOptions{Level: threshold}
	switch {
	case format == "json":
		return slog.New(slog.NewJSONHandler(out, opts))
	case out.Terminal:
		return slog.New(tint.NewTextHandler(out, &tint.Options{
			Level: threshold, NoColor: !out.Color, TimeFormat: "15:04:05",
		}))
	}
	return slog.New(slog.NewTextHandler(out, opts))
}

// isDefault reports whether the operator left it at the usual file name.
func (g globals) isDefault() bool { return g.Config == config.DefaultName }

// exists reports whether the file is there.
func (g globals) exists() bool {
	_, err := os.Stat(g.Config)
	return err == nil
}
