// Package holds is what a crew knows of its own leases: which of them it can still be
// Sure of, by its own clock and without asking the store.
package holds

import (
	"slices"
	"sync"
	"time"

	"github.com/coranto/coranto/storage"
)

// Leases are those of a crew, each with the time until which it surely is the crew's.
// They are safe for concurrent use.
type Leases struct {
	mu    sync.Mutex
	until map[storage.LeaseRef]time.Time
}

// New returns no leases.
func New() *Leases { return &Leases{until: make(map[storage.LeaseRef]time.Time)} }

// Add takes leases down before their first visit, so that those that wait for a
// worker are renewed too.
func (h *Leases) Add(leases []storage.Lease, until time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, l := range leases {
		h.until[l.LeaseRef] = until
	}
}

// Sure reports whether a lease is the crew's at a time.
func (h *Leases) Sure(ref storage.LeaseRef, now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return now.Before(h.until[ref])
}

// Renewed takes down which leases were extended; the others are lost.
func (h *Leases) Renewed(refs []storage.LeaseRef, kept []bool, until time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, ref := range refs {
		_, held := h.until[ref]
		switch {
		case !kept[i]:
			delete(h.until, ref)
		case held:
			h.until[ref] = until
		}
	}
}

// Drop forgets a lease: it was given back, or is lost.
func (h *Leases) Drop(ref storage.LeaseRef) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.until, ref)
}

// SureOnes are the leases that are the crew's at a time.
func (h *Leases) SureOnes(now time.Time) []storage.LeaseRef {
	return slices.DeleteFunc(h.List(), func(ref storage.LeaseRef) bool { return !h.Sure(ref, now) })
}

// List is all leases, also those that may be over, in no order.
func (h *Leases) List() []storage.LeaseRef {
	h.mu.Lock()
	defer h.mu.Unlock()
	refs := make([]storage.LeaseRef, 0, len(h.until))
	for ref := range h.until {
		refs = append(refs, ref)
	}
	return refs
}
