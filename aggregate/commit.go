package aggregate

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/coranto/coranto/storage"
)

// A commit costs a flush of the disk, so visits share them. One that brought
// items, or an origin's wish to be left alone, waits for others a moment at most; any
// other, which a crash would cost no more than another conditional request, waits longer.
const (
	urgentVisits = 64
	urgentBytes  = 4 << 20
	urgentIdle   = 10 * time.Millisecond
	urgentWait   = 250 * time.Millisecond
	lazyVisits   = 2000
	lazyWait     = 2 * time.Second  // of the daemon
	roundWait    = 30 * time.Second // of a round, which ends anyway

	// storeWait is the pause before a commit is tried again that could not be
	// stored.
	storeWait = 5 * time.Second
)

// batch is visits that will be committed together.
type batch struct {
	visits  []storage.Visit
	asides  []aside // of each visit
	urgent  int     // of visits: those that don't wait long
	bytes   int     // of their content
	began   time.Time
	pressed time.Time // when the first urgent one came
}

// newBatch has room for as many visits as are expected at once.
func newBatch(expected int) *batch {
	room := min(expected, lazyVisits)
	return &batch{visits: make([]storage.Visit, 0, room), asides: make([]aside, 0, room)}
}

func (b *batch) add(f finished, now time.Time) {
	if len(b.visits) == 0 {
		b.began = now
	}
	b.visits, b.asides = append(b.visits, f.visit), append(b.asides, f.aside)
	if len(f.visit.Items) == 0 && !f.urgent {
		return
	}
	if b.urgent == 0 {
		b.pressed = now
	}
	b.urgent++
	for i := range f.visit.Items {
		b.bytes += len(f.visit.Items[i].Content)
	}
}

// empty makes room for other visits.
func (b *batch) empty() {
	clear(b.visits) // what they hold is the collector's
	clear(b.asides)
	*b = batch{visits: b.visits[:0], asides: b.asides[:0]}
}

func (b *batch) full() bool {
	return b.urgent >= urgentVisits || b.bytes >= urgentBytes || len(b.visits) >= lazyVisits
}

// wait is how long the batch may stay open if nothing more arrives.
func (b *batch) wait(now time.Time, lazy time.Duration) time.Duration {
	if b.urgent > 0 {
		return max(0, min(urgentIdle, b.pressed.Add(urgentWait).Sub(now)))
	}
	return max(0, b.began.Add(lazy).Sub(now))
}

// commitAll commits visits as they arrive until there are no more of them. When
// the store fails it ends the run, and still takes what arrives, so that no
// worker is stuck.
func (c *crew) commitAll() error {
	b := newBatch(c.terms.expected)
	timer := time.NewTimer(c.terms.lazyWait)
	defer timer.Stop()
	for {
		select {
		case f, open := <-c.done:
			if !open {
				return c.commit(b)
			}
			if !f.silent {
				c.terms.observer.visited()
			}
			now := time.Now()
			b.add(f, now)
			if !b.full() {
				timer.Reset(b.wait(now, c.terms.lazyWait))
				continue
			}
		case <-timer.C:
		}
		if err := c.commit(b); err != nil {
			c.cancel()
			for range c.done {
			}
			return err
		}
	}
}

// commit stores a batch and empties it, and gives back the lanes that end with
// it.
func (c *crew) commit(b *batch) error {
	if len(b.visits) == 0 {
		return nil
	}
	results, err := c.store(b.visits)
	if err != nil {
		return fmt.Errorf("commit %d visits: %w", len(b.visits), err)
	}
	kept := c.keepStates(b, results)
	var ended []storage.LeaseRef
	for i := range b.visits {
		ref, aside := b.visits[i].Lease, &b.asides[i]
		if aside.last && (kept[i] || settled(results[i].Err)) {
			ended = append(ended, ref)
		} else if aside.last {
			// The source is still due. Its lane stays closed until the lease
			// has run out, so that it is not tried again at once.
			c.holds.Drop(ref)
		}
		if !aside.silent {
			c.terms.observer.stored(c.a.told(aside.report, results[i]))
		}
	}
	c.giveBack(ended)
	b.empty()
	return nil
}

