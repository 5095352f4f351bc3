package fetch

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// P64, B17: each limit of time ends an exchange and frees the host.
func TestTimeouts(t *testing.T) {
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	stall := func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte("<rss>"))
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	trickle := func(w http.ResponseWriter, r *http.Request) {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-r.Context().Done():
				return
			case <-tick.C:
				_, _ = w.Write([]byte("x"))
				w.(http.Flusher).Flush()
			}
		}
	}
	const short = 50 * time.Millisecond
	tests := []struct {
		name    string
		opts    Options
		handler http.HandlerFunc
		cause   string
	}{
		{"P64 whole", Options{Timeout: short}, hang, "timed out after 50ms"},
		{"B17 headers", Options{HeaderTimeout: short}, hang, "timed out: timeout awaiting response headers"},
		{"P64 silence", Options{IdleTimeout: short}, stall, "no data for 50ms"},
		{"B17 trickle", Options{Timeout: short}, trickle, "timed out after 50ms"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := serve(t, tt.handler)
			c := newClient(t, tt.opts)
			for range 2 {
				e := getError(t, c, Request{URL: o.URL}, KindTimeout)
				if e.Cause() != tt.cause {
					t.Errorf("cause %q, want %q", e.Cause(), tt.cause)
				}
			}
		})
	}
}

// P64: headers without end, and informational answers without end.
func TestHeaderLimits(t *testing.T) {
	t.Run("B17 headers and 1xx without end", func(t *testing.T) {
		c := newClient(t, Options{})
		long := "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 65<<10) + "\r\n\r\n"
		getError(t, c, Request{URL: "http://" + raw(t, long)}, KindProtocol)
		early := strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 3000) + "HTTP/1.1 200 OK\r\n\r\n"
		getError(t, c, Request{URL: "http://" + raw(t, early)}, KindProtocol)
		getError(t, c, Request{URL: "http://" + raw(t, "SSH-2.0-x\r\n")}, KindProtocol)
		getError(t, c, Request{URL: "http://" + raw(t, "")}, KindConnect)
	})
}

func TestCanceled(t *testing.T) {
	started := make(chan struct{})
	o := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		close(started)
		<-r.Context().Done()
	})
	stop := errors.New("shutting down")
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() {
		<-started
		cancel(stop)
	}()
	_, err := newClient(t, Options{}).Get(ctx, Request{URL: o.URL})
	var e *Error
	if !errors.As(err, &e) || e.Kind != KindCanceled || !errors.Is(err, stop) {
		t.Errorf("error %v, want kind canceled and its cause", err)
	}
}

func TestConnectionRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	e := getError(t, newClient(t, Options{}), Request{URL: "http://" + l.Addr().String()}, KindConnect)
	if e.Cause() != "connection refused" {
		t.Errorf("cause %q, want connection refused", e.Cause())
	}
}

// P60: at most PerHost requests in flight to one host, others unhindered.
func TestPerHost(t *testing.T) {
	for _, width := range []int{1, 2} {
		t.Run(fmt.Sprint("P60 ", width, " at a time"), func(t *testing.T) {
			var now, most atomic.Int32
			o := serve(t, func(_ http.ResponseWriter, r *http.Request) {
				n := now.Add(1)
				defer now.Add(-1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				if r.URL.Path == "/slow" {
					<-r.Context().Done()
				}
			})
			c := newClient(t, Options{PerHost: width})
			var wg sync.WaitGroup
			for i := range 20 {
				wg.Go(func() { _, _ = c.Get(t.Context(), Request{URL: fmt.Sprint(o.URL, "/", i)}) })
			}
			wg.Wait()
			if got := int(most.Load()); got > width {
				t.Errorf("%d requests in flight, want at most %d", got, width)
			}
			if n := len(c.gate.hosts); n != 0 {
				t.Errorf("%d hosts kept by the gate, want none", n)
			}
		})
	}
}

// P60: the wait for a turn does not count towards the timeout, and ends with
// the caller's context.
func TestGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(1, 0)
		if err := g.enter(t.Context(), "a:80"); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := g.enter(ctx, "b:80"); err != nil {
			t.Errorf("another host: %v", err)
		}
		if err := g.enter(ctx, "a:80"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a busy host: %v, want the context's error", err)
		}
		entered := make(chan error)
		go func() { entered <- g.enter(t.Context(), "a:80") }()
		synctest.Wait()
		g.leave("a:80")
		if err := <-entered; err != nil {
			t.Errorf("after the other left: %v", err)
		}
		g.leave("a:80")
		g.leave("b:80")
		if len(g.hosts) != 0 {
			t.Errorf("hosts kept: %v", g.hosts)
		}
	})
}

