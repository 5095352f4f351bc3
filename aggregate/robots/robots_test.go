package robots_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/robots"
)

// TestP70Match holds Parse and Allow against RFC 9309 §2.2.
func TestP70Match(t *testing.T) {
	tests := []struct {
		name, file, path string
		want             bool
	}{
		{"no file", "", "/a", true},
		{"a group for everyone", "User-agent: *\nDisallow: /a", "/abc", false},
		{"case of the token", "USER-AGENT: coRANto\ndisallow: /a", "/a", false},
		{"token with a version", "User-agent: Coranto/9.1 (x)\nDisallow: /", "/a", false},
		{"token of another", "User-agent: Corantobot\nDisallow: /", "/a", true},
		{"own group instead of everyone's", "User-agent: *\nDisallow: /\nUser-agent: coranto\nDisallow: /b", "/a", true},
		{"own group that is empty", "User-agent: coranto\nUser-agent: x\n\nUser-agent: *\nDisallow: /", "/a", false},
		{"own group that forbids nothing", "User-agent: coranto\nDisallow:\n\nUser-agent: *\nDisallow: /", "/a", true},
		{"groups of one agent merged", "User-agent: coranto\nDisallow: /a\nUser-agent: x\nDisallow: /x\n" +
			"User-agent: coranto\nDisallow: /b", "/b", false},
		{"and the first of them", "User-agent: coranto\nDisallow: /a\nUser-agent: x\nDisallow: /x\n" +
			"User-agent: coranto\nDisallow: /b", "/a", false},
		{"a group of several agents", "User-agent: x\nUser-agent: coranto\nDisallow: /a", "/a", false},
		{"other lines within a heading", "User-agent: coranto\nSitemap: https://h/s.xml\nUser-agent: x\nDisallow: /a", "/a", false},
		{"rules before any group", "Disallow: /\nUser-agent: x\nDisallow: /x", "/a", true},
		{"longest match wins", "User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/b/c", true},
		{"in any order", "User-agent: *\nDisallow: /a/b\nAllow: /a", "/a/b/c", false},
		{"allow wins ties", "User-agent: *\nDisallow: /a\nAllow: /a", "/a", true},
		{"allow wins ties, first", "User-agent: *\nAllow: /a\nDisallow: /a", "/a", true},
		{"case of paths matters", "User-agent: *\nDisallow: /A", "/a", true},
		{"star", "User-agent: *\nDisallow: /*.pdf", "/x/y.pdf?z", false},
		{"stars", "User-agent: *\nDisallow: /a**b*c", "/a-c-b-b-c", false},
		{"end", "User-agent: *\nDisallow: /*.pdf$", "/x.pdf", false},
		{"end, and more", "User-agent: *\nDisallow: /*.pdf$", "/x.pdf?y", true},
		{"end found late", "User-agent: *\nDisallow: /*a$", "/a/b/a", false},
		{"end without a star", "User-agent: *\nDisallow: /a$", "/ab", true},
		{"the root alone", "User-agent: *\nDisallow: /\nAllow: /$", "/", true},
		{"dollar in the middle", "User-agent: *\nDisallow: /a$b", "/a$bc", false},
		{"star that means itself", "User-agent: *\nDisallow: /a%2A", "/ab", true},
		{"and is met", "User-agent: *\nDisallow: /a%2A", "/a*", false},
		{"dollar that means itself", "User-agent: *\nDisallow: /a%24", "/a$", false},
		{"encoded in the pattern", "User-agent: *\nDisallow: /%62%61%7a", "/baz", false},
		{"encoded in the address", "User-agent: *\nDisallow: /baz", "/%62a%7A", false},
		{"not ASCII in the pattern", "User-agent: *\nDisallow: /ツ", "/%E3%83%84", false},
		{"lower-case digits", "User-agent: *\nDisallow: /%e3%83%84", "/ツ", false},
		{"a slash that is encoded", "User-agent: *\nDisallow: /a/b", "/a%2Fb", true},
		{"an address in a query", "User-agent: *\nDisallow: /a?u=https://x.y", "/a?u=https%3A%2F%2Fx.y", false},
		{"a query", "User-agent: *\nDisallow: /*?s=", "/a?s=1", false},
		{"without a slash", "User-agent: *\nDisallow: a", "/abc", false},
		{"comments and blanks", "# hi\n user-agent : * # all\n\tDisallow :\t/a # no\n", "/a", false},
		{"CR alone", "User-agent: *\rDisallow: /a\r", "/a", false},
		{"CR and LF", "User-agent: *\r\nDisallow: /a\r\n", "/a", false},
		{"a blank line within a group", "User-agent: *\n\nDisallow: /a", "/a", false},
		{"byte order mark", "\ufeffUser-agent: *\nDisallow: /", "/a", false},
		{"not text", "\x00\xff\xfe\n\x80:\x81", "/a", true},
		{"HTML", "<!doctype html><title>User-agent: *</title>\n<p>Disallow: /", "/a", true},
		{"robots.txt itself", "User-agent: *\nDisallow: /", "/robots.txt", true},
		{"within 500 KiB", "User-agent: *\n" + strings.Repeat("#\n", 250<<10-10) + "Disallow: /a", "/a", false},
		{"beyond what is read", "User-agent: *\n" + strings.Repeat("#\n", 300<<10) + "Disallow: /a", "/a", true},
	}
	for _, tt := range tests {
		t.Run("P70 "+tt.name, func(t *testing.T) {
			rules := robots.Parse([]byte(tt.file), "Coranto")
			if got := rules.Allow("https://h.example" + tt.path); got != tt.want {
				t.Errorf("Allow(%s) = %v, want %v", tt.path, got, tt.want)
			}
		})
	}
}

