package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/internal/farm"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// operator is a person with a folder, who runs the real commands in this
// process.
type operator struct {
	*testing.T
	dir string
}

// newOperator gives a person a folder with the file that init writes, in which
// loopback addresses are allowed and fetch has the other keys given.
func newOperator(t *testing.T, fetchKeys string) *operator {
	t.Helper()
	o := &operator{t, roomyDir(t)}
	o.run(exitOK, "init", o.dir)
	old := "# fetch:\n#   allow_networks: [127.0.0.0/8, 192.168.0.0/16]\n"
	o.edit(old, "fetch: {allow_networks: [127.0.0.0/8]"+fetchKeys+"}\n")
	return o
}

// roomyDir is a folder for many files. Each published file is synced, which
// takes a disk longer than all else together, so memory is taken where there is
// some.
func roomyDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "coranto-test-")
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

func (o *operator) path(name string) string { return filepath.Join(o.dir, name) }

// edit replaces a text of the operator's file.
func (o *operator) edit(old, text string) {
	o.Helper()
	path := o.path(config.DefaultName)
	file, err := os.ReadFile(path)
	if err != nil {
		o.Fatal(err)
	}
	if !bytes.Contains(file, []byte(old)) {
		o.Fatalf("the file lacks %q", old)
	}
	file = bytes.Replace(file, []byte(old), []byte(text), 1)
	if err := os.WriteFile(path, file, 0o644); err != nil {
		o.Fatal(err)
	}
}

// run runs a command that is to end with a code and returns what it prints.
func (o *operator) run(code int, args ...string) string {
	o.Helper()
	var out, errOut transcript
	args = append([]string{"--config", o.path(config.DefaultName), "--log-level", "warn"}, args...)
	got := run(o.Context(), args, term.Output{Writer: &out}, term.Output{Writer: &errOut})
	if got != code {
		o.Fatalf("coranto %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), got, code,
			errOut.String(), out.String())
	}
	return out.String()
}

// transcript is what a command has printed so far. It may be read meanwhile.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *transcript) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *transcript) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// fetch runs fetch --force --json.
func (o *operator) fetch(code int) show.Round {
	o.Helper()
	return decode[show.Round](o, o.run(code, "fetch", "--force", "--json"))
}

// build runs build --json into a folder beside the file.
func (o *operator) build(folder string) builtResult {
	o.Helper()
	return decode[builtResult](o, o.run(exitOK, "build", "--json", "--out", o.path(folder)))
}

func decode[T any](o *operator, text string) (v T) {
	o.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		o.Fatalf("output is not JSON: %v\n%.200s", err, text)
	}
	return v
}

// subscribe imports all feeds of a farm.
func (o *operator) subscribe(f *farm.Farm) {
	o.Helper()
	var list bytes.Buffer
	if err := f.OPML(&list); err != nil {
		o.Fatal(err)
	}
	if err := os.WriteFile(o.path("farm.opml"), list.Bytes(), 0o644); err != nil {
		o.Fatal(err)
	}
	o.run(exitOK, "import", o.path("farm.opml"))
}

// session is one for the pieces of commands.
func (o *operator) session(ctx context.Context, errOut *transcript) *session {
	s := &session{ctx: ctx, out: term.Output{Writer: &transcript{}}, err: term.Output{Writer: errOut}}
	s.Config = o.path(config.DefaultName)
	s.log = newLogger(s.err, "warn", "text")
	return s
}

// stored reads every item of the store, newest first.
func (o *operator) stored() []storage.Record {
	o.Helper()
	opts := bolt.Options{ReadOnly: true, Timeout: lockWait}
	store, err := bolt.Open(o.path("data/"+storeName), opts)
	if err != nil {
		o.Fatal(err)
	}
	defer store.Close()
	var all []storage.Record
	q := storage.Query{By: storage.All, Limit: 1000}
	for {
		page, err := store.Latest(o.Context(), q)
		if err != nil {
			o.Fatal(err)
		}
		all = append(all, page.Records...)
		if !page.More {
			return all
		}
		q.Before = all[len(all)-1].Order()
	}
}

// plant opens a farm for as long as the test runs.
func plant(t *testing.T, cfg farm.Config) *farm.Farm {
	t.Helper()
	f := farm.New(cfg)
	if err := f.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

// admin asks the control side of a farm.
func admin(t *testing.T, f *farm.Farm, path string) string {
	t.Helper()
	w := httptest.NewRecorder()
	f.Admin().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w.Body.String()
}

// content checks that a farm has nothing to complain of.
func content(t *testing.T, f *farm.Farm) {
	t.Helper()
	for _, c := range f.Complaints() {
		t.Errorf("the farm complains: %s", c)
	}
}

// imported is the id that import gives a feed of a farm without names.
func imported(f *farm.Farm, i int) coranto.SourceID {
	return coranto.SourceID(strings.ReplaceAll(farmTitle(f, i), " ", "-"))
}

// hurried reports whether to do with little: in -short, and under the race
// detector, which is several times slower.
func hurried() bool {
	info, ok := debug.ReadBuildInfo()
	race := ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
	return race || testing.Short()
}

// await asks for an address until the answer is good and holds the text, and
// returns it.
func (o *operator) await(url, text string) string {
	o.Helper()
	deadline := time.Now().Add(20 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	last := "no answer"
	for range tick.C {
		if res, err := http.Get(url); err == nil {
			body, err := io.ReadAll(res.Body)
			res.Body.Close()
			last = string(body)
			if err == nil && res.StatusCode == http.StatusOK && strings.Contains(last, text) {
				return last
			}
		}
		if time.Now().After(deadline) {
			break
		}
	}
	o.Fatalf("%s never showed %q; last answer: %.2000s", url, text, last)
	return ""
}
