package storagetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

func commitTests() map[string]func(*fixture) {
	return map[string]func(*fixture){
		"an item comes back whole":               commitRoundTrip,
		"state and items are stored together":    commitTogether,
		"what was seen is kept for the next":     commitSeen,
		"the commit completes the state":         commitCompletes,
		"the same visit again changes nothing":   commitIdempotent,
		"dates of a new item S23":                commitDates,
		"an update keeps published S23":          commitUpdate,
		"dates alone are no update":              commitDatesAlone,
		"refiling moves the item":                commitRefile,
		"the last of two alike items wins":       commitTwice,
		"a duplicate of another source is noted": commitDup,
		"many at once":                           commitConcurrent,
		"a context that has ended":               commitCanceled,
		"the caller's values are not touched":    commitNoAlias,
	}
}

// diff reports how two values differ, but for what the engine counts an item as.
func diff[T any](f *fixture, what string, got, want T) {
	f.Helper()
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(storage.Record{}, "Bytes", "Seq")); d != "" {
		f.Errorf("%s differs (-want +got):\n%s", what, d)
	}
}

func commitRoundTrip(f *fixture) {
	f.add(sample.Source("a"))
	it := sample.Full("a")
	f.commit(f.visit("a", it))
	now := f.clock.Now()
	want := storage.Record{
		Item: it, FirstSeen: now, Changed: now, Revision: 1, Hash: storage.ContentHash(&it),
	}
	diff(f, "record", *f.item(it.ID), want)
	f.reopen()
	diff(f, "record after a restart", *f.item(it.ID), want)
	diff(f, "page", f.latest(storage.Query{}).Records, []storage.Record{want})
	want.Content = ""
	diff(f, "heads", f.latest(storage.Query{Heads: true}).Records, []storage.Record{want})
	if _, err := f.store.Item(f.Context(), coranto.ItemID{1}); !errors.Is(err, storage.ErrNotFound) {
		f.Errorf("error = %v for an unknown item, want ErrNotFound", err)
	}
}

func commitTogether(f *fixture) {
	f.add(sample.Source("a"))
	now := f.clock.Now()
	v := f.visit("a", sample.Items("a", 0, 2)...)
	v.State = storage.SourceState{
		ETag: `"e"`, LastModified: "Mon", ValidatorURL: "https://a.example/feed", BodyHash: [32]byte{1},
		Next: now.Add(time.Hour), Interval: time.Hour, Wait: now.Add(time.Minute),
		Fails: 2, LastError: "boom",
		Outcome: storage.OutcomeNew, LastVisit: now, LastOK: now,
		GoneSince: now.Add(-time.Hour), Filing: "f", Reading: "r", LooseIDs: true,
		Hints: storage.Hints{
			TTL: time.Hour, UpdatePeriod: time.Minute,
			SkipHours: []int{0, 23}, SkipDays: []time.Weekday{time.Sunday, time.Friday},
		},
		Problems: []coranto.Problem{{Code: "c", Place: "p", Text: "t"}},
		Feed:     coranto.Attribution{ID: "urn:f", Title: "F", Authors: []coranto.Person{{Name: "A"}}},
	}
	before := f.stats()
	f.commit(v)
	if got := f.stats(); got.Commits-before.Commits != 1 || got.ItemWrites-before.ItemWrites != 2 {
		f.Errorf("%d commits and %d item writes, want 1 and 2",
			got.Commits-before.Commits, got.ItemWrites-before.ItemWrites)
	}
	f.reopen()
	v.State.LastNew = now
	diff(f, "state", f.source("a").State, v.State)
}

func commitSeen(f *fixture) {
	f.add(sample.Source("a"), sample.Source("b"))
	steps := []struct {
		name string
		seen []byte // of the visit
		want string
	}{
		{"none yet", nil, ""},
		{"the first", []byte("one"), "one"},
		{"a visit without", nil, "one"},
		{"another", []byte("two"), "two"},
		{"empty forgets", []byte{}, ""},
		{"a long one", []byte(strings.Repeat("seen ", 1000)), strings.Repeat("seen ", 1000)},
	}
	for _, step := range steps {
		v := f.visit("a", sample.Item("a", 1))
		v.Seen = step.seen
		f.commit(v)
		f.seen("a", step.want, step.name)
	}
	f.seen("b", "", "another source")
	f.seen("nobody", "", "an unknown source")
	late := f.visit("a")
	late.Lease.Epoch--
	late.Seen = []byte("late")
	if results, err := f.store.Commit(f.Context(), []storage.Visit{late}); err != nil || results[0].Err == nil {
		f.Errorf("commit by a lost lease: %v, %v, want its own error", results, err)
	}
	f.reopen()
	f.seen("a", steps[len(steps)-1].want, "after a restart")
}

