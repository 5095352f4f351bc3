package storagetest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

func storeTests() map[string]func(*fixture) {
	return map[string]func(*fixture){
		"stats add up":                   storeStats,
		"methods obey their context":     storeContext,
		"a closed store says so":         storeClosed,
		"a backup can be taken, if any":  storeBackup,
		"everything survives a restart":  storeRestart,
		"a new store is empty and knows": storeEmpty,
	}
}

func storeEmpty(f *fixture) {
	st := f.stats()
	if st.Items != 0 || st.Sources != 0 || !st.Oldest.IsZero() || len(st.Categories) != 0 {
		f.Errorf("stats of a new store: %+v", st)
	}
	if st.Engine == "" || st.Schema == 0 {
		f.Errorf("engine %q schema %d, want both", st.Engine, st.Schema)
	}
	page := f.latest(storage.Query{})
	if len(page.Records) != 0 || page.More || !page.Modified.IsZero() {
		f.Errorf("page of a new store: %+v", page)
	}
	changes, next := f.changes("")
	if len(changes) != 0 || next != f.logEnd() {
		f.Errorf("changes of a new store: %v, cursor %x", changes, next)
	}
}

func storeStats(f *fixture) {
	f.add(sample.Source("a"), sample.Source("b"))
	first := f.clock.Now()
	f.commit(f.visit("a", sample.Items("a", 0, 5, "x")...))
	f.clock.Advance(time.Hour)
	f.commit(f.visit("b", sample.Items("b", 0, 9, "x", "y")...))
	f.retain(storage.Policy{PerSource: storage.Limits{Items: 4}}, 100)
	st := f.stats()
	want := []storage.Count{
		{Slug: "x", Items: 8, Newest: sample.Item("b", 8).Published},
		{Slug: "y", Items: 4, Newest: sample.Item("b", 8).Published},
	}
	diff(f, "categories", unweighed(st.Categories), want)
	if st.Items != 8 || st.Sources != 2 || !st.Oldest.Equal(first) {
		f.Errorf("items %d sources %d oldest %v, want 8, 2 and %v",
			st.Items, st.Sources, st.Oldest, first)
	}
	if st.ItemWrites != 14 || st.ItemBytes <= 0 ||
		st.FileBytes < st.ItemBytes || st.FreeBytes > st.FileBytes {
		f.Errorf("measures %+v do not add up", st)
	}
}

// unweighed are counts without their bytes, which are the engine's.
func unweighed(counts []storage.Count) []storage.Count {
	counts = slices.Clone(counts)
	for i := range counts {
		counts[i].Bytes = 0
	}
	return counts
}

func storeContext(f *fixture) {
	ctx, cancel := context.WithCancel(f.Context())
	cancel()
	_, _, claim := f.store.Claim(ctx, "me", 1, 1, time.Minute)
	_, extend := f.store.Extend(ctx, nil, time.Minute)
	_, latest := f.store.Latest(ctx, storage.Query{})
	_, item := f.store.Item(ctx, coranto.ItemID{})
	_, dup := f.store.FindDup(ctx, nil)
	_, _, changes := f.store.Changes(ctx, "", 1)
	_, load := f.store.LoadCursor(ctx, "c")
	_, _, retain := f.store.Retain(ctx, storage.Policy{}, 1)
	_, revisions := f.store.Revisions(ctx, coranto.ItemID{})
	_, pin := f.store.Pin(ctx, nil, true)
	_, remove := f.store.Remove(ctx, nil, "")
	_, lift := f.store.Lift(ctx, nil)
	_, tombstone := f.store.Tombstone(ctx, coranto.ItemID{})
	_, tombstones := f.store.Tombstones(ctx, storage.TombstoneQuery{})
	_, stats := f.store.Stats(ctx)
	var sources error
	for _, sources = range f.store.Sources(ctx, storage.SourceQuery{}) {
		continue
	}
	errs := map[string]error{
		"Claim": claim, "Extend": extend, "Latest": latest, "Item": item, "FindDup": dup,
		"Changes": changes, "LoadCursor": load, "Retain": retain, "Stats": stats, "Sources": sources,
		"Revisions": revisions, "Pin": pin, "Remove": remove, "Lift": lift,
		"Tombstone": tombstone, "Tombstones": tombstones,
		"UpsertSources": f.store.UpsertSources(ctx, []coranto.Source{sample.Source("a")}, nil),
		"DueNow":        f.store.DueNow(ctx, nil),
		"SaveCursor":    f.store.SaveCursor(ctx, "c", "", ""),
	}
	for method, err := range errs {
		if !errors.Is(err, context.Canceled) {
			f.Errorf("%s after the context ended: error = %v, want context.Canceled", method, err)
		}
	}
}

func storeClosed(f *fixture) {
	f.add(sample.Source("a"))
	watch := f.store.Watch(context.WithoutCancel(f.Context()))
	f.must(f.store.Close())
	_, commit := f.store.Commit(f.Context(), []storage.Visit{f.visit("a")})
	_, latest := f.store.Latest(f.Context(), storage.Query{})
	upsert := f.store.UpsertSources(f.Context(), []coranto.Source{sample.Source("b")}, nil)
	for _, err := range []error{commit, latest, upsert} {
		if !errors.Is(err, storage.ErrClosed) {
			f.Errorf("error = %v after Close, want ErrClosed", err)
		}
	}
	for range watch {
		continue // ends, because the store closed the channel
	}
	f.store = f.open(f, f.dir, f.clock.Now)
}

func storeBackup(f *fixture) {
	b, ok := f.store.(storage.Backuper)
	if !ok {
		f.Log("the engine is backed up by its own tools")
		return
	}
	f.filedItems(20)
	var copied bytes.Buffer
	n, err := b.Backup(f.Context(), &copied)
	f.must(err)
	if n == 0 || n != int64(copied.Len()) {
		f.Errorf("backup says %d bytes and wrote %d", n, copied.Len())
	}
}

func storeRestart(f *fixture) {
	f.filedItems(30)
	q := storage.Query{By: storage.ByCategory, Value: "cc"}
	page, st := f.latest(q), f.stats()
	changes, end := f.changes("")
	f.clock.Advance(time.Hour)
	f.reopen()
	diff(f, "page", f.latest(q), page)
	again, end2 := f.changes("")
	diff(f, "changes", again, changes)
	got := f.stats()
	diff(f, "categories", got.Categories, st.Categories)
	if got.Items != st.Items || got.ItemBytes != st.ItemBytes ||
		got.Sources != st.Sources || end2 != end {
		f.Errorf("after a restart %+v, want %+v", got, st)
	}
	if got.Commits != 0 || got.ItemWrites != 0 {
		f.Errorf("counts since opening are %d and %d, want 0", got.Commits, got.ItemWrites)
	}
}
