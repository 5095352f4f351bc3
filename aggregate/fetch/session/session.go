// Package session keeps TLS sessions, so that the next visit to a host is spared most
// of a handshake, also across a restart.
package session

import (
	"cmp"
	"container/list"
	"crypto/tls"
	"sync"
	"time"

	"github.com/coranto/coranto"
)

// Options configures a Cache. The zero value is ready for use.
type Options struct {
	Hosts int           // sessions kept, one a host; 0 means 2048
	Now   coranto.Clock // nil means time.Now
}

// life is how long a session is good at most (RFC 8446 §4.6.1).
const life = 7 * 24 * time.Hour

// Cache is the TLS sessions of the hosts visited last. Export and Import carry them
// over a restart. What it holds lets others read what is said in them: it is to be kept
// like a key.
// It is safe for concurrent use.
type Cache struct {
	limit int
	now   coranto.Clock

	mu    sync.Mutex
	order *list.List // of *entry, newest use first
	hosts map[string]*list.Element
}

// entry is the session that one host gave.
type entry struct {
	host  string
	since time.Time
	state *tls.ClientSessionState
}

// New returns a cache without sessions.
func New(opts Options) *Cache {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &Cache{
		limit: cmp.Or(opts.Hosts, 2048),
		now:   opts.Now,
		order: list.New(),
		hosts: make(map[string]*list.Element),
	}
}

// Get implements tls.ClientSessionCache.
func (s *Cache) Get(host string) (*tls.ClientSessionState, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.hosts[host]
	if at == nil {
		return nil, false
	}
	if s.now().Sub(at.Value.(*entry).since) > life {
		s.remove(at)
		return nil, false
	}
	s.order.MoveToFront(at)
	return at.Value.(*entry).state, true
}

// Put implements tls.ClientSessionCache.
func (s *Cache) Put(host string, state *tls.ClientSessionState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := s.hosts[host]; at != nil {
		s.remove(at)
	}
	if state != nil {
		s.hosts[host] = s.order.PushFront(&entry{host, s.now(), state})
	}
	s.trim()
}

// Len is how many hosts there is a session for.
func (s *Cache) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.order.Len()
}

func (s *Cache) trim() {
	for s.order.Len() > s.limit {
		s.remove(s.order.Back())
	}
}

func (s *Cache) remove(at *list.Element) {
	s.order.Remove(at)
	delete(s.hosts, at.Value.(*entry).host)
}
