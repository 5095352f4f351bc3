package aggregate

import (
	"slices"
	"sync"
	"time"

	"github.com/coranto/coranto/storage"
)

// holds is the leases of a crew, each with the time until which it surely is the
// crew's. It is safe for concurrent use.
type holds struct {
	mu    sync.Mutex
	until map[storage.LeaseRef]time.Time
}

// add takes leases down before their first visit, so that those that wait for a
// worker are renewed too.
func (h *holds) add(leases []storage.Lease, until time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, l := range leases {
		h.until[l.LeaseRef] = until
	}
}

// sure reports whether a lease is the crew's at a time.
func (h *holds) sure(ref storage.LeaseRef, now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return now.Before(h.until[ref])
}

// renewed takes down which leases were extended; the others are lost.
func (h *holds) renewed(refs []storage.LeaseRef, kept []bool, until time.Time) {
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

func (h *holds) drop(ref storage.LeaseRef) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.until, ref)
}

// sureOnes are the leases that are the crew's at a time.
func (h *holds) sureOnes(now time.Time) []storage.LeaseRef {
	return slices.DeleteFunc(h.list(), func(ref storage.LeaseRef) bool { return !h.sure(ref, now) })
}

func (h *holds) list() []storage.LeaseRef {
	h.mu.Lock()
	defer h.mu.Unlock()
	refs := make([]storage.LeaseRef, 0, len(h.until))
	for ref := range h.until {
		refs = append(refs, ref)
	}
	return refs
}
