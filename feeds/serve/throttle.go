package serve

import (
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/coranto/coranto"
)

const (
	// maxClients is the number of clients that are counted at a time.
	maxClients = 20_000

	// spell is the time over which a client's rate is an average.
	spell = time.Minute
)

// throttle counts what clients ask for, so that one that asks for far more than any
// reader would does not slow the others down. A client is an address; of IPv6, a /64,
// because one customer has that.
//
// Conditional requests are counted apart from others: a reader that has what it asks
// for is heard also when somebody else behind the same address is not. When more
// clients are busy at a time than can be counted, those beyond are not.
type throttle struct {
	rate float64 // requests a second; 0 means any number
	now  coranto.Clock

	mu      sync.Mutex
	clients map[netip.Addr]*allowance
	swept   time.Time // when clients were last looked through
}

// allowance is what a client may still ask for: requests at a time, with and without a
// condition.
type allowance struct {
	left [2]float64
	at   time.Time
}

func newThrottle(rate float64, now coranto.Clock) *throttle {
	return &throttle{rate: rate, now: now, clients: make(map[netip.Addr]*allowance)}
}

// burst is what a client may ask for at once.
func (t *throttle) burst() float64 { return t.rate * spell.Seconds() }

// admit counts a request and reports whether to answer it.
func (t *throttle) admit(r *http.Request) bool {
	client, ok := t.client(r)
	if !ok {
		return true
	}
	now := t.now()
	t.mu.Lock()
	defer t.mu.Unlock()
	a := t.clients[client]
	if a == nil {
		if len(t.clients) >= maxClients && !t.sweep(now) {
			return true
		}
		a = &allowance{[2]float64{t.burst(), t.burst()}, now}
		t.clients[client] = a
	}
	t.refill(a, now)
	kind := kindOf(r)
	if a.left[kind] < 1 {
		return false
	}
	a.left[kind]--
	return true
}

// forgive takes back the counting of a request that cost little.
func (t *throttle) forgive(r *http.Request) {
	client, ok := t.client(r)
	if !ok {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if a := t.clients[client]; a != nil {
		kind := kindOf(r)
		a.left[kind] = min(a.left[kind]+1, t.burst())
	}
}

// client is who sent a request. ok is false when nobody is counted, or the address is
// that of a proxy beside us, behind which everybody stands.
func (t *throttle) client(r *http.Request) (client netip.Addr, ok bool) {
	if t.rate == 0 {
		return netip.Addr{}, false
	}
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, false
	}
	client = from.Addr().Unmap().WithZone("")
	if client.IsLoopback() || client.IsPrivate() || client.IsLinkLocalUnicast() {
		return netip.Addr{}, false
	}
	if client.Is6() {
		// A prefix of 64 bits is one that every address of IPv6 has.
		prefix, _ := client.Prefix(64)
		client = prefix.Addr()
	}
	return client, true
}

func kindOf(r *http.Request) int {
	if r.Header["If-None-Match"] != nil || r.Header["If-Modified-Since"] != nil {
		return 1
	}
	return 0
}

// refill gives a client what it may ask for again since it was last seen.
func (t *throttle) refill(a *allowance, now time.Time) {
	more := t.rate * max(now.Sub(a.at).Seconds(), 0)
	for kind := range a.left {
		a.left[kind] = min(a.left[kind]+more, t.burst())
	}
	a.at = now
}

// sweep forgets who may ask for everything again, and reports whether that made room. It
// looks at all of them, so it does so once a second at most.
func (t *throttle) sweep(now time.Time) bool {
	if since := now.Sub(t.swept); since >= 0 && since < time.Second {
		return false
	}
	t.swept = now
	for client, a := range t.clients {
		t.refill(a, now)
		if a.left[0] == t.burst() && a.left[1] == t.burst() {
			delete(t.clients, client)
		}
	}
	return len(t.clients) < maxClients
}
