package push

import (
	"sync"
	"time"
)

// Rests of a hub that failed and did not say for how long it wants to be left alone.
const (
	shortestRest = 5 * time.Minute
	longestRest  = time.Hour
)

// hubs is how the hosts of hubs are doing, whatever the subscription: a host is asked
// for one thing at a time, and for nothing while it rests. It is safe for concurrent
// use.
type hubs struct {
	mu sync.Mutex
	of map[string]*hub
}

type hub struct {
	busy  bool
	fails int       // in a row
	until time.Time // it rests
}

func newHubs() *hubs { return &hubs{of: make(map[string]*hub)} }

// enter takes a host and reports whether it could be had; until is when it rests no
// more.
func (h *hubs) enter(host string, now time.Time) (until time.Time, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	known := h.of[host]
	if known == nil {
		known = new(hub)
		h.of[host] = known
	}
	if known.busy || known.until.After(now) {
		return known.until, false
	}
	known.busy = true
	return time.Time{}, true
}

// leave gives a host back.
func (h *hubs) leave(host string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	known := h.of[host]
	if known.busy = false; known.fails == 0 {
		delete(h.of, host)
	}
}

// well notes that a host answered as it should.
func (h *hubs) well(host string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.of[host].fails = 0
}

// rest notes that a host failed, which asked to be left alone for a while or did not
// say, and returns until when it rests.
func (h *hubs) rest(host string, now time.Time, asked time.Duration) time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	known := h.of[host]
	usual := min(shortestRest<<min(known.fails, 10), longestRest)
	known.fails++
	known.until = now.Add(max(asked, usual))
	return known.until
}
