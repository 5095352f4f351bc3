// Package due is the due queue and the leases of a store that only one process
// writes.
//
// Both live in memory: the lock on the store's file makes this process the only
// one, so a lease need not outlive it, and the queue is made again from the
// stored sources when the store is opened. That is why a claim and a hint that a
// source is due cost no write.
package due

import (
	"sync"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/internal/host"
	"github.com/coranto/coranto/storage"
)

// Queue holds the sources by lane and the leases of lanes. It is safe for
// concurrent use.
type Queue struct {
	mu      sync.Mutex
	sources map[coranto.SourceID]*entry
	byName  map[string]*lane
	free    heapOf[*lane] // lanes without a valid lease that have a source to visit
	held    map[*lane]struct{}
	base    uint64 // epochs begin above it
}

// New returns an empty queue. Epochs of its leases begin above base.
func New(base uint64) *Queue {
	return &Queue{
		sources: map[coranto.SourceID]*entry{},
		byName:  map[string]*lane{},
		held:    map[*lane]struct{}{},
		base:    base,
	}
}

// Claim leases lanes and returns the ids of the due sources of each, with the
// time until the next source of an unleased lane is due.
func (q *Queue) Claim(owner string, n, perLane int, now, until time.Time) (
	[]storage.Lease, [][]coranto.SourceID, time.Duration,
) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.expire(now)
	var leases []storage.Lease
	var due [][]coranto.SourceID
	for perLane > 0 && len(leases) < n && len(q.free) > 0 && !q.free[0].due().After(now) {
		l := q.free[0]
		l.epoch++
		l.owner, l.until, l.leased = owner, until, true
		q.free.put(l, false)
		q.held[l] = struct{}{}
		due = append(due, l.take(perLane, now))
		ref := storage.LeaseRef{Lane: l.name, Epoch: l.epoch, Owner: owner}
		leases = append(leases, storage.Lease{LeaseRef: ref, Until: until})
	}
	return leases, due, q.wait(now)
}

// wait is the time until the next source of a free lane is due.
func (q *Queue) wait(now time.Time) time.Duration {
	if len(q.free) == 0 {
		return -1
	}
	return max(0, q.free[0].due().Sub(now))
}

// expire makes lanes claimable whose lease ran out. Their lease stays valid
// until they are claimed.
func (q *Queue) expire(now time.Time) {
	for l := range q.held {
		q.place(l, now)
	}
}

// place puts a lane where it belongs after any change of it.
func (q *Queue) place(l *lane, now time.Time) {
	held := l.pinned || l.leased && now.Before(l.until)
	if held {
		q.held[l] = struct{}{}
	} else {
		delete(q.held, l)
	}
	q.free.put(l, !held && len(l.queue) > 0)
}

// Extend renews the leases that are still valid.
func (q *Queue) Extend(refs []storage.LeaseRef, now, until time.Time) []bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	valid := make([]bool, len(refs))
	for i, ref := range refs {
		l := q.byName[ref.Lane]
		if valid[i] = l != nil && l.holds(ref); valid[i] {
			l.until = until
			if !until.After(now) {
				l.until = time.Time{} // over, even if the clock is set back
			}
			q.place(l, now)
		}
	}
	return valid
}

// Pin checks the lease of a visit and, until the visit is settled, keeps others
// from claiming the lane. The error is ErrNotFound or ErrLeaseLost.
func (q *Queue) Pin(v *storage.Visit, now time.Time) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	e := q.sources[v.Source]
	if e == nil {
		return storage.ErrNotFound
	}
	if v.Lease == (storage.LeaseRef{}) {
		return nil
	}
	if e.lane.name != v.Lease.Lane || !e.lane.holds(v.Lease) {
		return storage.ErrLeaseLost
	}
	e.lane.pinned = true
	q.place(e.lane, now)
	return nil
}

// Settle ends what Pin began. A visit that was stored decides when its source
// is due again and may give the lane back.
func (q *Queue) Settle(v *storage.Visit, stored bool, now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if l := q.byName[v.Lease.Lane]; l != nil && l.holds(v.Lease) {
		l.pinned = false
		l.leased = !(stored && v.Release)
		q.place(l, now)
	}
	if e := q.sources[v.Source]; stored && e != nil {
		e.setState(&v.State)
		q.move(e, e.lane, now)
	}
}

// Hint makes sources due at once, but those that are not visited at all.
func (q *Queue) Hint(ids []coranto.SourceID, now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, id := range ids {
		if e := q.sources[id]; e != nil && !e.idle {
			e.hint, e.hinted = hintWaiting, now
			q.move(e, e.lane, now)
		}
	}
}

// Describe takes in a source that was created or changed. The state matters only
// for one not known yet.
func (q *Queue) Describe(s *coranto.Source, state *storage.SourceState, now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	e := q.sources[s.ID]
	if e == nil {
		e = &entry{id: s.ID, index: -1}
		e.setState(state)
		q.sources[s.ID] = e
	}
	e.idle = s.Paused || s.Retired
	q.move(e, q.named(host.Lane(s.URL)), now)
}

// Renew makes sources due at once as if they had never been visited.
func (q *Queue) Renew(ids []coranto.SourceID, now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, id := range ids {
		if e := q.sources[id]; e != nil {
			e.setState(new(storage.SourceState))
			q.move(e, e.lane, now)
		}
	}
}

// Postpone takes a source whose record is damaged out of the queue.
func (q *Queue) Postpone(id coranto.SourceID, now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if e := q.sources[id]; e != nil {
		e.idle = true
		q.move(e, e.lane, now)
	}
}

// move puts an entry into a lane, at the place that its time gives it.
func (q *Queue) move(e *entry, to *lane, now time.Time) {
	if from := e.lane; from != nil && from != to {
		from.queue.put(e, false)
		q.place(from, now)
	}
	e.lane = to
	to.queue.put(e, !e.idle && (!e.gone || e.hint != hintNone))
	q.place(to, now)
}

func (q *Queue) named(name string) *lane {
	l := q.byName[name]
	if l == nil {
		l = &lane{name: name, index: -1, epoch: q.base}
		q.byName[name] = l
	}
	return l
}

// Len is the number of sources, those that are never due included.
func (q *Queue) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.sources)
}
