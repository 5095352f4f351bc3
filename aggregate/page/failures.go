package page

import (
	"container/list"
	"sync"
	"time"
)

// failures remember what is not to be asked for again for a while, the latest of
// them: what is forgotten too early is asked for once more.
type failures struct {
	limit int

	mu    sync.Mutex
	order *list.List // of *failure, the latest first
	known map[string]*list.Element
}

type failure struct {
	key   string
	err   error
	until time.Time
}

func newFailures(limit int) *failures {
	return &failures{limit: limit, order: list.New(), known: make(map[string]*list.Element)}
}

// recall is why a key failed; nil when it did not, or long ago.
func (f *failures) recall(key string, now time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	at := f.known[key]
	if at == nil {
		return nil
	}
	if one := at.Value.(*failure); now.Before(one.until) {
		return one.err
	}
	f.forget(at)
	return nil
}

func (f *failures) remember(key string, err error, until time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if at := f.known[key]; at != nil {
		f.forget(at)
	}
	f.known[key] = f.order.PushFront(&failure{key, err, until})
	if f.order.Len() > f.limit {
		f.forget(f.order.Back())
	}
}

func (f *failures) forget(at *list.Element) {
	f.order.Remove(at)
	delete(f.known, at.Value.(*failure).key)
}
