package storagetest

import (
	"errors"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

func retainTests() map[string]func(*fixture) {
	return map[string]func(*fixture){
		"the zero policy keeps everything": retainNothing,
		"what each limit keeps":            retainLimits,
		"a budget bounds one call":         retainBudget,
		"removed items are gone":           retainGone,
	}
}

func (f *fixture) retain(p storage.Policy, budget int) (bool, storage.RetainStats) {
	f.Helper()
	more, stats, err := f.store.Retain(f.Context(), p, budget)
	f.must(err)
	return more, stats
}

func retainNothing(f *fixture) {
	f.filedItems(3)
	before := f.stats().Commits
	if more, stats := f.retain(storage.Policy{}, 100); more || stats.Items != 0 {
		f.Errorf("removed %d, more %v; want nothing", stats.Items, more)
	}
	if got := f.stats().Commits - before; got != 0 {
		f.Errorf("%d commits, want 0", got)
	}
}

func retainLimits(f *fixture) {
	f.add(Source("a"), Source("b"))
	f.commit(f.visit("a", Items("a", 0, 6, "c")...), f.visit("b", Items("b", 0, 3, "c")...))
	steps := []struct {
		name string
		p    storage.Policy
		a, b int // items left of each source
	}{
		{"before", storage.Policy{Before: Item("a", 1).Published}, 5, 2},
		{"per source", storage.Policy{PerSource: 3}, 3, 2},
		{"total", storage.Policy{TotalItems: 4}, 3, 1},
		{"several", storage.Policy{TotalItems: 3, PerSource: 1, Before: Item("a", 1).Published}, 1, 0},
	}
	for _, step := range steps {
		left := f.stats().Items
		more, stats := f.retain(step.p, 100)
		if more || stats.Items != left-step.a-step.b || (stats.Bytes > 0) != (stats.Items > 0) {
			f.Errorf("%s: removed %+v, more %v", step.name, stats, more)
		}
		if a, b := f.source("a").Items, f.source("b").Items; a != step.a || b != step.b {
			f.Errorf("%s: %d and %d items left, want %d and %d", step.name, a, b, step.a, step.b)
		}
		f.check()
	}
	newest := f.latest(storage.Query{By: storage.BySource, Value: "a"}).Records
	if len(newest) != 1 || newest[0].ID != Item("a", 5).ID {
		f.Errorf("kept %v, want the newest", ids(newest))
	}
}

func retainBudget(f *fixture) {
	f.add(Source("a"))
	f.commit(f.visit("a", Items("a", 0, 10)...))
	for i, want := range []struct {
		items int
		more  bool
	}{{4, true}, {4, false}, {0, false}} {
		more, stats := f.retain(storage.Policy{PerSource: 2}, 4)
		if stats.Items != want.items || more != want.more {
			f.Errorf("call %d removed %d, more %v; want %d and %v",
				i, stats.Items, more, want.items, want.more)
		}
	}
}

func retainGone(f *fixture) {
	f.add(Source("a"), Source("b"))
	old, dup := Item("a", 1), Item("b", 2)
	old.Categories, old.Tags = []coranto.Slug{"c"}, []coranto.Tag{{Term: "t"}}
	dup.Link = old.Link
	f.commit(f.visit("a", old), f.visit("b", dup))
	_, cursor := f.changes("")
	f.retain(storage.Policy{Before: old.Published.Add(time.Second)}, 10)
	if _, err := f.store.Item(f.Context(), old.ID); !errors.Is(err, storage.ErrNotFound) {
		f.Errorf("error = %v for a removed item, want ErrNotFound", err)
	}
	changes, _ := f.changes(cursor)
	diff(f, "changes", changes, []storage.Change{{
		At: f.clock.Now(), Source: "a", Items: []coranto.ItemID{old.ID},
		Categories: []coranto.Slug{"c"}, Tags: []string{"t"},
	}})
	found, err := f.store.FindDup(f.Context(), storage.DedupKeys(&old))
	f.must(err)
	diff(f, "found by its keys", found, []coranto.ItemID{{}, dup.ID, {}})
	if got := f.item(dup.ID).DupOf; got != old.ID {
		f.Errorf("duplicate of %v, want it unchanged", got)
	}
}
