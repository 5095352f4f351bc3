//go:build linux

package fetch

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/coranto/coranto/aggregate/fetch/session"
	"github.com/coranto/coranto/internal/farm"
)

// wideHosts is how many hosts a round of BenchmarkTLS visits, once each.
const wideHosts = 600

// costliest is the share of the time of a client that makes every connection anew.
const costliest = 0.65

// BenchmarkTLS makes wide rounds over HTTPS origins in another process, each by a
// client that has just been started with the sessions of the one before, and each
// time the same round by two that make every connection anew: one of net/http as it
// comes, and one of this package without sessions. It reports the processor time of
// a visit, its ratio to theirs, and the shares of visits that came over a kept
// connection, a resumed session and a full handshake. It fails when a visit costs
// more than costliest of what it costs net/http as it comes.
func BenchmarkTLS(b *testing.B) {
	feeds, roots := startOrigins(b)
	own := New(Options{RootCAs: roots, Sessions: noSessions{}, AllowNetworks: loopback()})
	own.routes.main.DisableKeepAlives = true
	usual := &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: roots},
		ForceAttemptHTTP2: true,
		DisableKeepAlives: true,
	}
	var kept []byte
	again := func() (*Client, *session.Cache) {
		s := session.New(session.Options{})
		if len(kept) > 0 {
			if err := s.Import(kept); err != nil {
				b.Fatal(err)
			}
		}
		return New(Options{RootCAs: roots, Sessions: s, AllowNetworks: loopback()}), s
	}
	var plain, cold, warm round
	restart := func(total *round) {
		c, s := again()
		total.run(b, feeds, c.visit)
		c.CloseIdle()
		var err error
		if kept, err = s.Export(); err != nil {
			b.Fatal(err)
		}
	}
	restart(new(round)) // the first visit of each host is what it is
	for b.Loop() {
		plain.run(b, feeds, func(ctx context.Context, feed *Request) error { return visitPlainly(ctx, usual, feed) })
		cold.run(b, feeds, own.visit)
		restart(&warm)
	}
	b.ReportMetric(warm.each(), "µs-CPU/visit")
	b.ReportMetric(warm.each()/plain.each(), "ratio")
	b.ReportMetric(warm.each()/cold.each(), "ratio-without-sessions")
	kind := warm.shares()
	b.ReportMetric(kind.kept, "kept")
	b.ReportMetric(kind.resumed, "resumed")
	b.ReportMetric(kind.full, "full")
	b.ReportMetric(float64(len(kept))/wideHosts, "B-kept/host")
	if got := warm.each() / plain.each(); got > costliest {
		b.Errorf("P61: a visit costs %.2f of one by net/http that connects anew, want at most %.2f", got, costliest)
	}
	if kind.kept+kind.resumed < 0.95 {
		b.Errorf("P61: %.3f of visits without a full handshake, want 0.95", kind.kept+kind.resumed)
	}
}

// TestWideRound is P61: by what kind of connection visits come, in a first round, a
// second one, one after idle connections were closed and one after a restart.
func TestWideRound(t *testing.T) {
	const hosts = 100
	authority := filepath.Join(t.TempDir(), "ca.pem")
	f := farm.New(farm.Config{Feeds: hosts, Hosts: hosts, TLS: true, CAFile: authority})
	if err := f.Start(); err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	roots := readRoots(t, authority)
	feeds := make([]Request, hosts)
	for i := range feeds {
		feeds[i].URL = f.FeedURL(i)
	}
	first := session.New(session.Options{})
	c := newClient(t, Options{RootCAs: roots, Sessions: first})
	once := func() shares {
		r := new(round)
		r.run(t, feeds, c.visit)
		return r.shares()
	}
	t.Run("P61 first round", func(t *testing.T) {
		if got := once(); got.full != 1 {
			t.Errorf("%+v, want full handshakes", got)
		}
	})
	t.Run("P61 second round", func(t *testing.T) {
		if got := once(); got.kept+got.resumed < 0.95 || got.kept < 0.5 {
			t.Errorf("%+v, want connections kept", got)
		}
	})
	c.CloseIdle()
	t.Run("P61 round without connections", func(t *testing.T) {
		if got := once(); got.resumed < 0.95 {
			t.Errorf("%+v, want sessions resumed", got)
		}
	})
	c.CloseIdle()
	stored, err := first.Export()
	if err != nil {
		t.Fatal(err)
	}
	second := session.New(session.Options{})
	if err := second.Import(stored); err != nil {
		t.Fatal(err)
	}
	c = newClient(t, Options{RootCAs: roots, Sessions: second})
	t.Run("P61 round after a restart", func(t *testing.T) {
		if got := once(); got.resumed < 0.95 {
			t.Errorf("%+v, want sessions resumed", got)
		}
	})
}

