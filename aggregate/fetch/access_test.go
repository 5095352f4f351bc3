package fetch

import (
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
)

// What each setting of a source sends and takes.
func TestAccess(t *testing.T) {
	o := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			<-r.Context().Done()
			return
		}
		_, _ = w.Write([]byte(strings.Repeat("x", 2000)))
	})
	tests := []struct {
		name   string
		access coranto.Access
		path   string
		header string // "Name: value" that the origin gets
		kind   Kind   // of the error; "" for none
	}{
		{name: "P63 user agent", access: coranto.Access{UserAgent: "Planet/2"}, header: "User-Agent: Planet/2"},
		{name: "X08 header", access: coranto.Access{Headers: map[string]string{"x-key": "k"}}, header: "X-Key: k"},
		{name: "X08 refused header", kind: KindRequest,
			access: coranto.Access{Headers: map[string]string{"Host": "b.example"}}},
		{name: "cookies", access: coranto.Access{Cookies: "a=1; b=2"}, header: "Cookie: a=1; b=2"},
		{name: "cookies of two lines", access: coranto.Access{Cookies: "a=1\r\nHost: b"}, kind: KindRequest},
		{name: "user agent of two lines", access: coranto.Access{UserAgent: "a\nb"}, kind: KindRequest},
		{name: "password", access: coranto.Access{User: "Aladdin", Password: "open sesame"},
			header: "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}, // RFC 7617 §2
		{name: "password in UTF-8", access: coranto.Access{User: "test", Password: "123£"},
			header: "Authorization: Basic dGVzdDoxMjPCow=="}, // RFC 7617 §2.1
		{name: "user with a colon", access: coranto.Access{User: "a:b"}, kind: KindRequest},
		{name: "P64 size", access: coranto.Access{MaxBody: 1999}, kind: KindTooLarge},
		{name: "P64 time", access: coranto.Access{Timeout: 30 * time.Millisecond}, path: "/slow", kind: KindTimeout},
		{name: "no proxy of that kind", access: coranto.Access{Proxy: "ftp://a.example"}, kind: KindRequest},
	}
	c := newClient(t, Options{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			req := Request{URL: o.URL + tt.path, Access: tt.access}
			if tt.kind != "" {
				getError(t, c, req, tt.kind)
				return
			}
			get(t, c, req)
			name, want, _ := strings.Cut(tt.header, ": ")
			if got := o.last(t).Header.Get(name); name != "" && got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		})
	}
}

// P53: what is secret, and what is trusted, ends where the source's own host does.
func TestAccessAndRedirects(t *testing.T) {
	access := coranto.Access{UserAgent: "U", Headers: map[string]string{"X-Key": "k"},
		Cookies: "s=1", User: "u", Password: "p"}
	secret := []string{"X-Key", "Cookie", "Authorization"}
	for _, tt := range []struct {
		name string
		at   string // the other host
		kept bool
	}{{"P53 same host", "", true}, {"P53 other host", "127.0.0.2", false}, {"P53 other port", "127.0.0.1", false}} {
		t.Run(tt.name, func(t *testing.T) {
			end := serve(t, text("feed"))
			if tt.at != "" {
				end = serveAt(t, tt.at, text("feed"))
			}
			start := serve(t, redirectTo(302, end.URL))
			if tt.at == "" {
				start = serve(t, func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path != "/end" {
						redirectTo(302, "/end")(w, r)
					}
				})
				end = start
			}
			get(t, newClient(t, Options{}), Request{URL: start.URL + "/a", Access: access})
			h := end.last(t).Header
			for _, name := range secret {
				if (h.Get(name) != "") != tt.kept {
					t.Errorf("%s: %q, want it kept: %v", name, h.Get(name), tt.kept)
				}
			}
			if h.Get("User-Agent") != "U" || h.Get("Referer") != "" {
				t.Errorf("agent %q, referer %q; want U and none", h.Get("User-Agent"), h.Get("Referer"))
			}
		})
	}
	t.Run("P53 trust", func(t *testing.T) {
		end := httptest.NewUnstartedServer(text("feed"))
		end.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
		end.StartTLS()
		defer end.Close()
		start, _ := secureOrigin(t, redirectTo(302, end.URL))
		getError(t, newClient(t, Options{}),
			Request{URL: start.URL, Access: coranto.Access{Insecure: true}}, KindTLS)
	})
}

