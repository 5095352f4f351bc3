package push

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/coranto/coranto"
)

// wholeEvery is the time between two looks through all sources, for changes of which
// nobody told.
const wholeEvery = time.Hour

// agenda is when to look at which source again. It is safe for concurrent use.
type agenda struct {
	mu    sync.Mutex
	at    map[coranto.SourceID]time.Time
	whole time.Time // the last look through all sources; zero before the first
}

func newAgenda() *agenda { return &agenda{at: make(map[coranto.SourceID]time.Time)} }

// note adds a look at a source, unless there is an earlier one. The zero time is at
// once.
func (g *agenda) note(id coranto.SourceID, at time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if old, ok := g.at[id]; !ok || at.Before(old) {
		g.at[id] = at
	}
}

// due takes out the sources to look at now, by id; all is true when that is all
// there are.
func (g *agenda) due(now time.Time) (ids []coranto.SourceID, all bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.whole.IsZero() || !within(g.whole, now, wholeEvery) {
		g.whole = now
		clear(g.at)
		return nil, true
	}
	maps.DeleteFunc(g.at, func(id coranto.SourceID, at time.Time) bool {
		if at.After(now) {
			return false
		}
		ids = append(ids, id)
		return true
	})
	slices.Sort(ids)
	return ids, false
}

// again lets the next look be one through all sources.
func (g *agenda) again() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.whole = time.Time{}
}
