package fetch

import (
	"context"
	"sync"
)

// gate lets a limited number of requests at a time through to each host. A host
// that nobody waits for takes no memory.
type gate struct {
	width int
	mu    sync.Mutex
	hosts map[string]*passage
}

// passage is the way to one host: a channel with a place for each request in
// flight, and the number of those that use it or wait.
type passage struct {
	places chan struct{}
	users  int
}

func newGate(width int) *gate {
	return &gate{width: width, hosts: make(map[string]*passage)}
}

// enter waits for a place, first come, first served. Without an error the
// caller must leave.
func (g *gate) enter(ctx context.Context, host string) error {
	places := g.join(host)
	select {
	case places <- struct{}{}:
		return nil
	case <-ctx.Done():
		g.part(host)
		return context.Cause(ctx)
	}
}

func (g *gate) leave(host string) {
	g.mu.Lock()
	places := g.hosts[host].places
	g.mu.Unlock()
	<-places
	g.part(host)
}

func (g *gate) join(host string) chan<- struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.hosts[host]
	if p == nil {
		p = &passage{places: make(chan struct{}, g.width)}
		g.hosts[host] = p
	}
	p.users++
	return p.places
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
