package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/storage"
)

// paper is a small source feed.
const paper = `<rss version="2.0"><channel><title>Paper</title><link>https://example.org/</link>
<description>d</description><item><guid isPermaLink="false">a</guid><title>Hello</title>
<link>https://example.org/a</link></item></channel></rss>`

// newPaper is an origin of it. What hangs below /hang sends its answer never.
func newPaper(t *testing.T) (origin *httptest.Server, hanging <-chan struct{}) {
	t.Helper()
	reached := make(chan struct{}, 1)
	origin = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/hang") {
			reached <- struct{}{}
			<-r.Context().Done()
			return
		}
		_, _ = io.WriteString(w, paper)
	}))
	t.Cleanup(origin.Close)
	return origin, reached
}

// reader is an operator whose file is this text, after which loopback addresses
// are allowed.
func reader(t *testing.T, file string) *operator {
	t.Helper()
	o := &operator{t, roomyDir(t)}
	o.write(file)
	return o
}

func (o *operator) write(file string) {
	o.Helper()
	text := "fetch: {allow_networks: [127.0.0.0/8]}\n" + file
	if err := os.WriteFile(o.path(config.DefaultName), []byte(text), 0o644); err != nil {
		o.Fatal(err)
	}
}

// start runs a command that goes on until stop, which returns its exit code.
func (o *operator) start(args ...string) (out, errOut *transcript, stop func() int) {
	ctx, cancel := context.WithCancel(o.Context())
	out, errOut = &transcript{}, &transcript{}
	args = append([]string{"--config", o.path(config.DefaultName)}, args...)
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, args, term.Output{Writer: out}, term.Output{Writer: errOut})
	}()
	o.Cleanup(cancel)
	return out, errOut, func() int {
		cancel()
		return <-ended
	}
}

// hears waits until something was printed as often as that.
func (o *operator) hears(w *transcript, text string, times int) {
	o.Helper()
	deadline := time.Now().Add(20 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		if strings.Count(w.String(), text) >= times {
			return
		}
		if time.Now().After(deadline) {
			o.Fatalf("%q was not printed %d times:\n%s", text, times, w.String())
		}
	}
}

// TestFileComesAndGoes shows that a file that is away or empty for a while ends
// no publication.
func TestFileComesAndGoes(t *testing.T) {
	t.Parallel()
	origin, _ := newPaper(t)
	listen, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	file := func(categories string) string {
		return "admin: off\nlisten: " + listen + "\nsources:\n" +
			"  - {id: paper, url: \"" + origin.URL + "\", categories: [" + categories + "]}\n"
	}
	o := reader(t, file("go"))
	_, errOut, stop := o.start("serve")
	category := "http://" + listen + "/category/go/feed.json"
	o.await(category, "Hello")

	const kept = "the old one stays in force"
	if err := os.Remove(o.path(config.DefaultName)); err != nil {
		t.Fatal(err)
	}
	o.hears(errOut, kept, 1)
	o.await(category, "Hello")
	if err := os.WriteFile(o.path(config.DefaultName), []byte("# soon\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	o.hears(errOut, kept, 2)
	o.await(category, "Hello")
	o.write(file("go, more"))
	o.await("http://"+listen+"/category/more/feed.json", "Hello")

	if code := stop(); code != exitOK {
		t.Errorf("exit code %d, want %d", code, exitOK)
	}
	log := errOut.String()
	if strings.Count(log, kept) != 2 || strings.Contains(log, "ERROR") {
		t.Errorf("log has another number of warnings than one for each state:\n%s", log)
	}
}

// TestInterruptedFetch shows that a signal is no success, and that what was done
// before it is told and kept.
func TestInterruptedFetch(t *testing.T) {
	t.Parallel()
	origin, hanging := newPaper(t)
	o := reader(t, "sources:\n  - {id: first, url: \""+origin.URL+"/\"}\n")
	o.run(exitOK, "fetch")
	o.write("sources:\n  - {id: first, url: \"" + origin.URL + "/\"}\n" +
		"  - {id: slow, url: \"" + origin.URL + "/hang\"}\n")
	out, errOut, stop := o.start("fetch")
	<-hanging
	if code := stop(); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	if !strings.Contains(errOut.String(), "coranto: interrupted") {
		t.Errorf("stderr = %q, want that it was interrupted", errOut.String())
	}
	if !strings.Contains(out.String(), "1 item stored") {
		t.Errorf("stdout = %q, want the table of what was done", out.String())
	}
}

// TestInterruptedSearch shows the same of a command that prints nothing else.
func TestInterruptedSearch(t *testing.T) {
	t.Parallel()
	origin, hanging := newPaper(t)
	o := reader(t, "sources:\n")
	_, errOut, stop := o.start("add", origin.URL+"/hang")
	<-hanging
	if code := stop(); code != exitInterrupted {
		t.Errorf("exit code %d, want %d:\n%s", code, exitInterrupted, errOut.String())
	}
}

// newTestDaemon is a daemon on a free port, with its session's context.
func newTestDaemon(t *testing.T, sources ...coranto.Source) (*daemon, context.CancelFunc) {
	t.Helper()
	o := reader(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	c := config.Default()
	c.Data, c.Listen, c.Admin, c.Sources = o.path("data"), "127.0.0.1:0", "", sources
	c.Fetch.AllowNetworks = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	d, err := o.session(ctx, &transcript{}).newDaemon(c)
	if err != nil {
		t.Fatal(err)
	}
	return d, cancel
}

func TestBrokenListenerEndsServe(t *testing.T) {
	t.Parallel()
	d, _ := newTestDaemon(t)
	d.wrap = func(h http.Handler) http.Handler { return h }
	if err := d.public.Close(); err != nil {
		t.Fatal(err)
	}
	if err := d.serve(); err == nil || !strings.Contains(err.Error(), "listen for readers") {
		t.Errorf("serve = %v, want the error of the listener", err)
	}
}

// TestDrainWaitsForHandlers shows that the store is open for as long as a
// request is answered, even one whose connection was taken away.
func TestDrainWaitsForHandlers(t *testing.T) {
	t.Parallel()
	d, cancel := newTestDaemon(t)
	d.patience = time.Millisecond
	reached, ended := make(chan struct{}), make(chan struct{})
	read := make(chan error, 1)
	d.wrap = func(http.Handler) http.Handler {
		return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			close(reached)
			<-r.Context().Done()
			select {
			case <-ended:
			case <-time.After(100 * time.Millisecond):
			}
			_, err := d.store.Stats(context.WithoutCancel(r.Context()))
			read <- err
		})
	}
	served := make(chan error, 1)
	go func() {
		served <- d.serve()
		close(ended)
	}()
	go func() {
		res, err := http.Get("http://" + d.public.Addr().String() + "/")
		if err == nil {
			res.Body.Close()
		}
	}()
	<-reached
	cancel()
	if err := <-served; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("serve = %v, want that requests were cut off", err)
	}
	if err := <-read; err != nil {
		t.Errorf("a request under way reads the store: %v, want it open", err)
	}
}

