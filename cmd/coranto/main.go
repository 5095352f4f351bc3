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
	"slices"
	"strings"
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

	exitInterrupted = 130 // a signal came before the work was done; as shells have it
)

// errPartial ends a command that did its work but for some sources, which it
// has told about.
var errPartial = errors.New("some sources failed")

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
	command, err := parser.Parse(customary(args))
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

// customary turns what people type first into what there is.
func customary(args []string) []string {
	switch {
	case len(args) == 0:
		return []string{"--help"}
	case args[0] == "help":
		return append(slices.Clone(args[1:]), "--help")
	case args[0] == "--version":
		return []string{"version"}
	}
	return args
}

func newParser(line *commandLine, out, errOut io.Writer, exit func(int)) (*kong.Kong, error) {
	return kong.New(line,
		kong.Name("coranto"),
		kong.Description("Reads many feeds, and publishes a few good ones."),
		kong.Writers(out, errOut),
		kong.Exit(exit),
		helpTexts(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
	)
}

// exit tells what ended a command and gives the code for it.
func (s *session) exit(err error) int {
	switch {
	case err == nil:
		return exitOK
	case s.interrupted(err):
		fmt.Fprintln(s.err, "coranto: interrupted")
		return exitInterrupted
	case errors.Is(err, errPartial):
		return exitPartial
	}
	text := err.Error()
	errs, ok := config.AsErrors(err)
	if ok { // printed with the lines of the file that they are in
		text = strings.TrimSuffix(strings.TrimSuffix(text, errs.Error()), ": ")
	}
	if text != "" {
		fmt.Fprintln(s.err, "coranto:", config.HidePassword(text))
	}
	if ok {
		fmt.Fprint(s.err, errs.Detail())
	}
	return exitFailure
}

// interrupted reports whether an error is that of a signal.
func (s *session) interrupted(err error) bool {
	return s.ctx.Err() != nil && errors.Is(err, context.Canceled)
}
