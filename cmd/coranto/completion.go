package main

import (
	"fmt"

	"github.com/coranto/coranto/cmd/coranto/completion"
)

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Run prints a script that completes the commands and flags there are.
func (cmd *completionCommand) Run(s *session) error {
	_, err := fmt.Fprint(s.out, completion.Script(cmd.Shell, s.parser.Model.Node))
	return err
}
