// Package calls gathers the Commit calls of many goroutines for the one that
// writes.
//
// Calls gather while the transaction before theirs is synced; nothing ever waits
// for more to come. A group of them, as many as wait within bounds, is written in
// one transaction. When that fails, each visit gets one of its own, so that a
// visit that can't be stored takes no other with it. Package calls knows nothing
// of the file: what a transaction is, it is told.
package calls

import (
	"context"
	"slices"
	"sync"

	"github.com/coranto/coranto/storage"
)

// A group is as many calls as wait, but not more than this.
const (
	maxGroupCalls = 64
	maxGroupBytes = 1 << 20
)

// Write stores visits in one transaction and fills in the Result of each. After
// an error nothing was stored. It is never called twice at the same time.
type Write func(visits []*Visit) error

// Queue holds the calls that wait for the writer. It is safe for concurrent use.
type Queue struct {
	write Write
	final func(error) bool

	mu      sync.Mutex
	waiting []*call
	closed  bool
	wake    chan struct{}
	done    chan struct{}
}

// New starts the writer of an empty queue; Close ends it. final tells the errors
// of write after which no other transaction is worth a try.
func New(write Write, final func(error) bool) *Queue {
	q := &Queue{
		write: write, final: final,
		wake: make(chan struct{}, 1), done: make(chan struct{}),
	}
	go q.run()
	return q
}

// Commit has visits written and returns their results, in the same order. The
// visits themselves are not changed. When ctx ends before the writer has begun
// with the call, nothing is stored and the error is that of ctx; after Close it
// is ErrClosed. A full store is an error of the visits that didn't fit, not of
// the call: they may be committed again later.
func (q *Queue) Commit(ctx context.Context, visits []storage.Visit) ([]storage.VisitResult, error) {
	c := newCall(visits)
	if !q.push(c) {
		return nil, storage.ErrClosed
	}
	if err := q.wait(ctx, c); err != nil {
		return nil, err
	}
	return c.results(), nil
}

// Close refuses further calls and returns when those before it are written.
func (q *Queue) Close() {
	q.mu.Lock()
	q.closed = true
	q.signal()
	q.mu.Unlock()
	<-q.done
}

// push queues a call; false when the queue is closed.
func (q *Queue) push(c *call) bool {
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
func (q *Queue) withdraw(c *call) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.waiting, c)
	if i >= 0 {
		q.waiting = slices.Delete(q.waiting, i, i+1)
	}
	return i >= 0
}

// take returns the next group; none when no call waits.
func (q *Queue) take() (group []*call, closed bool) {
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

func (q *Queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// wait returns when the call is done, or withdraws it when ctx ends before the
// writer has begun with it.
func (q *Queue) wait(ctx context.Context, c *call) error {
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
