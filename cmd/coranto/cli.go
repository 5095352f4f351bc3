package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/alecthomas/kong"
	"github.com/lmittmann/tint"

	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/term"
)

// commandLine is all of it: the flags of every command, and the list of
// commands.
type commandLine struct {
	globals

	Demo        demoCommand        `cmd:"" help:"Show everything at work, with a fake internet compiled in."`
	Init        initCommand        `cmd:"" help:"Write a commented coranto.yaml."`
	Add         addCommand         `cmd:"" help:"Find the feed of a site and add it to the file."`
	Import      importCommand      `cmd:"" help:"Add the feeds of an OPML file."`
	Check       checkCommand       `cmd:"" help:"Say all that is wrong with the file."`
	Fetch       fetchCommand       `cmd:"" help:"Visit sources once, and say how it went."`
	Serve       serveCommand       `cmd:"" help:"Visit sources when they are due, and publish."`
	Build       buildCommand       `cmd:"" help:"Write everything that is published as files."`
	Inspect     inspectCommand     `cmd:"" help:"Show what becomes of a file, an address, a source or an item."`
	Status      statusCommand      `cmd:"" help:"Show the sources and how they are."`
	Healthcheck healthcheckCommand `cmd:"" help:"Exit with 0 if the server on this machine is ready."`
	Version     versionCommand     `cmd:"" help:"Print the version."`
	Completion  completionCommand  `cmd:"" help:"Print a completion script for a shell."`
}

// globals are the flags of every command.
type globals struct {
	Config    string `short:"c" default:"coranto.yaml" env:"CORANTO_CONFIG" placeholder:"FILE" help:"The file (${default})."`
	Data      string `env:"CORANTO_DATA" placeholder:"DIR" help:"Where the store is, instead of what the file says."`
	LogLevel  string `enum:"debug,info,warn,error" default:"info" env:"CORANTO_LOG_LEVEL" help:"What is logged: ${enum} (${default})."`
	LogFormat string `enum:"text,json" default:"text" env:"CORANTO_LOG_FORMAT" help:"How: ${enum} (${default})."`
}

// session is what a command runs with.
type session struct {
	globals
	ctx    context.Context // ends with the first signal
	out    term.Output     // results
	err    term.Output     // progress, logs and errors
	log    *slog.Logger
	parser *kong.Kong
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
		return slog.New(tint.NewTextHandler(out, &tint.Options{Level: threshold, NoColor: !out.Color, TimeFormat: "15:04:05"}))
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