func (f *fixture) seen(id coranto.SourceID, want, when string) {
	f.Helper()
	got, err := f.store.Seen(f.Context(), id)
	if err != nil || string(got) != want {
		f.Errorf("%s: seen of %s = %q, %v, want %q", when, id, got, err, want)
	}
}

func commitCompletes(f *fixture) {
	f.add(sample.Source("a"))
	it, changed := sample.Item("a", 1), sample.Item("a", 1)
	changed.Title = "changed"
	first := f.clock.Now()
	steps := []struct {
		name    string
		given   storage.Outcome
		item    coranto.Item
		want    storage.Outcome
		lastNew time.Time
	}{
		{"added", storage.OutcomeNew, it, storage.OutcomeNew, first},
		{"the same", storage.OutcomeNew, it, storage.OutcomeUnchanged, first},
		{"updated", storage.OutcomeNew, changed, storage.OutcomeNew, first},
		{"failed", storage.OutcomeFailed, changed, storage.OutcomeFailed, first},
		{
			"another", storage.OutcomeNew, sample.Item("a", 2), storage.OutcomeNew,
			first.Add(4 * time.Hour),
		},
	}
	for _, step := range steps {
		v := f.visit("a", step.item)
		v.State.Outcome, v.State.LastNew = step.given, first.Add(-time.Hour)
		f.commit(v)
		got := f.source("a").State
		if got.Outcome != step.want || !got.LastNew.Equal(step.lastNew) {
			f.Errorf("%s: outcome %q last new %v, want %q and %v",
				step.name, got.Outcome, got.LastNew, step.want, step.lastNew)
		}
		f.clock.Advance(time.Hour)
	}
}

func commitIdempotent(f *fixture) {
	f.add(sample.Source("a"))
	v := f.visit("a", sample.Full("a"), sample.Item("a", 2))
	first := f.commit(v)[0]
	if first.New != 2 || len(first.Changed) != 2 {
		f.Fatalf("first result %+v, want two new", first)
	}
	record, page := *f.item(v.Items[0].ID), f.latest(storage.Query{})
	before, end := f.stats(), f.logEnd()
	f.clock.Advance(time.Minute)
	second := f.commit(v)[0]
	diff(f, "second result", second, storage.VisitResult{Same: 2})
	diff(f, "record", *f.item(v.Items[0].ID), record)
	diff(f, "page", f.latest(storage.Query{}), page)
	if got := f.stats(); got.ItemWrites != before.ItemWrites || f.logEnd() != end {
		f.Errorf("%d item writes more, log moved: %v; want neither",
			got.ItemWrites-before.ItemWrites, f.logEnd() != end)
	}
}

func (f *fixture) logEnd() storage.Cursor {
	f.Helper()
	end, err := f.store.LogEnd(f.Context())
	f.must(err)
	return end
}

func commitDates(f *fixture) {
	f.add(sample.Source("a"))
	now := f.clock.Now()
	past, future := now.Add(-time.Hour), now.Add(time.Hour)
	ancient := time.Date(1901, 2, 3, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name                   string
		published, updated     time.Time
		wantPublished, wantUpd time.Time
	}{
		{"none", time.Time{}, time.Time{}, now, now},
		{"published only", past, time.Time{}, past, past},
		{"updated only", time.Time{}, past, now, now},
		{"updated before published", past, past.Add(-time.Hour), past, past},
		{"updated after published", past, past.Add(time.Minute), past, past.Add(time.Minute)},
		{"in the future", future, future.Add(time.Hour), now, now},
		{"updated in the future", past, future, past, now},
		{"before 1970", ancient, past, ancient, past},
	}
	for n, tt := range tests {
		it := sample.Item("a", n)
		it.Published, it.Updated = tt.published, tt.updated
		f.commit(f.visit("a", it))
		got := f.item(it.ID)
		if !got.Published.Equal(tt.wantPublished) || !got.Updated.Equal(tt.wantUpd) {
			f.Errorf("%s: published %v updated %v, want %v and %v",
				tt.name, got.Published, got.Updated, tt.wantPublished, tt.wantUpd)
		}
	}
}

