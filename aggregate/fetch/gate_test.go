package fetch

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// P60: how many requests are let through to a host at a time, and when each starts.
func TestGateStarts(t *testing.T) {
	const took = 1500 * time.Millisecond // each request
	tests := []struct {
		name    string
		width   int
		spacing time.Duration
		starts  []time.Duration
	}{
		{"P60 feeds, one at a time", 1, 0, []time.Duration{0, took, 2 * took, 3 * took}},
		{"P60 pages, two at a time and a second apart", 2, time.Second,
			[]time.Duration{0, time.Second, 2 * time.Second, 3 * time.Second}},
		{"P60 pages, slower than their spacing", 2, time.Second / 2,
			[]time.Duration{0, time.Second / 2, took, 2 * time.Second}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g, begun := newGate(tt.width, tt.spacing), time.Now()
				var (
					mu     sync.Mutex
					starts []time.Duration
					all    sync.WaitGroup
				)
				for range tt.starts {
					all.Go(func() {
						if err := g.enter(t.Context(), "a.example:443"); err != nil {
							t.Error(err)
							return
						}
						defer g.leave("a.example:443")
						mu.Lock()
						starts = append(starts, time.Since(begun))
						mu.Unlock()
						<-time.After(took)
					})
				}
				all.Wait()
				if !slices.Equal(starts, tt.starts) {
					t.Errorf("requests start at %v, want %v", starts, tt.starts)
				}
				<-time.After(tt.spacing)
				synctest.Wait()
				if len(g.hosts) != 0 {
					t.Errorf("%d hosts are remembered without a need", len(g.hosts))
				}
			})
		})
	}
}

// A request that is given up while it waits takes nobody's place.
func TestGateGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(2, time.Second)
		if err := g.enter(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if err := g.enter(ctx, "a"); err == nil {
			t.Error("let through before the spacing was over")
		}
		if err := g.enter(t.Context(), "a"); err != nil {
			t.Error(err)
		}
		g.leave("a")
		g.leave("a")
		<-time.After(time.Second)
		synctest.Wait()
		if len(g.hosts) != 0 {
			t.Errorf("%d hosts are remembered without a need", len(g.hosts))
		}
	})
}

// P60: pages don't wait for the feed of their host, and other hosts' pages wait for
// nobody's.
func TestPagesHaveTheirOwnQueue(t *testing.T) {
	inside, release := make(chan struct{}), make(chan struct{})
	o := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/feed" {
			close(inside)
			<-release
		}
	})
	other := serveAt(t, "127.0.0.2", text("page"))
	c := newClient(t, Options{PageSpacing: time.Hour})
	var feed sync.WaitGroup
	feed.Go(func() {
		if _, err := c.Get(t.Context(), Request{URL: o.URL + "/feed"}); err != nil {
			t.Error(err)
		}
	})
	<-inside
	get(t, c, Request{URL: o.URL + "/post", Page: true})
	get(t, c, Request{URL: other.URL + "/post", Page: true})
	close(release)
	feed.Wait()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := c.Get(ctx, Request{URL: o.URL + "/post2", Page: true}); err == nil {
		t.Error("P60 a second page right after the first")
	}
}
