package fetch

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// P53: who asks for a page is asked about each hop.
func TestAllow(t *testing.T) {
	no := errors.New("not there")
	o := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/moved" {
			http.Redirect(w, r, "/closed", http.StatusFound)
		}
		w.Header().Set("X-Robots-Tag", "noindex")
	})
	c := newClient(t, Options{PageSpacing: time.Nanosecond})
	allow := func(_ context.Context, url string) error {
		if url == o.URL+"/closed" {
			return no
		}
		return nil
	}
	for _, tt := range []struct {
		name, path string
		kind       Kind
		asked      int // requests of the origin, all in all
	}{
		{"P53 allowed", "/open", "", 1},
		{"P53 not allowed", "/closed", KindForbidden, 1},
		{"P53 not allowed behind a redirect", "/moved", KindForbidden, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req := Request{URL: o.URL + tt.path, Page: true, Allow: allow}
			if tt.kind == "" {
				if resp := get(t, c, req); resp.Header.Get("X-Robots-Tag") != "noindex" {
					t.Errorf("header %v, want what was sent", resp.Header)
				}
			} else if e := getError(t, c, req, tt.kind); !errors.Is(e, no) {
				t.Errorf("error %v, want the caller's", e)
			}
			if n := len(o.requests()); n != tt.asked {
				t.Errorf("%d requests, want %d", n, tt.asked)
			}
		})
	}
}

// P72: a host that wants more time between its pages has it.
func TestPageSpacing(t *testing.T) {
	t.Run("P72 P60 crawl-delay", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			g, begun := newGate(2, time.Second), time.Now()
			for _, want := range []time.Duration{0, 7 * time.Second, 14 * time.Second} {
				if err := g.enterPaced(t.Context(), "a", 7*time.Second); err != nil {
					t.Fatal(err)
				}
				if got := time.Since(begun); got != want {
					t.Errorf("started after %v, want %v", got, want)
				}
				g.leave("a")
			}
			<-time.After(7 * time.Second)
		})
	})
}
