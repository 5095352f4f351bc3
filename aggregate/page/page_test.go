package page_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/page"
	"github.com/coranto/coranto/aggregate/robots"
)

func start() time.Time { return time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC) }

// clock is moved by the tests.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

// site answers paths and remembers who asked for what.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

// serve starts a site whose robots.txt is given; "" means that it has none.
func serve(t *testing.T, rules string, pages map[string]http.HandlerFunc) *site {
	t.Helper()
	s := new(site)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.URL.Path)
		s.mu.Unlock()
		if r.URL.Path == "/robots.txt" && rules != "" {
			_, _ = w.Write([]byte(rules))
			return
		}
		if answer := pages[r.URL.Path]; answer != nil {
			answer(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// paths are those asked for so far, in one line.
func (s *site) paths() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.asked, " ")
}

// html answers with a head and a body.
func html(head string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<!doctype html><head>%s</head><body>text", head)
	}
}

func moved(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
}

func refresh(content string) http.HandlerFunc {
	return html(`<meta http-equiv="Refresh" content="` + content + `">`)
}

func newReader(t *testing.T, c *clock, opts page.Options) *page.Reader {
	t.Helper()
	opts.Fetch = fetch.New(fetch.Options{
		Now:           c.now,
		PageSpacing:   time.Nanosecond,
		AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	})
	t.Cleanup(opts.Fetch.CloseIdle)
	opts.Now = c.now
	return page.New(opts)
}

// P70, P71, P53: robots.txt comes first, once, and rules each hop.
func TestRobots(t *testing.T) {
	const rules = "User-agent: *\nDisallow: /closed\n\nUser-agent: coranto\nDisallow: /closed\nAllow: /closed/but"
	other := serve(t, "User-agent: *\nDisallow: /", nil)
	tests := []struct {
		name, path string
		asked      string // of the site
		err        error
	}{
		{"P70 allowed", "/post", "/robots.txt /post", nil},
		{"P70 disallowed", "/closed/a", "/robots.txt", page.ErrDisallowed},
		{"P70 the longer rule", "/closed/but", "/robots.txt /closed/but", nil},
		{"P53 disallowed behind a redirect", "/moved", "/robots.txt /moved", page.ErrDisallowed},
		{"P53 disallowed at another host", "/away", "/robots.txt /away", page.ErrDisallowed},
		{"P54 disallowed behind a meta element", "/refresh", "/robots.txt /refresh", page.ErrDisallowed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, rules, map[string]http.HandlerFunc{
				"/post": html(""), "/closed/a": html(""), "/closed/but": html(""),
				"/moved": moved("/closed/a"), "/away": moved(other.URL + "/post"), "/refresh": refresh("0; url=/closed/a"),
			})
			r := newReader(t, &clock{start()}, page.Options{})
			for range 2 {
				got, err := r.Read(t.Context(), s.URL+tt.path)
				if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
					t.Fatalf("Read = %v, %v; want error %v", got, err, tt.err)
				}
				if got != nil && !strings.Contains(string(got.Body), "text") {
					t.Errorf("body %q", got.Body)
				}
			}
			if !strings.HasPrefix(s.paths(), tt.asked) || strings.Count(s.paths(), "robots") != 1 {
				t.Errorf("asked for %s, want %s", s.paths(), tt.asked)
			}
		})
	}
	if strings.Contains(other.paths(), "post") {
		t.Errorf("asked the other host for %s", other.paths())
	}
}

// P71: where robots.txt can't be read, nothing is.
func TestUnreadableRobots(t *testing.T) {
	t.Run("P71 robots.txt out of order", func(t *testing.T) {
		s := serve(t, "", map[string]http.HandlerFunc{"/post": html(""),
			"/robots.txt": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }})
		c := &clock{start()}
		r := newReader(t, c, page.Options{})
		for range 3 {
			if _, err := r.Read(t.Context(), s.URL+"/post"); !errors.Is(err, page.ErrDisallowed) {
				t.Errorf("Read: %v, want ErrDisallowed", err)
			}
		}
		if s.paths() != "/robots.txt" {
			t.Errorf("asked for %s, want robots.txt once", s.paths())
		}
	})
}

// P72: a Crawl-delay is kept.
func TestCrawlDelay(t *testing.T) {
	t.Run("P72 crawl-delay", func(t *testing.T) {
		s := serve(t, "User-agent: *\nCrawl-delay: 60", map[string]http.HandlerFunc{"/a": html(""), "/b": html("")})
		r := newReader(t, &clock{start()}, page.Options{})
		if _, err := r.Read(t.Context(), s.URL+"/a"); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		if _, err := r.Read(ctx, s.URL+"/b"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("second page: %v, want to wait", err)
		}
		if s.paths() != "/robots.txt /a" {
			t.Errorf("asked for %s, want one page", s.paths())
		}
	})
}

// P54: a page that sends browsers on is followed once.
func TestRefresh(t *testing.T) {
	tests := []struct {
		name, content string
		path          string // of the page that is read
	}{
		{"P54 at once", "0;url=/b", "/b"},
		{"P54 written otherwise", " 3 , URL = 'b' ", "/b"},
		{"P54 without a name", "0; /b", "/b"},
		{"P54 once only", "0; url=/again", "/again"},
		{"P54 to itself", "0; url=/a", "/a"},
		{"P54 reloads", "5", "/a"},
		{"P54 much later", "300; url=/b", "/a"},
		{"P54 no number", "x; url=/b", "/a"},
		{"P54 script", "0; url=javascript:alert(1)", "/a"},
		{"P54 file", "0; url=file:///etc/passwd", "/a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, "", map[string]http.HandlerFunc{
				"/a": refresh(tt.content), "/b": html(""), "/again": refresh("0; url=/b"),
			})
			got, err := newReader(t, &clock{start()}, page.Options{}).Read(t.Context(), s.URL+"/a")
			if err != nil {
				t.Fatal(err)
			}
			if got.URL != s.URL+tt.path || got.Requested != s.URL+"/a" || got.Refreshed != (tt.path != "/a") {
				t.Errorf("read %s (refreshed %v), want %s", got.URL, got.Refreshed, tt.path)
			}
		})
	}
	t.Run("P54 to a private address", func(t *testing.T) {
		s := serve(t, "", map[string]http.HandlerFunc{"/a": refresh("0; url=http://10.0.0.1/")})
		_, err := newReader(t, &clock{start()}, page.Options{}).Read(t.Context(), s.URL+"/a")
		if !errors.Is(err, page.ErrDisallowed) { // its robots.txt can't be asked either
			t.Errorf("Read: %v, want a refusal", err)
		}
	})
}

