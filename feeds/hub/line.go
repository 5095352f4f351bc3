package hub

import "time"

// Limits of what is under way at a time.
const (
	mostFlying = 128 // deliveries
	mostLame   = 32  // of these, to peers that fail or are slow
	perPeer    = 4
)

// slowAfter is the time of an answer after which its peer counts as slow.
const slowAfter = 2 * time.Second

// Rests of a peer that can't be reached.
const (
	shortestRest = 5 * time.Second
	longestRest  = 10 * time.Minute
)

// rest is how long a peer is left alone that could not be reached.
type rest struct {
	fails int       // in a row
	until time.Time // zero when it does not rest
}

// lame reports a peer that would hold up others, had it as many places as they.
func (p *peer) lame() bool { return p.resting.fails > 0 || p.slow }

// ready reports whether something may be brought to a peer now. One that could not be
// reached is tried with one thing.
func (p *peer) ready() bool {
	limit := perPeer
	if p.resting.fails > 0 {
		limit = 1
	}
	return len(p.queue) > 0 && p.flying < limit && p.resting.until.IsZero()
}

// line is the peers that something may be brought to now, in turns. Those that are lame
// stand in a line of their own, with fewer places, so that they delay nobody else. It is
// guarded by Hub.mu.
type line struct {
	prompt, lame       []*peer
	flying, lameFlying int
	resting            map[*peer]struct{}
	waiting            map[*entry]struct{}
}

// push queues an entry, or makes sure that it is looked at again when it flies already.
// One that waits goes on waiting: it will be brought what is newest then.
func (l *line) push(e *entry) {
	switch e.state {
	case flying:
		e.again = true
	case idle:
		e.state = queued
		e.peer.queue = append(e.peer.queue, e)
		l.enlist(e.peer)
	}
}

func (l *line) enlist(p *peer) {
	if p.listed || !p.ready() {
		return
	}
	p.listed = true
	if p.lame() {
		l.lame = append(l.lame, p)
	} else {
		l.prompt = append(l.prompt, p)
	}
}

// take takes out the next entry to deliver; nil when there is none for now.
func (l *line) take() *entry {
	for len(l.prompt) > 0 && l.flying < mostFlying {
		if e := l.takeOf(l.shift(&l.prompt)); e != nil {
			return e
		}
	}
	for len(l.lame) > 0 && l.flying < mostFlying && l.lameFlying < mostLame {
		if e := l.takeOf(l.shift(&l.lame)); e != nil {
			return e
		}
	}
	return nil
}

func (l *line) shift(peers *[]*peer) *peer {
	p := (*peers)[0]
	(*peers)[0] = nil
	*peers = (*peers)[1:]
	p.listed = false
	return p
}

// takeOf takes the first of a peer's queue that has not ended. The peer stands at the
// end of the line then, if it may have more.
func (l *line) takeOf(p *peer) *entry {
	defer l.enlist(p)
	for p.ready() {
		if p.lame() && l.lameFlying >= mostLame {
			return nil
		}
		e := p.queue[0]
		p.queue[0] = nil
		p.queue = p.queue[1:]
		if e.over {
			continue
		}
		e.state, e.again, e.lame = flying, false, p.lame()
		p.flying++
		l.flying++
		if e.lame {
			l.lameFlying++
		}
		return e
	}
	return nil
}

// land takes an entry back whose delivery has ended.
func (l *line) land(e *entry) {
	e.state = idle
	e.peer.flying--
	l.flying--
	if e.lame {
		l.lameFlying--
	}
	l.enlist(e.peer)
}

// hold lets an entry wait for its Next.
func (l *line) hold(e *entry) {
	if l.waiting == nil {
		l.waiting = make(map[*entry]struct{})
	}
	e.state = waiting
	l.waiting[e] = struct{}{}
}

// release lets an entry wait no longer.
func (l *line) release(e *entry) {
	delete(l.waiting, e)
	e.state = idle
}

// unreached lets a peer rest. Deliveries that were under way together fail as one.
func (l *line) unreached(p *peer, now time.Time) {
	if !p.resting.until.IsZero() {
		return
	}
	if l.resting == nil {
		l.resting = make(map[*peer]struct{})
	}
	p.resting.until = now.Add(min(shortestRest<<min(p.resting.fails, 10), longestRest))
	p.resting.fails++
	l.resting[p] = struct{}{}
}

// reached notes how long a peer took to answer.
func (l *line) reached(p *peer, took time.Duration) {
	p.resting = rest{}
	delete(l.resting, p)
	p.slow = took > slowAfter
}

// wake queues what has waited long enough, and ends the rests that are over.
func (l *line) wake(now time.Time) {
	for p := range l.resting {
		if !p.resting.until.After(now) {
			p.resting.until = time.Time{}
			delete(l.resting, p)
			l.enlist(p)
		}
	}
	for e := range l.waiting {
		switch {
		case e.over:
			delete(l.waiting, e)
		case !e.Next.After(now):
			l.release(e)
			l.push(e)
		}
	}
}