func TestP72CrawlDelay(t *testing.T) {
	tests := []struct {
		value string
		want  time.Duration
	}{
		{"10", 10 * time.Second}, {"0.5", 500 * time.Millisecond}, {"3600", time.Minute},
		{"-1", 0}, {"soon", 0}, {"NaN", 0}, {"1e300", time.Minute}, {"Inf", time.Minute},
	}
	for _, tt := range tests {
		t.Run("P72 "+tt.value, func(t *testing.T) {
			rules := robots.Parse([]byte("User-agent: *\nCrawl-delay: "+tt.value), "Coranto")
			if rules.Delay != tt.want {
				t.Errorf("Delay = %v, want %v", rules.Delay, tt.want)
			}
		})
	}
}

// clock is moved by hand.
type clock struct{ now time.Time }

func (c *clock) time() time.Time { return c.now }

// host is an origin whose robots.txt changes.
type host struct {
	*httptest.Server
	status atomic.Int32 // 0 means a connection that is cut
	body   atomic.Pointer[string]
	asked  atomic.Int32
}

func serve(t *testing.T, status int, body string) *host {
	t.Helper()
	h := new(host)
	h.set(status, body)
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/robots.txt" || r.Method != http.MethodGet {
			t.Errorf("asked %s %s, want GET /robots.txt", r.Method, r.URL)
		}
		h.asked.Add(1)
		switch code := int(h.status.Load()); {
		case code == 0:
			panic(http.ErrAbortHandler)
		case code == http.StatusFound:
			http.Redirect(w, r, "/robots.txt", code)
		default:
			w.Header().Set("Retry-After", "7200")
			w.WriteHeader(code)
			_, _ = w.Write([]byte(*h.body.Load()))
		}
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *host) set(status int, body string) {
	h.status.Store(int32(status))
	h.body.Store(&body)
}

func newPolicy(t *testing.T, c *clock, opts robots.Options) *robots.Policy {
	t.Helper()
	client := fetch.New(fetch.Options{
		AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Now: c.time,
	})
	t.Cleanup(client.CloseIdle)
	opts.Fetch, opts.Now = robots.Through(client), c.time
	return robots.New(opts)
}

func allowed(t *testing.T, p *robots.Policy, page string) bool {
	t.Helper()
	ok, err := p.Allowed(t.Context(), page)
	if err != nil {
		t.Fatalf("Allowed(%s): %v", page, err)
	}
	return ok
}

const noA = "User-agent: *\nDisallow: /a"

