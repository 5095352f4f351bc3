package fetch

import (
	"errors"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/coranto/coranto"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newClient returns a client that may talk to this machine.
func newClient(t *testing.T, opts Options) *Client {
	t.Helper()
	if opts.AllowNetworks == nil {
		opts.AllowNetworks = loopback()
	}
	c := New(opts)
	t.Cleanup(c.CloseIdle)
	return c
}

func loopback() []netip.Prefix { return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }

// origin is a server that remembers what it was asked.
type origin struct {
	*httptest.Server
	mu   sync.Mutex
	seen []*http.Request
}

// serveAt starts an origin on one of this machine's addresses.
func serveAt(t *testing.T, ip string, h http.HandlerFunc) *origin {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(ip, "0"))
	if err != nil {
		t.Fatal(err)
	}
	o := new(origin)
	remember := func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		o.seen = append(o.seen, r)
		o.mu.Unlock()
		h(w, r)
	}
	o.Server = httptest.NewUnstartedServer(http.HandlerFunc(remember))
	o.Listener.Close()
	o.Listener = l
	o.Start()
	t.Cleanup(o.Close)
	return o
}

func serve(t *testing.T, h http.HandlerFunc) *origin {
	t.Helper()
	return serveAt(t, "127.0.0.1", h)
}

func (o *origin) requests() []*http.Request {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.seen
}

func (o *origin) last(t *testing.T) *http.Request {
	t.Helper()
	seen := o.requests()
	if len(seen) == 0 {
		t.Fatal("the origin was not asked")
	}
	return seen[len(seen)-1]
}

func get(t *testing.T, c *Client, req Request) *Response {
	t.Helper()
	resp, err := c.Get(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// getError returns the error of a Get that must fail with a kind.
func getError(t *testing.T, c *Client, req Request, kind Kind) *Error {
	t.Helper()
	resp, err := c.Get(t.Context(), req)
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("Get(%s) = %+v, %v; want an error of kind %s", req.URL, resp, err, kind)
	}
	if e.Kind != kind {
		t.Fatalf("Get(%s): %v: kind %s, want %s", req.URL, err, e.Kind, kind)
	}
	return e
}

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }
}

func TestGet(t *testing.T) {
	o := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
		w.Header().Set("Date", "Mon, 02 Mar 2026 10:00:00 GMT")
		_, _ = w.Write([]byte("<feed/>"))
	})
	resp := get(t, newClient(t, Options{}), Request{URL: o.URL + "/f?q=1#part"})
	if string(resp.Body) != "<feed/>" || resp.Status != 200 || resp.NotModified {
		t.Errorf("Get = %d %q, want 200 <feed/>", resp.Status, resp.Body)
	}
	if resp.ContentType != "application/atom+xml; charset=utf-8" {
		t.Errorf("ContentType = %q", resp.ContentType)
	}
	if want := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC); !resp.Date.Equal(want) {
		t.Errorf("Date = %v, want %v", resp.Date, want)
	}
	if resp.Requested != o.URL+"/f?q=1#part" || resp.URL != o.URL+"/f?q=1" {
		t.Errorf("Requested %q, URL %q", resp.Requested, resp.URL)
	}
	if uri := o.last(t).RequestURI; uri != "/f?q=1" {
		t.Errorf("asked for %q, want the URL as given", uri) // P13
	}
}

// P13, P14, P63: what every request says, and what none does.
func TestRequestHeaders(t *testing.T) {
	o := serve(t, text("x"))
	tests := []struct {
		name string
		opts Options
		req  Request
		want map[string]string
	}{
		{"P13 P14 P63 defaults", Options{}, Request{}, map[string]string{
			"User-Agent":      "Coranto/" + coranto.Version + " (+" + coranto.HomeURL + ")",
			"Accept":          acceptFeeds,
			"Accept-Encoding": "gzip, br, zstd",
		}},
		{"contact", Options{Contact: "ops@news.example"}, Request{}, map[string]string{
			"User-Agent": "Coranto/" + coranto.Version + " (+" + coranto.HomeURL + "; ops@news.example)",
		}},
		{"P14 own agent", Options{UserAgent: "Planet/1", Contact: "a@b"}, Request{}, map[string]string{
			"User-Agent": "Planet/1 (a@b)",
		}},
		{"source's own", Options{UserAgent: "Planet/1"},
			Request{Accept: "text/html", Header: http.Header{"x-key": {"k"}, "User-Agent": {"U"}}},
			map[string]string{"User-Agent": "U", "Accept": "text/html", "X-Key": "k"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.req.URL = o.URL
			get(t, newClient(t, tt.opts), tt.req)
			got := o.last(t).Header
			for name, want := range tt.want {
				if got.Get(name) != want {
					t.Errorf("%s: %q, want %q", name, got.Get(name), want)
				}
			}
			for _, name := range []string{"Cookie", "Referer", "Cache-Control", "Pragma",
				"If-None-Match", "If-Modified-Since"} {
				if got.Get(name) != "" {
					t.Errorf("sent %s: %q", name, got.Get(name))
				}
			}
		})
	}
}