// settled reports whether a visit is over for the store: stored, or of a source
// or lease that is not there any more.
func settled(err error) bool {
	return err == nil || errors.Is(err, storage.ErrLeaseLost) || errors.Is(err, storage.ErrNotFound)
}

// store commits. A patient crew tries again what could not be stored for now, as
// when the disk is full (R07): what was fetched is not lost, and nothing more is
// fetched meanwhile, because the workers wait too.
func (c *crew) store(visits []storage.Visit) ([]storage.VisitResult, error) {
	// A run that ends still stores what it has seen.
	ctx := context.WithoutCancel(c.ctx)
	results, err := c.a.store.Commit(ctx, visits)
	for c.ctx.Err() == nil {
		again, cause := late(results, err)
		made := cause != nil && c.a.room != nil && c.a.room(c.ctx)
		if cause == nil || !made && !c.terms.patient {
			break
		}
		if !made {
			c.a.log.Error("store can't be written; fetching waits (is the disk full?)", "err", cause)
			rest(c.ctx, storeWait, nil, nil)
		}
		if err != nil {
			results, err = c.a.store.Commit(ctx, visits)
			continue
		}
		if lateErr := c.storeAgain(ctx, visits, results, again); lateErr != nil && !passing(lateErr) {
			return results, lateErr
		}
	}
	return results, err
}

// storeAgain commits some of the visits again and puts their results in place.
func (c *crew) storeAgain(
	ctx context.Context, visits []storage.Visit, results []storage.VisitResult, again []int,
) error {
	retried := make([]storage.Visit, len(again))
	for k, i := range again {
		retried[k] = visits[i]
	}
	late, err := c.a.store.Commit(ctx, retried)
	if err != nil {
		return err
	}
	for k, i := range again {
		results[i] = late[k]
	}
	return nil
}

// late is which visits of a commit could not be stored for now, and why; a
// nil cause when there are none.
func late(results []storage.VisitResult, err error) (again []int, cause error) {
	if err != nil {
		if passing(err) {
			return nil, err
		}
		return nil, nil
	}
	for i := range results {
		if e := results[i].Err; passing(e) {
			again, cause = append(again, i), e
		}
	}
	return again, cause
}

// passing reports errors that time or the operator may mend while the program
// runs.
func passing(err error) bool {
	for _, e := range []error{storage.ErrFull, syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EROFS} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// told completes a report with what the commit found out.
func (a *Aggregator) told(r Report, result storage.VisitResult) Report {
	r.New, r.Updated = result.New, result.Updated
	if r.Outcome == storage.OutcomeNew && r.New+r.Updated == 0 {
		r.Outcome = storage.OutcomeUnchanged
	}
	if result.Err != nil {
		r.Outcome, r.Err = storage.OutcomeFailed, &Error{r.Source, StageCommit, result.Err}
	}
	a.logVisit(r)
	return r
}

func (a *Aggregator) logVisit(r Report) {
	switch {
	case errors.Is(r.Err, ErrWait), errors.Is(r.Err, ErrSilent), errors.Is(r.Err, ErrOffline):
		a.log.Debug("source not refreshed", "source", string(r.Source), "err", r.Err, "next", r.Next)
	case r.Err != nil:
		a.log.Warn("source not refreshed", "source", string(r.Source), "err", r.Err, "next", r.Next)
	case r.New+r.Updated > 0:
		a.log.Info("source refreshed", "source", string(r.Source), "new", r.New, "updated", r.Updated)
	default:
		a.log.Debug("source unchanged", "source", string(r.Source), "outcome", string(r.Outcome))
	}
	for _, p := range r.Problems {
		a.log.Debug("problem", "source", string(r.Source), "code", p.Code, "place", p.Place, "text", p.Text)
	}
}
