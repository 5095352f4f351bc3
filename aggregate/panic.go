package aggregate

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/coranto/coranto/storage"
)

// ErrPanic is the cause of a failure that is this program's or a library's: reading
// the source met what it was not written for.
var ErrPanic = errors.New("reading the source made the program panic; please report it")

// guarded makes a turn. A panic in it is the failure of one visit and delays no other
// source (R11); all stages of a visit run on the worker's own goroutine.
func (c *crew) guarded(rec storage.SourceRecord) (f finished, ok bool) {
	defer func() {
		if cause := recover(); cause != nil {
			err := fmt.Errorf("%w: %v", ErrPanic, cause)
			c.a.log.Error("visit panicked", "source", string(rec.ID), "url", rec.URL, "err", err,
				"stack", string(debug.Stack()))
			f, ok = c.a.failed(rec, err), c.ctx.Err() == nil
		}
	}()
	return c.turn(rec)
}

// failed is a visit that came to nothing but an error.
func (a *Aggregator) failed(rec storage.SourceRecord, err error) (f finished) {
	f.visit = storage.Visit{Source: rec.ID, State: rec.State}
	a.settle(&f.visit, rec, nil, nil, err)
	f.report = Report{
		Source: rec.ID, Title: rec.Attribution().Title, Outcome: f.visit.State.Outcome,
		Next: f.visit.State.Next, Err: &Error{rec.ID, StageList, err},
	}
	return f
}