// P66, P61: trust and the version of HTTP, each source for itself.
func TestAccessTLS(t *testing.T) {
	o, _ := secureOrigin(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Proto, " ", r.TLS.DidResume)
	})
	cert := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: o.Certificate().Raw}))
	c := newClient(t, Options{})
	tests := []struct {
		name   string
		access coranto.Access
		want   string // "" for an error
	}{
		{"P66 unknown authority", coranto.Access{}, ""},
		{"P66 not verified", coranto.Access{Insecure: true}, "HTTP/2.0 false"},
		{"P66 not verified, again", coranto.Access{Insecure: true}, "HTTP/2.0 true"},
		{"P66 the session of one is not another's", coranto.Access{CA: cert}, "HTTP/2.0 false"},
		{"P66 own authority, again", coranto.Access{CA: cert}, "HTTP/2.0 true"},
		{"P61 HTTP/1.1", coranto.Access{CA: cert, HTTP1: true}, "HTTP/1.1 true"},
		{"P66 still an unknown authority", coranto.Access{}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			defer c.CloseIdle()
			req := Request{URL: o.URL, Access: tt.access}
			if tt.want == "" {
				getError(t, c, req, KindTLS)
			} else if got := string(get(t, c, req).Body); got != tt.want {
				t.Errorf("body %q, want %q", got, tt.want)
			}
		})
	}
	e := getError(t, c, Request{URL: o.URL, Access: coranto.Access{CA: "none"}}, KindRequest)
	if err := CheckAuthority("none"); err == nil || !errors.Is(e, err) {
		t.Errorf("no certificate: %v and %v, want the same", e, err)
	}
}

// P61: sources without settings of their own share one transport, and those with
// them don't take more than a bounded number.
func TestRoutesAreBounded(t *testing.T) {
	c := New(Options{})
	u := &url.URL{Scheme: "http", Host: "feeds.example"}
	seen := make(map[*http.Transport]bool)
	for i := range 3 * maxRoutes {
		way, err := c.routes.by(route{proxy: fmt.Sprintf("http://127.0.0.1:%d", i+1)})
		if err != nil {
			t.Fatal(err)
		}
		seen[way] = true
		if again, _ := c.routes.by(route{proxy: fmt.Sprintf("http://127.0.0.1:%d", i+1)}); again != way {
			t.Errorf("route %d has two transports", i)
		}
	}
	if len(seen) != 3*maxRoutes || len(c.routes.others) != maxRoutes {
		t.Errorf("%d transports made and %d kept, want %d and %d",
			len(seen), len(c.routes.others), 3*maxRoutes, maxRoutes)
	}
	for _, a := range []coranto.Access{{}, {UserAgent: "U"}, {Cookies: "a"}, {CA: "unused for http"}} {
		if way, err := c.way(t.Context(), a, u, true); err != nil || way != c.routes.main {
			t.Errorf("%s has a transport of its own, error %v", a, err)
		}
	}
}

// P41: an origin that wants credentials is told as that.
func TestRefusedCredentials(t *testing.T) {
	for _, status := range []int{401, 403} {
		o := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		e := getError(t, newClient(t, Options{}), Request{URL: o.URL}, KindStatus)
		if !errors.Is(e, ErrRefused) || !strings.Contains(e.Cause(), "credentials") {
			t.Errorf("%d: %q, want a word of credentials", status, e.Cause())
		}
	}
}
