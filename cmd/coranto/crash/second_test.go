package crash_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestSecondProcess shows that a store has one master: whoever comes second is told who
// that is and what to do, and the first goes on as if nothing had happened (R03).
func TestSecondProcess(t *testing.T) {
	t.Parallel()
	o := newOperator(t, plant(t, 6, 53))
	o.write(6, "10s", "")
	first := o.start("serve")
	o.answers(o.listen, "/readyz", 200)
	first.hears("source refreshed")
	holder := fmt.Sprintf("pid %d", first.cmd.Process.Pid)

	for _, args := range [][]string{{"serve"}, {"build", "--out", o.store() + ".site"}} {
		_, errOut, code := o.run(args...)
		if code != 1 || strings.Count(errOut, "\n") != 1 {
			t.Errorf("coranto %v: exit code %d, want 1 and one line:\n%s", args, code, errOut)
		}
		for _, want := range []string{o.store(), holder, "stop it first, or let it do the work"} {
			if !strings.Contains(errOut, want) {
				t.Errorf("coranto %v does not say %q: %s", args, want, errOut)
			}
		}
	}
	o.succeeds("fetch", "--force") // the first does it
	for i := range 6 {             // all were stored, and readers see them
		o.answers(o.listen, fmt.Sprintf("/source/feed-%d/feed.json", i), 200)
	}
	if code := first.stop(); code != 0 || strings.Contains(first.said(), `"level":"ERROR"`) {
		t.Errorf("the first ended with %d:\n%s", code, first.said())
	}
	o.records()
	// The note of a process that was killed harms nobody.
	killed := o.start("serve")
	o.answers(o.listen, "/readyz", 200)
	killed.kill()
	o.succeeds("fetch", "--force")
}
