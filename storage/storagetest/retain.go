package storagetest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

func retainTests() map[string]func(*fixture) {
	return map[string]func(*fixture){
		"the zero policy keeps everything": retainNothing,
		"what each limit keeps":            retainLimits,
		"bytes that fit are kept":          retainBytes,
		"the narrowest category counts":    retainNarrowest,
		"pinned items stay":                retainPinned,
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
	f.add(sample.Source("a"), sample.Source("b"))
	f.commit(
		f.visit("a", sample.Items("a", 0, 6, "c")...),
		f.visit("b", sample.Items("b", 0, 3, "c")...),
	)
	none := storage.Limits{}
	steps := []struct {
		name string
		p    storage.Policy
		a, b int // items left of each source
	}{
		{
			"roomy",
			policy(storage.Limits{Items: 9, Age: f.since(sample.Item("a", 0)), Bytes: 1 << 30}), 6, 3,
		},
		{"age", policy(storage.Limits{Age: f.since(sample.Item("a", 1))}), 5, 2},
		{"per source", storage.Policy{PerSource: storage.Limits{Items: 4}}, 4, 2},
		{"one source", storage.Policy{Sources: ofSource("a", storage.Limits{Items: 3})}, 3, 2},
		{"all but one source", storage.Policy{
			PerSource: storage.Limits{Items: 1}, Sources: ofSource("a", none),
		}, 3, 1},
		{"total", policy(storage.Limits{Items: 3}), 3, 0},
		{"another category", storage.Policy{Categories: ofCategory("d", storage.Limits{Items: 1})}, 3, 0},
		{"all but the category", storage.Policy{
			PerCategory: storage.Limits{Items: 1}, Categories: ofCategory("c", none),
		}, 3, 0},
		{"per category", storage.Policy{PerCategory: storage.Limits{Items: 2}}, 2, 0},
		{"several", storage.Policy{
			Limits: storage.Limits{Items: 2}, PerSource: storage.Limits{Items: 1},
		}, 1, 0},
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
	if len(newest) != 1 || newest[0].ID != sample.Item("a", 5).ID {
		f.Errorf("kept %v, want the newest", ids(newest))
	}
}

func policy(l storage.Limits) storage.Policy { return storage.Policy{Limits: l} }

func ofSource(id coranto.SourceID, l storage.Limits) map[coranto.SourceID]storage.Limits {
	return map[coranto.SourceID]storage.Limits{id: l}
}

func ofCategory(slug coranto.Slug, l storage.Limits) map[coranto.Slug]storage.Limits {
	return map[coranto.Slug]storage.Limits{slug: l}
}

// since is the age of an item; one of just that age is kept.
func (f *fixture) since(it coranto.Item) time.Duration { return f.clock.Now().Sub(it.Published) }

// An item in two categories goes when one of them has no room.
func retainNarrowest(f *fixture) {
	f.add(sample.Source("a"))
	f.commit(
		f.visit("a", sample.Items("a", 0, 4, "wide", "narrow")...),
		f.visit("a", sample.Items("a", 4, 8, "wide")...),
	)
	f.retain(storage.Policy{Categories: ofCategory("narrow", storage.Limits{Items: 1})}, 100)
	got := f.latest(storage.Query{By: storage.ByCategory, Value: "wide"}).Records
	if len(got) != 5 || got[4].ID != sample.Item("a", 3).ID {
		f.Errorf("kept %d in the wide category, want the newest of the narrow one and 4 others", len(got))
	}
}

// What stays is the newest that fit, by the bytes that the store tells itself.
func retainBytes(f *fixture) {
	f.add(sample.Source("a"))
	for n := range 10 {
		it := sample.Item("a", n)
		it.Categories = []coranto.Slug{"c"}
		it.Content = strings.Repeat(fmt.Sprint(n), 50*n)
		f.commit(f.visit("a", it))
	}
	all := f.latest(storage.Query{}).Records
	var room int64
	for _, r := range all[:4] {
		room += r.Bytes
	}
	for _, p := range []storage.Policy{
		policy(storage.Limits{Bytes: room + all[4].Bytes}),
		{Sources: ofSource("a", storage.Limits{Bytes: room + 1})},
		{Categories: ofCategory("c", storage.Limits{Bytes: room})},
	} {
		f.retain(p, 100)
		left := f.latest(storage.Query{}).Records
		diff(f, "kept", ids(left), ids(all[:len(left)]))
	}
	if st := f.stats(); st.Items != 4 || st.ItemBytes != room || f.source("a").Bytes != room ||
		st.Categories[0].Bytes != room {
		f.Errorf("%+v and source %d bytes, want 4 items of %d", st, f.source("a").Bytes, room)
	}
}

// Pinned items stay, and take no room from newer ones.
func retainPinned(f *fixture) {
	f.add(sample.Source("a"))
	f.commit(f.visit("a", sample.Items("a", 0, 6, "c")...))
	page, end := f.latest(storage.Query{}), f.logEnd()
	f.clock.Advance(time.Hour)
	pinned := []coranto.ItemID{
		sample.Item("a", 0).ID, sample.Item("a", 2).ID, sample.Item("b", 1).ID, sample.Item("a", 0).ID,
	}
	f.pin(pinned, true, 2)
	f.pin(pinned, true, 0)
	if got := f.latest(storage.Query{}).Modified; !got.Equal(page.Modified) || f.logEnd() != end {
		f.Errorf("pinning is announced: modified %v, want %v", got, page.Modified)
	}
	f.reopen()
	p := storage.Policy{
		Limits:      storage.Limits{Age: time.Second, Items: 2, Bytes: 1},
		PerSource:   storage.Limits{Items: 1},
		PerCategory: storage.Limits{Items: 1},
	}
	if more, stats := f.retain(storage.Policy{PerSource: storage.Limits{Items: 2}}, 1); !more || stats.Items != 1 {
		f.Errorf("removed %d, more %v; want one of two", stats.Items, more)
	}
	f.retain(storage.Policy{PerSource: storage.Limits{Items: 2}}, 100)
	diff(f, "kept", ids(f.latest(storage.Query{}).Records),
		[]coranto.ItemID{
			sample.Item("a", 5).ID, sample.Item("a", 4).ID, sample.Item("a", 2).ID, sample.Item("a", 0).ID,
		})
	f.retain(p, 100)
	diff(f, "kept by no limit", ids(f.latest(storage.Query{}).Records),
		[]coranto.ItemID{sample.Item("a", 2).ID, sample.Item("a", 0).ID})
	changed := sample.Item("a", 2)
	changed.Title = "changed"
	f.commit(f.visit("a", changed))
	if !f.item(changed.ID).Pinned {
		f.Errorf("an update unpinned the item")
	}
	f.pin(pinned, false, 2)
	f.retain(p, 100)
	if n := f.stats().Items; n != 0 {
		f.Errorf("%d items left that are pinned no more", n)
	}
}

func (f *fixture) pin(ids []coranto.ItemID, pinned bool, want int) {
	f.Helper()
	n, err := f.store.Pin(f.Context(), ids, pinned)
	f.must(err)
	if n != want {
		f.Errorf("%d items became pinned %v, want %d", n, pinned, want)
	}
}

func retainBudget(f *fixture) {
	f.add(sample.Source("a"))
	f.commit(f.visit("a", sample.Items("a", 0, 10)...))
	for i, want := range []struct {
		items int
		more  bool
	}{{4, true}, {4, false}, {0, false}} {
		more, stats := f.retain(storage.Policy{PerSource: storage.Limits{Items: 2}}, 4)
		if stats.Items != want.items || more != want.more {
			f.Errorf("call %d removed %d, more %v; want %d and %v",
				i, stats.Items, more, want.items, want.more)
		}
	}
}

func retainGone(f *fixture) {
	f.add(sample.Source("a"), sample.Source("b"))
	old, dup := sample.Item("a", 1), sample.Item("b", 2)
	old.Categories, old.Tags = []coranto.Slug{"c"}, []coranto.Tag{{Term: "t"}}
	dup.Link = old.Link
	f.commit(f.visit("a", old), f.visit("b", dup))
	_, cursor := f.changes("")
	f.retain(policy(storage.Limits{Age: f.since(old) - time.Second}), 10)
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
