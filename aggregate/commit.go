package aggregate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/coranto/coranto/storage"
)

// A commit costs a flush of the disk, so visits share them. One that brought
// items waits for others a moment at most; one that brought none, which a crash
// would cost no more than another conditional request, waits longer.
const (
	urgentVisits = 64
	urgentBytes  = 4 << 20
	urgentIdle   = 10 * time.Millisecond
	urgentWait   = 250 * time.Millisecond
	lazyVisits   = 2000
	lazyWait     = 2 * time.Second

	// fullWait is the pause before a commit is tried again that found the disk
	// full.
	fullWait = 5 * time.Second
)

// batch is visits that will be committed together.
type batch struct {
	visits  []storage.Visit
	reports []Report // of each visit
	urgent  int      // of visits: those with items
	bytes   int      // of their content
	began   time.Time
	pressed time.Time // when the first urgent one came
}

// newBatch has room for as many visits as are expected at once.
func newBatch(expected int) *batch {
	room := min(expected, lazyVisits)
	return &batch{visits: make([]storage.Visit, 0, room), reports: make([]Report, 0, room)}
}

func (b *batch) add(f finished, now time.Time) {
	if len(b.visits) == 0 {
		b.began = now
	}
	b.visits, b.reports = append(b.visits, f.visit), append(b.reports, f.report)
	if len(f.visit.Items) == 0 {
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
	clear(b.reports)
	*b = batch{visits: b.visits[:0], reports: b.reports[:0]}
}

func (b *batch) full() bool {
	return b.urgent >= urgentVisits || b.bytes >= urgentBytes || len(b.visits) >= lazyVisits
}

// wait is how long the batch may stay open if nothing more arrives.
func (b *batch) wait(now time.Time) time.Duration {
	if b.urgent > 0 {
		return max(0, min(urgentIdle, b.pressed.Add(urgentWait).Sub(now)))
	}
	return max(0, b.began.Add(lazyWait).Sub(now))
}

// commitAll commits visits as they arrive until there are no more of them. When
// the store fails it ends the run, and still takes what arrives, so that no
// worker is stuck.
func (c *crew) commitAll(report func(Report)) error {
	b := newBatch(c.expected)
	timer := time.NewTimer(lazyWait)
	defer timer.Stop()
	for {
		select {
		case f, open := <-c.done:
			if !open {
				return c.commit(b, report)
			}
			now := time.Now()
			b.add(f, now)
			if !b.full() {
				timer.Reset(b.wait(now))
				continue
			}
		case <-timer.C:
		}
		if err := c.commit(b, report); err != nil {
			c.cancel()
			for range c.done {
			}
			return err
		}
	}
}

// commit stores a batch and empties it.
func (c *crew) commit(b *batch, report func(Report)) error {
	if len(b.visits) == 0 {
		return nil
	}
	results, err := c.store(b.visits)
	if err != nil {
		return fmt.Errorf("commit %d visits: %w", len(b.visits), err)
	}
	for i := range b.visits {
		if b.visits[i].Release {
			c.release(b.visits[i].Lease)
		}
		report(c.a.told(b.reports[i], results[i]))
	}
	b.empty()
	return nil
}

// store commits, and waits while the disk is full (R07): what was fetched is not
// lost, and nothing more is fetched, because the workers wait too.
func (c *crew) store(visits []storage.Visit) ([]storage.VisitResult, error) {
	for {
		// A run that ends still stores what it has seen.
		results, err := c.a.store.Commit(context.WithoutCancel(c.ctx), visits)
		full := errors.Is(err, storage.ErrFull)
		for i := range results {
			full = full || errors.Is(results[i].Err, storage.ErrFull)
		}
		if !full || c.ctx.Err() != nil {
			return results, err
		}
		c.a.log.Error("store full; fetching pauses", "err", errors.Join(err, storage.ErrFull))
		rest(c.ctx, fullWait, nil)
	}
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