// TestP71Status says what each answer allows: of /a, which the file forbids, and
// of /b; first, and after the file had been read a day before.
func TestP71Status(t *testing.T) {
	tests := []struct {
		status       int
		a, b         bool
		aLast, bLast bool
	}{
		{200, false, true, false, true},
		{400, true, true, true, true},
		{401, true, true, true, true},
		{403, true, true, true, true},
		{404, true, true, true, true},
		{410, true, true, true, true},
		{451, true, true, true, true},
		{429, false, false, false, true},
		{500, false, false, false, true},
		{503, false, false, false, true},
		{599, false, false, false, true},
		{204, true, true, true, true},
		{302, true, true, true, true}, // in a circle: as good as none
		{0, false, false, false, true},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint("P71 ", tt.status), func(t *testing.T) {
			body := ""
			if tt.status == 200 {
				body = noA
			}
			h := serve(t, tt.status, body)
			c := &clock{now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
			p := newPolicy(t, c, robots.Options{})
			if a, b := allowed(t, p, h.URL+"/a"), allowed(t, p, h.URL+"/b"); a != tt.a || b != tt.b {
				t.Errorf("first: /a %v, /b %v, want %v, %v", a, b, tt.a, tt.b)
			}
			h.set(200, noA)
			p = newPolicy(t, c, robots.Options{})
			allowed(t, p, h.URL+"/a")
			h.set(tt.status, body)
			c.now = c.now.Add(25 * time.Hour)
			if a, b := allowed(t, p, h.URL+"/a"), allowed(t, p, h.URL+"/b"); a != tt.aLast || b != tt.bLast {
				t.Errorf("later: /a %v, /b %v, want %v, %v", a, b, tt.aLast, tt.bLast)
			}
		})
	}
}

// TestP71Age says when an origin is asked again.
func TestP71Age(t *testing.T) {
	tests := []struct {
		name   string
		status int
		after  time.Duration
		asked  int32
	}{
		{"a file, within a day", 200, 24*time.Hour - time.Second, 1},
		{"a file, after a day", 200, 24 * time.Hour, 2},
		{"no file, within a day", 404, 23 * time.Hour, 1},
		{"no answer, within an hour", 0, 59 * time.Minute, 1},
		{"no answer, after an hour", 0, time.Hour, 2},
		{"503, within what it asks for", 503, 2*time.Hour - time.Second, 1},
		{"503, after what it asks for", 503, 2 * time.Hour, 2},
	}
	for _, tt := range tests {
		t.Run("P71 "+tt.name, func(t *testing.T) {
			h := serve(t, tt.status, noA)
			c := &clock{now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
			p := newPolicy(t, c, robots.Options{})
			allowed(t, p, h.URL+"/a")
			first := h.asked.Load()
			c.now = c.now.Add(tt.after)
			allowed(t, p, h.URL+"/a")
			if got := 1 + (h.asked.Load()-first)/first; got != tt.asked {
				t.Errorf("asked %d times, want %d", got, tt.asked)
			}
		})
	}
}

// A host that asked to be left alone is not asked for its file either, and again when
// it may be.
func TestP71WaitingHost(t *testing.T) {
	t.Run("P36 P71 a host that asked to wait", func(t *testing.T) {
		h := serve(t, http.StatusOK, noA)
		c := &clock{now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
		client := fetch.New(fetch.Options{
			AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Now: c.time,
		})
		t.Cleanup(client.CloseIdle)
		p := robots.New(robots.Options{Fetch: robots.Through(client), Now: c.time})
		client.Hosts().Ask(strings.TrimPrefix(h.URL, "http://"), c.now.Add(3*time.Hour), c.now)
		for _, step := range []struct {
			after   time.Duration
			allowed bool
			asked   int32
		}{{0, false, 0}, {3*time.Hour - time.Second, false, 0}, {time.Second, true, 1}} {
			c.now = c.now.Add(step.after)
			if got := allowed(t, p, h.URL+"/b"); got != step.allowed || h.asked.Load() != step.asked {
				t.Errorf("%s later: allowed %v after %d questions, want %v after %d",
					step.after, got, h.asked.Load(), step.allowed, step.asked)
			}
		}
	})
}

func TestP71Large(t *testing.T) {
	h := serve(t, 200, noA+"\n"+strings.Repeat("# filler\n", 100_000))
	p := newPolicy(t, &clock{now: time.Now()}, robots.Options{})
	if allowed(t, p, h.URL+"/a") || !allowed(t, p, h.URL+"/b") {
		t.Error("the beginning of a file of 900 KB was not read")
	}
}

// TestP71Redirects counts how many redirects lead to a file (RFC 9309 §2.3.1.2).
func TestP71Redirects(t *testing.T) {
	for hops, want := range map[int]bool{1: false, 5: false, 6: true} {
		t.Run(fmt.Sprint("P71 ", hops, " redirects"), func(t *testing.T) {
			mux := http.NewServeMux()
			from := "/robots.txt"
			for i := range hops {
				to := fmt.Sprint("/", i)
				mux.Handle(from, http.RedirectHandler(to, http.StatusMovedPermanently))
				from = to
			}
			mux.HandleFunc(from, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(noA)) })
			server := httptest.NewServer(mux)
			defer server.Close()
			p := newPolicy(t, &clock{now: time.Now()}, robots.Options{})
			if got := allowed(t, p, server.URL+"/a"); got != want {
				t.Errorf("/a allowed = %v, want %v", got, want)
			}
		})
	}
}