func readRoots(tb testing.TB, file string) *x509.CertPool {
	tb.Helper()
	pem, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	return roots
}

// visit asks for a feed and keeps its validators.
func (c *Client) visit(ctx context.Context, feed *Request) error {
	resp, err := c.Get(ctx, *feed)
	if err == nil {
		feed.ETag, feed.LastModified = resp.ETag, resp.LastModified
	}
	return err
}

// visitPlainly is what a reader without sessions does.
func visitPlainly(ctx context.Context, t *http.Transport, feed *Request) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, feed.URL, nil)
	if err != nil {
		return err
	}
	req.Header.Set("If-None-Match", feed.ETag)
	res, err := (&http.Client{Transport: t}).Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

// noSessions remembers nothing.
type noSessions struct{}

func (noSessions) Get(string) (*tls.ClientSessionState, bool) { return nil, false }
func (noSessions) Put(string, *tls.ClientSessionState)        {}

// round adds up what visits cost.
type round struct {
	cpu     time.Duration
	visits  atomic.Int64
	kept    atomic.Int64 // visits over a connection that was there
	resumed atomic.Int64 // visits over a new one with an old session
}

// shares are by what kind of connection visits came; their sum is 1.
type shares struct{ kept, resumed, full float64 }

func (r *round) shares() shares {
	n := float64(r.visits.Load())
	s := shares{kept: float64(r.kept.Load()) / n, resumed: float64(r.resumed.Load()) / n}
	s.full = 1 - s.kept - s.resumed
	return s
}

// each is the processor time of one visit, in microseconds.
func (r *round) each() float64 { return float64(r.cpu.Microseconds()) / float64(r.visits.Load()) }

// run visits all feeds with a few workers.
func (r *round) run(b testing.TB, feeds []Request, visit func(context.Context, *Request) error) {
	b.Helper()
	began := processorTime(b)
	next := make(chan int)
	var crew sync.WaitGroup
	for range 16 {
		crew.Go(func() {
			for i := range next {
				r.visits.Add(1)
				if err := visit(r.watch(b.Context()), &feeds[i]); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for i := range feeds {
		next <- i
	}
	close(next)
	crew.Wait()
	r.cpu += processorTime(b) - began
}

// watch counts by what kind of connection visits come.
func (r *round) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			if info.Reused {
				r.kept.Add(1)
			}
		},
		TLSHandshakeDone: func(state tls.ConnectionState, _ error) {
			if state.DidResume {
				r.resumed.Add(1)
			}
		},
	})
}

// processorTime is what this process has used of all processors.
func processorTime(b testing.TB) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// originsVariable makes TestOrigins serve; its value is where to write the
// certificate of the authority.
const originsVariable = "CORANTO_TEST_ORIGINS"

// startOrigins has a process of its own serve a feed on each of wideHosts hosts.
func startOrigins(b *testing.B) ([]Request, *x509.CertPool) {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	authority := filepath.Join(b.TempDir(), "ca.pem")
	cmd := exec.Command(self, "-test.run=^TestOrigins$")
	cmd.Env = append(os.Environ(), originsVariable+"="+authority)
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		in.Close()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		b.Fatal(err)
	}
	var urls []string
	if err := json.Unmarshal(line, &urls); err != nil {
		b.Fatal(err)
	}
	feeds := make([]Request, len(urls))
	for i, u := range urls {
		feeds[i].URL = u
	}
	return feeds, readRoots(b, authority)
}

// TestOrigins is the other process of BenchmarkTLS: it serves until its input ends.
func TestOrigins(t *testing.T) {
	authority := os.Getenv(originsVariable)
	if authority == "" {
		return // only BenchmarkTLS starts it
	}
	f := farm.New(farm.Config{Feeds: wideHosts, Hosts: wideHosts, TLS: true, CAFile: authority})
	if err := f.Start(); err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	urls := make([]string, f.Len())
	for i := range urls {
		urls[i] = f.FeedURL(i)
	}
	line, err := json.Marshal(urls)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(string(line))
	_, _ = io.Copy(io.Discard, os.Stdin)
}
