package farm

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// manners is what a feed remembers of its client. A farm takes all requests for
// those of one client.
type manners struct {
	asked         atomic.Int64
	validators    atomic.Bool  // some were sent with a 200
	retryAt       atomic.Int64 // when the latest Retry-After passes, in Unix nanoseconds
	unconditional atomic.Int64
	early         atomic.Int64
}

// request notes that the feed is asked for.
func (m *manners) request(now time.Time) {
	m.asked.Add(1)
	if now.UnixNano() < m.retryAt.Load() {
		m.early.Add(1)
	}
}

// full notes that the feed is sent whole. validators says whether some go with it.
func (m *manners) full(header http.Header, validators bool) {
	conditional := header.Get("If-None-Match") != "" || header.Get("If-Modified-Since") != ""
	if m.validators.Load() && !conditional {
		m.unconditional.Add(1)
	}
	m.validators.Store(validators)
}

// enter notes that a request begins.
func (f *Farm) enter(v *visit, now time.Time) {
	h := v.host
	f.totals.requests.Add(1)
	h.requests.Add(1)
	if last := h.last.Swap(now.UnixNano()); last != 0 {
		lower(&h.minGap, max(now.UnixNano()-last, 1))
	}
	raise(&h.maxInFlight, h.inFlight.Add(1))
	raise(&f.totals.maxInFlight, f.totals.inFlight.Add(1))
	header := v.r.Header
	agent := header.Get("User-Agent")
	if agent == "" || strings.HasPrefix(agent, "Go-http-client/") {
		h.anonymous.Add(1)
	}
	if header.Get("Referer") != "" {
		h.referers.Add(1)
	}
	if header.Get("Cookie") != "" {
		h.cookies.Add(1)
	}
}

// leave notes, once, that a request is answered.
func (v *visit) leave() {
	if v.left {
		return
	}
	v.left = true
	v.host.inFlight.Add(-1)
	v.farm.totals.inFlight.Add(-1)
}

// Complaints names each offence against good manners since the start or Reset,
// one line a host or feed and kind, hosts before feeds. None means that the
// client was polite. A feed that hangs is not counted as a request at a time.
func (f *Farm) Complaints() []string {
	var all []string
	for i := range f.hosts {
		for _, c := range f.hosts[i].complaints(&f.Config) {
			all = append(all, HostIP(i)+": "+c)
		}
	}
	for i := range f.slots {
		for _, c := range f.slots[i].manners.complaints() {
			all = append(all, fmt.Sprintf("feed %d: %s", i, c))
		}
	}
	return all
}

func (h *host) complaints(c *Config) []string {
	var all []string
	if n := h.maxInFlight.Load(); n > int64(c.PerHost) {
		all = append(all, fmt.Sprintf("%d requests at a time", n))
	}
	if g := time.Duration(h.minGap.Load()); g > 0 && g < c.MinGap {
		all = append(all, fmt.Sprintf("a request %v after another", g))
	}
	all = appendCount(all, h.anonymous.Load(), "without a User-Agent of its own")
	all = appendCount(all, h.referers.Load(), "with a Referer")
	return appendCount(all, h.cookies.Load(), "with a Cookie")
}

func (m *manners) complaints() []string {
	all := appendCount(nil, m.unconditional.Load(), "without the validators given before")
	return appendCount(all, m.early.Load(), "before Retry-After had passed")
}

func appendCount(all []string, n int64, what string) []string {
	switch n {
	case 0:
		return all
	case 1:
		return append(all, "1 request "+what)
	default:
		return append(all, fmt.Sprintf("%d requests %s", n, what))
	}
}