func commitUpdate(f *fixture) {
	f.add(sample.Source("a"))
	it := sample.Item("a", 1)
	it.Categories = []coranto.Slug{"old"}
	it.Tags = []coranto.Tag{{Term: "before"}}
	f.commit(f.visit("a", it))
	seen, stored := f.clock.Now(), it.Updated
	steps := []struct {
		name    string
		updated time.Duration // the source's own, after the stored one
		kept    bool          // else it is the time of the commit
	}{
		{"a later time of the source", time.Hour, true},
		{"an earlier time of the source", time.Minute, false},
		{"a time in the future", 10000 * time.Hour, false},
	}
	for n, step := range steps {
		f.clock.Advance(24 * time.Hour)
		it.Content = fmt.Sprintf("<p>changed %d</p>", n)
		it.Updated = stored.Add(step.updated)
		it.Published = f.clock.Now()
		it.Categories, it.Tags = []coranto.Slug{"new"}, []coranto.Tag{{Term: "after"}}
		if got := f.commit(f.visit("a", it))[0]; got.Updated != 1 {
			f.Fatalf("%s: result %+v, want one updated", step.name, got)
		}
		want := storage.Record{
			Item: it, FirstSeen: seen, Changed: f.clock.Now(),
			Revision: n + 2, Hash: storage.ContentHash(&it),
		}
		want.Published = sample.Item("a", 1).Published
		if !step.kept {
			want.Updated = f.clock.Now()
		}
		diff(f, step.name, *f.item(it.ID), want)
	}
	for q, want := range map[storage.Query]int{
		{By: storage.ByCategory, Value: "old"}: 0,
		{By: storage.ByTag, Value: "before"}:   0,
		{By: storage.ByCategory, Value: "new"}: 1,
		{By: storage.ByTag, Value: "after"}:    1,
	} {
		if got := f.latest(q).Records; len(got) != want {
			f.Errorf("%q lists %d items, want %d", q.Value, len(got), want)
		}
	}
}

func commitDatesAlone(f *fixture) {
	f.add(sample.Source("a"))
	it := sample.Item("a", 1)
	f.commit(f.visit("a", it))
	before := *f.item(it.ID)
	f.clock.Advance(time.Hour)
	it.Published, it.Updated = it.Published.Add(time.Hour), it.Updated.Add(2*time.Hour)
	if got := f.commit(f.visit("a", it))[0]; got.Same != 1 || len(got.Changed) != 0 {
		f.Errorf("result %+v, want the same", got)
	}
	diff(f, "record", *f.item(it.ID), before)
}

func commitRefile(f *fixture) {
	f.add(sample.Source("a"))
	it := sample.Item("a", 1)
	it.Categories = []coranto.Slug{"keep", "old"}
	f.commit(f.visit("a", it))
	want := *f.item(it.ID)
	f.clock.Advance(time.Hour)
	it.Categories = []coranto.Slug{"keep", "new"}
	_, cursor := f.changes("")
	result := f.commit(f.visit("a", it))[0]
	diff(f, "result", result, storage.VisitResult{Same: 1, Changed: []coranto.ItemID{it.ID}})
	want.Categories, want.Changed = it.Categories, f.clock.Now()
	diff(f, "record", *f.item(it.ID), want)
	changes, _ := f.changes(cursor)
	if len(changes) != 1 {
		f.Fatalf("%d changes, want 1", len(changes))
	}
	diff(f, "categories of the change", changes[0].Categories, []coranto.Slug{"keep", "new", "old"})
	for slug, n := range map[string]int{"keep": 1, "old": 0, "new": 1} {
		page := f.latest(storage.Query{By: storage.ByCategory, Value: slug})
		if len(page.Records) != n || !page.Modified.Equal(f.clock.Now()) {
			f.Errorf("%s lists %d items, modified %v; want %d and now",
				slug, len(page.Records), page.Modified, n)
		}
	}
}

