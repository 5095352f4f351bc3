package push

import (
	"sync"
	"time"

	"github.com/coranto/coranto"
)

// warnEvery is the time between two warnings of the same kind about a source: who
// knows a callback could fill the log otherwise.
const warnEvery = time.Hour

// warns is when sources were warned of. It is safe for concurrent use.
type warns struct {
	mu   sync.Mutex
	last map[coranto.SourceID]time.Time
}

func newWarns() *warns { return &warns{last: make(map[coranto.SourceID]time.Time)} }

// first reports whether a source is to be warned of now.
func (w *warns) first(id coranto.SourceID, now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if last, ok := w.last[id]; ok && !last.After(now) && now.Sub(last) < warnEvery {
		return false
	}
	w.last[id] = now
	return true
}
