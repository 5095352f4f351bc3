package operate

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
)

// overlap is how long a round waits for visits that were under way when it began.
const overlap = time.Minute

// Visits has a server's aggregator visit sources at a command's wish, while it visits
// others as they become due. The zero value is ready for use.
type Visits struct {
	mu   sync.Mutex
	ears map[*ear]bool
}

// ear hears of the visits that are not those of its round.
type ear struct {
	heard map[coranto.SourceID]aggregate.Report
	bell  chan struct{} // a hint that there is more
}

// Stored is told of each visit that becomes due.
func (v *Visits) Stored(r aggregate.Report) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for e := range v.ears {
		e.heard[r.Source] = r
		select {
		case e.bell <- struct{}{}:
		default:
		}
	}
}

func (v *Visits) listen() (e *ear, stop func()) {
	e = &ear{make(map[coranto.SourceID]aggregate.Report), make(chan struct{}, 1)}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ears == nil {
		v.ears = make(map[*ear]bool)
	}
	v.ears[e] = true
	return e, func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		delete(v.ears, e)
	}
}

// Round is that of the aggregator. A source that was in other hands at that moment is
// being visited as it is due, or will be next: its report is waited for.
func (v *Visits) Round(
	ctx context.Context, a *aggregate.Aggregator, call aggregate.Call, stored func(aggregate.Report),
) ([]aggregate.Report, error) {
	e, stop := v.listen()
	defer stop()
	var reports []aggregate.Report
	elsewhere := make(map[coranto.SourceID]aggregate.Report)
	err := a.Round(ctx, call, aggregate.Observer{Stored: func(r aggregate.Report) {
		if errors.Is(r.Err, aggregate.ErrElsewhere) {
			elsewhere[r.Source] = r
			return
		}
		reports = append(reports, r)
		stored(r)
	}})
	if err == nil {
		reports = append(reports, v.await(ctx, e, elsewhere)...)
	}
	return reports, err
}

// await returns the reports of visits in other hands. Those that take too long stay
// what they were.
func (v *Visits) await(
	ctx context.Context, e *ear, missing map[coranto.SourceID]aggregate.Report,
) (reports []aggregate.Report) {
	late := time.NewTimer(overlap)
	defer late.Stop()
	for {
		reports = append(reports, v.came(e, missing)...)
		if len(missing) == 0 {
			return reports
		}
		select {
		case <-e.bell:
		case <-late.C:
			return slices.AppendSeq(reports, maps.Values(missing))
		case <-ctx.Done():
			return slices.AppendSeq(reports, maps.Values(missing))
		}
	}
}

// came moves out of missing what was heard of it.
func (v *Visits) came(
	e *ear, missing map[coranto.SourceID]aggregate.Report,
) (reports []aggregate.Report) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for id := range missing {
		if r, ok := e.heard[id]; ok {
			delete(missing, id)
			reports = append(reports, r)
		}
	}
	return reports
}
