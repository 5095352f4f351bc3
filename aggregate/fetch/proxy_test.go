package fetch

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http/httpproxy"

	"github.com/coranto/coranto"
)

// forward is a proxy as of RFC 9110 §3.7 that wants a password.
func forward(user, password string) http.HandlerFunc {
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
	return func(w http.ResponseWriter, r *http.Request) {
		if user != "" && r.Header.Get("Proxy-Authorization") != want {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		if r.Method == http.MethodConnect {
			tunnel(w, r)
			return
		}
		w.Header().Set("X-Through", "proxy")
		r.RequestURI = ""
		r.Header.Del("Proxy-Authorization")
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer res.Body.Close()
		_, _ = io.Copy(w, res.Body)
	}
}

func tunnel(w http.ResponseWriter, r *http.Request) {
	out, err := net.Dial("tcp", r.Host)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	in, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		out.Close()
		return
	}
	_, _ = io.WriteString(in, "HTTP/1.1 200 OK\r\n\r\n")
	join(in, out)
}

// join carries bytes both ways until one side ends.
func join(a, b net.Conn) {
	go func() {
		_, _ = io.Copy(a, b)
		a.Close()
	}()
	_, _ = io.Copy(b, a)
	b.Close()
}

// socksServer is a proxy after RFC 1928 and, with a user, RFC 1929.
type socksServer struct {
	listener       net.Listener
	addr           string
	user, password string
	came           atomic.Int32 // connections
	asked          atomic.Int32 // for connections to others
}

func serveSOCKS(t *testing.T, user, password string) *socksServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := &socksServer{listener: l, addr: l.Addr().String(), user: user, password: password}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.came.Add(1)
			go s.serve(conn)
		}
	}()
	return s
}

func (s *socksServer) serve(conn net.Conn) {
	defer conn.Close()
	if !s.greet(conn) {
		return
	}
	head := make([]byte, 4)
	if _, err := io.ReadFull(conn, head); err != nil {
		return
	}
	s.asked.Add(1)
	var host string
	switch head[3] {
	case 1:
		host = net.IP(readPart(conn, 4)).String()
	case 3:
		host = string(readPart(conn, int(readPart(conn, 1)[0])))
	case 4:
		host = net.IP(readPart(conn, 16)).String()
	}
	port := binary.BigEndian.Uint16(readPart(conn, 2))
	out, err := net.Dial("tcp", net.JoinHostPort(host, strconv.Itoa(int(port))))
	if err != nil {
		_, _ = conn.Write([]byte{5, 5, 0, 1, 0, 0, 0, 0, 0, 0}) // refused
		return
	}
	_, _ = conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	join(conn, out)
}

func (s *socksServer) greet(conn net.Conn) bool {
	readPart(conn, int(readPart(conn, 2)[1]))
	if s.user == "" {
		_, err := conn.Write([]byte{5, 0})
		return err == nil
	}
	_, _ = conn.Write([]byte{5, 2})
	user := string(readPart(conn, int(readPart(conn, 2)[1])))
	password := string(readPart(conn, int(readPart(conn, 1)[0])))
	if user != s.user || password != s.password {
		_, _ = conn.Write([]byte{1, 1})
		return false
	}
	_, err := conn.Write([]byte{1, 0})
	return err == nil
}

// readPart reads n bytes; zeros when there are fewer.
func readPart(r io.Reader, n int) []byte {
	b := make([]byte, n)
	_, _ = io.ReadFull(r, b)
	return b
}

// secureOrigin answers over TLS, and is trusted by the pool.
func secureOrigin(t *testing.T, h http.HandlerFunc) (*httptest.Server, *x509.CertPool) {
	t.Helper()
	o := httptest.NewUnstartedServer(h)
	o.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	o.EnableHTTP2 = true
	o.StartTLS()
	t.Cleanup(o.Close)
	return o, o.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
}

