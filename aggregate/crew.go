package aggregate

import (
	"context"
	"sync"
	"time"

	"github.com/coranto/coranto/storage"
)

// crew is the workers of one run with their committer. A lane that it takes is
// held until its last visit is committed, and its lease is renewed meanwhile.
type crew struct {
	a        *Aggregator
	ctx      context.Context // ends when the caller's does or the store fails
	cancel   context.CancelFunc
	lanes    chan storage.Lease // unbuffered: taking a lane waits for a free worker
	done     chan finished
	returned chan struct{} // a hint that lanes were given back
	expected int           // visits; 0 when nobody knows

	workers, committer, renewer sync.WaitGroup

	commitErr error // of the committer, once that is done

	mu   sync.Mutex
	held map[storage.LeaseRef]bool // true: lost, so that nothing of it may be visited any more
}

// finished is a visit on its way to the store.
type finished struct {
	visit  storage.Visit
	report Report
}

// newCrew begins a run of as many visits as are expected, 0 when nobody knows.
func (a *Aggregator) newCrew(ctx context.Context, expected int, report func(Report)) *crew {
	c := &crew{
		a:        a,
		lanes:    make(chan storage.Lease),
		done:     make(chan finished, a.workers),
		returned: make(chan struct{}, 1),
		expected: expected,
		held:     make(map[storage.LeaseRef]bool),
	}
	c.ctx, c.cancel = context.WithCancel(ctx)
	for range a.workers {
		c.workers.Go(c.work)
	}
	c.committer.Go(func() { c.commitErr = c.commitAll(report) })
	c.renewer.Go(c.renew)
	return c
}

// take hands a lane to the next free worker. An empty lane, and every lane once
// the run has ended, is given back instead.
func (c *crew) take(lease storage.Lease) {
	c.mu.Lock()
	c.held[lease.LeaseRef] = false
	c.mu.Unlock()
	if len(lease.Due) == 0 {
		return // finish gives it back
	}
	select {
	case c.lanes <- lease:
	case <-c.ctx.Done():
	}
}

// finish waits for the visits that were begun and for their commits, gives back
// what is still held, and returns the store's error if that ended the run.
func (c *crew) finish() error {
	close(c.lanes)
	c.workers.Wait()
	close(c.done)
	c.committer.Wait()
	c.cancel()
	c.renewer.Wait()
	refs := c.holding()
	if len(refs) > 0 {
		// The run is over even if ctx is; a lease not given back would only
		// make the next claim wait.
		if _, err := c.a.store.Extend(context.WithoutCancel(c.ctx), refs, 0); err != nil {
			c.a.log.Warn("leases not given back", "err", err)
		}
	}
	return c.commitErr
}

func (c *crew) work() {
	for lease := range c.lanes {
		c.visit(lease)
	}
}

// visit refreshes the sources of a lane one after another.
func (c *crew) visit(lease storage.Lease) {
	for i := range lease.Due {
		if c.lost(lease.LeaseRef) {
			c.a.log.Warn("lane lost to another node", "host", lease.Lane)
			return
		}
		visit, report, ok := c.a.Refresh(c.ctx, lease.Due[i])
		if !ok {
			return
		}
		visit.Lease = lease.LeaseRef
		visit.Release = i == len(lease.Due)-1
		c.done <- finished{visit, report}
	}
}

// renew extends the leases that are held, long before they run out.
func (c *crew) renew() {
	tick := time.NewTicker(leaseTime / 3)
	defer tick.Stop()
	for {
		select {
		case <-c.ctx.Done():
			return
		case <-tick.C:
		}
		refs := c.holding()
		kept, err := c.a.store.Extend(c.ctx, refs, leaseTime)
		if err != nil {
			c.a.log.Warn("leases not renewed", "err", err)
			continue
		}
		c.mu.Lock()
		for i, ref := range refs {
			if _, ok := c.held[ref]; ok && !kept[i] {
				c.held[ref] = true
			}
		}
		c.mu.Unlock()
	}
}

func (c *crew) holding() []storage.LeaseRef {
	c.mu.Lock()
	defer c.mu.Unlock()
	refs := make([]storage.LeaseRef, 0, len(c.held))
	for ref := range c.held {
		refs = append(refs, ref)
	}
	return refs
}

func (c *crew) lost(ref storage.LeaseRef) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held[ref]
}

// release forgets a lane that its last visit's commit gave back.
func (c *crew) release(ref storage.LeaseRef) {
	c.mu.Lock()
	delete(c.held, ref)
	c.mu.Unlock()
	select {
	case c.returned <- struct{}{}:
	default:
	}
}
