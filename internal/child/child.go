//go:build linux

// Package child measures a piece of a test in a process of its own: what it costs
// there is its cost alone, and where it runs wild only the child dies.
//
// A test calls Task first. Where that is "", Run starts this program once more for
// the same test with a task; there Task is that task, and Measure does the work and
// hands its cost to Run. The package is for tests alone.
package child

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	taskVariable = "CORANTO_TEST_TASK"
	maxData      = 1 << 30 // bytes of a child; beyond them the kernel gives it no memory
)

// Cost is what a piece of work cost, and what came out.
type Cost struct {
	CPU    time.Duration // of all processors, the garbage collector's share included
	Wall   time.Duration
	Memory int    // bytes by which the resident memory grew at its peak
	Answer string // of the work; the error's text where there was one
	Failed bool   // the work ended with an error
}

// Task returns what Run asked of this process, "" where Run did not start it.
func Task() string { return os.Getenv(taskVariable) }

// Run has a child of this process run a test with a task, which must not be "", and
// returns what it measured. The test fails where the child dies.
func Run(t *testing.T, test, task string) Cost {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out, errors bytes.Buffer
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^"+test+"$")
	cmd.Env = append(os.Environ(), taskVariable+"="+task)
	cmd.Stdout, cmd.Stderr = &out, &errors
	if err := cmd.Run(); err != nil {
		t.Fatalf("the child died: %v: %.500s%.500s", err, &out, &errors)
	}
	var c Cost
	line, _, _ := strings.Cut(out.String(), "\n")
	if err := json.Unmarshal([]byte(line), &c); err != nil {
		t.Fatalf("%v in %.200q", err, line)
	}
	return c
}

// Measure does the work in a child, with limited memory, and prints what it cost.
// What the work needs should be at hand before: it counts from here.
func Measure(t *testing.T, work func() (answer string, err error)) {
	t.Helper()
	if !Raced() { // the race detector maps more memory than there is
		limit := syscall.Rlimit{Cur: maxData, Max: maxData}
		check(t, syscall.Setrlimit(syscall.RLIMIT_DATA, &limit))
	}
	debug.FreeOSMemory()
	check(t, os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)) // forgets the peak, proc(5)
	before, cpu, start := memory(t, "VmRSS:"), cpuTime(t), time.Now()
	answer, err := work()
	c := Cost{Answer: answer, Failed: err != nil, Wall: time.Since(start), CPU: cpuTime(t) - cpu}
	c.Memory = memory(t, "VmHWM:") - before
	if err != nil {
		c.Answer = err.Error()
	}
	line, err := json.Marshal(c)
	check(t, err)
	fmt.Println(string(line))
}

// Raced reports whether this program looks for data races, which makes all figures
// meaningless.
func Raced() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// Within runs a task like Run, up to three times, until it cost no more than what Check
// allows: how far memory grows also depends on when its processor found time to collect.
func Within(t *testing.T, test, task string, cpu time.Duration, memory int) Cost {
	t.Helper()
	c := Run(t, test, task)
	for range 2 {
		if c.CPU <= 3*cpu && c.Memory <= memory {
			break
		}
		c = Run(t, test, task)
	}
	return c
}

// Check fails the test where the cost is above what is allowed. On processors that
// are shared time is a rough measure: it may be three times what it should be.
func (c Cost) Check(t *testing.T, cpu time.Duration, memory int) {
	t.Helper()
	if Raced() {
		return
	}
	if c.CPU > 3*cpu {
		t.Errorf("took %v, want at most %v", c.CPU, cpu)
	}
	if c.Memory > memory {
		t.Errorf("grew by %d MiB, want at most %d", c.Memory>>20, memory>>20)
	}
}

// String is a line of a table.
func (c Cost) String() string {
	return fmt.Sprintf("%4d ms CPU %4d ms wall %4d MiB  %.80s",
		c.CPU.Milliseconds(), c.Wall.Milliseconds(), c.Memory>>20, c.Answer)
}

// memory reads a line of this process's status, in bytes.
func memory(t *testing.T, name string) int {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	check(t, err)
	_, rest, _ := strings.Cut(string(status), name)
	kilobytes, err := strconv.Atoi(strings.Fields(rest)[0])
	check(t, err)
	return kilobytes << 10
}

// cpuTime is what this process has used of all processors.
func cpuTime(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	check(t, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
