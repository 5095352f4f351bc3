package storagetest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

func sourceTests() map[string]func(*fixture) {
	return map[string]func(*fixture){
		"a description comes back whole":               sourceRoundTrip,
		"the same description costs no write":          sourceUnchanged,
		"a change is refused when the rev is another":  sourceConflict,
		"a description leaves state and items alone":   sourceKeepsState,
		"a source that moved is due at once":           sourceMoves,
		"a source asked otherwise is due at once":      sourceAskedOtherwise,
		"sources come by id and unknown ids are none":  sourceOrder,
		"what is shown of a source is a credit change": sourceCredit,
		"a subscription is not a visit's to write":     sourceSubscription,
	}
}

func sourceRoundTrip(f *fixture) {
	want := coranto.Source{
		ID: "s", Kind: "json", URL: "https://s.example/list", Title: "S",
		Categories: []coranto.Slug{"go", "news"}, Include: []string{"a", "b"}, Exclude: []string{"c"},
		Every: 5 * time.Minute, Zone: "Asia/Shanghai", Language: "zh", Rights: "r", License: "l",
		Republish: coranto.RepublishExcerpt, Index: true, Credit: "by {title}",
		MaxItems: 7, Paused: true, Retired: true,
	}
	f.add(want)
	f.reopen()
	got := f.source("s")
	diff(f, "source", got.Source, want)
	if got.Rev == 0 {
		f.Error("a stored source has rev 0, want more")
	}
}

func sourceUnchanged(f *fixture) {
	f.add(sample.Source("a"), sample.Source("b"))
	before, rev := f.stats().Commits, f.source("a").Rev
	f.add(sample.Source("a"), sample.Source("b"))
	if got := f.stats().Commits - before; got != 0 {
		f.Errorf("descriptions that are stored already cost %d commits, want 0", got)
	}
	if got := f.source("a").Rev; got != rev {
		f.Errorf("rev went from %d to %d without a change", rev, got)
	}
}

func sourceConflict(f *fixture) {
	upsert := func(rev uint64, title string) error {
		a, b := sample.Source("a"), sample.Source("new")
		a.Title = title
		return f.store.UpsertSources(f.Context(), []coranto.Source{a, b}, []uint64{rev, 0})
	}
	f.add(sample.Source("a"))
	rev := f.source("a").Rev
	if err := upsert(rev+1, "other"); !errors.Is(err, storage.ErrConflict) {
		f.Fatalf("error = %v, want ErrConflict", err)
	}
	if got := f.source("a"); got.Title != "" || f.stats().Sources != 1 {
		f.Errorf("a refused call wrote title %q, sources %d", got.Title, f.stats().Sources)
	}
	f.must(upsert(rev, "other"))
	if got := f.source("a"); got.Title != "other" || got.Rev == rev {
		f.Errorf("title %q rev %d, want the new title and a new rev", got.Title, got.Rev)
	}
}

func sourceKeepsState(f *fixture) {
	f.add(sample.Source("a"))
	v := f.visit("a", sample.Items("a", 0, 3)...)
	v.State.ETag = `W/"1"`
	f.commit(v)
	changed := sample.Source("a")
	changed.Title = "Another"
	f.add(changed)
	got := f.source("a")
	v.State.LastNew = f.clock.Now()
	diff(f, "state", got.State, v.State)
	if got.Items != 3 {
		f.Errorf("the source has %d items, want 3", got.Items)
	}
}

