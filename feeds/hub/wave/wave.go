// Package wave reads from the store's log what changed since a place in it, for those
// who tell others: which scopes show the changes, once each, however many there were.
//
// A wave says too much rather than too little. Whether a document really changed, its
// bytes tell.
package wave

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/storage"
)

// PollEvery is the time between two looks at the log without a hint: one may be missed
// (see storage.Store.Watch).
const PollEvery = 2 * time.Second

// perRead is how many changes are read at once.
const perRead = 500

// Wave is what changed.
type Wave struct {
	All    bool           // changes were forgotten unread: everything counts as changed
	Scopes []feeds.Scope  // that show what changed, sorted; nil when All
	Next   storage.Cursor // behind the last change
}

// Empty reports that nothing changed.
func (w Wave) Empty() bool { return !w.All && len(w.Scopes) == 0 }

// Read reads the log from a cursor to its end.
func Read(ctx context.Context, store storage.Store, after storage.Cursor) (Wave, error) {
	w := Wave{Next: after}
	for {
		changes, next, err := store.Changes(ctx, w.Next, perRead)
		if errors.Is(err, storage.ErrCursorExpired) {
			return everything(ctx, store)
		}
		if err != nil {
			return Wave{}, fmt.Errorf("read changes: %w", err)
		}
		if len(changes) == 0 {
			return w, nil
		}
		for _, c := range changes {
			w.Scopes = append(w.Scopes, scopes(c)...)
		}
		slices.SortFunc(w.Scopes, order)
		w.Scopes, w.Next = slices.Compact(w.Scopes), next
	}
}

func everything(ctx context.Context, store storage.Store) (Wave, error) {
	end, err := store.LogEnd(ctx)
	if err != nil {
		return Wave{}, fmt.Errorf("find end of changes: %w", err)
	}
	return Wave{All: true, Next: end}, nil
}

// scopes are those whose feeds may show a change.
func scopes(c storage.Change) []feeds.Scope {
	list := []feeds.Scope{{}}
	if c.Source != "" {
		list = append(list, feeds.SourceScope(c.Source))
	}
	for _, slug := range c.Categories {
		list = append(list, feeds.CategoryScope(slug))
	}
	return list
}

func order(a, b feeds.Scope) int {
	return cmp.Or(cmp.Compare(a.By, b.By), cmp.Compare(a.Value, b.Value))
}

// Follower is what Follow calls.
type Follower struct {
	// Take is given what changed, wave by wave. A wave that it returns an error of
	// comes again.
	Take func(context.Context, Wave) error
	Beat func(context.Context) // about once a second
	Fail func(error)           // errors of Take and of the store; nothing ends for them
}

// Follow reads the log from a cursor on until ctx ends.
func Follow(ctx context.Context, store storage.Store, from storage.Cursor, f Follower) {
	hints := store.Watch(ctx)
	poll, second := time.NewTicker(PollEvery), time.NewTicker(time.Second)
	defer poll.Stop()
	defer second.Stop()
	for ctx.Err() == nil {
		w, err := Read(ctx, store, from)
		if err == nil && !w.Empty() {
			err = f.Take(ctx, w)
		}
		switch {
		case err == nil:
			from = w.Next
		case ctx.Err() == nil:
			f.Fail(err)
		}
		for again := false; !again && ctx.Err() == nil; {
			select {
			case <-ctx.Done():
			case _, again = <-hints:
				if !again {
					hints = nil // the store was closed, or ctx ended
				}
			case <-poll.C:
				again = true
			case <-second.C:
				f.Beat(ctx)
			}
		}
	}
}
