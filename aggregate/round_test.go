package aggregate_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/internal/farm"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// world is a store, an aggregator and what it has reported.
type world struct {
	*testing.T
	store *bolt.Store
	agg   *aggregate.Aggregator
}

func newWorld(t *testing.T, categories []coranto.Category, sources ...coranto.Source) *world {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "coranto.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Check(context.Background(), true); err != nil {
			t.Errorf("store check: %v", err)
		}
		store.Close()
	})
	if err := store.UpsertSources(t.Context(), sources, nil); err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, store: store}
	w.agg = aggregate.New(aggregate.Options{Store: store, Fetch: loopbackClient(0), Categories: categories})
	return w
}

// patience is a timeout that no test means to reach.
const patience = 5 * time.Minute

// loopbackClient is a client that waits for headers so long; 0 means for longer than
// the busiest machine needs.
func loopbackClient(headerTimeout time.Duration) *fetch.Client {
	return fetch.New(fetch.Options{
		AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		HeaderTimeout: cmp.Or(headerTimeout, patience), Timeout: patience, IdleTimeout: patience,
	})
}

// round runs one and returns its reports by source.
func (w *world) round(ids ...coranto.SourceID) map[coranto.SourceID]aggregate.Report {
	w.Helper()
	reports := make(map[coranto.SourceID]aggregate.Report)
	err := w.agg.Round(w.Context(), aggregate.Call{IDs: ids, Force: true}, aggregate.Observer{Stored: func(r aggregate.Report) { reports[r.Source] = r }})
	if err != nil {
		w.Fatalf("round: %v", err)
	}
	return reports
}

