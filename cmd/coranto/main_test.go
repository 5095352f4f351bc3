package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"coranto": main})
}

// TestStories runs the end-to-end stories: a file each, with the operator's
// file, what the origins answer and the commands.
//
// Each has an origin of its own at $ORIGIN that serves the folder origin, with
// ETags, answers /status/N with that status and /size/N with a feed of about
// that many bytes; $LISTEN and $ADMIN are free
// addresses. Beside the usual commands there are
//
//	subst FILE…         replaces $ORIGIN, $LISTEN and $ADMIN in files
//	get URL [NAME=VALUE] fetches, with a header, to stdout: status, headers, body
//	await URL TEXT      fetches until the body holds the text
//	terminate           sends SIGTERM to what runs in the background
//	hangup FIFO FILE    sends it SIGHUP while it reads a pipe, then lets it read the file
func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup:               setUpStory,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"subst": substitute,
			"get":   get,
			"await": await,

			"terminate": terminate,
			"hangup":    hangup,
		},
	})
}

func setUpStory(env *testscript.Env) error {
	origin := httptest.NewServer(originOf(filepath.Join(env.WorkDir, "origin")))
	env.Defer(origin.Close)
	env.Setenv("ORIGIN", origin.URL)
	env.Setenv("HOME", env.WorkDir)
	for _, name := range []string{"LISTEN", "ADMIN"} {
		address, err := freePort()
		if err != nil {
			return err
		}
		env.Setenv(name, address)
	}
	return nil
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// originOf serves a folder as an origin would.
func originOf(dir string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if code, ok := strings.CutPrefix(r.URL.Path, "/status/"); ok {
			status, err := strconv.Atoi(code)
			if err != nil {
				status = http.StatusBadRequest
			}
			w.WriteHeader(status)
			return
		}
		if size, ok := strings.CutPrefix(r.URL.Path, "/size/"); ok {
			n, err := strconv.Atoi(size)
			if err != nil {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			fmt.Fprint(w, "<rss version='2.0'><channel><title>",
				strings.Repeat("large ", n/6), "</title></channel></rss>")
			return
		}
		name := filepath.Join(dir, filepath.FromSlash(r.URL.Path))
		if info, err := os.Stat(name); err == nil && !info.IsDir() {
			w.Header().Set("ETag", fmt.Sprintf(`"%d-%d"`, info.Size(), info.ModTime().UnixNano()))
		}
		http.ServeFile(w, r, name)
	})
}

func substitute(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		text := ts.ReadFile(name)
		for _, v := range []string{"ORIGIN", "LISTEN", "ADMIN"} {
			text = strings.ReplaceAll(text, "$"+v, ts.Getenv(v))
		}
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o644))
	}
}

func get(ts *testscript.TestScript, neg bool, args []string) {
	req, err := http.NewRequest(http.MethodGet, args[0], nil)
	ts.Check(err)
	for _, header := range args[1:] {
		name, value, _ := strings.Cut(header, "=")
		req.Header.Set(name, value)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if neg && err != nil {
		return
	}
	ts.Check(err)
	defer res.Body.Close()
	fmt.Fprintln(ts.Stdout(), res.Status)
	ts.Check(res.Header.Write(ts.Stdout()))
	_, err = io.Copy(ts.Stdout(), res.Body)
	ts.Check(err)
}

func terminate(ts *testscript.TestScript, _ bool, _ []string) {
	for _, command := range ts.BackgroundCmds() {
		ts.Check(command.Process.Signal(syscall.SIGTERM))
	}
}

// hangup waits until a program opens the pipe, puts the file in its place and
// lets the program read the file's text, but only after the signal.
func hangup(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[1])
	pipe, err := os.OpenFile(ts.MkAbs(args[0]), os.O_WRONLY, 0)
	ts.Check(err)
	defer pipe.Close()
	ts.Check(os.Rename(ts.MkAbs(args[1]), ts.MkAbs(args[0])))
	for _, command := range ts.BackgroundCmds() {
		ts.Check(command.Process.Signal(syscall.SIGHUP))
	}
	_, err = io.WriteString(pipe, text)
	ts.Check(err)
}

// await asks again for as long as a patient person would.
func await(ts *testscript.TestScript, _ bool, args []string) {
	deadline := time.Now().Add(20 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	last := "no answer"
	for range tick.C {
		if res, err := http.Get(args[0]); err == nil {
			body, err := io.ReadAll(res.Body)
			res.Body.Close()
			if last = string(body); err == nil && strings.Contains(last, args[1]) {
				return
			}
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%s never showed %q; last answer: %s", args[0], args[1], last)
		}
	}
}
