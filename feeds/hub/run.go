package hub

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/hub/wave"
	"github.com/coranto/coranto/storage"
)

const (
	saveEvery = 10 * time.Second // the place in the log, at most
	grace     = 2 * time.Second  // for deliveries under way when they are to end
	lastSave  = 5 * time.Second  // for what is to be stored at the end
)

// Run asks callbacks and delivers until ctx ends and what was under way has ended. It
// outlives failures of the store.
func (h *Hub) Run(ctx context.Context) {
	h.mu.Lock()
	h.ctx = ctx
	h.mu.Unlock()
	for ctx.Err() == nil {
		held, release := h.takeTurn(ctx)
		if held != nil {
			h.work(held)
		}
		release()
		pause(ctx, h.opts.Turn/turnParts)
	}
	h.mu.Lock()
	h.ctx = nil // from here on nothing is spawned
	h.mu.Unlock()
	h.crew.Wait()
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// spawn runs f if the hub runs. The caller holds h.mu.
func (h *Hub) spawn(f func(context.Context)) bool {
	if h.ctx == nil || h.ctx.Err() != nil {
		return false
	}
	ctx := h.ctx
	h.crew.Go(func() { f(ctx) })
	return true
}

// work delivers while it is this process's turn, until ctx ends.
func (h *Hub) work(ctx context.Context) {
	from, err := h.begin(ctx)
	if err != nil {
		h.complain(err)
		return
	}
	flying, land := context.WithCancel(context.WithoutCancel(ctx))
	defer land()
	h.mu.Lock()
	h.delivering = flying
	h.owe()
	h.mu.Unlock()
	saving := make(chan struct{})
	go func() {
		defer close(saving)
		h.saveSoiled(ctx)
	}()
	last := h.now()
	wave.Follow(ctx, h.store, from, wave.Follower{Take: h.take, Fail: h.complain,
		Beat: func(ctx context.Context) {
			h.mu.Lock()
			h.line.wake(h.now())
			h.dispatch()
			h.mu.Unlock()
			if now := h.now(); now.Sub(last) >= saveEvery || now.Before(last) {
				last = now
				h.keep(ctx)
			}
		}})
	h.mu.Lock()
	h.delivering = nil
	h.mu.Unlock()
	defer time.AfterFunc(grace, land).Stop()
	h.flights.Wait()
	<-saving
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastSave)
	defer cancel()
	if err := h.checkpoint(ctx); err != nil {
		h.complain(err)
	}
}

// begin reads what is stored and returns the place in the log from which to go on.
// Without one, every topic is looked at.
func (h *Hub) begin(ctx context.Context) (storage.Cursor, error) {
	if _, err := h.sync(ctx); err != nil {
		return "", err
	}
	place, err := h.value(ctx, cursorName)
	if err != nil {
		return "", err
	}
	h.place = place
	if len(place) > 0 {
		return storage.Cursor(place[1:]), nil
	}
	end, err := h.store.LogEnd(ctx)
	if err != nil {
		return "", fmt.Errorf("find end of changes: %w", err)
	}
	return end, h.take(ctx, wave.Wave{All: true, Next: end})
}

// owe queues what was owed when it was stored last. The caller holds h.mu.
func (h *Hub) owe() {
	for _, e := range h.table.entries {
		h.resume(e)
	}
	h.dispatch()
}

// resume queues an entry that was just read if it is owed something.
func (h *Hub) resume(e *entry) {
	switch {
	case e.Owed.IsZero() || e.path == "" || e.state != idle:
	case e.Next.After(h.now()):
		h.line.hold(e)
	default:
		h.line.push(e)
	}
}

// take looks at the topics that a wave touches.
func (h *Hub) take(ctx context.Context, w wave.Wave) error {
	if paths := h.touched(w); len(paths) > 0 {
		if err := h.look(ctx, paths); err != nil {
			return err
		}
	}
	h.mu.Lock()
	h.cursor = w.Next
	h.mu.Unlock()
	h.failing.Store(false)
	return nil
}

// touched lists the topics with subscribers that a wave touches, sorted.
func (h *Hub) touched(w wave.Wave) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var paths []string
	if w.All {
		for path := range h.table.topics {
			paths = append(paths, path)
		}
	}
	for _, scope := range w.Scopes {
		for _, f := range h.opts.Publisher.Formats() {
			if path := scope.Path() + f.File; h.table.topics[path] != nil {
				paths = append(paths, path)
			}
		}
	}
	slices.Sort(paths)
	return paths
}

// look queues the subscribers of documents that don't have what these are now.
func (h *Hub) look(ctx context.Context, paths []string) error {
	if err := h.opts.Publisher.CatchUp(ctx); err != nil {
		return err
	}
	for _, path := range paths {
		if path == "" {
			continue
		}
		doc, err := h.opts.Publisher.Get(ctx, path)
		switch {
		case errors.Is(err, feeds.ErrNotFound):
			continue
		case err != nil:
			return fmt.Errorf("look at topic %s: %w", path, err)
		}
		h.mu.Lock()
		if t := h.table.topics[path]; t != nil {
			hash := t.hashOf(doc.ETag, doc.Body)
			for e := range t.entries {
				if e.Has != hash || e.state == flying {
					h.line.push(e)
				}
			}
		}
		h.dispatch()
		h.mu.Unlock()
	}
	return nil
}

// keep does what is to be done from time to time: to let go of leases that are over, to
// store how far deliveries have come, and to hear of other processes' subscriptions.
func (h *Hub) keep(ctx context.Context) {
	h.expire()
	err := h.checkpoint(ctx)
	if err == nil && !h.opts.Sole {
		var fresh []string
		if fresh, err = h.sync(ctx); err == nil && len(fresh) > 0 {
			err = h.look(ctx, fresh)
		}
	}
	if err != nil && ctx.Err() == nil {
		h.complain(err)
	}
}

func (h *Hub) expire() {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	for _, e := range h.table.entries {
		if now.After(e.Until) {
			h.end(e)
		}
	}
}

// complain tells the first of a row of errors.
func (h *Hub) complain(err error) {
	if !h.failing.Swap(true) {
		h.log.Error("subscribers are not told of changes", "err", err)
	}
}
