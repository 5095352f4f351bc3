//go:build linux

package child

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// TestRun holds that what a child does is measured, and not what was before.
func TestRun(t *testing.T) {
	const size = 100 << 20
	switch Task() {
	case "memory":
		Measure(t, func() (string, error) { return fill(size), nil })
		return
	case "error":
		before := fill(size)
		Measure(t, func() (string, error) { return before, errors.New("no") })
		return
	}
	if c := Run(t, "TestRun", "memory"); !Raced() && c.Memory < size || c.Failed || c.CPU == 0 {
		t.Errorf("cost %+v, want %d bytes and some time", c, size)
	}
	c := Run(t, "TestRun", "error")
	if !c.Failed || c.Answer != "no" {
		t.Errorf("cost %+v, want the error", c)
	}
	c.Check(t, 10*time.Second, size/2)
}

func fill(size int) string { return strings.Repeat("a", size)[:1] }
