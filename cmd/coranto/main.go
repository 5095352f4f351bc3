// Command coranto reads many feeds and publishes a few good ones.
//
// main parses the command line, reads the operator's file and wires the rooms of
// the house together; all that it decides is who gets which options. Each
// subcommand is one file.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/term"
)

// Exit codes.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
	exitPartial = 3 // some sources failed
)

// errPartial ends a command that did its work but for some sources, which it
// has told about.
var errPartial = errors.New("some sources failed")

// errReported ends a command that has told what is wrong.
var errReported = errors.New("reported")

func main() {
	setMemory()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal asks the command to finish; with the handler gone, a
	// second one ends the process at once.
	context.AfterFunc(ctx, stop)
	noColor := os.Getenv("NO_COLOR") != ""
	code := run(ctx, os.Args[1:], term.New(os.Stdout, noColor), term.New(os.Stderr, noColor))
	stop()
	os.Exit(code)
}

// run runs one command and returns its exit code.
func run(ctx context.Context, args []string, out, errOut term.Output) int {
	var line commandLine
	exited := -1
	parser, err := newParser(&line, out, errOut, func(code int) { exited = code })
	if err != nil {
		fmt.Fprintln(errOut, "coranto:", err)
		return exitFailure
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		fmt.Fprintf(errOut, "coranto: %v\nrun `coranto --help` for what there is\n", err)
		return exitUsage
	}
	s := &session{globals: line.globals, ctx: ctx, out: out, err: errOut, parser: parser}
	s.log = newLogger(errOut, line.LogLevel, line.LogFormat)
	return s.exit(command.Run(s))
}

func newParser(line *commandLine, out, errOut io.Writer, exit func(int)) (*kong.Kong, error) {
	return kong.New(line,
		kong.Name("coranto"),
		kong.Description("Reads many feeds, and publishes a few good ones."),
		kong.Writers(out, errOut),
		kong.Exit(exit),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
	)
}

// exit tells what ended a command and gives the code for it.
func (s *session) exit(err error) int {
	if err == nil || errors.Is(err, context.Canceled) && s.ctx.Err() != nil {
		return exitOK
	}
	if errors.Is(err, errPartial) {
		return exitPartial
	}
	if errs, ok := config.AsErrors(err); ok {
		fmt.Fprint(s.err, errs.Detail())
		return exitFailure
	}
	if !errors.Is(err, errReported) {
		fmt.Fprintln(s.err, "coranto:", err)
	}
	return exitFailure
}
