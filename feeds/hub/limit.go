package hub

import (
	"maps"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// Limits of who may ask how often: so many at once, and then one each while.
const (
	burst      = 300
	refillTime = 200 * time.Millisecond
	mostKnown  = 4096 // who are told apart
)

// failureCost is what a callback that did not confirm counts as: whoever has us ask
// somebody that never meant it is soon let wait.
const failureCost = 20

// limiter counts what was asked for by name. It is safe for concurrent use.
type limiter struct {
	mu   sync.Mutex
	full map[string]time.Time // when a name will have all its places again
}

func newLimiter() *limiter { return &limiter{full: make(map[string]time.Time)} }

// take takes places of a name, and reports whether it had any left.
func (l *limiter) take(name string, now time.Time, places int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, known := l.full[name]; !known && len(l.full) >= mostKnown {
		maps.DeleteFunc(l.full, func(_ string, full time.Time) bool { return !full.After(now) })
		if len(l.full) >= mostKnown {
			name = "" // who can't be told apart shares the places of one
		}
	}
	full := l.full[name]
	if full.Before(now) || full.Sub(now) > 2*burst*refillTime {
		full = now
	}
	full = full.Add(time.Duration(places) * refillTime)
	if full.Sub(now) > burst*refillTime {
		return false
	}
	l.full[name] = full
	return true
}

// remote is who makes a request, as far as limits go: an address, of IPv6 the network.
// Where a proxy on our side is in front, it is whom that one names last.
func remote(r *http.Request) string {
	name, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	ip, err := netip.ParseAddr(name)
	if err != nil {
		return name
	}
	if ip = ip.Unmap(); ip.IsLoopback() || ip.IsPrivate() {
		forwarded := strings.Join(r.Header["X-Forwarded-For"], ",")
		last := strings.TrimSpace(forwarded[strings.LastIndexByte(forwarded, ',')+1:])
		if client, err := netip.ParseAddr(last); err == nil {
			ip = client.Unmap()
		}
	}
	if ip.Is6() {
		if network, err := ip.WithZone("").Prefix(64); err == nil {
			return network.String()
		}
	}
	return ip.String()
}
