package main

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/cmd/coranto/config"
)

// edition is what one version of the file makes of the store: a crew that visits
// its sources and a handler that publishes.
type edition struct {
	config  *config.Config
	handler http.Handler
	failed  atomic.Pointer[error] // what ended the visits; nil while they go on
	cancel  context.CancelFunc
	work    sync.WaitGroup
	idle    func() // closes connections to origins
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
	return nil
}

func (d *daemon) edition(c *config.Config) (*edition, error) {
	out, err := d.outbound(c, d.store)
	if err != nil {
		return nil, err
	}
	client := d.client(c)
	d.warnInsecure(c)
	agg := d.aggregator(c, d.store, client)
	if err := d.refile(d.ctx, agg); err != nil {
		return nil, err
	}
	e := &edition{config: c, idle: client.CloseIdle}
	hubs := d.subscriber(c, client, agg)
	e.handler = withCallback(c, hubs, d.publicHandler(out, e))
	ctx, cancel := context.WithCancel(d.ctx)
	e.cancel = cancel
	e.work.Go(func() {
		if err := out.publisher.Follow(ctx); err != nil && ctx.Err() == nil {
			d.log.Error("published documents are not renewed", "err", err)
		}
	})
	e.work.Go(func() { hubs.Run(ctx) })
	e.work.Go(func() { d.keeper(c, d.store).Run(ctx) })
	e.work.Go(func() {
		if err := agg.Run(ctx, aggregate.Observer{Stored: func(r aggregate.Report) {
			if r.Hub {
				hubs.Look(r.Source)
			}
		}}); err != nil {
			e.failed.Store(&err)
			d.log.Error("nothing is fetched any more", "err", err)
		}
	})
	return e, nil
}