// full is a store whose disk is full from some moment on.
type full struct {
	storage.Store
	now atomic.Bool
}

func (f *full) Commit(ctx context.Context, visits []storage.Visit) ([]storage.VisitResult, error) {
	if f.now.Load() {
		return nil, storage.ErrFull
	}
	return f.Store.Commit(ctx, visits)
}

// TestFailedReload shows that a version of the file that can't be put into force
// leaves the sources and the readiness of the old one, and that a server of
// which neither works says so.
func TestFailedReload(t *testing.T) {
	t.Parallel()
	origin, _ := newPaper(t)
	src := coranto.Source{ID: "paper", URL: origin.URL, Every: time.Hour}
	d, cancel := newTestDaemon(t, src)
	disk := &full{Store: d.store}
	d.store = disk
	if err := d.begin(d.config); err != nil {
		t.Fatal(err)
	}
	defer d.close()
	defer cancel()
	ctx, timeout := context.WithTimeout(t.Context(), 20*time.Second)
	defer timeout()
	for changed := d.store.Watch(ctx); ; <-changed {
		if stats, err := d.store.Stats(ctx); err != nil {
			t.Fatal(err)
		} else if stats.Items == 1 {
			break
		}
	}

	disk.now.Store(true) // filing the item anew fails, filing it as before does not
	next := *d.config
	other := src
	other.Categories = []coranto.Slug{"go"}
	next.Sources = []coranto.Source{other, {ID: "second", URL: origin.URL + "/2", Every: time.Hour}}
	d.turn(&next)
	for rec, err := range d.store.Sources(t.Context(), storage.SourceQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		if old := rec.ID == "paper"; len(rec.Categories) > 0 || rec.Retired == old {
			t.Errorf("source %s: categories %v, retired %v, want those of the old file",
				rec.ID, rec.Categories, rec.Retired)
		}
	}
	if err := d.live.Load().ready(); err != nil {
		t.Errorf("with the old file in force: ready = %v, want nil", err)
	}

	d.config.Sources = next.Sources // now the old one needs the disk too
	d.turn(&next)
	if err := d.live.Load().ready(); !errors.Is(err, storage.ErrFull) {
		t.Errorf("with no file in force: ready = %v, want %v", err, storage.ErrFull)
	}
	d.live.Load().stop()
}

// TestReloadKeepsAddress shows that absolute addresses are those that readers
// can reach, when a new version of the file would listen elsewhere.
func TestReloadKeepsAddress(t *testing.T) {
	d, _ := newTestDaemon(t)
	defer d.close()
	first, err := d.edition(d.config)
	if err != nil {
		t.Fatal(err)
	}
	d.live.Store(first)
	want := "http://" + d.public.Addr().String() + "/"
	if d.config.Site.URL != want {
		t.Errorf("url = %q, want %q", d.config.Site.URL, want)
	}
	next := config.Default()
	next.Data, next.Listen, next.Admin = d.config.Data, ":9", ""
	d.turn(next)
	defer func() { d.live.Load().stop() }()
	if d.config != next || next.Site.URL != want {
		t.Errorf("url after a reload = %q, want %q", next.Site.URL, want)
	}
}