// P68: each kind of proxy, with and without TLS behind it, for all and for one.
func TestProxies(t *testing.T) {
	plain := serve(t, text("feed"))
	secure, roots := secureOrigin(t, text("feed"))
	open := serve(t, forward("", ""))
	guarded := serve(t, forward("u", "secret"))
	secureProxy, _ := secureOrigin(t, forward("", ""))
	socks := serveSOCKS(t, "", "")
	guardedSOCKS := serveSOCKS(t, "u", "secret")
	withPassword := func(scheme, addr string) string { return scheme + "://u:secret@" + addr }
	tests := []struct{ name, proxy, url string }{
		{"P68 http", open.URL, plain.URL},
		{"P68 http, TLS behind", open.URL, secure.URL},
		{"P68 http with a password", withPassword("http", guarded.Listener.Addr().String()), plain.URL},
		{"P68 http with a password, TLS behind",
			withPassword("http", guarded.Listener.Addr().String()), secure.URL},
		{"P68 https", secureProxy.URL, plain.URL},
		{"P68 https, TLS behind", secureProxy.URL, secure.URL},
		{"P68 socks5", "socks5://" + socks.addr, plain.URL},
		{"P68 socks5, TLS behind", "socks5://" + socks.addr, secure.URL},
		{"P68 socks5 with a password", withPassword("socks5", guardedSOCKS.addr), secure.URL},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for name, c := range map[string]*Client{
				"for all": newClient(t, Options{RootCAs: roots, Proxy: tt.proxy}),
				"for one": newClient(t, Options{RootCAs: roots, Proxy: "http://127.0.0.1:1"}),
			} {
				req := Request{URL: tt.url}
				if name == "for one" {
					req.Access.Proxy = tt.proxy
				}
				if resp := get(t, c, req); string(resp.Body) != "feed" {
					t.Errorf("%s: body %q, want feed", name, resp.Body)
				}
			}
		})
	}
	if len(open.requests()) != 4 || int(socks.asked.Load()) != 4 {
		t.Errorf("%d requests by http and %d by SOCKS, want 4 each", len(open.requests()), socks.asked.Load())
	}
	direct := Request{URL: plain.URL, Access: coranto.Access{Proxy: coranto.ProxyNone}}
	get(t, newClient(t, Options{Proxy: "http://127.0.0.1:1"}), direct)
}

// P68: what a proxy refuses is told as its fault, without its password.
func TestProxyErrors(t *testing.T) {
	secure, roots := secureOrigin(t, text("feed"))
	guarded := serve(t, forward("u", "right"))
	socks := serveSOCKS(t, "u", "right")
	tests := []struct{ name, proxy, url, cause string }{
		{"P68 refused", "http://u:canary@" + guarded.Listener.Addr().String(), secure.URL,
			"proxy: 407 Proxy Authentication Required"},
		{"P68 not there", "http://u:canary@127.0.0.1:1", secure.URL, "proxy: connection refused"},
		{"P68 not there, plain", "http://u:canary@127.0.0.1:1", "http://127.0.0.1:80/",
			"proxy: connection refused"},
		{"P68 SOCKS refused", "socks5://u:canary@" + socks.addr, secure.URL, "proxy: "},
		{"P68 behind it nobody", "http://u:right@" + guarded.Listener.Addr().String(),
			"https://127.0.0.1:1/", "proxy: 502 Bad Gateway"},
		{"P68 no TLS with it", "https://u:canary@" + guarded.Listener.Addr().String(), secure.URL,
			"proxy: the origin does not speak TLS"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var log bytes.Buffer
			logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			c := newClient(t, Options{RootCAs: roots, Logger: logger})
			e := getError(t, c, Request{URL: tt.url, Access: coranto.Access{Proxy: tt.proxy}}, KindProxy)
			if !strings.HasPrefix(e.Cause(), tt.cause) {
				t.Errorf("cause %q, want %q", e.Cause(), tt.cause)
			}
			for shown := error(e); shown != nil; shown = errors.Unwrap(shown) {
				if strings.Contains(shown.Error(), "canary") {
					t.Errorf("the error shows the password: %v", shown)
				}
			}
			if strings.Contains(log.String(), "canary") {
				t.Errorf("the log shows the password: %s", &log)
			}
		})
	}
	for _, proxy := range []string{"", "proxy.example:3128", "ftp://u:canary@proxy.example",
		"http://u:canary@", "http://u:canary@[::1", "http://u:canary@proxy.example/path", "off"} {
		err := CheckProxy(proxy)
		if !errors.Is(err, ErrProxy) || strings.Contains(err.Error(), "canary") {
			t.Errorf("CheckProxy(%q) = %v, want ErrProxy without the password", proxy, err)
		}
	}
}

