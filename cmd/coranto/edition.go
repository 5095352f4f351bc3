package main

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/forecast"
	"github.com/coranto/coranto/cmd/coranto/hubs"
	"github.com/coranto/coranto/cmd/coranto/operate"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/storage"
)

// edition is what one version of the file makes of the store: a crew that visits
// its sources and a handler that publishes.
type edition struct {
	config  *config.Config
	handler http.Handler
	failed  atomic.Pointer[error] // what ended the visits; nil while they go on
	cancel  context.CancelFunc
	stored  func() error // why outcomes can't be stored; nil when they can
	work    sync.WaitGroup
	idle    func() // closes connections to origins
	plans   *forecast.Forecast
	hub     *hubs.Hub // nil in one that only reads

	ctx    context.Context // ends with it
	store  storage.Store
	crew   *aggregate.Aggregator
	visits operate.Visits         // by commands
	told   func(aggregate.Report) // what follows from a visit
}

// stop ends the visits and waits for their outcomes to be stored. The handler
// goes on with what it has.
func (e *edition) stop() {
	e.cancel()
	e.work.Wait()
	e.idle()
}

// ready is nil when visits go on and their outcomes can be stored.
func (e *edition) ready() error {
	if err := e.failed.Load(); err != nil {
		return *err
	}
	return e.stored()
}

// readOnlyNotice is why a read-only server fetches nothing.
const readOnlyNotice = "read-only: what is stored is served, nothing is fetched"

// halted is why nothing is fetched, "" while it is.
func (d *daemon) halted() string {
	if d.readOnly {
		return readOnlyNotice
	}
	if err := d.live.Load().ready(); err != nil {
		return err.Error()
	}
	return ""
}

func (d *daemon) edition(c *config.Config) (*edition, error) {
	c.Site.Hubs = hubs.OfServer(c)
	out, err := d.outbound(c, d.store, 0)
	if err != nil {
		return nil, err
	}
	if d.readOnly {
		return d.reading(c, out), nil
	}
	client := d.client(c)
	d.warnInsecure(c)
	agg := d.aggregator(c, d.store, client)
	if err := d.refile(d.ctx, agg); err != nil {
		return nil, err
	}
	e := &edition{config: c, idle: client.CloseIdle, stored: d.hindered}
	e.plans = d.forecast(c)
	told := d.subscriber(c, client, agg)
	e.hub = hubs.New(c, d.store, out.publisher, client, d.log)
	e.handler = hubs.Front(c.Site.URL, d.publicHandler(out, e),
		map[string]http.Handler{pushPath: told, hubs.Path: e.hub.Handler()})
	ctx := d.follow(e, out)
	e.ctx, e.store, e.crew = ctx, d.store, agg
	e.told = func(r aggregate.Report) {
		if r.Hub {
			told.Look(r.Source)
		}
	}
	e.work.Go(func() { told.Run(ctx) })
	e.work.Go(func() { e.hub.Run(ctx) })
	e.work.Go(func() { d.keeper(c, d.store).Run(ctx) })
	e.work.Go(func() { d.backups.Run(ctx, plan(c)) })
	e.work.Go(func() {
		if err := agg.Run(ctx, aggregate.Observer{Stored: func(r aggregate.Report) {
			e.told(r)
			e.visits.Stored(r)
		}}); err != nil {
			e.failed.Store(&err)
			d.log.Error("nothing is fetched any more", "err", err)
		}
	})
	return e, nil
}

// reading is an edition that publishes what is stored, and does nothing else.
func (d *daemon) reading(c *config.Config, out *outbound) *edition {
	e := &edition{config: c, idle: func() {}, stored: func() error { return nil }}
	e.plans = d.forecast(c)
	e.handler = d.publicHandler(out, e)
	d.follow(e, out)
	return e
}

// forecast knows when there may be something new.
func (d *daemon) forecast(c *config.Config) *forecast.Forecast {
	return forecast.New(forecast.Options{
		Store: d.store, Categories: c.Site.Categories, Now: time.Now, Logger: d.log,
	})
}

// follow keeps what is published up to date until the context ends that it returns, and
// that stop ends.
func (d *daemon) follow(e *edition, out *outbound) context.Context {
	ctx, cancel := context.WithCancel(d.ctx)
	e.cancel = cancel
	e.work.Go(func() { e.plans.Run(ctx) })
	e.work.Go(func() {
		if err := out.publisher.Follow(ctx); err != nil && ctx.Err() == nil {
			d.log.Error("published documents are not renewed", "err", err)
		}
	})
	return ctx
}

// round visits sources at a command's wish.
func (e *edition) round(ctx context.Context, call aggregate.Call) (*show.Round, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(e.ctx, cancel)()
	before, err := e.store.Stats(ctx)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	reports, err := e.visits.Round(ctx, e.crew, call, e.told)
	if err != nil {
		return nil, err
	}
	stats, err := e.store.Stats(ctx)
	stats.ItemWrites -= before.ItemWrites
	stats.Commits -= before.Commits
	return show.NewRound(reports, stats, time.Since(began)), err
}
