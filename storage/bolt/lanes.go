package bolt

import (
	"container/heap"
	"sync"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// lanes is the due queue and the leases. Both live in memory: the lock on the
// file makes this process the only one, so a lease need not outlive it, and the
// queue is made again from the src bucket when the store is opened. That is why
// a claim and a hint that a source is due cost no write.
type lanes struct {
	mu      sync.Mutex
	sources map[coranto.SourceID]*entry
	byName  map[string]*lane
	free    queue[*lane] // lanes without a valid lease that have a source to visit
	held    map[*lane]struct{}
	base    uint64 // epochs begin above it
}

// entry is one source in the due queue of its lane.
type entry struct {
	id    coranto.SourceID
	lane  *lane
	index int // in lane.queue; -1 when it is not to be visited

	next   time.Time // of the state
	gone   bool      // of the state
	idle   bool      // paused or retired
	hint   hint
	hinted time.Time // when; set unless hint is none
}

// hint says whether a source was asked for before its time.
type hint uint8

const (
	hintNone    hint = iota
	hintWaiting      // asked for; no claim has handed the source out since
	hintTaken        // handed out; the next commit ends it
)

// lane is the sources of one host.
type lane struct {
	name  string
	queue queue[*entry]
	index int // in lanes.free; -1 when it is not there

	epoch  uint64
	owner  string
	until  time.Time
	leased bool // owner and epoch are valid, perhaps beyond until
	pinned bool // a commit under the lease is being written
}

func newLanes(base uint64) *lanes {
	return &lanes{
		sources: map[coranto.SourceID]*entry{},
		byName:  map[string]*lane{},
		held:    map[*lane]struct{}{},
		base:    base,
	}
}

// claim leases lanes and returns the ids of the due sources of each, with the
// time until the next source of an unleased lane is due.
func (ls *lanes) claim(owner string, n, perLane int, now, until time.Time) ([]storage.Lease, [][]coranto.SourceID, time.Duration) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	ls.expire(now)
	var leases []storage.Lease
	var due [][]coranto.SourceID
	for perLane > 0 && len(leases) < n && len(ls.free) > 0 && !ls.free[0].due().After(now) {
		l := ls.free[0]
		l.epoch++
		l.owner, l.until, l.leased = owner, until, true
		ls.free.put(l, false)
		ls.held[l] = struct{}{}
		due = append(due, l.take(perLane, now))
		ref := storage.LeaseRef{Lane: l.name, Epoch: l.epoch, Owner: owner}
		leases = append(leases, storage.Lease{LeaseRef: ref, Until: until})
	}
	return leases, due, ls.wait(now)
}

// wait is the time until the next source of a free lane is due.
func (ls *lanes) wait(now time.Time) time.Duration {
	if len(ls.free) == 0 {
		return -1
	}
	return max(0, ls.free[0].due().Sub(now))
}

// expire makes lanes claimable whose lease ran out. Their lease stays valid
// until they are claimed.
func (ls *lanes) expire(now time.Time) {
	for l := range ls.held {
		ls.place(l, now)
	}
}

// place puts a lane where it belongs after any change of it.
func (ls *lanes) place(l *lane, now time.Time) {
	held := l.pinned || l.leased && now.Before(l.until)
	if held {
		ls.held[l] = struct{}{}
	} else {
		delete(ls.held, l)
	}
	ls.free.put(l, !held && len(l.queue) > 0)
}

// extend renews the leases that are still valid.
func (ls *lanes) extend(refs []storage.LeaseRef, now, until time.Time) []bool {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	valid := make([]bool, len(refs))
	for i, ref := range refs {
		l := ls.byName[ref.Lane]
		if valid[i] = l != nil && l.holds(ref); valid[i] {
			l.until = until
			ls.place(l, now)
		}
	}
	return valid
}

// pin checks the lease of a visit and, until the visit is settled, keeps others
// from claiming the lane. The error is ErrNotFound or ErrLeaseLost.
func (ls *lanes) pin(v *storage.Visit, now time.Time) error {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	e := ls.sources[v.Source]
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
	ls.place(e.lane, now)
	return nil
}

// settle ends what pin began. A visit that was stored decides when its source
// is due again and may give the lane back.
func (ls *lanes) settle(v *storage.Visit, stored bool, now time.Time) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if l := ls.byName[v.Lease.Lane]; l != nil && l.holds(v.Lease) {
		l.pinned = false
		l.leased = !(stored && v.Release)
		ls.place(l, now)
	}
	if e := ls.sources[v.Source]; stored && e != nil {
		e.setState(&v.State)
		ls.move(e, e.lane, now)
	}
}

