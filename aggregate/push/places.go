package push

import (
	"errors"
	"io"
	"sync"
	"time"

	"github.com/coranto/coranto"
)

// Limits of what is read from hubs at a time.
const (
	mostReading  = 64       // documents, one of each subscription
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
	taken map[coranto.SourceID]bool
	bytes int
}

func newPlaces() *places { return &places{taken: make(map[coranto.SourceID]bool)} }

// take reserves the place of a subscription and reports whether it was free.
func (p *places) take(id coranto.SourceID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taken[id] || len(p.taken) >= mostReading {
		return false
	}
	p.taken[id] = true
	return true
}

// free gives a place back, with the room that its document took.
func (p *places) free(id coranto.SourceID, bytes int) {
	p.mu.Lock()
	defer p.mu.Unlock()
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
