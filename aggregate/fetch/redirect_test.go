package fetch

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func redirectTo(status int, location string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Location"] = []string{location}
		w.WriteHeader(status)
	}
}

// P50, B21: the statuses and forms of Location that are followed.
func TestRedirects(t *testing.T) {
	tests := []struct {
		status    int
		location  string
		permanent bool
	}{
		{301, "/b", true}, {302, "/b", false}, {303, "b", false}, {307, "?b", false},
		{308, "//HOST/b", true},
		{302, "http://HOST/b#frag", false},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint("P50 ", tt.status, " ", tt.location), func(t *testing.T) {
			var o *origin
			o = serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/a" && r.URL.RawQuery == "" {
					host := strings.TrimPrefix(o.URL, "http://")
					redirectTo(tt.status, strings.ReplaceAll(tt.location, "HOST", host))(w, r)
					return
				}
				_, _ = w.Write([]byte("feed"))
			})
			resp := get(t, newClient(t, Options{}), Request{URL: o.URL + "/a"})
			if string(resp.Body) != "feed" || resp.Permanent != tt.permanent {
				t.Errorf("body %q, permanent %v; want feed, %v", resp.Body, resp.Permanent, tt.permanent)
			}
			if want := []Hop{{o.URL + "/a", tt.status}}; !slices.Equal(resp.Hops, want) {
				t.Errorf("hops %v, want %v", resp.Hops, want)
			}
			if ref := o.last(t).Referer(); ref != "" { // P13
				t.Errorf("Referer %q sent", ref)
			}
		})
	}
}

// B19, B20, B21: what a redirect says of its permanence, visit by visit; whether the
// source moves is decided from that.
func TestRedirectsByVisit(t *testing.T) {
	tests := []struct {
		name      string
		statuses  []int // of each visit; 200 is the feed itself
		permanent []bool
	}{
		{"B19 301 once, then back", []int{301, 200, 200}, []bool{true, false, false}},
		{"B20 301 three times", []int{301, 301, 308}, []bool{true, true, true}},
		{"B21 302 every time", []int{302, 307, 303}, []bool{false, false, false}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			visit := 0
			o := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if status := tt.statuses[visit]; r.URL.Path == "/a" && status != http.StatusOK {
					redirectTo(status, "/b")(w, r)
				}
			})
			c := newClient(t, Options{})
			for i, want := range tt.permanent {
				visit = i
				resp := get(t, c, Request{URL: o.URL + "/a"})
				if resp.Permanent != want || resp.Requested != o.URL+"/a" {
					t.Errorf("visit %d: permanent %v of %s, want %v", i+1, resp.Permanent, resp.Requested, want)
				}
			}
		})
	}
}

// One temporary hop makes a chain temporary.
func TestMixedRedirects(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/a", redirectTo(301, "/b"))
	mux.HandleFunc("/b", redirectTo(302, "/c"))
	mux.HandleFunc("/c", text("feed"))
	o := serve(t, mux.ServeHTTP)
	resp := get(t, newClient(t, Options{}), Request{URL: o.URL + "/a"})
	if resp.Permanent || len(resp.Hops) != 2 {
		t.Errorf("permanent %v after %v", resp.Permanent, resp.Hops)
	}
}

// P54, B18: redirects that are errors, and never lead to a request.
func TestBadRedirects(t *testing.T) {
	tests := []struct {
		location string
		kind     Kind
		cause    string
	}{
		{"", KindRedirect, "redirect without a Location"},
		{"http://[::1", KindRedirect, "redirect to a malformed URL"},
		{"file:///etc/passwd", KindRedirect, `redirect: scheme "file" is refused: use http or https`},
		{"javascript:alert(1)", KindRedirect,
			`redirect: scheme "javascript" is refused: use http or https`},
		{"http://u:p@127.0.0.1/", KindRedirect, "redirect: user and password in a URL are refused"},
		{"http:///x", KindRedirect, "redirect: URL without a host"},
		{"/a", KindRedirect, "redirects go in a circle"},
		{"/a?1", KindRedirect, "redirects go in a circle"},
		{"/long?1", KindRedirect, "more than 5 redirects"},
		{"http://169.254.169.254/latest", KindRefused,
			"address 169.254.169.254 is private: list it in fetch.allow_networks"},
	}
	for _, tt := range tests {
		t.Run("P54 "+tt.location, func(t *testing.T) {
			o := serve(t, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path == "/long":
					redirectTo(302, r.URL.String()+"1")(w, r)
				case r.URL.RawQuery != "":
					redirectTo(302, "/a")(w, r)
				default:
					redirectTo(302, tt.location)(w, r)
				}
			})
			e := getError(t, newClient(t, Options{}), Request{URL: o.URL + "/a"}, tt.kind)
			if e.Cause() != tt.cause {
				t.Errorf("cause %q, want %q", e.Cause(), tt.cause)
			}
		})
	}
}