func sourceMoves(f *fixture) {
	f.add(sample.Source("a"))
	v := f.visit("a", sample.Item("a", 1))
	v.State.ETag, v.State.Fails, v.State.LastError = `"1"`, 3, "boom"
	v.State.Outcome, v.State.GoneSince = storage.OutcomeGone, f.clock.Now()
	v.State.Next, v.State.Wait = f.clock.Now().Add(time.Hour), f.clock.Now().Add(time.Hour)
	v.State.Missing, v.State.Fresh, v.State.WaitHost = f.clock.Now(), f.clock.Now(), "b.example"
	v.State.HostFails = 5
	v.State.Push = storage.Push{Hubs: []string{"https://hub.example/"}, Topic: "t", Missed: f.clock.Now()}
	v.State.Move = storage.Move{To: "https://b.example/", Polls: 3, Since: f.clock.Now(), Adopted: f.clock.Now()}
	f.commit(v)
	moved := sample.Source("a")
	moved.URL = "https://elsewhere.example/feed"
	f.add(moved)
	v.State.Fails, v.State.LastError, v.State.Outcome = 0, "", storage.OutcomeNone
	v.State.GoneSince, v.State.Next = time.Time{}, time.Time{}
	v.State.Missing, v.State.Fresh = time.Time{}, time.Time{}
	v.State.HostFails, v.State.Move, v.State.Push = 0, storage.Move{}, storage.Push{}
	v.State.LastNew = f.clock.Now()
	diff(f, "state", f.source("a").State, v.State)
	leases, _, err := f.store.Claim(f.Context(), "o", 10, 10, time.Minute)
	f.must(err)
	if len(leases) != 1 || leases[0].Lane != "elsewhere.example" || len(leases[0].Due) != 1 {
		f.Errorf("leases %+v, want the source due in its new lane", leases)
	}
	for _, tt := range []struct {
		url  string // the next one
		pass time.Duration
		host string // that asked for an hour
	}{
		{"https://third.example/feed", 0, "elsewhere.example"},
		{"https://fourth.example/feed", 2 * time.Hour, ""},
	} {
		v = f.visit("a")
		v.State.Wait = f.clock.Now().Add(time.Hour)
		f.commit(v)
		f.clock.Advance(tt.pass)
		moved.URL = tt.url
		f.add(moved)
		if st := f.source("a").State; st.WaitHost != tt.host || st.Wait.IsZero() != (tt.host == "") {
			f.Errorf("%s asked to wait until %s, want %q: what is over is forgotten", st.WaitHost, st.Wait, tt.host)
		}
	}
}

func sourceAskedOtherwise(f *fixture) {
	now := f.clock.Now()
	for _, tt := range []struct {
		id      coranto.SourceID
		wait    time.Time
		outcome storage.Outcome
		due     int
	}{
		{"failed", time.Time{}, storage.OutcomeFailed, 1},
		{"told-to-wait", now.Add(time.Hour), storage.OutcomeFailed, 0},
		{"gone", time.Time{}, storage.OutcomeGone, 0},
	} {
		src := sample.Source(tt.id)
		f.add(src)
		v := f.visit(tt.id)
		v.State.Next, v.State.Fresh = now.Add(time.Hour), now.Add(time.Hour)
		v.State.Wait, v.State.Outcome, v.State.Fails = tt.wait, tt.outcome, 3
		f.commit(v)
		src.Access.Headers = map[string]string{"X-Key": "k"}
		f.add(src)
		f.add(src) // nothing new
		leases, _, err := f.store.Claim(f.Context(), "o", 10, 10, time.Minute)
		f.must(err)
		if len(leases) != tt.due {
			f.Errorf("%s: leases %+v, want %d", tt.id, leases, tt.due)
		}
		st := f.source(tt.id).State
		if st.Fails != 3 || st.Next.IsZero() != (tt.due == 1) || st.Fresh.IsZero() != (tt.due == 1) {
			f.Errorf("%s: state %+v, want its fails, and its times but for one that is due", tt.id, st)
		}
	}
}