// P68: the proxy of the environment only where the operator wants it, and not for
// what NO_PROXY names.
func TestEnvironmentProxy(t *testing.T) {
	proxy := serve(t, text("through"))
	environment := httpproxy.Config{HTTPProxy: proxy.URL, NoProxy: "direct.example,10.0.0.0/8"}
	byEnvironment := environment.ProxyFunc()
	names := nameServer(t, func(name string) string {
		if name == "public.example." {
			return "8.8.8.8"
		}
		return "10.0.0.1"
	})
	origin := serve(t, text("directly"))
	tests := []struct {
		name, proxy, url string
		environment      func(*url.URL) (*url.URL, error)
		body             string // "" when it is refused
	}{
		{"P68 wanted", coranto.ProxyEnvironment, "http://public.example/", byEnvironment, "through"},
		{"P68 not wanted", "", origin.URL, byEnvironment, "directly"},
		{"P68 wanted, none there", coranto.ProxyEnvironment, origin.URL, nil, "directly"},
		{"P68 in NO_PROXY", coranto.ProxyEnvironment, "http://direct.example/", byEnvironment, ""},
		{"P68 broken", coranto.ProxyEnvironment, "http://public.example/",
			func(*url.URL) (*url.URL, error) { return nil, errors.New("canary") }, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := New(Options{Proxy: tt.proxy, Environment: tt.environment, Resolver: names,
				AllowHosts: []string{origin.Listener.Addr().String()}})
			defer c.CloseIdle()
			resp, err := c.Get(t.Context(), Request{URL: tt.url})
			switch {
			case tt.body == "" && err == nil, err != nil && strings.Contains(err.Error(), "canary"):
				t.Errorf("Get = %v, %v; want a refusal that shows no setting", resp, err)
			case tt.body != "" && (err != nil || string(resp.Body) != tt.body):
				t.Errorf("Get = %v, %v; want body %q", resp, err, tt.body)
			}
		})
	}
}

// P64: a name server that says nothing, asked for an origin, for one behind a proxy
// and for the proxy itself.
func TestSilentNameServer(t *testing.T) {
	names := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	const short = 30 * time.Millisecond
	tests := []struct {
		name, url, proxy string
		opts             Options
		kind             Kind
		cause            string
	}{
		{"P64 names", "http://a.example/", "", Options{NameTimeout: short}, KindDNS,
			"name server could not tell the address of a.example"},
		{"P64 names behind a proxy", "http://a.example/", "http://127.0.0.1:1", Options{NameTimeout: short},
			KindDNS, "name server could not tell the address of a.example"},
		{"P64 name of a proxy", "http://8.8.8.8/", "http://p.example:1", Options{NameTimeout: short},
			KindProxy, "proxy: name server could not tell the address of p.example"},
		{"P64 whole exchange", "http://a.example/", "", Options{Timeout: short, NameTimeout: 2 * short}, KindTimeout,
			"timed out after 30ms"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.opts.Resolver, tt.opts.Proxy = names, tt.proxy
			if e := getError(t, New(tt.opts), Request{URL: tt.url}, tt.kind); e.Cause() != tt.cause {
				t.Errorf("cause %q, want %q", e.Cause(), tt.cause)
			}
		})
	}
}