// Five redirects are followed, the sixth is not.
func TestRedirectLimit(t *testing.T) {
	t.Run("B18 five, not six", func(t *testing.T) {
		o := serve(t, func(w http.ResponseWriter, r *http.Request) {
			n := len(r.URL.Path)
			if n <= 5 {
				redirectTo(302, r.URL.Path+"x")(w, r)
			}
		})
		c := newClient(t, Options{})
		if resp := get(t, c, Request{URL: o.URL + "/"}); len(resp.Hops) != 5 {
			t.Errorf("%d hops, want 5", len(resp.Hops))
		}
	})
}

// P08: validators go only to the URL they came from.
func TestValidatorsAndRedirects(t *testing.T) {
	t.Run("P08 each URL its own", func(t *testing.T) {
		b := serveAt(t, "127.0.0.2", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"b"`)
			if r.Header.Get("If-None-Match") == `"b"` {
				w.WriteHeader(http.StatusNotModified)
			}
		})
		a := serve(t, redirectTo(302, b.URL+"/feed"))
		c := newClient(t, Options{})

		resp := get(t, c, Request{URL: a.URL, ETag: `"a"`, LastModified: "x"})
		if h := a.last(t).Header; h.Get("If-None-Match") != `"a"` {
			t.Errorf("A was sent If-None-Match %q, want its own", h.Get("If-None-Match"))
		}
		if h := b.last(t).Header; h.Get("If-None-Match") != "" || h.Get("If-Modified-Since") != "" {
			t.Errorf("B was sent A's validators: %v", h)
		}
		if resp.ValidatorURL != b.URL+"/feed" {
			t.Errorf("ValidatorURL %q, want B's", resp.ValidatorURL)
		}

		resp = get(t, c, again(resp))
		if h := a.last(t).Header; h.Get("If-None-Match") != "" {
			t.Errorf("A was sent B's validators: %v", h)
		}
		if !resp.NotModified {
			t.Error("B was not asked with its own validators")
		}
	})
}

// P53: a source's own headers stay with its host, whatever comes after.
func TestHeadersAndRedirects(t *testing.T) {
	var a *origin
	b := serveAt(t, "127.0.0.2", func(w http.ResponseWriter, r *http.Request) {
		redirectTo(302, a.URL+"/end")(w, r)
	})
	mux := http.NewServeMux()
	mux.HandleFunc("/a", redirectTo(302, "/a2"))
	mux.HandleFunc("/a2", redirectTo(302, b.URL))
	mux.HandleFunc("/end", text("feed"))
	a = serve(t, mux.ServeHTTP)
	get(t, newClient(t, Options{}), Request{URL: a.URL + "/a",
		Header: http.Header{"Authorization": {"Bearer k"}, "Cookie": {"s=1"}, "X-Key": {"k"}}})
	for i, want := range []string{"k", "k", ""} {
		if got := a.requests()[i].Header.Get("X-Key"); got != want {
			t.Errorf("request %d to A: X-Key %q, want %q", i+1, got, want)
		}
	}
	h := b.last(t).Header
	for _, name := range []string{"Authorization", "Cookie", "X-Key", "Referer"} {
		if h.Get(name) != "" {
			t.Errorf("B was sent %s: %q", name, h.Get(name))
		}
	}
}

// P35: a redirect may ask to wait.
func TestRedirectRetryAfter(t *testing.T) {
	t.Run("P35 of a redirect", func(t *testing.T) {
		mux := http.NewServeMux()
		mux.HandleFunc("/a", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "60")
			redirectTo(302, "/b")(w, r)
		})
		mux.HandleFunc("/b", text("feed"))
		o := serve(t, mux.ServeHTTP)
		resp := get(t, newClient(t, Options{}), Request{URL: o.URL + "/a"})
		if resp.RetryAfter != time.Minute {
			t.Errorf("RetryAfter %v, want 1m", resp.RetryAfter)
		}
	})
}