// hint makes sources due at once, but those that are not visited at all.
func (ls *lanes) hint(ids []coranto.SourceID, now time.Time) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	for _, id := range ids {
		if e := ls.sources[id]; e != nil && !e.idle {
			e.hint, e.hinted = hintWaiting, now
			ls.move(e, e.lane, now)
		}
	}
}

// describe takes in a source that was created or changed.
func (ls *lanes) describe(s *coranto.Source, state *storage.SourceState, now time.Time) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	e := ls.sources[s.ID]
	if e == nil {
		e = &entry{id: s.ID, index: -1}
		e.setState(state)
		ls.sources[s.ID] = e
	}
	e.idle = s.Paused || s.Retired
	ls.move(e, ls.named(s.Host()), now)
}

// postpone takes a source whose record is damaged out of the queue.
func (ls *lanes) postpone(id coranto.SourceID, now time.Time) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if e := ls.sources[id]; e != nil {
		e.idle = true
		ls.move(e, e.lane, now)
	}
}

// move puts an entry into a lane, at the place that its time gives it.
func (ls *lanes) move(e *entry, to *lane, now time.Time) {
	if from := e.lane; from != nil && from != to {
		from.queue.put(e, false)
		ls.place(from, now)
	}
	e.lane = to
	to.queue.put(e, !e.idle && (!e.gone || e.hint != hintNone))
	ls.place(to, now)
}

func (ls *lanes) named(name string) *lane {
	l := ls.byName[name]
	if l == nil {
		l = &lane{name: name, index: -1, epoch: ls.base}
		ls.byName[name] = l
	}
	return l
}

func (ls *lanes) count() int {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	return len(ls.sources)
}

// take returns the sources that are due, the longest due first.
func (l *lane) take(limit int, now time.Time) []coranto.SourceID {
	var taken []*entry
	for len(l.queue) > 0 && len(taken) < limit && !l.queue[0].due().After(now) {
		taken = append(taken, heap.Pop(&l.queue).(*entry))
	}
	ids := make([]coranto.SourceID, 0, len(taken))
	for _, e := range taken {
		if e.hint == hintWaiting {
			e.hint = hintTaken
		}
		ids = append(ids, e.id)
		l.queue.put(e, true)
	}
	return ids
}

func (l *lane) holds(ref storage.LeaseRef) bool {
	return l.leased && l.epoch == ref.Epoch && l.owner == ref.Owner
}

func (l *lane) due() time.Time { return l.queue[0].due() }

func (l *lane) before(other *lane) bool { return l.queue[0].before(other.queue[0]) }

func (l *lane) place() *int { return &l.index }

func (e *entry) setState(s *storage.SourceState) {
	e.next, e.gone = storable(s.Next), s.Outcome == storage.OutcomeGone
	if e.hint == hintTaken {
		e.hint = hintNone
	}
}

func (e *entry) due() time.Time {
	if e.hint != hintNone && e.hinted.Before(e.next) {
		return e.hinted
	}
	return e.next
}

func (e *entry) before(other *entry) bool {
	if c := e.due().Compare(other.due()); c != 0 {
		return c < 0
	}
	return e.id < other.id
}

func (e *entry) place() *int { return &e.index }

// queue is a heap whose elements know their place in it.
type queue[T queued[T]] []T

type queued[T any] interface {
	before(T) bool
	place() *int // index in the queue; -1 outside
}

// put adds, moves or removes an element, whichever makes it a member or not.
func (q *queue[T]) put(x T, member bool) {
	switch i := *x.place(); {
	case i < 0 && member:
		heap.Push(q, x)
	case i >= 0 && member:
		heap.Fix(q, i)
	case i >= 0:
		heap.Remove(q, i)
	}
}

func (q queue[T]) Len() int           { return len(q) }
func (q queue[T]) Less(i, j int) bool { return q[i].before(q[j]) }

func (q queue[T]) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	*q[i].place(), *q[j].place() = i, j
}

// Push implements heap.Interface.
func (q *queue[T]) Push(x any) {
	*x.(T).place() = len(*q)
	*q = append(*q, x.(T))
}

// Pop implements heap.Interface.
func (q *queue[T]) Pop() any {
	last := len(*q) - 1
	x := (*q)[last]
	*x.place() = -1
	(*q)[last] = *new(T)
	*q = (*q)[:last]
	return x
}