func commitTwice(f *fixture) {
	f.add(sample.Source("a"))
	first, last := sample.Item("a", 1), sample.Item("a", 1)
	last.Title = "The last"
	got := f.commit(f.visit("a", first, sample.Item("a", 2), last))[0]
	if got.New != 2 || len(got.Changed) != 2 {
		f.Errorf("result %+v, want two new", got)
	}
	if r := f.item(first.ID); r.Title != "The last" || r.Revision != 1 {
		f.Errorf("title %q revision %d, want the last and 1", r.Title, r.Revision)
	}
}

func commitDup(f *fixture) {
	f.add(sample.Source("a"), sample.Source("b"))
	a, b, own := sample.Item("a", 1), sample.Item("b", 1), sample.Item("a", 2)
	b.Link = "http://A.example/post/1#comments"
	own.Link = a.Link
	f.commit(f.visit("a", a))
	if got := f.commit(f.visit("b", b))[0]; got.New != 1 || got.Dup != 1 {
		f.Errorf("result %+v, want one new that is a duplicate", got)
	}
	if got := f.item(b.ID).DupOf; got != a.ID {
		f.Errorf("duplicate of %v, want %v", got, a.ID)
	}
	if got := f.commit(f.visit("a", own))[0]; got.Dup != 0 {
		f.Errorf("an item of the same source counts as duplicate: %+v", got)
	}
	if f.item(b.ID).DupGUID {
		f.Error("an item that shares but its link counts as one with the same GUID")
	}
	copied := sample.Item("b", 2)
	copied.GUID = a.GUID
	f.commit(f.visit("b", copied))
	if !f.item(copied.ID).DupGUID {
		f.Error("an item with the GUID of another source's does not count as one")
	}
	b.Title = "changed"
	f.commit(f.visit("b", b))
	if got := f.item(b.ID).DupOf; got != a.ID {
		f.Errorf("after an update duplicate of %v, want %v", got, a.ID)
	}
	keys := append(storage.DedupKeys(&b), storage.DedupKey{9})
	found, err := f.store.FindDup(f.Context(), keys)
	f.must(err)
	diff(f, "found", found, []coranto.ItemID{b.ID, a.ID, b.ID, {}})
}

func commitConcurrent(f *fixture) {
	const callers, rounds = 8, 5
	var sources []coranto.Source
	for n := range callers {
		sources = append(sources, sample.Source(coranto.SourceID(fmt.Sprintf("s%d", n))))
	}
	f.add(sources...)
	before := f.stats()
	var wg sync.WaitGroup
	for _, src := range sources {
		wg.Go(func() {
			for n := range rounds {
				v := f.visit(src.ID, sample.Items(src.ID, n*3, n*3+3, "c")...)
				results, err := f.store.Commit(f.Context(), []storage.Visit{v})
				if err != nil || results[0].Err != nil || results[0].New != 3 {
					f.Errorf("%s round %d: %+v, %v", src.ID, n, results, err)
				}
			}
		})
	}
	wg.Wait()
	st := f.stats()
	if st.Items != callers*rounds*3 || st.Commits-before.Commits > callers*rounds {
		f.Errorf("%d items in %d commits, want %d in at most %d",
			st.Items, st.Commits-before.Commits, callers*rounds*3, callers*rounds)
	}
}

func commitCanceled(f *fixture) {
	f.add(sample.Source("a"))
	ctx, cancel := context.WithCancel(f.Context())
	cancel()
	_, err := f.store.Commit(ctx, []storage.Visit{f.visit("a", sample.Item("a", 1))})
	if !errors.Is(err, context.Canceled) {
		f.Errorf("error = %v, want context.Canceled", err)
	}
	if got := f.stats().Items; got != 0 {
		f.Errorf("%d items stored, want 0", got)
	}
}

func commitNoAlias(f *fixture) {
	f.add(sample.Source("a"))
	it := sample.Item("a", 1)
	it.Categories = []coranto.Slug{"z", "a", "z"}
	items := []coranto.Item{it}
	f.commit(f.visit("a", items...))
	diff(f, "the caller's item", items[0].Categories, []coranto.Slug{"z", "a", "z"})
	got := f.item(it.ID)
	diff(f, "stored", got.Categories, []coranto.Slug{"a", "z"})
	got.Categories[0] = "mine"
	diff(f, "stored after the caller wrote", f.item(it.ID).Categories, []coranto.Slug{"a", "z"})
}