func TestOneQuestionAtATime(t *testing.T) {
	h := serve(t, 200, noA)
	p := newPolicy(t, &clock{now: time.Now()}, robots.Options{})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { allowed(t, p, h.URL+"/a") })
	}
	wg.Wait()
	if got := h.asked.Load(); got != 1 {
		t.Errorf("asked %d times, want once", got)
	}
}

// TestBounds shows that the origins used last are remembered.
func TestBounds(t *testing.T) {
	tests := []struct {
		name string
		opts robots.Options
	}{
		{"hosts", robots.Options{MaxHosts: 2}},
		{"bytes", robots.Options{MaxBytes: 60}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := &clock{now: time.Now()}
			p := newPolicy(t, c, tt.opts)
			var hosts []*host
			for range 3 {
				h := serve(t, 200, noA)
				hosts = append(hosts, h)
				c.now = c.now.Add(time.Second)
				allowed(t, p, h.URL+"/a")
			}
			want := []int32{2, 1, 1}
			for i, h := range slices.Backward(hosts) {
				allowed(t, p, h.URL+"/a")
				if got := h.asked.Load(); got != want[i] {
					t.Errorf("origin %d asked %d times, want %d", i, got, want[i])
				}
			}
		})
	}
}

func TestErrors(t *testing.T) {
	p := newPolicy(t, &clock{now: time.Now()}, robots.Options{})
	for _, page := range []string{"", "/a", "ftp://h.example/a", "http://%zz/"} {
		if _, err := p.Rules(t.Context(), page); !errors.Is(err, robots.ErrAddress) {
			t.Errorf("Rules(%q) error = %v, want ErrAddress", page, err)
		}
	}
	h := serve(t, 200, noA)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Rules(ctx, h.URL); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want Canceled", err)
	}
	if allowed(t, p, h.URL+"/a") || !allowed(t, p, h.URL+"/b") {
		t.Error("a canceled question was taken for an answer")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(noA+"\nAllow: /*b$\nCrawl-delay: 3"), "/a/b")
	f.Add([]byte("\xef\xbb\xbfuser-agent:coranto\r\rdisallow:%2a%24*$$"), "/*$")
	f.Add([]byte("user-agent:*\ndisallow:*"+strings.Repeat("a*", 100)+"$"), "/"+strings.Repeat("a", 200))
	f.Fuzz(func(t *testing.T, file []byte, path string) {
		rules := robots.Parse(file, "Coranto")
		if rules.Delay < 0 || rules.Delay > time.Minute {
			t.Errorf("Delay = %v, want at most a minute", rules.Delay)
		}
		rules.Allow("https://h.example/" + path)
		if !rules.Allow("https://h.example/robots.txt") {
			t.Error("robots.txt itself is not allowed")
		}
	})
}
