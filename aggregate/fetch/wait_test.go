package fetch

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/hosts"
)

// asks are the ways to ask an address for something.
func asks() map[string]func(context.Context, *Client, string) error {
	return map[string]func(context.Context, *Client, string) error{
		"Get": func(ctx context.Context, c *Client, address string) error {
			_, err := c.Get(ctx, Request{URL: address})
			return err
		},
		"page": func(ctx context.Context, c *Client, address string) error {
			_, err := c.Get(ctx, Request{URL: address, Page: true})
			return err
		},
		"Post": func(ctx context.Context, c *Client, address string) error {
			return c.Post(ctx, address, url.Values{"a": {"b"}}, coranto.Source{})
		},
		"Transport": func(ctx context.Context, c *Client, address string) error {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
			if err != nil {
				return err
			}
			res, err := c.Transport().RoundTrip(req)
			if err != nil {
				return err
			}
			_, err = io.Copy(io.Discard, res.Body)
			return errors.Join(err, res.Body.Close())
		},
	}
}

// P36: whoever is told to wait, all requests to that host wait, and its other port and
// other hosts don't.
func TestWaits(t *testing.T) {
	tests := []struct {
		name   string
		status int
		after  string
		quiet  time.Duration // 0: the host may be asked again at once
	}{
		{"429 with seconds", 429, "3600", time.Hour},
		{"503 with a date", 503, "Mon, 02 Mar 2026 12:00:00 GMT", 2 * time.Hour},
		{"429 without a time", 429, "", hosts.Quiet},
		{"503 without a time", 503, "", 0},
		{"304 with seconds", 304, "600", 10 * time.Minute},
		{"200 with seconds, which mean nothing there", 200, "3600", 0},
	}
	for _, tt := range tests {
		for who, ask := range asks() {
			t.Run("P36 "+tt.name+" to "+who, func(t *testing.T) {
				now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
				o := serve(t, func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/busy" {
						w.Header().Set("Retry-After", tt.after)
						w.WriteHeader(tt.status)
					}
				})
				other := serve(t, text("fine"))
				c := newClient(t, Options{Now: func() time.Time { return now }, PageSpacing: time.Nanosecond})
				_ = ask(t.Context(), c, o.URL+"/busy") // its answer is another test's
				for again, ask := range asks() {
					var e *Error
					err := ask(t.Context(), c, o.URL+"/")
					if errors.As(err, &e) != (tt.quiet > 0) {
						t.Fatalf("%s right after: %v, want it refused: %v", again, err, tt.quiet > 0)
					}
					if tt.quiet > 0 && (e.Kind != KindWait || !errors.Is(err, hosts.ErrWait) ||
						!e.Until.Equal(now.Add(tt.quiet)) || e.RetryAfter != tt.quiet || e.URL != o.URL+"/") {
						t.Errorf("%s right after: %+v, want to wait %s", again, e, tt.quiet)
					}
					if err := ask(t.Context(), c, other.URL+"/"); err != nil {
						t.Errorf("%s of another host: %v", again, err)
					}
				}
				if n := len(o.requests()); tt.quiet > 0 && n != 1 {
					t.Errorf("%d requests to the host, want 1", n)
				}
				now = now.Add(tt.quiet)
				if err := ask(t.Context(), c, o.URL+"/"); err != nil {
					t.Errorf("%s after the wait: %v", who, err)
				}
			})
		}
	}
}

// P36, P53: a redirect is followed to no host that wants to be left alone.
func TestRedirectToWaitingHost(t *testing.T) {
	for _, who := range []string{"Get", "page", "Post"} {
		t.Run("P36 P53 "+who, func(t *testing.T) {
			now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
			end := serveAt(t, "127.0.0.2", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", "60")
				w.WriteHeader(http.StatusServiceUnavailable)
			})
			start := serve(t, func(w http.ResponseWriter, r *http.Request) {
				redirectTo(307, end.URL+r.URL.Path)(w, r)
			})
			c := newClient(t, Options{Now: func() time.Time { return now }, PageSpacing: time.Nanosecond})
			for i, path := range []string{"/1", "/2", "/3"} {
				var e *Error
				err := asks()[who](t.Context(), c, start.URL+path)
				if !errors.As(err, &e) || e.URL != end.URL+path || (e.Kind == KindWait) != (i > 0) {
					t.Fatalf("request %d: %v, want it refused by %s", i+1, err, end.URL)
				}
			}
			if n := len(end.requests()); n != 1 {
				t.Errorf("%d requests to the host that asked to wait, want 1", n)
			}
			now = now.Add(time.Minute)
			_ = asks()[who](t.Context(), c, start.URL+"/4") // refused again, by the origin
			if n := len(end.requests()); n != 2 {
				t.Errorf("%d requests after the wait, want 2", n)
			}
		})
	}
}

