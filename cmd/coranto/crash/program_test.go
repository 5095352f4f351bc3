package crash_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/internal/farm"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// program names the environment variable with the path of the program under test.
const program = "CORANTO_TEST_PROGRAM"

// patience is how long something may take that is sure to come.
const patience = 2 * time.Minute

// TestMain builds the program once for all tests.
func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "coranto-crash-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "coranto")
	build := exec.Command("go", "build", "-o", path, "github.com/coranto/coranto/cmd/coranto")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the program: %v\n%s", err, out)
		return 1
	}
	if err := os.Setenv(program, path); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// hurried reports whether to do with little: in -short, and under the race detector.
func hurried() bool {
	info, ok := debug.ReadBuildInfo()
	race := ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
	return race || testing.Short()
}

// plant opens a farm for as long as the test runs, a host for each feed.
func plant(t *testing.T, feeds int, seed uint64) *farm.Farm {
	t.Helper()
	f := farm.New(farm.Config{Seed: seed, Feeds: feeds, Hosts: feeds, Categories: 5, MaxNew: 3})
	if err := f.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

// operator is a person with a folder and a file, who runs the program.
type operator struct {
	*testing.T
	dir           string
	farm          *farm.Farm
	listen, admin string
}

// newOperator gives a person a folder. Nothing is in it yet.
func newOperator(t *testing.T, f *farm.Farm) *operator {
	t.Helper()
	return &operator{T: t, dir: t.TempDir(), farm: f, listen: freePort(t), admin: freePort(t)}
}

// roomyDir is a folder for many files, in memory where there is some: each published
// file is synced, which takes a disk longer than all else.
func roomyDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "coranto-crash-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (o *operator) path(name string) string { return filepath.Join(o.dir, name) }

// store is the path of the store's file.
func (o *operator) store() string { return o.path("data/coranto.db") }

// source is the id of feed i in the file.
func source(i int) coranto.SourceID { return coranto.SourceID(fmt.Sprintf("feed-%d", i)) }

// write writes the file: the first feeds of the farm, asked as often as every says, and
// more keys of the top level.
func (o *operator) write(feeds int, every, more string) {
	o.Helper()
	var text strings.Builder
	fmt.Fprintf(&text, "listen: %s\nadmin: %s\ndata: %s\n%s\n"+
		"fetch: {allow_networks: [127.0.0.0/8], workers: 8}\n"+
		"defaults: {every: %s}\nsources:\n", o.listen, o.admin, o.path("data"), more, every)
	for i := range feeds {
		fmt.Fprintf(&text, "  - {id: %s, url: %q, categories: [c%d]}\n",
			source(i), o.farm.FeedURL(i), i%5)
	}
	if err := os.WriteFile(o.path("coranto.yaml"), []byte(text.String()), 0o644); err != nil {
		o.Fatal(err)
	}
}

// process is the program at work.
type process struct {
	*operator
	cmd   *exec.Cmd
	ended chan struct{} // closed when it is over and its log is read

	mu     sync.Mutex
	log    bytes.Buffer
	stdout bytes.Buffer
	told   map[coranto.SourceID]int // new items that it said are stored, by source
	notes  chan event               // each visit that it said is stored
}

// event is a line of the log that tells of a visit.
type event struct {
	Msg    string           `json:"msg"`
	Source coranto.SourceID `json:"source"`
	New    int              `json:"new"`
}

// stored reports whether the line acknowledges a visit: it is written when the commit
// has returned, and never before.
func (e *event) stored() bool { return e.Msg == "source refreshed" || e.Msg == "source unchanged" }

// start runs a command that logs all as JSON.
func (o *operator) start(args ...string) *process {
	o.Helper()
	args = append([]string{
		"--config", o.path("coranto.yaml"), "--log-level", "debug", "--log-format", "json",
	}, args...)
	p := &process{
		operator: o, cmd: exec.Command(os.Getenv(program), args...), ended: make(chan struct{}),
		told: map[coranto.SourceID]int{}, notes: make(chan event, 1<<16),
	}
	p.cmd.Stdout = &p.stdout
	lines, err := p.cmd.StderrPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		o.Fatal(err)
	}
	go p.listen(lines)
	o.Cleanup(func() { p.kill() })
	return p
}

