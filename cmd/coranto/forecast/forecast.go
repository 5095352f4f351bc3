// Package forecast tells for how long nothing new is expected in a category or from a
// source: until the earliest planned visit to a source that items may come from.
//
// It looks at the store about once a minute; in between, who asks costs nothing. Where
// a hub tells of changes nothing can be foretold, and neither can it for the whole
// site.
package forecast

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/storage"
)

// lookEvery is the time between two looks at the store.
const lookEvery = time.Minute

// Options configures a Forecast. Store and Now are required.
type Options struct {
	Store      storage.Store
	Categories []coranto.Category // those with Include take items of every source
	Now        coranto.Clock
	Logger     *slog.Logger // nil logs nothing
}

// Forecast knows when sources are visited next. It is safe for concurrent use. Before
// the first Look it knows nothing.
type Forecast struct {
	opts  Options
	plans atomic.Pointer[plans]
}

// plans are the earliest planned visits by scope. A scope of none is not there.
type plans map[feeds.Scope]time.Time

// New returns a Forecast.
func New(opts Options) *Forecast {
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	f := &Forecast{opts: opts}
	f.plans.Store(&plans{})
	return f
}

// Fresh is for how long nothing new is expected in a scope; 0 or less when nobody
// knows.
func (f *Forecast) Fresh(scope feeds.Scope) time.Duration {
	at, ok := (*f.plans.Load())[scope]
	if !ok {
		return 0
	}
	return at.Sub(f.opts.Now())
}

// Run looks at the store until ctx ends. What it saw last stays when it can't look, and
// is soon over.
func (f *Forecast) Run(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if err := f.Look(ctx); err != nil && ctx.Err() == nil {
			f.opts.Logger.Warn("planned visits are not known; caches keep documents shortly", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Look reads once from the store when sources are visited next.
func (f *Forecast) Look(ctx context.Context) error {
	next := make(plans)
	for rec, err := range f.opts.Store.Sources(ctx, storage.SourceQuery{}) {
		if err != nil {
			return fmt.Errorf("read planned visits: %w", err)
		}
		if rec.Paused || rec.Retired || rec.State.Outcome == storage.OutcomeGone {
			continue // nothing comes from it
		}
		f.add(next, &rec)
	}
	f.plans.Store(&next)
	return nil
}

// add takes a source into account wherever its items may be filed.
func (f *Forecast) add(next plans, rec *storage.SourceRecord) {
	at := rec.State.Next
	if rec.State.Push.Subscription.Active(f.opts.Now()) {
		at = time.Time{} // it may have something at any time
	}
	next.lower(feeds.SourceScope(rec.ID), at)
	for _, slug := range rec.Categories {
		next.lower(feeds.CategoryScope(slug), at)
	}
	for i := range f.opts.Categories {
		if c := &f.opts.Categories[i]; len(c.Include) > 0 {
			next.lower(feeds.CategoryScope(c.Slug), at)
		}
	}
}

func (p plans) lower(scope feeds.Scope, at time.Time) {
	if first, ok := p[scope]; !ok || at.Before(first) {
		p[scope] = at
	}
}