// X08: headers that a source can't set.
func TestCheckHeader(t *testing.T) {
	for _, name := range []string{"Host", "content-length", "Transfer-Encoding", "Connection",
		"Proxy-Authorization", "Remote-User", "X-Forwarded-For", "x-real-ip", "If-None-Match",
		"Accept-Encoding", "Range", "", "a b", "a:b", "a\r\nb"} {
		if err := CheckHeader(name, "v"); !errors.Is(err, ErrHeader) {
			t.Errorf("CheckHeader(%q) = %v, want ErrHeader", name, err)
		}
	}
	if err := CheckHeader("X-Key", "a\r\nHost: b"); !errors.Is(err, ErrHeader) {
		t.Errorf("a value of two lines: %v, want ErrHeader", err)
	}
	for _, name := range []string{"Authorization", "Cookie", "X-Api-Key", "Referer", "From"} {
		if err := CheckHeader(name, "v"); err != nil {
			t.Errorf("CheckHeader(%q) = %v, want nil", name, err)
		}
	}
	e := getError(t, New(Options{}), Request{URL: "http://a.example/",
		Header: http.Header{"Host": {"b.example"}}}, KindRequest)
	if !errors.Is(e, ErrHeader) {
		t.Errorf("Get with a Host header: %v, want ErrHeader", e)
	}
}

func TestURLs(t *testing.T) {
	c := New(Options{})
	for _, u := range []string{"", "x", "/feed", "ftp://a.example/", "file:///etc/passwd", "http://",
		"http:///path", "http://u:secret@a.example/", `http://a@127.0.0.1\@b/`, "http://%00/",
		"http://[::1", "javascript:alert(1)", "http://a.example:99999999/"} {
		resp, err := c.Get(t.Context(), Request{URL: u})
		if err == nil {
			t.Errorf("Get(%q) = %+v, want an error", u, resp)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("Get(%q) = %v: shows the password", u, err)
		}
	}
}

func TestStatusErrors(t *testing.T) {
	tests := []struct {
		status int
		header http.Header
		cause  string
		wait   time.Duration
	}{
		{404, nil, "404 Not Found", 0},
		{410, nil, "410 Gone", 0},
		{204, nil, "204 No Content", 0},
		{300, http.Header{"Location": {"/b"}}, "300 Multiple Choices", 0}, // P54, as the next ones
		{306, nil, "306", 0},
		{226, nil, "226 IM Used", 0},
		{300, nil, "300 Multiple Choices", 0},
		{305, http.Header{"Location": {"/b"}}, "305 Use Proxy", 0},
		{599, nil, "599", 0},
		{503, http.Header{"Retry-After": {"120"}}, "503 Service Unavailable", 2 * time.Minute},
		{429, http.Header{"Retry-After": {"3600"}}, "429 Too Many Requests", time.Hour},
		{403, http.Header{"Cf-Mitigated": {"challenge"}},
			"403 Forbidden: the origin answers with a challenge for browsers", 0},
	}
	for _, tt := range tests {
		t.Run("P37 "+tt.cause, func(t *testing.T) {
			o := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				maps.Copy(w.Header(), tt.header)
				w.WriteHeader(tt.status)
			})
			e := getError(t, newClient(t, Options{}), Request{URL: o.URL}, KindStatus)
			if e.Status != tt.status || e.Cause() != tt.cause || e.RetryAfter != tt.wait {
				t.Errorf("error %d %q wait %v, want %d %q wait %v",
					e.Status, e.Cause(), e.RetryAfter, tt.status, tt.cause, tt.wait)
			}
			if want := "fetch " + o.URL + ": " + tt.cause; e.Error() != want {
				t.Errorf("error %q, want %q", e.Error(), want)
			}
			if n := len(o.requests()); n != 1 { // P37
				t.Errorf("%d requests, want 1", n)
			}
		})
	}
}
