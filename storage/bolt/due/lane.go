package due

import (
	"container/heap"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// entry is one source in the due queue of its lane.
type entry struct {
	id    coranto.SourceID
	lane  *lane
	index int // in lane.queue; -1 when it is not to be visited

	next   time.Time // of the state
	gone   bool      // of the state
	idle   bool      // paused or retired
	hint   hint
	hinted time.Time // when; set unless hint is none
}

// hint says whether a source was asked for before its time.
type hint uint8

const (
	hintNone    hint = iota
	hintWaiting      // asked for; no claim has handed the source out since
	hintTaken        // handed out; the next commit ends it
)

// lane is the sources of one registrable domain, or of one host that has none.
type lane struct {
	name  string
	queue heapOf[*entry]
	index int // in Queue.free; -1 when it is not there

	epoch  uint64
	owner  string
	until  time.Time
	leased bool // owner and epoch are valid, perhaps beyond until
	pinned bool // a commit under the lease is being written
}

// take returns the sources that are due, the longest due first.
func (l *lane) take(limit int, now time.Time) []coranto.SourceID {
	var taken []*entry
	for len(l.queue) > 0 && len(taken) < limit && !l.queue[0].due().After(now) {
		taken = append(taken, heap.Pop(&l.queue).(*entry))
	}
	ids := make([]coranto.SourceID, 0, len(taken))
	for _, e := range taken {
		if e.hint == hintWaiting {
			e.hint = hintTaken
		}
		ids = append(ids, e.id)
		l.queue.put(e, true)
	}
	return ids
}

func (l *lane) holds(ref storage.LeaseRef) bool {
	return l.leased && l.epoch == ref.Epoch && l.owner == ref.Owner
}

func (l *lane) due() time.Time { return l.queue[0].due() }

func (l *lane) before(other *lane) bool { return l.queue[0].before(other.queue[0]) }

func (l *lane) place() *int { return &l.index }

func (e *entry) setState(s *storage.SourceState) {
	e.next, e.gone = s.Next, s.Outcome == storage.OutcomeGone
	if e.hint == hintTaken {
		e.hint = hintNone
	}
}

func (e *entry) due() time.Time {
	if e.hint != hintNone && e.hinted.Before(e.next) {
		return e.hinted
	}
	return e.next
}

func (e *entry) before(other *entry) bool {
	if c := e.due().Compare(other.due()); c != 0 {
		return c < 0
	}
	return e.id < other.id
}

func (e *entry) place() *int { return &e.index }
