package fetch

import (
	"context"
	"sync"
	"time"
)

// gate lets a limited number of requests at a time through to each host, and no
// two sooner after each other than the spacing. A host that nobody waits for takes
// no memory.
type gate struct {
	width   int
	spacing time.Duration // between two starts; 0 means none
	mu      sync.Mutex
	hosts   map[string]*passage
}

// passage is the way to one host: a channel with a place for each request in
// flight, one that is full until the next may start, and the number of those that
// use it or wait.
type passage struct {
	places chan struct{}
	pace   chan struct{}
	users  int
}

func newGate(width int, spacing time.Duration) *gate {
	return &gate{width: width, spacing: spacing, hosts: make(map[string]*passage)}
}

// enter waits for a place, first come, first served, and for the spacing. Without
// an error the caller must leave.
func (g *gate) enter(ctx context.Context, host string) error {
	return g.enterPaced(ctx, host, g.spacing)
}

// enterPaced is enter for one after whom the host wants the next to wait longer.
func (g *gate) enterPaced(ctx context.Context, host string, spacing time.Duration) error {
	p := g.join(host)
	select {
	case p.places <- struct{}{}:
	case <-ctx.Done():
		g.part(host)
		return context.Cause(ctx)
	}
	if spacing == 0 {
		return nil
	}
	select {
	case p.pace <- struct{}{}:
	case <-ctx.Done():
		g.leave(host)
		return context.Cause(ctx)
	}
	g.join(host)
	time.AfterFunc(spacing, func() {
		<-p.pace
		g.part(host)
	})
	return nil
}

func (g *gate) leave(host string) {
	g.mu.Lock()
	places := g.hosts[host].places
	g.mu.Unlock()
	<-places
	g.part(host)
}

func (g *gate) join(host string) *passage {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.hosts[host]
	if p == nil {
		p = &passage{places: make(chan struct{}, g.width), pace: make(chan struct{}, 1)}
		g.hosts[host] = p
	}
	p.users++
	return p
}

func (g *gate) part(host string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.hosts[host]
	p.users--
	if p.users == 0 {
		delete(g.hosts, host)
	}
}
