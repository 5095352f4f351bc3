package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/feeds/site"
)

type initCommand struct {
	Dir   string `arg:"" optional:"" default:"." help:"Where to write it (the working directory)."`
	Theme string `placeholder:"DIR" help:"Write the built-in theme to DIR instead, to be changed."`
}

// Run writes the commented file, or the theme, and refuses to overwrite one.
func (cmd *initCommand) Run(s *session) error {
	if cmd.Theme != "" {
		return cmd.writeTheme(s)
	}
	if err := os.MkdirAll(cmd.Dir, 0o755); err != nil {
		return fmt.Errorf("make %s: %w", cmd.Dir, err)
	}
	path := filepath.Join(cmd.Dir, config.DefaultName)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists already; nothing was written", path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = f.WriteString(config.Template)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	fmt.Fprintf(s.out, "wrote %s\n"+
		"next: coranto add https://example.org/  (finds the site's feed)\n"+
		"      coranto serve\n", path)
	return nil
}

func (cmd *initCommand) writeTheme(s *session) error {
	theme, err := site.BuiltIn()
	if err == nil {
		err = os.CopyFS(cmd.Theme, theme)
	}
	if err != nil {
		return fmt.Errorf("write theme: %w", err)
	}
	fmt.Fprintf(s.out, "wrote the built-in theme to %s\n"+
		"next: remove the files that you don't mean to change, and name the directory in\n"+
		"      %s, as theme: below site:\n", cmd.Theme, config.DefaultName)
	return nil
}
