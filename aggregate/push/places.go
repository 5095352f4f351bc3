package push

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/coranto/coranto"
)

// Limits of what is read from hubs at a time.
const (
	mostReading  = 64       // documents, one of each subscription
	mostInLine   = 8        // others of a subscription, until that one is read
	readingBytes = 64 << 20 // of all of them
	usualReading = 10 * time.Second
)

// errCrowded is the end of a document for which there is no room now.
var errCrowded = errors.New("too much is read at a time")

// places are for the documents that are being read. A slow hub takes that of its own
// subscription, and no more room than what it has sent. They are safe for concurrent
// use.
type places struct {
	mu    sync.Mutex
	taken map[coranto.SourceID]*place
	bytes int
}

// place is that of one subscription.
type place struct {
	freed  chan struct{} // closed when it is given back
	inLine int
}

func newPlaces() *places { return &places{taken: make(map[coranto.SourceID]*place)} }

// take reserves the place of a subscription and reports whether it could be had. A
// few wait until it is free, or until ctx ends.
func (p *places) take(ctx context.Context, id coranto.SourceID) bool {
	for {
		freed, ok := p.tryTake(id)
		if freed == nil {
			return ok
		}
		select {
		case <-freed:
		case <-ctx.Done():
			return false
		}
	}
}

// tryTake reserves a place if it is free. If it is to be waited for, freed is closed
// when it is given back.
func (p *places) tryTake(id coranto.SourceID) (freed <-chan struct{}, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	known := p.taken[id]
	switch {
	case known != nil && known.inLine < mostInLine:
		known.inLine++
		return known.freed, false
	case known != nil, len(p.taken) >= mostReading:
		return nil, false
	}
	p.taken[id] = &place{freed: make(chan struct{})}
	return nil, true
}

// free gives a place back, with the room that its document took.
func (p *places) free(id coranto.SourceID, bytes int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.taken[id].freed)
	delete(p.taken, id)
	p.bytes -= bytes
}

// hold notes bytes that were read and reports whether there was room for them.
func (p *places) hold(n int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bytes += n
	return p.bytes <= readingBytes
}

// measured is a document that takes its room as it comes.
type measured struct {
	io.Reader
	places *places
	bytes  int
}

func (m *measured) Read(b []byte) (int, error) {
	n, err := m.Reader.Read(b)
	m.bytes += n
	if !m.places.hold(n) {
		return 0, errCrowded
	}
	return n, err
}
