package publish

import (
	"container/list"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/coranto/coranto/feeds"
)

// cache keeps editions by path, least recently used first to go, and knows
// which of them a change touches.
type cache struct {
	mu    sync.Mutex
	slots map[string]*slot
	tags  map[string]map[*slot]struct{}
	used  *list.List // of *slot, the most recently used first
	bytes int64
	max   int64

	touches atomic.Uint64 // calls of touch and touchAll

	hints <-chan struct{} // tells of commits; nil while nobody follows
	heard uint64          // hints taken from it
	acted uint64          // of heard: hints whose changes were taken in
}

// slot is the place of one document. There is one for every document that is
// kept or being made, and for no other path.
type slot struct {
	path    string
	tags    []string      // what it shows, see tagsOf
	edition *Edition      // the last good one; nil before the first
	fresh   bool          // nothing touched edition since it was made
	work    *work         // the making of one that nothing touched since; nil when there is none
	lost    bool          // the last making failed and that was said
	element *list.Element // in cache.used
}

// work is one making of a document. The other fields may be read when done is
// closed.
type work struct {
	done    chan struct{}
	edition *Edition
	err     error
}

func newCache(maxBytes int64) *cache {
	return &cache{
		slots: make(map[string]*slot),
		tags:  make(map[string]map[*slot]struct{}),
		used:  list.New(),
		max:   maxBytes,
	}
}

// look returns the edition that is kept, or else the work to wait for. The work
// is the caller's to do when mine is true.
func (c *cache) look(path string) (edition *Edition, w *work, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.slots[path]
	if s == nil {
		s = c.add(path)
	}
	c.used.MoveToFront(s.element)
	if s.fresh {
		return s.edition, nil, false
	}
	if s.work == nil {
		s.work = &work{done: make(chan struct{})}
		mine = true
	}
	return nil, s.work, mine
}

// finish gives the outcome of a work to all who wait for it, and keeps it unless
// something touched it meanwhile. A failure is replaced by the last good copy;
// firstLoss reports the first failure in a row.
func (c *cache) finish(path string, w *work, edition *Edition, err error) (firstLoss bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer close(w.done)
	w.edition, w.err = edition, err
	s := c.slots[path]
	if s == nil {
		return false
	}
	current := s.work == w
	if current {
		s.work = nil
	}
	gone := errors.Is(err, feeds.ErrNotFound)
	switch {
	case err == nil && current:
		c.keep(s, edition)
	case err != nil && !gone && s.edition != nil:
		w.edition, w.err = s.edition, nil
		firstLoss, s.lost = !s.lost, true
	case s.work == nil && (gone || s.edition == nil):
		c.remove(s)
	}
	return firstLoss
}

// listen makes behind hear of commits.
func (c *cache) listen(hints <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hints = hints
}

// behind reports whether there was a hint of a change that was not taken in.
func (c *cache) behind() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hear()
	return c.heard != c.acted
}

// hinted counts the hints so far; who reads changes now takes in theirs.
func (c *cache) hinted() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hear()
	return c.heard
}

// caughtUp notes that the changes of the first n hints were taken in.
func (c *cache) caughtUp(n uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.acted = n
}

func (c *cache) hear() {
	select {
	case _, open := <-c.hints:
		if !open {
			c.hints = nil
			return
		}
		c.heard++
	default:
	}
}

// touch drops what shows something that changed. Its last good copy stays, for
// the case that no new one can be made.
func (c *cache) touch(tags ...string) {
	c.touches.Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, tag := range tags {
		for s := range c.tags[tag] {
			s.stale()
		}
	}
}

// shows reports whether a document is kept or being made that has a tag.
func (c *cache) shows(tag string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.tags[tag]) > 0
}

// touchAll drops everything.
func (c *cache) touchAll() {
	c.touches.Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.slots {
		s.stale()
	}
}

// stale also disowns the work under way: it may have read the store before the
// change, so its outcome is not kept and who asks from now on gets another.
func (s *slot) stale() { s.fresh, s.work = false, nil }

func (c *cache) add(path string) *slot {
	s := &slot{path: path, tags: tagsOf(path)}
	s.element = c.used.PushFront(s)
	c.slots[path] = s
	for _, tag := range s.tags {
		if c.tags[tag] == nil {
			c.tags[tag] = make(map[*slot]struct{})
		}
		c.tags[tag][s] = struct{}{}
	}
	return s
}

func (c *cache) remove(s *slot) {
	c.used.Remove(s.element)
	delete(c.slots, s.path)
	for _, tag := range s.tags {
		delete(c.tags[tag], s)
		if len(c.tags[tag]) == 0 {
			delete(c.tags, tag)
		}
	}
	if s.edition != nil {
		c.bytes -= s.edition.cost()
	}
}

// keep puts an edition in its slot and makes room for it.
func (c *cache) keep(s *slot, e *Edition) {
	if s.edition != nil {
		c.bytes -= s.edition.cost()
	}
	c.bytes += e.cost()
	s.edition, s.fresh, s.lost = e, true, false
	for last := c.used.Back(); last != nil && c.bytes > c.max; {
		old := last.Value.(*slot)
		last = last.Prev()
		if old.work == nil && old != s {
			c.remove(old)
		}
	}
}
