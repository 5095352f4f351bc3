package storagetest

import (
	"context"
	"errors"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

func changeTests() map[string]func(*fixture) {
	return map[string]func(*fixture){
		"one change per visit":                  changePerVisit,
		"changes are read in portions":          changePortions,
		"a credit change names all categories":  changeCredit,
		"an unchanged visit is no change":       changeNone,
		"cursors are swapped and outlive":       changeCursors,
		"watchers hear of changes":              changeWatch,
		"a cursor of another store has expired": changeForeign,
	}
}

func changePerVisit(f *fixture) {
	f.add(sample.Source("a"), sample.Source("b"))
	x, y, z := sample.Item("a", 1), sample.Item("a", 2), sample.Item("b", 1)
	x.Categories, y.Categories = []coranto.Slug{"two"}, []coranto.Slug{"one", "two"}
	x.Tags, y.Tags = []coranto.Tag{{Term: "t"}, {Term: "s"}}, []coranto.Tag{{Term: "t"}}
	f.commit(f.visit("a", x, y), f.visit("b", z))
	now := f.clock.Now()
	got, _ := f.changes("")
	diff(f, "changes", got, []storage.Change{
		{
			At: now, Source: "a", Items: []coranto.ItemID{x.ID, y.ID},
			Categories: []coranto.Slug{"one", "two"}, Tags: []string{"s", "t"},
		},
		{At: now, Source: "b", Items: []coranto.ItemID{z.ID}},
	})
}

func changePortions(f *fixture) {
	f.add(sample.Source("a"))
	for n := range 5 {
		f.commit(f.visit("a", sample.Item("a", n)))
	}
	var cursor storage.Cursor
	var got []coranto.ItemID
	for range 4 {
		changes, next, err := f.store.Changes(f.Context(), cursor, 2)
		f.must(err)
		for _, ch := range changes {
			got = append(got, ch.Items...)
		}
		cursor = next
	}
	diff(f, "items in order", got, sample.IDs(sample.Items("a", 0, 5)))
	if end := f.logEnd(); cursor != end {
		f.Errorf("cursor %x after the last change, want the end %x", cursor, end)
	}
}

func changeCredit(f *fixture) {
	f.add(sample.Source("a"), sample.Source("b"))
	items := append(sample.Items("a", 0, 2, "go"), sample.Items("a", 2, 3, "news")...)
	f.commit(f.visit("a", items...),
		f.visit("b", sample.Items("b", 0, 1, "other")...))
	_, cursor := f.changes("")
	v := f.visit("a", sample.Items("a", 3, 4, "new")...)
	v.State.Feed = coranto.Attribution{Title: "A title"}
	f.commit(v)
	got, cursor := f.changes(cursor)
	diff(f, "change", got, []storage.Change{{
		At: f.clock.Now(), Source: "a", Items: []coranto.ItemID{sample.Item("a", 3).ID},
		Categories: []coranto.Slug{"go", "new", "news"}, Credit: true,
	}})
	shown := sample.Source("a")
	shown.Title = "The operator's"
	f.add(shown)
	_, cursor = f.changes(cursor)
	v.State.Feed.Title = "not shown"
	f.commit(v)
	if got, _ := f.changes(cursor); len(got) != 0 {
		f.Errorf("a title that the operator's hides made the change %+v", got)
	}
}

func changeNone(f *fixture) {
	f.add(sample.Source("a"))
	f.commit(f.visit("a", sample.Item("a", 1)))
	end := f.logEnd()
	f.clock.Advance(time.Hour)
	v := f.visit("a")
	v.State.Outcome, v.State.ETag = storage.OutcomeNotModified, "new"
	f.commit(v, f.visit("a", sample.Item("a", 1)))
	if got := f.logEnd(); got != end {
		f.Errorf("the log moved from %x to %x", end, got)
	}
}

func changeCursors(f *fixture) {
	f.add(sample.Source("a"))
	f.commit(f.visit("a", sample.Item("a", 1)))
	first := f.logEnd()
	f.commit(f.visit("a", sample.Item("a", 2)))
	second := f.logEnd()
	steps := []struct {
		old, next storage.Cursor
		err       error
	}{
		{first, second, storage.ErrConflict},
		{"", first, nil},
		{"", second, storage.ErrConflict},
		{first, second, nil},
		{second, second, nil},
	}
	for i, step := range steps {
		err := f.store.SaveCursor(f.Context(), "reader", step.old, step.next)
		if !errors.Is(err, step.err) {
			f.Errorf("step %d: error = %v, want %v", i, err, step.err)
		}
	}
	f.reopen()
	got, err := f.store.LoadCursor(f.Context(), "reader")
	f.must(err)
	other, err := f.store.LoadCursor(f.Context(), "another")
	f.must(err)
	if got != second || other != "" {
		f.Errorf("cursors %x and %x, want %x and none", got, other, second)
	}
}

func changeWatch(f *fixture) {
	f.add(sample.Source("a"))
	ctx, cancel := context.WithCancel(f.Context())
	one, two := f.store.Watch(ctx), f.store.Watch(f.Context())
	f.commit(f.visit("a", sample.Item("a", 1)))
	f.commit(f.visit("a", sample.Item("a", 2))) // coalesced with the first or not
	for i, ch := range []<-chan struct{}{one, two} {
		select {
		case _, open := <-ch:
			if !open {
				f.Errorf("watcher %d is closed", i)
			}
		case <-time.After(5 * time.Second):
			f.Errorf("watcher %d heard nothing", i)
		}
	}
	cancel()
	for range one {
		continue // ends when the channel is closed
	}
}

func changeForeign(f *fixture) {
	f.add(sample.Source("a"))
	f.commit(f.visit("a", sample.Item("a", 1)))
	for _, cursor := range []storage.Cursor{"what?", storage.Cursor(make([]byte, 100))} {
		_, _, err := f.store.Changes(f.Context(), cursor, 10)
		if !errors.Is(err, storage.ErrCursorExpired) {
			f.Errorf("error = %v for cursor %q, want ErrCursorExpired", err, cursor)
		}
	}
}
