package bolt

import (
	"context"
	"slices"
	"sync"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// A group of calls is written in one transaction: as many as wait, but not more
// than this.
const (
	maxGroupCalls = 64
	maxGroupBytes = 1 << 20
)

// call is one Commit that waits for the writer.
type call struct {
	visits  []prepared
	size    int // bytes of text, about
	results []storage.VisitResult
	err     error
	done    chan struct{}
}

// prepared is a visit with all that can be worked out without the store, and so
// outside the single writer.
type prepared struct {
	storage.Visit
	hashes [][16]byte // of Items
	err    error      // of pinning its lease
	pinned bool
}

// calls is the queue in front of the writer. Calls gather in it while the
// transaction before is synced; nothing ever waits for more to come.
type calls struct {
	mu      sync.Mutex
	waiting []*call
	closed  bool
	wake    chan struct{}
}

// push queues a call; false when the store is closed.
func (q *calls) push(c *call) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.waiting = append(q.waiting, c)
	q.signal()
	return true
}

// withdraw takes a call back; false when the writer has it already.
func (q *calls) withdraw(c *call) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.waiting, c)
	if i >= 0 {
		q.waiting = slices.Delete(q.waiting, i, i+1)
	}
	return i >= 0
}

// take returns the next group; none when no call waits.
func (q *calls) take() (group []*call, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n, size := 0, 0
	for n < len(q.waiting) && n < maxGroupCalls && size < maxGroupBytes {
		size += q.waiting[n].size
		n++
	}
	group = slices.Clone(q.waiting[:n])
	q.waiting = slices.Delete(q.waiting, 0, n)
	return group, q.closed
}

func (q *calls) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.signal()
}

func (q *calls) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// wait returns when the call is done, or withdraws it when ctx ends before the
// writer has begun with it.
func (q *calls) wait(ctx context.Context, c *call) error {
	select {
	case <-c.done:
		return c.err
	case <-ctx.Done():
	}
	if q.withdraw(c) {
		return ctx.Err()
	}
	<-c.done
	return c.err
}

// newCall copies the visits, so that nothing of the caller's is changed, and
// hashes their items.
func newCall(visits []storage.Visit) *call {
	c := &call{done: make(chan struct{}), results: make([]storage.VisitResult, len(visits))}
	c.visits = make([]prepared, len(visits))
	for i, v := range visits {
		v.Items = lastOfEach(v.Items)
		p := prepared{Visit: v, hashes: make([][16]byte, len(v.Items))}
		for j := range v.Items {
			it := &v.Items[j]
			it.Source = v.Source
			it.Categories = sortedSet(it.Categories)
			p.hashes[j] = storage.ContentHash(it)
			c.size += len(it.Content) + len(it.Summary) + len(it.Title)
		}
		c.visits[i] = p
	}
	return c
}

// lastOfEach copies items, each once: of those with the same id the last, where
// the first stood.
func lastOfEach(items []coranto.Item) []coranto.Item {
	if len(items) == 0 {
		return nil
	}
	at := make(map[coranto.ItemID]int, len(items))
	kept := make([]coranto.Item, 0, len(items))
	for _, it := range items {
		if i, seen := at[it.ID]; seen {
			kept[i] = it
			continue
		}
		at[it.ID] = len(kept)
		kept = append(kept, it)
	}
	return kept
}

// sortedSet copies values in order and without duplicates; nil when empty.
func sortedSet[T ~string](values []T) []T {
	if len(values) == 0 {
		return nil
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}
