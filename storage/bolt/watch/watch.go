// Package watch tells those who wait for commits that there was one.
package watch

import (
	"context"
	"slices"
	"sync"
)

// List is the channels that hear of commits. The zero value has none and is ready
// for use, by several goroutines at the same time.
type List struct {
	mu     sync.Mutex
	chans  []chan struct{}
	closed bool
}

// Watch returns a channel that hears of commits: one value stands for all that were
// not heard of yet. It is closed when ctx ends or the list is closed.
func (l *List) Watch(ctx context.Context) <-chan struct{} {
	ch := make(chan struct{}, 1)
	if !l.add(ch) {
		close(ch)
		return ch
	}
	context.AfterFunc(ctx, func() { l.remove(ch) })
	return ch
}

func (l *List) add(ch chan struct{}) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	l.chans = append(l.chans, ch)
	return true
}

func (l *List) remove(ch chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.Index(l.chans, ch); i >= 0 {
		l.chans = slices.Delete(l.chans, i, i+1)
		close(ch)
	}
}

// Notify tells every channel that has not been told already. It never waits.
func (l *List) Notify() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, ch := range l.chans {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}

// Close closes all channels, and those of Watch from now on.
func (l *List) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, ch := range l.chans {
		close(ch)
	}
	l.chans, l.closed = nil, true
}
