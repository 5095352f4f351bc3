package farm

import (
	"strconv"
	"sync/atomic"
	"time"
)

// totals counts over all hosts.
type totals struct {
	requests, feedRequests, pageRequests, otherRequests atomic.Int64
	notModified, full, gzipSent, bytesSent, errorsSent  atomic.Int64
	conns, openConns, maxConns, inFlight, maxInFlight   atomic.Int64
	handshakes, resumed                                 atomic.Int64
	status                                              [600]atomic.Int64 // 0 is a hang
}

// host counts what one address sees.
type host struct {
	requests, conns, openConns, maxConns, inFlight, maxInFlight atomic.Int64

	last   atomic.Int64 // begin of the latest request, in Unix nanoseconds; 0 before the first
	minGap atomic.Int64 // shortest time between two of them, in nanoseconds; 0 before the second

	anonymous, referers, cookies atomic.Int64 // requests without and with those headers
}

// Stats is a snapshot of the counters.
type Stats struct {
	Round                                               int64 // calls of Advance
	Requests, FeedRequests, PageRequests, OtherRequests int64
	NotModified, Full, GzipSent, BytesOut, ErrorsSent   int64

	Conns, CurConns, MaxConns, MaxInflight int64
	MaxConnsPerHost, MaxInflightPerHost    int64
	MinGapPerHostMs                        float64 // 0 when no host was asked twice

	TLSHandshakes, TLSResumed int64

	Unconditional int64 // 200s sent although validators had been given and none came back
	Early         int64 // requests before Retry-After had passed
	Anonymous     int64 // requests with no User-Agent, or the default one of Go's client
	Referers      int64 // requests with a Referer
	CookiesSent   int64 // requests with a Cookie

	Status map[string]int64 // by code; "0" counts hangs
}

// Stats reads the counters.
func (f *Farm) Stats() Stats {
	t := &f.totals
	s := Stats{
		Round:         f.round.Load(),
		Requests:      t.requests.Load(),
		FeedRequests:  t.feedRequests.Load(),
		PageRequests:  t.pageRequests.Load(),
		OtherRequests: t.otherRequests.Load(),
		NotModified:   t.notModified.Load(),
		Full:          t.full.Load(),
		GzipSent:      t.gzipSent.Load(),
		BytesOut:      t.bytesSent.Load(),
		ErrorsSent:    t.errorsSent.Load(),
		Conns:         t.conns.Load(),
		CurConns:      t.openConns.Load(),
		MaxConns:      t.maxConns.Load(),
		MaxInflight:   t.maxInFlight.Load(),
		TLSHandshakes: t.handshakes.Load(),
		TLSResumed:    t.resumed.Load(),
		Status:        map[string]int64{},
	}
	for code := range t.status {
		if n := t.status[code].Load(); n > 0 {
			s.Status[strconv.Itoa(code)] = n
		}
	}
	s.addHosts(f.hosts)
	s.addFeeds(f.slots)
	return s
}

func (s *Stats) addHosts(hosts []host) {
	var gap int64
	for i := range hosts {
		h := &hosts[i]
		s.MaxConnsPerHost = max(s.MaxConnsPerHost, h.maxConns.Load())
		s.MaxInflightPerHost = max(s.MaxInflightPerHost, h.maxInFlight.Load())
		s.Anonymous += h.anonymous.Load()
		s.Referers += h.referers.Load()
		s.CookiesSent += h.cookies.Load()
		if g := h.minGap.Load(); g > 0 && (gap == 0 || g < gap) {
			gap = g
		}
	}
	s.MinGapPerHostMs = float64(gap) / float64(time.Millisecond)
}

func (s *Stats) addFeeds(slots []slot) {
	for i := range slots {
		s.Unconditional += slots[i].manners.unconditional.Load()
		s.Early += slots[i].manners.early.Load()
	}
}

// HostStats is what one address has seen.
type HostStats struct {
	Requests, Conns       int64
	MaxConns, MaxInflight int64
	MinGap                time.Duration // 0 before the second request
}

// Host reads the counters of host h, whose address is HostIP(h).
func (f *Farm) Host(h int) HostStats {
	c := &f.hosts[h]
	return HostStats{
		Requests:    c.requests.Load(),
		Conns:       c.conns.Load(),
		MaxConns:    c.maxConns.Load(),
		MaxInflight: c.maxInFlight.Load(),
		MinGap:      time.Duration(c.minGap.Load()),
	}
}

// Asked counts the requests for feed i, whatever they were answered.
func (f *Farm) Asked(i int) int64 { return f.slots[i].manners.asked.Load() }

// Reset sets all counters to zero but the round, and forgets which validators
// and Retry-After were sent.
func (f *Farm) Reset() {
	t := &f.totals
	zero(&t.requests, &t.feedRequests, &t.pageRequests, &t.otherRequests, &t.notModified,
		&t.full, &t.gzipSent, &t.bytesSent, &t.errorsSent, &t.conns, &t.maxConns,
		&t.maxInFlight, &t.handshakes, &t.resumed)
	for code := range t.status {
		zero(&t.status[code])
	}
	for i := range f.hosts {
		h := &f.hosts[i]
		zero(&h.requests, &h.conns, &h.maxConns, &h.maxInFlight, &h.last, &h.minGap,
			&h.anonymous, &h.referers, &h.cookies)
	}
	for i := range f.slots {
		m := &f.slots[i].manners
		m.validators.Store(false)
		zero(&m.asked, &m.retryAt, &m.unconditional, &m.early)
	}
}

func zero(counters ...*atomic.Int64) {
	for _, c := range counters {
		c.Store(0)
	}
}

// raise sets m to v unless it is higher.
func raise(m *atomic.Int64, v int64) {
	for old := m.Load(); v > old; old = m.Load() {
		if m.CompareAndSwap(old, v) {
			return
		}
	}
}

// lower sets m to v unless it is lower and not zero.
func lower(m *atomic.Int64, v int64) {
	for old := m.Load(); old == 0 || v < old; old = m.Load() {
		if m.CompareAndSwap(old, v) {
			return
		}
	}
}