// P36: what waits for its turn when the host asks to be left alone is not sent.
func TestQueuedRequestsWait(t *testing.T) {
	t.Run("P36 queued", func(t *testing.T) {
		inside, release := make(chan struct{}), make(chan struct{})
		o := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			close(inside) // a second request panics
			<-release
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(http.StatusTooManyRequests)
		})
		c := newClient(t, Options{})
		results := make(chan error)
		ask := func(who string) { results <- asks()[who](t.Context(), c, o.URL+"/") }
		go ask("Get")
		<-inside
		for range 5 {
			go ask("Get")
			go ask("Post")
		}
		waiting := func() int {
			c.gate.mu.Lock()
			defer c.gate.mu.Unlock()
			for _, p := range c.gate.hosts {
				return p.users
			}
			return 0
		}
		for waiting() < 11 {
			runtime.Gosched()
			if t.Context().Err() != nil {
				t.Fatal("the requests don't queue")
			}
		}
		close(release)
		kinds := make(map[Kind]int)
		for range 11 {
			var e *Error
			if err := <-results; errors.As(err, &e) {
				kinds[e.Kind]++
			}
		}
		if kinds[KindStatus] != 1 || kinds[KindWait] != 10 || len(o.requests()) != 1 {
			t.Errorf("%v after %d requests, want one refused by the origin and ten never sent",
				kinds, len(o.requests()))
		}
	})
}

// P35: a redirect that asks to wait is followed, or it would lead nowhere for ever; who
// comes next waits.
func TestRedirectThatAsksToWait(t *testing.T) {
	t.Run("P35 P36 a redirect to the same host", func(t *testing.T) {
		now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
		o := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/a" {
				w.Header().Set("Retry-After", "120")
				redirectTo(302, "/b")(w, r)
			}
		})
		c := newClient(t, Options{Now: func() time.Time { return now }})
		if resp := get(t, c, Request{URL: o.URL + "/a"}); resp.RetryAfter != 2*time.Minute {
			t.Errorf("wait %s, want 2 minutes", resp.RetryAfter)
		}
		getError(t, c, Request{URL: o.URL + "/c"}, KindWait)
		now = now.Add(2 * time.Minute)
		get(t, c, Request{URL: o.URL + "/a"})
	})
	t.Run("P35 P36 but not to a host that was told a longer wait meanwhile", func(t *testing.T) {
		var c *Client
		var asked atomic.Int32
		o := serve(t, func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			w.Header().Set("Retry-After", "120")
			c.Hosts().Ask(r.Host, time.Now().Add(time.Hour), time.Now())
			redirectTo(302, "/b")(w, r)
		})
		c = newClient(t, Options{})
		getError(t, c, Request{URL: o.URL + "/a"}, KindWait)
		if n := asked.Load(); n != 1 {
			t.Errorf("%d requests, want 1", n)
		}
	})
}

// P28, P36: a host is left alone however it is spelled.
func TestSpellingsWait(t *testing.T) {
	c := newClient(t, Options{})
	c.Hosts().Ask("xn--bcher-kva.example", time.Now().Add(time.Hour), time.Now())
	for _, address := range []string{
		"https://xn--bcher-kva.example/", "https://bücher.example/f", "https://BÜCHER.Example:443/",
		"http://bücher.example:80/", "https://xn--bcher-kva.example./f",
	} {
		t.Run("P28 P36 "+address, func(t *testing.T) {
			getError(t, c, Request{URL: address}, KindWait)
		})
	}
}

// P38: a host that is silent is not asked behind a redirect either.
func TestSilentHost(t *testing.T) {
	t.Run("P38 a redirect to a silent host", func(t *testing.T) {
		o := serve(t, redirectTo(302, "http://silent.example/"))
		c := newClient(t, Options{})
		for range 5 {
			c.Hosts().Lost("silent.example", time.Now())
		}
		if e := getError(t, c, Request{URL: o.URL}, KindWait); !errors.Is(e, hosts.ErrSilent) {
			t.Errorf("error %v, want ErrSilent", e)
		}
	})
}

// P36: who on the way asked to wait is told, whatever came of the request.
func TestWhoAsksToWait(t *testing.T) {
	for _, tt := range []struct {
		name   string
		answer http.HandlerFunc // at the end of the way
		kind   Kind             // of the error; "" for none
		last   bool             // the end is who asks for longer
		wait   time.Duration
	}{
		{"P36 a redirect to a feed", text("feed"), "", false, time.Minute},
		{"P36 a redirect to an error", status(500), KindStatus, false, time.Minute},
		{"P36 a redirect to another circle", redirectTo(302, "/"), KindRedirect, false, time.Minute},
		{"P36 a redirect to who asks for longer", status(429), KindStatus, true, hosts.Quiet},
	} {
		t.Run(tt.name, func(t *testing.T) {
			end := serve(t, tt.answer)
			middle := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Retry-After", "60")
				redirectTo(302, end.URL)(w, r)
			})
			start := serve(t, redirectTo(302, middle.URL))
			want := strings.TrimPrefix(middle.URL, "http://")
			if tt.last {
				want = strings.TrimPrefix(end.URL, "http://")
			}
			c := newClient(t, Options{})
			var who string
			var wait time.Duration
			if tt.kind == "" {
				resp := get(t, c, Request{URL: start.URL})
				who, wait = resp.WaitHost, resp.RetryAfter
			} else {
				e := getError(t, c, Request{URL: start.URL}, tt.kind)
				who, wait = e.WaitHost, e.RetryAfter
			}
			if who != want || wait != tt.wait {
				t.Errorf("%s asks for %s, want %s for %s", who, wait, want, tt.wait)
			}
		})
	}
}