func sourceSubscription(f *fixture) {
	f.add(sample.Source("a"))
	now := f.clock.Now()
	none, first := storage.Subscription{}, storage.Subscription{
		Hub: "https://hub.example/", Topic: "https://a.example/feed", Callback: "https://we.example/x",
		Secret: "s", Pending: storage.ModeSubscribe, Asked: now, Again: now.Add(time.Hour),
		Wait: now.Add(time.Minute), Fails: 1, LastError: "e",
	}
	set := func(id coranto.SourceID, old, next storage.Subscription) error {
		return f.store.SetSubscription(f.Context(), id, old, next)
	}
	f.must(set("a", none, first))
	v := f.visit("a", sample.Item("a", 1))
	v.State.Push = storage.Push{
		Hubs: []string{"https://hub.example/", "https://b.example/"}, Topic: first.Topic,
		Last: now, Missed: now.Add(-time.Hour), Fallback: now.Add(time.Hour),
	}
	f.commit(v) // knows nothing of the subscription
	f.reopen()
	v.State.Push.Subscription = first
	diff(f, "push", f.source("a").State.Push, v.State.Push)

	second := first
	second.Pending, second.Until = "", now.Add(24*time.Hour)
	if err := set("a", none, second); !errors.Is(err, storage.ErrConflict) {
		f.Errorf("error = %v for an old that is not stored any more, want ErrConflict", err)
	}
	if err := set("nobody", none, second); !errors.Is(err, storage.ErrNotFound) {
		f.Errorf("error = %v for an unknown source, want ErrNotFound", err)
	}
	f.must(set("a", first, second))
	diff(f, "subscription", f.source("a").State.Push.Subscription, second)
	f.must(set("a", second, none))
	diff(f, "ended subscription", f.source("a").State.Push.Subscription, none)
}

func sourceOrder(f *fixture) {
	var want []coranto.SourceID
	var sources []coranto.Source
	for n := range 20 {
		id := coranto.SourceID(fmt.Sprintf("s%02d", n))
		want = append(want, id)
		sources = append([]coranto.Source{sample.Source(id)}, sources...)
	}
	f.add(sources...)
	diff(f, "all", f.sourceIDs(storage.SourceQuery{}), want)
	q := storage.SourceQuery{IDs: []coranto.SourceID{"s07", "none", "s03", "s07"}}
	diff(f, "selected", f.sourceIDs(q), []coranto.SourceID{"s03", "s07"})
	for range f.store.Sources(f.Context(), storage.SourceQuery{}) {
		f.add(sample.Source("while-reading")) // must not block
		break
	}
}

func (f *fixture) sourceIDs(q storage.SourceQuery) (ids []coranto.SourceID) {
	f.Helper()
	for r, err := range f.store.Sources(f.Context(), q) {
		f.must(err)
		ids = append(ids, r.ID)
	}
	return ids
}

func sourceCredit(f *fixture) {
	tests := []struct {
		name   string
		change func(*coranto.Source)
		credit bool
	}{
		{"title", func(s *coranto.Source) { s.Title = "T" }, true},
		{"rights", func(s *coranto.Source) { s.Rights = "R" }, true},
		{"license", func(s *coranto.Source) { s.License = "L" }, true},
		{"language", func(s *coranto.Source) { s.Language = "de" }, true},
		{"credit", func(s *coranto.Source) { s.Credit = "C" }, true},
		{"republish", func(s *coranto.Source) { s.Republish = coranto.RepublishTitle }, true},
		{"index", func(s *coranto.Source) { s.Index = true }, true},
		{"interval", func(s *coranto.Source) { s.Every = time.Hour }, false},
		{"paused", func(s *coranto.Source) { s.Paused = true }, false},
	}
	s := sample.Source("a")
	f.add(s)
	items := append(sample.Items("a", 0, 2, "go"), sample.Items("a", 2, 3, "news")...)
	f.commit(f.visit("a", items...))
	_, cursor := f.changes("")
	for _, tt := range tests {
		tt.change(&s)
		f.add(s)
		var got []storage.Change
		got, cursor = f.changes(cursor)
		if (len(got) > 0) != tt.credit {
			f.Errorf("%s: changes %v, want one: %v", tt.name, got, tt.credit)
			continue
		}
		shown := []coranto.Slug{"go", "news"}
		if tt.credit && (!got[0].Credit || !slices.Equal(got[0].Categories, shown)) {
			f.Errorf("%s: change %+v, want a credit change of go and news", tt.name, got[0])
		}
	}
}
