package main

import (
	"path/filepath"
	"time"

	"github.com/coranto/coranto/cmd/coranto/care"
)

// caretaker takes care of the store that the file names.
func (s *session) caretaker() (*care.Keeper, error) {
	c, err := s.loadOrDefault()
	if err != nil {
		return nil, err
	}
	return &care.Keeper{
		Path: filepath.Join(c.Data, storeName), Out: s.out, Log: s.log, Now: time.Now, Wait: lockWait,
	}, nil
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
	return k.Compact(s.ctx)
}
