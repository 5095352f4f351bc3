// Package farm is a deterministic fake internet of feeds, for tests, benchmarks
// and the demonstration.
//
// The same Config gives the same bytes, byte for byte, on every machine of one
// architecture (floating-point arithmetic may differ between two). Every
// host of a farm is an address of its own in 127.0.0.0/8 with its own listener,
// so that a client's politeness per host can be seen at work. A farm knows the
// truth about every item it ever published, and it counts what a polite client
// would not do: Complaints names each offence.
//
// It serves /f/N.rss, .atom or .json (the feeds), /p/N/J.html (the page of item
// J of feed N), /truth/N/J (the article alone), /img/N.jpg (with Names),
// /favicon.ico and /. Anyone may import it; it imports the root package, its
// own subpackages and the standard library.
package farm

import (
	"encoding/base64"
	"net"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Farm serves a Config. Its methods may be called from any goroutine, except
// Start and Close, which are called once each.
type Farm struct {
	press // never changed after Start

	slots  []slot
	hosts  []host
	totals totals
	round  atomic.Int64 // calls of Advance
	single atomic.Int64 // calls of AdvanceOne
	gzips  sync.Pool    // of *gzip.Writer
	icon   []byte

	server    *http.Server
	listeners []net.Listener
	serving   sync.WaitGroup
	closing   sync.Once
	closed    chan struct{} // closed by Close
	authority *authority    // nil without TLS
}

// slot is one feed and what changes about it.
type slot struct {
	feed    Feed
	fault   atomic.Int64 // a Class
	edition atomic.Pointer[edition]
	mu      sync.Mutex // held while cached is made and while edition is replaced
	cached  atomic.Pointer[body]
	manners manners
}

// New plants a farm; Start opens it. A farm that is only asked for its bytes
// needs no Start, but with Port 0 its URLs have no true port before.
func New(cfg Config) *Farm {
	p := newPress(cfg)
	f := &Farm{
		press:  p,
		slots:  make([]slot, p.Feeds),
		hosts:  make([]host, p.Hosts),
		closed: make(chan struct{}),
	}
	f.icon, _ = base64.StdEncoding.DecodeString(dotPNG)
	for i := range f.slots {
		s := &f.slots[i]
		s.feed = p.feed(i)
		s.fault.Store(int64(s.feed.Class))
		s.edition.Store(&edition{})
	}
	return f
}

// dotPNG is a picture of one pixel, the favicon of every host.
const dotPNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk" +
	"+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

// Len is the number of feeds.
func (f *Farm) Len() int { return len(f.slots) }

// Feed is the character of feed i.
func (f *Farm) Feed(i int) Feed { return f.slots[i].feed }

// FeedURL is the address of feed i: the one that moved, for a Redirect.
func (f *Farm) FeedURL(i int) string { return f.feedURL(&f.slots[i].feed) }

// SiteURL is the home page of feed i, without the final slash.
func (f *Farm) SiteURL(i int) string { return f.siteURL(&f.slots[i].feed) }

// Version counts the changes of feed i since it was planted.
func (f *Farm) Version(i int) int { return f.slots[i].edition.Load().version }

// Body is the document of feed i as it is served now, not compressed.
func (f *Farm) Body(i int) []byte { return f.body(&f.slots[i]).plain }

// Page is the page of item j of feed i.
func (f *Farm) Page(i, j int) []byte {
	s := &f.slots[i]
	return f.page(&s.feed, s.edition.Load(), j)
}

// SetClass changes what feed i does when asked, from the next request on.
func (f *Farm) SetClass(i int, c Class) { f.slots[i].fault.Store(int64(c)) }

// Class is what feed i does when asked: its Feed.Class until SetClass.
func (f *Farm) Class(i int) Class { return Class(f.slots[i].fault.Load()) }

// Prewarm renders every feed, so that no request waits for it.
func (f *Farm) Prewarm() {
	var wg sync.WaitGroup
	var next atomic.Int64
	for range runtime.NumCPU() {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(f.slots)); i = next.Add(1) - 1 {
				f.body(&f.slots[i])
			}
		})
	}
	wg.Wait()
}

// Advance starts a new round in which about rate of the feeds change, each by
// 1 to MaxNew new items and perhaps an edit of an older one. It returns how
// many feeds did. The same calls in the same order change the same feeds.
func (f *Farm) Advance(rate float64) int {
	round := f.round.Add(1)
	changed := 0
	for i := range f.slots {
		r := mix(f.Seed, 8, uint64(round), uint64(i))
		if r.p(rate) {
			f.slots[i].publish(time.Time{})
			changed++
		}
	}
	return changed
}

// AdvanceOne makes one working feed publish exactly one new item, dated at. It
// returns the number of the feed and the item. The same calls in the same
// order choose the same feeds.
func (f *Farm) AdvanceOne(at time.Time) (int, Item) {
	r := mix(f.Seed, 10, uint64(f.single.Add(1)))
	i := r.intn(len(f.slots))
	for range f.slots {
		if f.Class(i) == OK {
			break
		}
		i = (i + 1) % len(f.slots)
	}
	s := &f.slots[i]
	s.publish(at.UTC().Truncate(time.Second))
	e := s.edition.Load()
	return i, f.item(&s.feed, e, f.newest(&s.feed, e), 0)
}

// publish moves the slot to its next edition. A zero time means an ordinary
// change, any other one item dated at.
func (s *slot) publish(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.edition.Store(s.edition.Load().next(at))
}