func (w *world) stats() storage.Stats {
	w.Helper()
	s, err := w.store.Stats(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return s
}

func (w *world) state(id coranto.SourceID) storage.SourceState {
	w.Helper()
	for rec, err := range w.store.Sources(w.Context(), storage.SourceQuery{IDs: []coranto.SourceID{id}}) {
		if err != nil {
			w.Fatal(err)
		}
		return rec.State
	}
	w.Fatalf("no source %s", id)
	return storage.SourceState{}
}

// planted is a farm with a source for each of its feeds.
func planted(t *testing.T, cfg farm.Config) (*farm.Farm, []coranto.Source) {
	t.Helper()
	f := farm.New(cfg)
	if err := f.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	f.Prewarm()
	var sources []coranto.Source
	for i := range f.Len() {
		category := coranto.Slug(fmt.Sprintf("cat%02d", f.Feed(i).Category))
		sources = append(sources, coranto.Source{
			ID: farmID(i), URL: f.FeedURL(i), Categories: []coranto.Slug{category},
		})
	}
	return f, sources
}

func farmID(i int) coranto.SourceID { return coranto.SourceID(fmt.Sprintf("feed-%03d", i)) }

// checkTruth compares the stored items of every source with what the farm has
// ever published in it.
func (w *world) checkTruth(f *farm.Farm) {
	w.Helper()
	total := 0
	for i := range f.Len() {
		truth := f.Truth(i)
		total += len(truth)
		q := storage.Query{By: storage.BySource, Value: string(farmID(i)), Limit: len(truth) + 10, Heads: true}
		page, err := w.store.Latest(w.Context(), q)
		if err != nil {
			w.Fatal(err)
		}
		titles := make(map[string]string, len(page.Records))
		for _, rec := range page.Records {
			titles[rec.GUID] = rec.Title
		}
		if len(page.Records) != len(truth) || len(titles) != len(truth) {
			w.Fatalf("source %s: %d items with %d ids are stored, want %d", farmID(i), len(page.Records), len(titles), len(truth))
		}
		for _, it := range truth {
			if titles[it.GUID] != it.Title {
				w.Errorf("item %s: title %q is stored, want %q", it.GUID, titles[it.GUID], it.Title)
			}
		}
	}
	if got := w.stats().Items; got != total {
		w.Errorf("%d items are stored, want %d", got, total)
	}
}

func TestFarmRounds(t *testing.T) {
	t.Parallel()
	feeds, hosts := 500, 100
	if testing.Short() {
		feeds, hosts = 60, 20
	}
	f, sources := planted(t, farm.Config{Seed: 1, Feeds: feeds, Hosts: hosts, Categories: 10})
	w := newWorld(t, nil, sources...)

	first := w.round()
	for id, r := range first {
		if r.Err != nil || r.Outcome != storage.OutcomeNew {
			t.Errorf("round one, %s: %s, %v, want new items", id, r.Outcome, r.Err)
		}
	}
	w.checkTruth(f)

	before := w.stats()
	f.Reset()
	for id, r := range w.round() {
		if r.Outcome != storage.OutcomeNotModified {
			t.Errorf("unchanged round, %s: %s, %v, want %s", id, r.Outcome, r.Err, storage.OutcomeNotModified)
		}
	}
	after, served := w.stats(), f.Stats()
	if after.ItemWrites != before.ItemWrites {
		t.Errorf("unchanged round wrote %d items, want none", after.ItemWrites-before.ItemWrites)
	}
	if commits := after.Commits - before.Commits; commits > 3 {
		t.Errorf("unchanged round made %d commits, want at most 3", commits)
	}
	if want := int64(feeds); served.NotModified != want || served.Requests != want {
		t.Errorf("unchanged round: %d requests, %d answered 304, want %d of both", served.Requests, served.NotModified, want)
	}

	changed := f.Advance(0.05)
	brought := 0
	for _, r := range w.round() {
		if r.New+r.Updated > 0 {
			brought++
		}
	}
	if brought != changed {
		t.Errorf("%d sources brought something, want the %d that changed", brought, changed)
	}
	w.checkTruth(f)
	for _, c := range f.Complaints() {
		t.Errorf("the farm complains: %s", c)
	}
}

func TestRoundWithFaults(t *testing.T) {
	t.Parallel()
	f, sources := planted(t, farm.Config{
		Seed: 2, Feeds: 100, Hosts: 100, Categories: 4,
		P404: .05, P410: .05, P429: .05, P500: .05, PRedirect: .05, PBozo: .05,
	})
	w := newWorld(t, nil, sources...)
	reports := w.round()
	for i := range f.Len() {
		r, class := reports[farmID(i)], f.Class(i)
		var fetchErr *fetch.Error
		errors.As(r.Err, &fetchErr)
		switch class {
		case farm.OK, farm.Redirect:
			if r.Err != nil || r.New == 0 {
				t.Errorf("%s (class %d): %d new, %v, want items", r.Source, class, r.New, r.Err)
			}
		default:
			if fetchErr == nil || fetchErr.Kind != fetch.KindStatus {
				t.Errorf("%s (class %d): error %v, want a status", r.Source, class, r.Err)
			}
		}
	}
	for i := range f.Len() {
		if f.Class(i) == farm.TooMany {
			again := w.round(farmID(i))[farmID(i)]
			if !errors.Is(again.Err, aggregate.ErrWait) {
				t.Errorf("%s asked to wait: error %v, want ErrWait", again.Source, again.Err)
			}
		}
	}
	for _, c := range f.Complaints() {
		t.Errorf("the farm complains: %s", c)
	}
}

// TestHangingOrigin is a visit that ends by the limit on headers alone. That it keeps
// no other waiting is TestIsolation's matter.
func TestHangingOrigin(t *testing.T) {
	t.Parallel()
	_, sources := planted(t, farm.Config{Seed: 3, Feeds: 1, Hosts: 1, Faults: map[int]farm.Class{0: farm.Hang}})
	w := newWorld(t, nil, sources...)
	w.agg = aggregate.New(aggregate.Options{Store: w.store, Fetch: loopbackClient(100 * time.Millisecond)})
	var fetchErr *fetch.Error
	if err := w.round()[farmID(0)].Err; !errors.As(err, &fetchErr) || fetchErr.Kind != fetch.KindTimeout {
		t.Errorf("the hanging source: error %v, want a timeout", err)
	}
}

// origin serves one document that a test can change.
func origin(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s.URL
}

const feedHead = `<rss version="2.0"><channel><title>News</title><link>https://news.example/</link><description>d</description>`

func TestFailuresLoseNothing(t *testing.T) {
	good := feedHead + `<item><guid isPermaLink="false">1</guid><title>One</title><link>https://news.example/1</link></item></channel></rss>`
	tests := []struct {
		name   string
		status int
		body   string
	}{
		{"server error", 500, "sorry"},
		{"gone", 410, ""},
		{"HTML instead of a feed", 200, "<!doctype html><html><body>moved</body></html>"},
		{"empty body", 200, ""},
		{"no item any more", 200, feedHead + "</channel></rss>"},
		{"binary", 200, "\x89PNG\r\n\x1a\n\x00\x00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			visits := 0
			url := origin(t, func(w http.ResponseWriter, r *http.Request) {
				if visits++; visits == 1 {
					w.Header().Set("ETag", `"good"`)
					_, _ = w.Write([]byte(good))
					return
				}
				if got := r.Header.Get("If-None-Match"); got != `"good"` {
					t.Errorf("visit %d: If-None-Match %q, want the good one", visits, got)
				}
				if visits > 3 {
					w.WriteHeader(http.StatusNotModified)
					return
				}
				if tt.status == 200 && tt.name != "no item any more" {
					w.Header().Set("ETag", `"bad"`)
				}
				if tt.name == "no item any more" {
					w.Header().Set("ETag", `"good"`)
				}
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.body))
			})
			w := newWorld(t, nil, coranto.Source{ID: "news", URL: url})
			for range 4 {
				w.round("news")
			}
			if got := w.stats().Items; got != 1 {
				t.Errorf("%d items are stored, want the one of the good answer", got)
			}
			if st := w.state("news"); st.Fails != 0 || st.Outcome != storage.OutcomeNotModified {
				t.Errorf("after a 304: %d fails, outcome %s, want none and not-modified", st.Fails, st.Outcome)
			}
		})
	}
}

