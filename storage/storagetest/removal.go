package storagetest

import (
	"errors"
	"fmt"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

func removalTests() map[string]func(*fixture) {
	return map[string]func(*fixture){
		"what was taken down is gone S37":        removalGone,
		"and does not come back S37":             removalStays,
		"until it is lifted":                     removalLifted,
		"what expired does not come back":        removalExpired,
		"but is forgotten after a year":          removalForgotten,
		"what expired can be taken down":         removalCondemned,
		"tombstones are read in both directions": removalPages,
		"unknown ids are passed over":            removalUnknown,
	}
}

func (f *fixture) remove(why string, want int, ids ...coranto.ItemID) {
	f.Helper()
	n, err := f.store.Remove(f.Context(), ids, why)
	f.must(err)
	if n != want {
		f.Errorf("%d items taken down, want %d", n, want)
	}
}

func (f *fixture) lift(want int, ids ...coranto.ItemID) {
	f.Helper()
	n, err := f.store.Lift(f.Context(), ids)
	f.must(err)
	if n != want {
		f.Errorf("%d tombstones lifted, want %d", n, want)
	}
}

// tombstone is what is left of an item; the zero one when nothing is.
func (f *fixture) tombstone(id coranto.ItemID) storage.Tombstone {
	f.Helper()
	t, err := f.store.Tombstone(f.Context(), id)
	if errors.Is(err, storage.ErrNotFound) {
		return storage.Tombstone{}
	}
	f.must(err)
	return *t
}

func removalGone(f *fixture) {
	f.add(sample.Source("a"), sample.Source("b"))
	it, dup := sample.Item("a", 1), sample.Item("b", 2)
	it.Categories, it.Tags = []coranto.Slug{"c", "d"}, []coranto.Tag{{Term: "t"}}
	dup.Link = it.Link
	f.commit(f.visit("a", it, sample.Item("a", 2)), f.visit("b", dup))
	f.pin([]coranto.ItemID{it.ID}, true, 1)
	_, cursor := f.changes("")
	f.clock.Advance(time.Minute)
	f.remove("its author asked", 1, it.ID, it.ID)
	if _, err := f.store.Item(f.Context(), it.ID); !errors.Is(err, storage.ErrNotFound) {
		f.Errorf("error = %v for a removed item, want ErrNotFound", err)
	}
	for _, q := range []storage.Query{
		{By: storage.ByCategory, Value: "c"}, {By: storage.ByCategory, Value: "d"},
		{By: storage.ByTag, Value: "t"}, {By: storage.BySource, Value: "a"}, {},
	} {
		page := f.latest(q)
		for _, r := range page.Records {
			if r.ID == it.ID {
				f.Errorf("index %d %q still lists the item", q.By, q.Value)
			}
		}
		if !page.Modified.Equal(f.clock.Now()) {
			f.Errorf("index %d %q modified %v, want now", q.By, q.Value, page.Modified)
		}
	}
	changes, _ := f.changes(cursor)
	diff(f, "changes", changes, []storage.Change{{
		At: f.clock.Now(), Source: "a", Items: []coranto.ItemID{it.ID},
		Categories: []coranto.Slug{"c", "d"}, Tags: []string{"t"},
	}})
	found, err := f.store.FindDup(f.Context(), storage.DedupKeys(&it))
	f.must(err)
	diff(f, "found by its keys", found, []coranto.ItemID{{}, dup.ID, {}})
	removed := &storage.Record{Item: it}
	diff(f, "tombstone", f.tombstone(it.ID), *storage.TakenDown(removed, f.clock.Now(), "its author asked"))
}

// Neither polls nor updates, restarts, retention nor time bring it back.
func removalStays(f *fixture) {
	f.add(sample.Source("a"))
	it := sample.Item("a", 1)
	f.commit(f.visit("a", it))
	f.remove("why", 1, it.ID)
	left := f.tombstone(it.ID)
	_, end := f.changes("")
	for n := range 10 {
		it.Title = fmt.Sprint("changed ", n)
		result := f.commit(f.visit("a", it))[0]
		diff(f, "result", result, storage.VisitResult{Gone: 1})
		f.retain(policy(storage.Limits{Items: 1}), 10)
		f.clock.Advance(100 * 24 * time.Hour)
		f.reopen()
	}
	if changes, _ := f.changes(end); len(changes) > 0 {
		f.Errorf("%d changes, want none", len(changes))
	}
	diff(f, "tombstone", f.tombstone(it.ID), left)
	if st := f.stats(); st.Items != 0 || st.Tombstones != 1 || st.Expired != 0 {
		f.Errorf("%d items, %d tombstones, %d expired; want 0, 1 and 0",
			st.Items, st.Tombstones, st.Expired)
	}
	it = sample.Item("a", 1)
	it.GUID, it.ID = "another", coranto.NewItemID("a", "another")
	diff(f, "under another id", f.commit(f.visit("a", it))[0], storage.VisitResult{Gone: 1})
	it.Published = it.Published.AddDate(0, 1, 0)
	diff(f, "of another day", f.commit(f.visit("a", it))[0].New, 1)
}

func removalLifted(f *fixture) {
	f.add(sample.Source("a"), sample.Source("b"))
	it := sample.Item("a", 1)
	v := f.visit("a", it)
	v.Seen = []byte("seen")
	v.State.ETag, v.State.BodyHash = `"1"`, [32]byte{1}
	v.State.LastModified, v.State.ValidatorURL = "yesterday", "https://a.example/feed"
	v.State.Fresh, v.State.Feed.Title = f.clock.Now().Add(time.Hour), "A"
	other := v
	other.Source, other.Items = "b", nil
	f.commit(v, other)
	f.remove("a mistake", 1, it.ID)
	want := f.source("b").State
	f.lift(1, it.ID, it.ID, sample.Item("b", 7).ID)
	f.lift(0, it.ID)
	diff(f, "state of another source", f.source("b").State, want)
	f.seen("b", "seen", "of another source")
	want = f.source("a").State
	want.Unread()
	diff(f, "state", f.source("a").State, want)
	f.seen("a", "", "after lifting")
	if want.ETag+want.LastModified+want.ValidatorURL != "" || want.BodyHash != [32]byte{} ||
		!want.Fresh.IsZero() || want.Feed.Title != "A" {
		f.Errorf("Unread leaves %+v", want)
	}
	diff(f, "tombstone", f.tombstone(it.ID), storage.Tombstone{})
	result := f.commit(f.visit("a", it))[0]
	if result.New != 1 || result.Gone != 0 {
		f.Errorf("result %+v, want the item to be new", result)
	}
	f.remove("again", 1, it.ID)
	diff(f, "why", f.tombstone(it.ID).Why, "again")
}

func removalExpired(f *fixture) {
	f.add(sample.Source("a"))
	f.commit(f.visit("a", sample.Items("a", 0, 4, "c")...))
	f.retain(policy(storage.Limits{Items: 1}), 10)
	f.reopen()
	_, end := f.changes("")
	for range 3 {
		result := f.commit(f.visit("a", sample.Items("a", 0, 4, "c")...))[0]
		diff(f, "result", result, storage.VisitResult{Same: 1, Gone: 3})
	}
	if changes, _ := f.changes(end); len(changes) > 0 {
		f.Errorf("%d changes, want none", len(changes))
	}
	id := sample.Item("a", 1).ID
	diff(f, "what is left", f.tombstone(id), storage.Tombstone{
		ID: id, Source: "a", At: f.clock.Now(), Expired: true,
	})
	page, err := f.store.Tombstones(f.Context(), storage.TombstoneQuery{})
	f.must(err)
	if st := f.stats(); len(page.Tombstones) != 0 || st.Tombstones != 0 || st.Expired != 3 {
		f.Errorf("%d tombstones shown, %d counted, %d expired; want 0, 0 and 3",
			len(page.Tombstones), st.Tombstones, st.Expired)
	}
	f.lift(1, id)
	if result := f.commit(f.visit("a", sample.Item("a", 1)))[0]; result.New != 1 {
		f.Errorf("result %+v after lifting, want the item to be new", result)
	}
}

// The memory of an item that the source goes on listing lasts.
func removalForgotten(f *fixture) {
	f.add(sample.Source("a"))
	listed, dropped := sample.Item("a", 1), sample.Item("a", 2)
	f.commit(f.visit("a", listed, dropped))
	f.retain(policy(storage.Limits{Age: time.Second}), 10)
	for f.clock.Now().Sub(sample.Start()) < storage.ExpiredFor {
		f.clock.Advance(storage.ExpiredRenewed)
		diff(f, "result", f.commit(f.visit("a", listed))[0], storage.VisitResult{Gone: 1})
	}
	diff(f, "what is left of the item not listed", f.tombstone(dropped.ID), storage.Tombstone{})
	result := f.commit(f.visit("a", listed, dropped))[0]
	if result.New != 1 || result.Gone != 1 || f.item(dropped.ID).Revision != 1 {
		f.Errorf("result %+v, want the item that was not listed to be new", result)
	}
}

func removalCondemned(f *fixture) {
	f.add(sample.Source("a"))
	it := sample.Item("a", 1)
	f.commit(f.visit("a", it))
	f.retain(policy(storage.Limits{Age: time.Second}), 10)
	f.clock.Advance(time.Hour)
	f.remove("why", 1, it.ID)
	f.remove("why not", 0, it.ID)
	diff(f, "tombstone", f.tombstone(it.ID), storage.Tombstone{
		ID: it.ID, Source: "a", At: f.clock.Now(), Why: "why",
	})
	if st := f.stats(); st.Tombstones != 1 || st.Expired != 0 {
		f.Errorf("%d tombstones, %d expired; want 1 and 0", st.Tombstones, st.Expired)
	}
}

func removalPages(f *fixture) {
	f.add(sample.Source("a"), sample.Source("ab"))
	f.commit(
		f.visit("a", sample.Items("a", 0, 6, "c", "cc")...),
		f.visit("ab", sample.Items("ab", 0, 3, "cc")...),
	)
	for n := range 6 {
		f.clock.Advance(time.Minute)
		f.remove(fmt.Sprint(n), 1, sample.Item("a", n).ID)
	}
	f.remove("together", 3, sample.Item("ab", 0).ID, sample.Item("ab", 1).ID, sample.Item("ab", 2).ID)
	counts := []struct {
		q storage.TombstoneQuery
		n int
	}{
		{storage.TombstoneQuery{}, 9},
		{storage.TombstoneQuery{By: storage.BySource, Value: "a"}, 6},
		{storage.TombstoneQuery{By: storage.BySource, Value: "ab"}, 3},
		{storage.TombstoneQuery{By: storage.ByCategory, Value: "c"}, 6},
		{storage.TombstoneQuery{By: storage.ByCategory, Value: "cc"}, 9},
		{storage.TombstoneQuery{By: storage.ByCategory, Value: "ccc"}, 0},
	}
	for _, tt := range counts {
		all := f.tombstones(tt.q)
		if len(all.Tombstones) != tt.n || all.More {
			f.Errorf("%+v: %d, more %v; want %d", tt.q, len(all.Tombstones), all.More, tt.n)
		}
		f.walkTombstones(tt.q, all.Tombstones)
	}
	if _, err := f.store.Tombstones(f.Context(), storage.TombstoneQuery{By: storage.ByTag}); err == nil {
		f.Errorf("tombstones by tag: no error, want one")
	}
}

func (f *fixture) tombstones(q storage.TombstoneQuery) storage.TombstonePage {
	f.Helper()
	page, err := f.store.Tombstones(f.Context(), q)
	f.must(err)
	return page
}

// walkTombstones reads a list two at a time, there and back.
func (f *fixture) walkTombstones(q storage.TombstoneQuery, all []storage.Tombstone) {
	f.Helper()
	var there, back []storage.Tombstone
	q.Limit = 2
	for page := f.tombstones(q); ; page = f.tombstones(q) {
		there = append(there, page.Tombstones...)
		if page.More != (len(there) < len(all)) {
			f.Fatalf("%+v: more %v after %d of %d", q, page.More, len(there), len(all))
		}
		if !page.More {
			break
		}
		q.Before = there[len(there)-1].Order()
	}
	diff(f, "read to the oldest", there, all)
	if len(all) == 0 {
		return
	}
	q.Before, back = storage.OrderKey{}, all[len(all)-1:]
	for more := true; more; {
		q.After = back[0].Order()
		page := f.tombstones(q)
		back = append(page.Tombstones[:len(page.Tombstones):len(page.Tombstones)], back...)
		more = page.More
	}
	diff(f, "read to the newest", back, all)
}

func removalUnknown(f *fixture) {
	f.add(sample.Source("a"))
	f.commit(f.visit("a", sample.Item("a", 1)))
	before := f.stats().Commits
	f.remove("why", 0, sample.Item("a", 2).ID)
	f.remove("why", 0)
	f.lift(0, sample.Item("a", 1).ID, sample.Item("a", 2).ID)
	f.pin([]coranto.ItemID{sample.Item("a", 2).ID}, true, 0)
	if got := f.stats(); got.Commits != before || got.Tombstones != 0 {
		f.Errorf("%d commits and %d tombstones for nothing", got.Commits-before, got.Tombstones)
	}
	_, err := f.store.Tombstone(f.Context(), sample.Item("a", 1).ID)
	if !errors.Is(err, storage.ErrNotFound) {
		f.Errorf("tombstone of a stored item: error %v, want ErrNotFound", err)
	}
}
