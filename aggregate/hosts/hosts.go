// Package hosts is the memory of hosts: which asked to be left alone and until when
// (P36), and which don't answer (P38).
//
// There is one memory in a process, that of its fetch.Client, which looks into it
// before every request, whatever the request is for, and notes every wait that it is
// told. Whoever knows more, such as what a store kept of an earlier process, adds it.
// Hosts go by the names that internal/host gives them.
package hosts

import (
	"errors"
	"maps"
	"sync"
	"time"
)

// ErrWait means that a host is not asked because it asked to be left alone.
var ErrWait = errors.New("the origin asked to wait")

// ErrSilent means that a host is not asked because nobody answered there the last
// times.
var ErrSilent = errors.New("nobody answers at this host")

// Longest is the longest wait that a correct clock can have written down: what ends
// later was noted by a clock that has been set back since, and does not count.
const Longest = 7*24*time.Hour + time.Hour

// Quiet is how long a host is left alone that has had too many requests, but does not
// say for how long.
const Quiet = 30 * time.Minute

// Memory is what is known of hosts. It is safe for concurrent use.
type Memory struct {
	mu    sync.Mutex
	known map[string]host
	room  int // how many hosts may be known before those that mean nothing any more go
}

type host struct {
	wait   time.Time // asked for by the host
	closed time.Time // nobody answered often enough: next try then
	fails  int       // visits in a row that found nobody
	seen   time.Time // the last visit
}

// New returns a memory of nothing.
func New() *Memory { return &Memory{known: make(map[string]host), room: leastRoom} }

// leastRoom is how many hosts are remembered whatever they are like.
const leastRoom = 1000

// keep takes down what is known of a host. Redirects and hubs may lead to ever other
// hosts; when there are twice as many as had to be kept the last time, those are
// forgotten of which nothing is left to say.
func (m *Memory) keep(name string, h host, now time.Time) {
	m.known[name] = h
	if len(m.known) <= m.room {
		return
	}
	maps.DeleteFunc(m.known, func(_ string, h host) bool { return h.over(now) })
	m.room = max(leastRoom, 2*len(m.known))
}

// over reports whether nothing follows from what is known of a host: it may be asked,
// and answered, or has not been asked for so long that it begins anew.
func (h host) over(now time.Time) bool {
	return !h.wait.After(now) && !h.closed.After(now) && (h.fails == 0 || now.Sub(h.seen) > Longest)
}

// Shut is until when a host is not to be asked, and why: ErrWait or ErrSilent. It is
// nil when the host is open.
func (m *Memory) Shut(name string, now time.Time) (until time.Time, why error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.known[name]
	switch {
	case h.wait.After(now) && h.wait.Sub(now) <= Longest:
		return h.wait, ErrWait
	case h.closed.After(now) && h.closed.Sub(now) <= Longest:
		return h.closed, ErrSilent
	}
	return time.Time{}, nil
}

// Ask notes that a host wants no request before a time. A longer wait that it asked
// for before stays, unless no correct clock has written it.
func (m *Memory) Ask(name string, until, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.known[name]
	if until.After(h.wait) || h.wait.Sub(now) > Longest {
		h.wait = until
		m.keep(name, h, now)
	}
}

// Found notes that a host answered, in whatever way.
func (m *Memory) Found(name string, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.known[name]
	h.fails, h.closed, h.seen = 0, time.Time{}, now
	m.keep(name, h, now)
}

// Lost notes that nobody answered at a host.
func (m *Memory) Lost(name string, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.known[name]
	h.fails++
	h.closed, h.seen = closedUntil(now, h.fails), now
	m.keep(name, h, now)
}

// Fails is how many visits to a host in a row found nobody.
func (m *Memory) Fails(name string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.known[name].fails
}

// Remember takes in what was known after a visit to a host, which some visits in a
// row had found silent. A newer visit speaks for the host; one that is yet to come,
// by a clock that was set back since, for nothing.
func (m *Memory) Remember(name string, visit time.Time, fails int, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.known[name]
	if visit.Before(h.seen) || visit.After(now) {
		return
	}
	h.seen, h.fails, h.closed = visit, fails, closedUntil(visit, fails)
	m.keep(name, h, now)
}

// Forgive forgets which of the hosts did not answer: it was not their fault.
func (m *Memory) Forgive(names []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, name := range names {
		if h, known := m.known[name]; known {
			h.fails, h.closed = 0, time.Time{}
			m.known[name] = h
		}
	}
}

// Reopen lets one request to each silent host find out whether it answers. Waits that
// hosts asked for stay.
func (m *Memory) Reopen() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, h := range m.known {
		h.closed = time.Time{}
		m.known[name] = h
	}
}

func closedUntil(from time.Time, fails int) time.Time {
	if pause := pause(fails); pause > 0 {
		return from.Add(pause)
	}
	return time.Time{}
}

const (
	pauseAfter = 5                // lost connections in a row
	firstPause = 15 * time.Minute // of a host; the next is twice as long
	lastPause  = 24 * time.Hour
)

// pause is for how long a host is closed at which nobody answered so many times in a
// row; 0 when it is too early to say (P38).
func pause(fails int) time.Duration {
	if fails < pauseAfter {
		return 0
	}
	const doublings = 7 // to beyond the last
	return min(firstPause<<min(fails-pauseAfter, doublings), lastPause)
}
