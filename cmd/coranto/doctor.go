package main

import (
	"errors"
	"fmt"

	"github.com/coranto/coranto/cmd/coranto/doctor"
)

type doctorCommand struct {
	Score bool `required:"" help:"Live a week against an origin that marks manners; any demerit is a failure."`
}

// Run examines the program itself; it touches no file and no network.
func (cmd *doctorCommand) Run(s *session) error {
	fmt.Fprintln(s.err, "living a week against an origin of its own, which takes some seconds")
	demerits, err := doctor.Score(s.ctx, s.out)
	if err == nil && demerits > 0 {
		err = errors.New("the score has demerits")
	}
	return err
}
