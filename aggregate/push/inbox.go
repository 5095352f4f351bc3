package push

import (
	"slices"
	"sync"
	"time"

	"github.com/coranto/coranto"
)

// Limits of what hubs brought and nobody has read yet. The origin is asked for what
// is over them.
const (
	mostWaiting  = 8        // documents of one source
	sourceBytes  = 16 << 20 // of one source, once there is more than one document
	waitingBytes = 64 << 20 // of all sources
	staleAfter   = time.Hour
)

// Pace is the time from one visit by which a source's news is read to the next, when
// there is more of it than a few at a time; HintPace that from one visit to the origin
// because of a hub's word to the next.
const (
	Pace     = 10 * time.Second
	HintPace = 5 * time.Minute
)

// Inbox is what hubs brought and nobody has read yet. However much they bring, a
// source has its turn no more often than the paces allow. It is safe for concurrent
// use.
type Inbox struct {
	mu    sync.Mutex
	of    map[coranto.SourceID]*letters
	bytes int
}

// letters is what waits for one source, the oldest first.
type letters struct {
	documents []News
	hint      News // with a time only, if the origin is to be asked
	bytes     int
	paid      time.Time // until then the pace is used up by what was read
	asked     time.Time // when the last hint was taken
	called    time.Time // when the source was made due for what is here; zero if it was not
}

// NewInbox returns an empty Inbox.
func NewInbox() *Inbox { return &Inbox{of: make(map[coranto.SourceID]*letters)} }

// Put takes news in and reports whether the source is to be made due for it now. For
// what has to wait see Ripe.
func (b *Inbox) Put(id coranto.SourceID, n News, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.of[id]
	if l == nil {
		l = new(letters)
		b.of[id] = l
	}
	size := len(n.Body)
	over := len(l.documents) >= mostWaiting || b.bytes+size > waitingBytes ||
		len(l.documents) > 0 && l.bytes+size > sourceBytes
	if size == 0 || over {
		l.hint = News{At: n.At}
	} else {
		l.documents = append(l.documents, n)
		b.add(l, size)
	}
	return l.call(now)
}

func (b *Inbox) add(l *letters, size int) {
	l.bytes += size
	b.bytes += size
}

// Take gives out what a source's turn is for: a hint, which has no body, or a
// document. found is false when nothing is here or its time has not come; more
// reports whether the source is to be made due again at once.
func (b *Inbox) Take(id coranto.SourceID, now time.Time) (n News, found, more bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.of[id]
	switch {
	case l == nil:
		return n, false, false
	case l.hintRipe(now):
		n, l.hint, l.asked = l.hint, News{}, now
	case l.documentRipe(now):
		n = l.documents[0]
		l.documents = slices.Delete(l.documents, 0, 1)
		b.add(l, -len(n.Body))
		l.paid = later(l.paid, now).Add(Pace)
	default:
		return n, false, false
	}
	l.called = time.Time{}
	return n, true, l.call(now)
}

// Ripe are the sources to be made due now for what had to wait, by id. It forgets
// what nobody came for.
func (b *Inbox) Ripe(now time.Time) []coranto.SourceID {
	b.mu.Lock()
	defer b.mu.Unlock()
	var ids []coranto.SourceID
	for id, l := range b.of {
		if l.stale(now) {
			b.add(l, -l.bytes)
			delete(b.of, id)
		} else if l.call(now) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// Unread are the sources of which news is here, ripe or not, by id.
func (b *Inbox) Unread() []coranto.SourceID {
	b.mu.Lock()
	defer b.mu.Unlock()
	var ids []coranto.SourceID
	for id, l := range b.of {
		if len(l.documents) > 0 || !l.hint.At.IsZero() {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// call reports whether a source is to be made due, and notes that it was. One that
// nobody visited is called again after a while only: another node may have done it.
func (l *letters) call(now time.Time) bool {
	waits := within(l.called, now, HintPace)
	if waits || !l.hintRipe(now) && !l.documentRipe(now) {
		return false
	}
	l.called = now
	return true
}

func (l *letters) hintRipe(now time.Time) bool {
	return !l.hint.At.IsZero() && !within(l.asked, now, HintPace)
}

// documentRipe lets a few documents through at once, and then one at each Pace. A
// clock that was set back does not stop it.
func (l *letters) documentRipe(now time.Time) bool {
	ahead := l.paid.Sub(now)
	return len(l.documents) > 0 && (ahead <= (mostWaiting-1)*Pace || ahead > mostWaiting*Pace)
}

// stale reports that nothing of the letters matters any more.
func (l *letters) stale(now time.Time) bool {
	last := l.hint.At
	for _, n := range l.documents {
		last = later(last, n.At)
	}
	if last.IsZero() {
		return !within(l.asked, now, HintPace) && !l.paid.After(now)
	}
	return now.Sub(last) > staleAfter
}

// within reports whether a time lies in the last while before now.
func within(at, now time.Time, while time.Duration) bool {
	return !at.IsZero() && !at.After(now) && now.Sub(at) < while
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