// P69: what failed is left alone for a day, or as long as its host asks.
func TestFailures(t *testing.T) {
	status := func(code int, after string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", after)
			w.WriteHeader(code)
		}
	}
	tests := []struct {
		name   string
		answer http.HandlerFunc
	}{
		{"P69 not found", nil},
		{"P69 error", status(500, "")},
		{"P69 no page", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("%PDF-1.4")) }},
		{"P64 too large", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write(make([]byte, 5<<20+1))
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, "", map[string]http.HandlerFunc{"/a": tt.answer})
			c := &clock{start()}
			r := newReader(t, c, page.Options{})
			for _, step := range []struct {
				after time.Duration
				asked int
			}{{0, 1}, {time.Hour, 1}, {24*time.Hour - time.Second, 1}, {24 * time.Hour, 2}} {
				c.at = start().Add(step.after)
				if _, err := r.Read(t.Context(), s.URL+"/a"); err == nil {
					t.Fatal("read what is no page")
				}
				if n := strings.Count(s.paths(), "/a"); n != step.asked {
					t.Errorf("after %v asked %d times, want %d", step.after, n, step.asked)
				}
			}
		})
	}
	t.Run("P36 P69 a host that wants to wait", func(t *testing.T) {
		s := serve(t, "", map[string]http.HandlerFunc{"/a": status(429, "7200"), "/b": html("")})
		c := &clock{start()}
		r := newReader(t, c, page.Options{})
		_, _ = r.Read(t.Context(), s.URL+"/a")
		if _, err := r.Read(t.Context(), s.URL+"/b"); err == nil || strings.Contains(s.paths(), "/b") {
			t.Errorf("asked at once: %s, error %v", s.paths(), err)
		}
		c.at = start().Add(2 * time.Hour)
		if _, err := r.Read(t.Context(), s.URL+"/b"); err != nil {
			t.Errorf("after the wait: %v", err)
		}
	})
	t.Run("P69 memory is bounded", func(t *testing.T) {
		s := serve(t, "", nil)
		r := newReader(t, &clock{start()}, page.Options{Failures: 2})
		for _, path := range []string{"/a", "/b", "/c", "/c", "/a"} {
			_, _ = r.Read(t.Context(), s.URL+path)
		}
		if want := "/robots.txt /a /b /c /a"; s.paths() != want {
			t.Errorf("asked for %s, want %s", s.paths(), want)
		}
	})
	t.Run("P69 who gives up is no failure of the page", func(t *testing.T) {
		s := serve(t, "", map[string]http.HandlerFunc{"/a": html("")})
		r := newReader(t, &clock{start()}, page.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, _ = r.Read(ctx, s.URL+"/a")
		if _, err := r.Read(t.Context(), s.URL+"/a"); err != nil {
			t.Error(err)
		}
	})
}

// P72: wishes are those of the header, of the head and of the page before.
func TestWishes(t *testing.T) {
	t.Run("P72 wishes of all places", func(t *testing.T) {
		s := serve(t, "", map[string]http.HandlerFunc{
			"/a": func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Robots-Tag", "noarchive")
				refresh("0; url=/b")(w, r)
			},
			"/b": func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("TDM-Reservation", "1")
				html(`<meta name="coranto" content="nosnippet">`)(w, r)
			},
		})
		got, err := newReader(t, &clock{start()}, page.Options{}).Read(t.Context(), s.URL+"/a")
		if err != nil {
			t.Fatal(err)
		}
		if want := (robots.Wishes{NoArchive: true, NoSnippet: true, Reserved: true}); got.Wishes != want {
			t.Errorf("wishes %+v, want %+v", got.Wishes, want)
		}
	})
}

func TestCharset(t *testing.T) {
	for _, tt := range []struct{ kind, body, charset string }{
		{"text/html; charset=gbk", "\xd6\xd0\xce\xc4", "gbk"},
		{"text/html", "<meta charset=gb2312>\xd6\xd0\xce\xc4", "gbk"},
		{"text/html", "<p>中文", "utf-8"},
		{"", "<!doctype html><meta charset=utf-8>中文", "utf-8"},
		{"application/xhtml+xml", "\xef\xbb\xbf<p>中文", "utf-8"},
	} {
		s := serve(t, "", map[string]http.HandlerFunc{"/a": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = []string{tt.kind}
			_, _ = w.Write([]byte(tt.body))
		}})
		got, err := newReader(t, &clock{start()}, page.Options{}).Read(t.Context(), s.URL+"/a")
		if err != nil {
			t.Errorf("%q %q: %v", tt.kind, tt.body, err)
			continue
		}
		if got.Charset != tt.charset || !strings.Contains(string(got.Body), "中文") || got.Size != len(tt.body) {
			t.Errorf("%q %q: %q in %s, want 中文 in %s", tt.kind, tt.body, got.Body, got.Charset, tt.charset)
		}
	}
}
