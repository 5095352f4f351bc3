package aggregate

import (
	"errors"
	"fmt"
	"time"

	"github.com/coranto/coranto/aggregate/persist"
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
)

// batch is visits that will be committed together.
type batch struct {
	visits  []storage.Visit
	asides  []aside                // of each visit
	lost    []storage.SourceRecord // whose visits are taken back, as they were before
	urgent  int                    // of visits: those that don't wait long
	bytes   int                    // of their content
	began   time.Time
	pressed time.Time // when the first urgent one came
}

// newBatch has room for as many visits as are expected at once.
func newBatch(expected int) *batch {
	room := min(expected, lazyVisits)
	return &batch{visits: make([]storage.Visit, 0, room), asides: make([]aside, 0, room)}
}

func (b *batch) add(f finished, now time.Time) {
	if f.lost != nil {
		b.lost = append(b.lost, *f.lost)
		return
	}
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
	lost := b.lost
	if len(b.visits) == 0 {
		b.empty()
		return c.takeBack(lost)
	}
	results, err := c.persist.Commit(c.ctx, b.visits)
	if err != nil {
		return fmt.Errorf("commit %d visits: %w", len(b.visits), err)
	}
	kept := c.keepStates(b, results)
	var ended []storage.LeaseRef
	for i := range b.visits {
		ref, aside := b.visits[i].Lease, &b.asides[i]
		if aside.last && (kept[i] || persist.Settled(results[i].Err)) {
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
	return c.takeBack(lost)
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
