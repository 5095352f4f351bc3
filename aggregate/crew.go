package aggregate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/coranto/coranto/aggregate/answer"
	"github.com/coranto/coranto/aggregate/holds"
	"github.com/coranto/coranto/aggregate/persist"
	"github.com/coranto/coranto/aggregate/schedule"
	"github.com/coranto/coranto/storage"
)

// crew is the workers of one run with their committer. A lane that it takes is
// held until its last visit is committed, and its lease is renewed meanwhile.
type crew struct {
	a        *Aggregator
	terms    terms
	persist  persist.Committer
	ctx      context.Context // ends when the caller's does or the store fails
	cancel   context.CancelFunc
	lanes    chan storage.Lease // unbuffered: handing a lane over waits for a free worker
	done     chan finished
	returned chan struct{} // a hint that lanes were given back
	holds    *holds.Leases

	workers, committer, renewer sync.WaitGroup

	commitErr error // of the committer, once that is done
}

// terms are what a crew is called together for.
type terms struct {
	observer Observer
	expected int           // visits; 0 when nobody knows
	lazyWait time.Duration // for which visits without items wait for others
	spread   bool          // sources that became due in an absence are put off
	patient  bool          // a store that can't be written is tried again until the run ends
}

// finished is a visit on its way to the store.
type finished struct {
	visit storage.Visit
	aside
}

// aside is what goes with a visit and is not stored.
type aside struct {
	report Report
	rec    *storage.SourceRecord // as it was before the visit
	lost   *storage.SourceRecord // no visit: one is taken back, before which the source was this
	last   bool                  // of its lane
	urgent bool                  // does not wait long for others
	silent bool                  // nobody is told
}

func (a *Aggregator) newCrew(ctx context.Context, terms terms) *crew {
	c := &crew{
		a:        a,
		terms:    terms,
		persist:  persist.Committer{Store: a.store, Patient: terms.patient, Room: a.room, Log: a.log},
		lanes:    make(chan storage.Lease),
		done:     make(chan finished, a.workers),
		returned: make(chan struct{}, 1),
		holds:    holds.New(),
	}
	c.ctx, c.cancel = context.WithCancel(ctx)
	for range a.workers {
		c.workers.Go(c.work)
	}
	c.committer.Go(func() { c.commitErr = c.commitAll() })
	c.renewer.Go(c.renew)
	return c
}

// take hands lanes to workers as these become free. until is when their leases
// end at the soonest. Lanes without a source are given back at once, those that
// are left when the run ends by finish.
func (c *crew) take(leases []storage.Lease, until time.Time) {
	c.holds.Add(leases, until)
	for _, lease := range leases {
		if len(lease.Due) == 0 {
			c.giveBack([]storage.LeaseRef{lease.LeaseRef})
			continue
		}
		select {
		case c.lanes <- lease:
		case <-c.ctx.Done():
			return
		}
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
	c.giveBack(c.holds.List())
	return c.commitErr
}

// giveBack ends leases that no commit has ended. It does so after the run too: a
// lease that nobody uses would only make the next claim wait.
func (c *crew) giveBack(refs []storage.LeaseRef) {
	if len(refs) == 0 {
		return
	}
	if _, err := c.a.store.Extend(context.WithoutCancel(c.ctx), refs, 0); err != nil {
		c.a.log.Warn("leases not given back", "err", err)
	}
	for _, ref := range refs {
		c.release(ref)
	}
}

// release forgets a lease that is not ours any more.
func (c *crew) release(ref storage.LeaseRef) {
	c.holds.Drop(ref)
	select {
	case c.returned <- struct{}{}:
	default:
	}
}

func (c *crew) work() {
	for lease := range c.lanes {
		c.visit(lease)
	}
}

// visit refreshes the sources of a lane one after another.
func (c *crew) visit(lease storage.Lease) {
	for i := range lease.Due {
		if !c.holds.Sure(lease.LeaseRef, time.Now()) {
			c.a.log.Warn("lane lost", "host", lease.Lane)
			c.giveBack([]storage.LeaseRef{lease.LeaseRef})
			return
		}
		c.a.absence.Busy(c.a.now())
		f, ok := c.guarded(lease.Due[i])
		if !ok {
			return
		}
		f.visit.Lease, f.rec, f.last = lease.LeaseRef, &lease.Due[i], i == len(lease.Due)-1
		c.done <- f
		for _, rec := range c.a.network.Amended() {
			c.done <- finished{aside: aside{lost: &rec, silent: true}}
		}
	}
}

// turn refreshes a source unless it is put off. ok is false when the run ended.
func (c *crew) turn(rec storage.SourceRecord) (f finished, ok bool) {
	if c.a.unstored.Recall(&rec) && rec.State.Next.After(c.a.now()) {
		f.visit = storage.Visit{Source: rec.ID, State: rec.State}
		f.report, f.silent = unvisited(rec, errors.New(rec.State.LastError)), c.terms.spread
		return f, c.ctx.Err() == nil
	}
	if f.visit, f.report, ok = c.a.merged(c.ctx, &rec); ok {
		return f, c.ctx.Err() == nil
	}
	var told bool
	if f.visit, f.report, told = c.a.pushed(c.ctx, &rec); told {
		return f, c.ctx.Err() == nil
	}
	if c.terms.spread {
		if f.visit, f.report, f.silent = c.a.spread(rec); f.silent {
			return f, c.ctx.Err() == nil
		}
	}
	if until, why := c.a.hosts.Shut(hostOf(&rec), c.a.now()); why != nil {
		why = fmt.Errorf("%w: not before %s", why, until.UTC().Format(time.DateTime+" MST"))
		f.visit, f.report = c.a.putOff(rec, until, "", why)
		return f, c.ctx.Err() == nil
	}
	f.visit, f.report, ok = c.a.Refresh(c.ctx, rec)
	f.urgent = asksToWait(&f)
	return f, ok
}

// asksToWait reports whether an origin wants to be left alone, in words or because it has
// too much to do. Whatever becomes of the process, that must not be forgotten (P26).
func asksToWait(f *finished) bool {
	status, _ := answer.Refusal(f.report.Err)
	return !f.visit.State.Wait.IsZero() ||
		status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable
}

// putOff is the visit of a source whose host, or one that it is led to, is not to be
// asked now: it comes back when it is, not at the same moment as its neighbors, and
// nothing else of it changes. What another host than its own asked for is noted with it:
// the source to which that was said may be taken out of the file.
func (a *Aggregator) putOff(
	rec storage.SourceRecord, until time.Time, other string, why error,
) (storage.Visit, Report) {
	visit := storage.Visit{Source: rec.ID, State: rec.State}
	if errors.Is(why, ErrWait) {
		visit.State.Wait, visit.State.WaitHost = until.UTC(), other
	}
	next := until.Add(schedule.Spread(rec.ID, cmp.Or(rec.Every, rec.State.Interval, time.Hour)))
	if next.After(rec.State.Next) || !rec.State.Next.After(a.now()) {
		visit.State.Next = next.UTC()
	}
	report := unvisited(rec, why)
	report.Next = visit.State.Next
	return visit, report
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
		now := time.Now()
		refs, until := c.holds.SureOnes(now), now.Add(leaseTime)
		kept, err := c.a.store.Extend(c.ctx, refs, leaseTime)
		if err != nil {
			c.a.log.Warn("leases not renewed", "err", err)
			continue
		}
		c.holds.Renewed(refs, kept, until)
	}
}
