package term_test

import (
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto/cmd/coranto/term"
)

// lines hands over what is written.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

func TestWork(t *testing.T) {
	shown := make(lines, 1)
	w := term.NewWork(term.Output{Writer: shown, Terminal: true}, time.Millisecond)
	tests := []struct {
		stage string
		total int64
		done  int
		want  string
	}{
		{"copying", 4 << 20, 2 << 20, "░ copying, 2 of 4 MB, "},
		{"writing", 0, 3 << 20, "writing, 3 MB, "},
		{"checking", 0, 0, "checking, "},
	}
	for _, tt := range tests {
		w.Stage(tt.stage, tt.total)
		if _, err := w.Write(make([]byte, tt.done)); err != nil {
			t.Fatal(err)
		}
		var last string
		for range 10 { // the first may be of the stage before
			if last = <-shown; strings.Contains(last, tt.want) {
				break
			}
		}
		if !strings.Contains(last, tt.want) {
			t.Errorf("drawn %q, want %q in it", last, tt.want)
		}
	}
	go w.End()
	for line := range shown {
		if line == "\r\x1b[K" {
			return
		}
	}
}

// TestWorkSilent is work that nobody looks at, or that is soon done.
func TestWorkSilent(t *testing.T) {
	shown := make(lines) // blocks whoever writes
	for _, out := range []term.Output{{Writer: shown}, {Writer: shown, Terminal: true}} {
		w := term.NewWork(out, time.Hour)
		w.Stage("copying", 10)
		if n, err := w.Write(make([]byte, 5)); n != 5 || err != nil {
			t.Errorf("Write = %d, %v, want 5", n, err)
		}
		w.Clear()
		w.End()
	}
}
