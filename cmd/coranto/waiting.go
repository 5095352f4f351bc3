package main

import (
	"fmt"
	"time"
)

// patience is after how long somebody who waits is told for what.
const patience = 2 * time.Second

// waiting tells what is waited for when that takes a while, until it is stopped.
func (s *session) waiting(format string, args ...any) (stop func()) {
	timer := time.AfterFunc(patience, func() {
		fmt.Fprintf(s.err, format+"\n", args...)
	})
	return func() { timer.Stop() }
}
