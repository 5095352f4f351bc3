package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/coranto/coranto/cmd/coranto/care"
	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/storage/stream"
)

// caretaker takes care of the store that the file names.
func (s *session) caretaker() (*care.Keeper, error) {
	c, err := s.loadOrDefault()
	if err != nil {
		return nil, err
	}
	return &care.Keeper{
		Path: filepath.Join(c.Data, storeName), Out: s.out, Log: s.log, Now: time.Now, Wait: lockWait,
		Temp: os.TempDir(), Plan: plan(c), Again: s.again(),
		Work: term.NewWork(s.err, patience),
	}, nil
}

// again is how this program is called for the same store.
func (s *session) again() string {
	text := "coranto"
	if !s.isDefault() {
		text += " --config " + care.Quoted(s.Config)
	}
	if s.Data != "" {
		text += " --data " + care.Quoted(s.Data)
	}
	return text
}

type backupCommand struct {
	To   string `arg:"" default:"." help:"A file, or a directory for one named after the time (.)."`
	Keep int    `placeholder:"N" help:"Keep the N newest in the directory (all)."`
}

// Run copies the store, also while a server runs, and checks the copy.
func (cmd *backupCommand) Run(s *session) error {
	k, err := s.caretaker()
	if err != nil {
		return err
	}
	defer k.Work.End()
	return k.Backup(s.ctx, cmd.To, cmd.Keep)
}

type restoreCommand struct {
	File string `arg:"" help:"The backup."`
}

// Run puts a backup in the place of the store.
func (cmd *restoreCommand) Run(s *session) error {
	k, err := s.caretaker()
	if err != nil {
		return err
	}
	defer k.Work.End()
	return k.Restore(s.ctx, cmd.File)
}

type fsckCommand struct {
	Repair bool `help:"Rebuild the store from what can be read; the damaged file is kept."`
}

// Run reads all of the store and says what is wrong with it.
func (cmd *fsckCommand) Run(s *session) error {
	k, err := s.caretaker()
	if err != nil {
		return err
	}
	defer k.Work.End()
	if cmd.Repair {
		return k.Repair(s.ctx)
	}
	return k.Check(s.ctx)
}

type compactCommand struct{}

// Run gives back to the disk what is free in the store.
func (cmd *compactCommand) Run(s *session) error {
	k, err := s.caretaker()
	if err != nil {
		return err
	}
	defer k.Work.End()
	return k.Compact(s.ctx)
}

// exportAll writes all that is stored to a file, whole or not at all, or to standard
// output.
func (s *session) exportAll(file string) error {
	k, err := s.caretaker()
	if err != nil {
		return err
	}
	defer k.Work.End()
	if file == "" || file == "-" {
		return k.Export(s.ctx, s.out)
	}
	return k.ExportTo(s.ctx, file)
}

// isStream reports whether a file is what exportAll writes.
func isStream(file string) bool {
	f, err := os.Open(file)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, len(stream.Magic))
	_, err = io.ReadFull(f, head)
	return err == nil && string(head) == stream.Magic
}

func (s *session) importAll(file string) error {
	k, err := s.caretaker()
	if err != nil {
		return err
	}
	defer k.Work.End()
	if err := os.MkdirAll(filepath.Dir(k.Path), 0o755); err != nil {
		return fmt.Errorf("make data directory: %w", err)
	}
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return errors.Join(k.Import(s.ctx, f), f.Close())
}