func TestEditedItemKeepsIdentity(t *testing.T) {
	title := "First words"
	url := origin(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, feedHead, "<item><guid>https://news.example/1</guid><title>", title, "</title></item></channel></rss>")
	})
	w := newWorld(t, nil, coranto.Source{ID: "news", URL: url})
	w.round()
	before := w.only()
	title = "Better words"
	w.round()
	after := w.only()
	if after.Title != title || after.Revision != 2 || after.Item.ID != before.Item.ID {
		t.Errorf("edited item: %q, revision %d, id %s, want %q, 2, %s", after.Title, after.Revision, after.Item.ID, title, before.Item.ID)
	}
	if !after.Published.Equal(before.Published) || !after.FirstSeen.Equal(before.FirstSeen) {
		t.Errorf("published %s, first seen %s, want %s, %s", after.Published, after.FirstSeen, before.Published, before.FirstSeen)
	}
}

// only returns the one item that is stored.
func (w *world) only() storage.Record {
	w.Helper()
	page, err := w.store.Latest(w.Context(), storage.Query{})
	if err != nil || len(page.Records) != 1 {
		w.Fatalf("%d items are stored, %v, want one", len(page.Records), err)
	}
	return page.Records[0]
}

func TestRefile(t *testing.T) {
	url := origin(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, feedHead, "<item><guid>a</guid><title>Go 2</title></item></channel></rss>")
	})
	src := coranto.Source{ID: "news", URL: url, Categories: []coranto.Slug{"old"}}
	w := newWorld(t, nil, src)
	fresh := w.stats().Commits
	if err := w.agg.Refile(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if got := w.stats().Commits; got != fresh {
		t.Errorf("%d commits for a source without items, want none", got-fresh)
	}
	w.round()
	src.Categories = []coranto.Slug{"new"}
	if err := w.store.UpsertSources(t.Context(), []coranto.Source{src}, nil); err != nil {
		t.Fatal(err)
	}
	categories := []coranto.Category{{Slug: "go", Include: []string{"go"}}}
	w.agg = aggregate.New(aggregate.Options{Store: w.store, Fetch: loopbackClient(0), Categories: categories})
	for range 2 {
		if err := w.agg.Refile(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	if got := fmt.Sprint(w.only().Categories); got != "[go new]" {
		t.Errorf("filed in %s, want [go new]", got)
	}
	if got := w.only().Revision; got != 1 {
		t.Errorf("revision %d, want 1: filing is not content", got)
	}
}

func TestGoneNeedsTwoAnswersADayApart(t *testing.T) {
	t.Run("P40 B24 the second 410 a day later ends it", func(t *testing.T) {
		url := origin(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
		w := newWorld(t, nil, coranto.Source{ID: "news", URL: url})
		now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		w.agg = aggregate.New(aggregate.Options{
			Store: w.store, Fetch: loopbackClient(0), Clock: func() time.Time { return now },
		})
		for i, want := range []storage.Outcome{storage.OutcomeFailed, storage.OutcomeFailed, storage.OutcomeGone} {
			if got := w.round("news")["news"].Outcome; got != want {
				t.Errorf("answer %d: outcome %s, want %s", i+1, got, want)
			}
			now = now.Add(13 * time.Hour)
		}
		if reports := w.round(); len(reports) != 0 {
			t.Errorf("a source that is gone was visited: %v", reports)
		}
	})
}