// P61: connections are kept and used again, whatever the answer was.
func TestKeepAlive(t *testing.T) {
	t.Run("P61 connections are kept", func(t *testing.T) {
		o := serve(t, func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/404":
				http.NotFound(w, r)
			case "/304":
				w.WriteHeader(http.StatusNotModified)
			case "/302":
				http.Redirect(w, r, "/", http.StatusFound)
			}
		})
		c := newClient(t, Options{})
		for _, path := range []string{"/", "/404", "/304", "/302", "/"} {
			_, _ = c.Get(t.Context(), Request{URL: o.URL + path, ETag: `"a"`})
		}
		seen := o.requests()
		for _, r := range seen {
			if r.RemoteAddr != seen[0].RemoteAddr {
				t.Errorf("%s came over a new connection", r.URL)
			}
		}
	})
}

// P37: a kept connection that the origin closed meanwhile is tried anew, once.
func TestStaleConnection(t *testing.T) {
	t.Run("P37 once, on a kept connection", func(t *testing.T) {
		o := serve(t, text("feed"))
		c := newClient(t, Options{})
		get(t, c, Request{URL: o.URL})
		o.CloseClientConnections()
		get(t, c, Request{URL: o.URL})
		if n := len(o.requests()); n != 2 {
			t.Errorf("%d requests, want 2", n)
		}
	})
}

// P61, P66: HTTP/2 and session resumption over verified TLS.
func TestTLS(t *testing.T) {
	t.Run("P61 HTTP/2 and resumed sessions", func(t *testing.T) {
		o := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, r.Proto, " ", r.TLS.DidResume)
		}))
		o.EnableHTTP2 = true
		o.StartTLS()
		defer o.Close()
		roots := o.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
		c := newClient(t, Options{RootCAs: roots})
		for _, want := range []string{"HTTP/2.0 false", "HTTP/2.0 true"} {
			if resp := get(t, c, Request{URL: o.URL}); string(resp.Body) != want {
				t.Errorf("body %q, want %q", resp.Body, want)
			}
			c.CloseIdle()
		}
	})
}

// P66: why a certificate or a handshake is not accepted.
func TestTLSErrors(t *testing.T) {
	secure := httptest.NewTLSServer(text("feed"))
	defer secure.Close()
	secure.Config.ErrorLog = nil
	plain := serve(t, text("feed"))
	old := httptest.NewUnstartedServer(text("feed"))
	old.TLS = &tls.Config{MaxVersion: tls.VersionTLS11}
	old.StartTLS()
	defer old.Close()
	roots := secure.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	past, pastRoots := pastOrigin(t)
	_, port, _ := net.SplitHostPort(secure.Listener.Addr().String())
	tests := []struct {
		name  string
		opts  Options
		url   string
		cause string
	}{
		{"P66 unknown authority", Options{}, secure.URL, "certificate of an unknown authority"},
		{"P66 other host", Options{RootCAs: roots, AllowNetworks: loopback(),
			Resolver: nameServer(t, func(string) string { return "127.0.0.1" })},
			"https://wrong.test:" + port, "certificate is for another host"},
		{"P66 no TLS", Options{}, "https" + strings.TrimPrefix(plain.URL, "http"),
			"the origin does not speak TLS"},
		{"P66 old TLS", Options{}, old.URL, "TLS handshake: "},
		{"P66 expired", Options{RootCAs: pastRoots}, past.URL, "certificate expired or not valid yet"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := getError(t, newClient(t, tt.opts), Request{URL: tt.url}, KindTLS)
			if !strings.HasPrefix(e.Cause(), tt.cause) {
				t.Errorf("cause %q, want %q", e.Cause(), tt.cause)
			}
		})
	}
}

// pastOrigin has a certificate whose time is over, of an authority that is known.
func pastOrigin(t *testing.T) (*httptest.Server, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true,
		BasicConstraintsValid: true, NotBefore: at().AddDate(-2, 0, 0), NotAfter: at().AddDate(-1, 0, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(cert)
	o := httptest.NewUnstartedServer(text("feed"))
	o.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	o.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	o.StartTLS()
	t.Cleanup(o.Close)
	return o, roots
}

func BenchmarkNotModified(b *testing.B) {
	o := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotModified)
	}))
	defer o.Close()
	c := New(Options{AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	defer c.CloseIdle()
	b.Run("Get", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Get(b.Context(), Request{URL: o.URL, ETag: `"a"`}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("RoundTrip", func(b *testing.B) { // the floor of net/http
		b.ReportAllocs()
		req, _ := http.NewRequestWithContext(b.Context(), http.MethodGet, o.URL, nil)
		req.Header.Set("If-None-Match", `"a"`)
		for b.Loop() {
			res, err := c.Transport().RoundTrip(req)
			if err != nil {
				b.Fatal(err)
			}
			res.Body.Close()
		}
	})
}
