package fetch

import (
	"cmp"
	"container/list"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"sync"
	"time"

	"github.com/coranto/coranto"
)

// SessionOptions configures Sessions. The zero value is ready for use.
type SessionOptions struct {
	Hosts int           // sessions kept, one a host; 0 means 2048
	Now   coranto.Clock // nil means time.Now
}

// sessionLife is how long a session is good at most (RFC 8446 §4.6.1).
const sessionLife = 7 * 24 * time.Hour

// Sessions are the TLS sessions of the hosts visited last, so that the next visit
// is spared most of a handshake. Export and Import carry them over a restart. What
// they hold lets others read what is said in them: it is to be kept like a key.
// It is safe for concurrent use.
type Sessions struct {
	limit int
	now   coranto.Clock

	mu    sync.Mutex
	order *list.List // of *session, newest use first
	hosts map[string]*list.Element
}

// session is what one host gave.
type session struct {
	host  string
	since time.Time
	state *tls.ClientSessionState
}

// NewSessions returns a cache without sessions.
func NewSessions(opts SessionOptions) *Sessions {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &Sessions{
		limit: cmp.Or(opts.Hosts, 2048),
		now:   opts.Now,
		order: list.New(),
		hosts: make(map[string]*list.Element),
	}
}

// Get implements tls.ClientSessionCache.
func (s *Sessions) Get(host string) (*tls.ClientSessionState, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.hosts[host]
	if at == nil {
		return nil, false
	}
	if s.now().Sub(at.Value.(*session).since) > sessionLife {
		s.remove(at)
		return nil, false
	}
	s.order.MoveToFront(at)
	return at.Value.(*session).state, true
}

// Put implements tls.ClientSessionCache.
func (s *Sessions) Put(host string, state *tls.ClientSessionState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := s.hosts[host]; at != nil {
		s.remove(at)
	}
	if state != nil {
		s.hosts[host] = s.order.PushFront(&session{host, s.now(), state})
	}
	s.trim()
}

// Len is how many hosts there is a session for.
func (s *Sessions) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.order.Len()
}

func (s *Sessions) trim() {
	for s.order.Len() > s.limit {
		s.remove(s.order.Back())
	}
}

func (s *Sessions) remove(at *list.Element) {
	s.order.Remove(at)
	delete(s.hosts, at.Value.(*session).host)
}

// trustedSessions are the sessions of a route: one that began under other
// terms of trust is none.
func trustedSessions(all tls.ClientSessionCache, rt route) tls.ClientSessionCache {
	if rt.ca == "" && !rt.insecure {
		return all
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%t %s", rt.insecure, rt.ca))
	return termedSessions{all, hex.EncodeToString(sum[:8]) + " "}
}

type termedSessions struct {
	all    tls.ClientSessionCache
	prefix string
}

// Get implements tls.ClientSessionCache.
func (s termedSessions) Get(host string) (*tls.ClientSessionState, bool) {
	return s.all.Get(s.prefix + host)
}

// Put implements tls.ClientSessionCache.
func (s termedSessions) Put(host string, state *tls.ClientSessionState) {
	s.all.Put(s.prefix+host, state)
}