// listen reads the log to its end: what the program wrote before it was killed is there.
func (p *process) listen(lines io.Reader) {
	defer close(p.ended)
	scanner := bufio.NewScanner(lines)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var e event
		isEvent := json.Unmarshal(scanner.Bytes(), &e) == nil && e.stored()
		p.mu.Lock()
		p.log.Write(scanner.Bytes())
		p.log.WriteByte('\n')
		if isEvent {
			p.told[e.Source] += e.New
		}
		p.mu.Unlock()
		if isEvent {
			p.notes <- e
		}
	}
	_ = p.cmd.Wait() // its code is in ProcessState
}

// kill ends the process at once, without a word to it.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may be over
	<-p.ended
}

// stop asks the process to end and returns its exit code.
func (p *process) stop() int {
	p.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.Fatal(err)
	}
	return p.wait()
}

// wait returns the exit code of a process that ends by itself.
func (p *process) wait() int {
	p.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.Fatalf("the process does not end:\n%s", p.said())
	}
	return p.cmd.ProcessState.ExitCode()
}

// said is the log so far.
func (p *process) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// hears waits until the log has a text.
func (p *process) hears(text string) {
	p.Helper()
	p.until("the log says "+text, func() bool { return strings.Contains(p.said(), text) })
}

// run runs a command to its end and returns what it prints and its exit code.
func (o *operator) run(args ...string) (out, errOut string, code int) {
	o.Helper()
	args = append([]string{"--config", o.path("coranto.yaml")}, args...)
	ctx, cancel := context.WithTimeout(o.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Getenv(program), args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		o.Fatal(err)
	}
	return stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()
}

// succeeds runs a command that is to end well and returns what it prints.
func (o *operator) succeeds(args ...string) string {
	o.Helper()
	out, errOut, code := o.run(args...)
	if code != 0 {
		o.Fatalf("coranto %s: exit code %d, want 0\n%s%s", strings.Join(args, " "), code, errOut, out)
	}
	return out
}

// until waits for something that is sure to come.
func (o *operator) until(what string, happened func() bool) {
	o.Helper()
	deadline := time.Now().Add(patience)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !happened() {
		if time.Now().After(deadline) {
			o.Fatalf("it never happened that %s", what)
		}
		<-tick.C
	}
}

// get asks the server; the status is 0 when there is no whole answer.
func get(address, path string) (status int, body string) {
	client := &http.Client{
		Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience,
	}
	res, err := client.Get("http://" + address + path)
	if err != nil {
		return 0, ""
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, ""
	}
	return res.StatusCode, string(text)
}

// answers waits until the server answers with a status and returns the body.
func (o *operator) answers(address, path string, want int) (body string) {
	o.Helper()
	o.until(fmt.Sprintf("%s answers %d", path, want), func() bool {
		var status int
		status, body = get(address, path)
		return status == want
	})
	return body
}

// records opens the store as it lies there, checks all of it and reads every item.
func (o *operator) records() []storage.Record {
	o.Helper()
	s, err := bolt.Open(o.store(), bolt.Options{ReadOnly: true})
	if err != nil {
		o.Fatalf("the store does not open: %v", err)
	}
	defer s.Close()
	if err := s.Check(o.Context(), true); err != nil {
		o.Errorf("deep check: %v", err)
	}
	var all []storage.Record
	for q := (storage.Query{Limit: 1000, Heads: true}); ; q.Before = all[len(all)-1].Order() {
		page, err := s.Latest(o.Context(), q)
		if err != nil {
			o.Fatal(err)
		}
		all = append(all, page.Records...)
		if !page.More {
			return all
		}
	}
}

// status asks for it on the command line.
func (o *operator) status() *show.Status {
	o.Helper()
	result := new(show.Status)
	if err := json.Unmarshal([]byte(o.succeeds("status", "--json")), result); err != nil {
		o.Fatal(err)
	}
	return result
}

// restful waits until the origins have not been asked for a while, and returns how often
// they were.
func (o *operator) restful(while time.Duration) int64 {
	o.Helper()
	asked, since := o.farm.Stats().FeedRequests, time.Now()
	o.until("no origin is asked", func() bool {
		if now := o.farm.Stats().FeedRequests; now != asked {
			asked, since = now, time.Now()
		}
		return time.Since(since) > while
	})
	return asked
}

// hasAll checks that what the first feeds list is stored, and nothing twice.
func (o *operator) hasAll(feeds int) {
	o.Helper()
	stored := map[string]int{}
	for _, rec := range o.records() {
		stored[rec.GUID]++
	}
	for i := range feeds {
		for _, it := range o.farm.Window(i) {
			if stored[it.GUID] != 1 {
				o.Errorf("item %s is stored %d times, want once", it.GUID, stored[it.GUID])
			}
		}
	}
}
