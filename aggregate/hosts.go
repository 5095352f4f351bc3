package aggregate

import (
	"errors"
	"net"
	"sync"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/schedule"
	"github.com/coranto/coranto/storage"
)

// hosts is what visits have found out about hosts, whichever source they were of:
// how long each asked to be left alone (P36), and which don't answer (P38). It is
// made again from the states of sources when a run begins, so that a restart asks
// nobody who asked to wait. It is safe for concurrent use.
type hosts struct {
	mu    sync.Mutex
	of    map[string]host
	begun bool // what is stored was taken in
}

type host struct {
	wait   time.Time // asked for by the origin
	closed time.Time // nobody answered often enough: next try then
	fails  int       // visits in a row that found nobody
	seen   time.Time // the last visit
}

// longestWait is the longest wait that a correct clock can have written down.
const longestWait = 7*24*time.Hour + time.Hour

func newHosts() *hosts { return &hosts{of: make(map[string]host)} }

// begin reports whether what is stored is still to be taken in, once.
func (h *hosts) begin() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	first := !h.begun
	h.begun = true
	return first
}

// again undoes begin.
func (h *hosts) again() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.begun = false
}

// recall takes in what a stored state says of hosts.
func (h *hosts) recall(rec *storage.SourceRecord, now time.Time) {
	st := &rec.State
	h.mu.Lock()
	defer h.mu.Unlock()
	if st.Wait.After(now) && st.Wait.Sub(now) <= longestWait {
		h.wait(waitHost(rec), st.Wait)
	}
	name := hostOf(rec)
	known := h.of[name]
	if st.LastVisit.Before(known.seen) || st.LastVisit.After(now) {
		return
	}
	known.seen, known.fails = st.LastVisit, st.HostFails
	known.closed = closedUntil(st.LastVisit, st.HostFails)
	h.of[name] = known
}

// ask notes that a host wants no visit before a time.
func (h *hosts) ask(name string, until time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.wait(name, until)
}

func (h *hosts) wait(name string, until time.Time) {
	known := h.of[name]
	if until.After(known.wait) {
		known.wait = until
		h.of[name] = known
	}
}

// found notes that a host answered, in whatever way.
func (h *hosts) found(name string, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	known := h.of[name]
	known.fails, known.closed, known.seen = 0, time.Time{}, now
	h.of[name] = known
}

// lost notes that nobody answered at a host.
func (h *hosts) lost(name string, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	known := h.of[name]
	known.fails++
	known.closed, known.seen = closedUntil(now, known.fails), now
	h.of[name] = known
}

// forgive forgets which of the hosts did not answer: it was not their fault.
func (h *hosts) forgive(names []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, name := range names {
		known := h.of[name]
		known.fails, known.closed = 0, time.Time{}
		h.of[name] = known
	}
}

// reopen lets one source of each host try again whether it answers.
func (h *hosts) reopen() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for name, known := range h.of {
		known.closed = time.Time{}
		h.of[name] = known
	}
}

func (h *hosts) fails(name string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.of[name].fails
}

// shut is until when a host is not visited, and why; a zero time when it is open.
func (h *hosts) shut(name string, now time.Time) (until time.Time, why error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	known := h.of[name]
	switch {
	case known.wait.After(now) && known.wait.Sub(now) <= longestWait:
		return known.wait, ErrWait
	case known.closed.After(now) && known.closed.Sub(now) <= longestWait:
		return known.closed, ErrSilent
	}
	return time.Time{}, nil
}

func closedUntil(from time.Time, fails int) time.Time {
	if pause := schedule.Pause(fails); pause > 0 {
		return from.Add(pause)
	}
	return time.Time{}
}

// address is where a source is asked: the address that it has moved to.
func address(rec *storage.SourceRecord) string {
	if !rec.State.Move.Adopted.IsZero() {
		return rec.State.Move.To
	}
	return rec.URL
}

// hostOf is the host of a source's address.
func hostOf(rec *storage.SourceRecord) string { return coranto.Source{URL: address(rec)}.Host() }

// waitHost is the host that the Wait of a state is about.
func waitHost(rec *storage.SourceRecord) string {
	if rec.State.WaitHost != "" {
		return rec.State.WaitHost
	}
	return hostOf(rec)
}

// failedHost is the host at which a visit to own ended, maybe after redirects.
func failedHost(own string, err error) string {
	var e *fetch.Error
	if errors.As(err, &e) && e.URL != "" {
		return coranto.Source{URL: e.URL}.Host()
	}
	return own
}

// unreached reports a visit that found nobody: no address, or no connection.
func unreached(err error) bool {
	var e *fetch.Error
	if !errors.As(err, &e) {
		return false
	}
	var op *net.OpError
	switch e.Kind {
	case fetch.KindDNS, fetch.KindConnect:
		return true
	case fetch.KindTimeout:
		return errors.As(e.Err, &op) && op.Op == "dial"
	}
	return false
}
