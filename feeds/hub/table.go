package hub

import (
	"github.com/coranto/coranto/internal/host"
)

// table is what memory holds of the subscriptions: about half a kilobyte of each, and
// no document. It is guarded by Hub.mu.
type table struct {
	entries map[string]*entry // by the names of their values
	topics  map[string]*topic // by the paths of their documents
	hosts   map[string]*peer
}

// entry is a subscription and what is done about it now.
type entry struct {
	subscription
	raw   []byte // its value as it is stored
	path  string // of the topic's document; "" when the topic is none here any more
	peer  *peer
	state state
	again bool // while flying: the document may have changed since
	lame  bool // while flying: its peer was
	over  bool // it has ended
}

// state is where an entry is on its way to a delivery.
type state uint8

const (
	idle    state = iota // nothing is owed
	queued               // in its peer's queue
	flying               // being delivered
	waiting              // for its Next
)

// topic is a feed that has subscribers.
type topic struct {
	entries map[*entry]struct{}
	etag    string // of the document of which hash is; "" before the first
	hash    string
}

// hash is hashOf a document, found out once for each.
func (t *topic) hashOf(etag string, body []byte) string {
	if t.etag == "" || t.etag != etag {
		t.etag, t.hash = etag, hashOf(body)
	}
	return t.hash
}

// peer is all callbacks of one domain: whoever runs it is asked for a few things at a
// time, and rests as a whole while it can't be reached.
type peer struct {
	name    string
	entries int
	queue   []*entry
	flying  int
	resting rest
	slow    bool // the last answer took long
	listed  bool // it stands in a line
}

func newTable() *table {
	return &table{
		entries: make(map[string]*entry), topics: make(map[string]*topic), hosts: make(map[string]*peer),
	}
}

// add enters a subscription, or lets the one that is there be as given. path is that of
// its topic's document.
func (t *table) add(s subscription, raw []byte, path string) *entry {
	name := s.name()
	if e := t.entries[name]; e != nil {
		e.subscription, e.raw = s, raw
		return e
	}
	e := &entry{subscription: s, raw: raw, path: path, peer: t.peer(s.Callback)}
	e.peer.entries++
	t.entries[name] = e
	if t.topics[path] == nil {
		t.topics[path] = &topic{entries: make(map[*entry]struct{})}
	}
	t.topics[path].entries[e] = struct{}{}
	return e
}

// remove takes an entry out. One that stands in a queue or flies is passed over there.
func (t *table) remove(e *entry) {
	name := e.name()
	if t.entries[name] != e {
		return
	}
	e.over = true
	delete(t.entries, name)
	delete(t.topics[e.path].entries, e)
	if len(t.topics[e.path].entries) == 0 {
		delete(t.topics, e.path)
	}
	if e.peer.entries--; e.peer.entries == 0 {
		delete(t.hosts, e.peer.name)
	}
}

func (t *table) peer(callback string) *peer {
	name := host.Lane(callback)
	p := t.hosts[name]
	if p == nil {
		p = &peer{name: name}
		t.hosts[name] = p
	}
	return p
}

// held is how many subscriptions the callbacks of a domain have.
func (t *table) held(lane string) int {
	if p := t.hosts[lane]; p != nil {
		return p.entries
	}
	return 0
}
