package forecast_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/forecast"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// TestS08Fresh plans visits to sources of several kinds, and asks what is expected.
func TestS08Fresh(t *testing.T) {
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	store, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	slugs := func(s ...coranto.Slug) []coranto.Slug { return s }
	sources := []struct {
		coranto.Source
		in      time.Duration // until the next visit
		hub     bool
		outcome storage.Outcome
	}{
		{Source: coranto.Source{ID: "slow", Categories: slugs("calm", "mixed")}, in: 3 * time.Hour},
		{Source: coranto.Source{ID: "quick", Categories: slugs("mixed")}, in: 10 * time.Minute},
		{Source: coranto.Source{ID: "pushed", Categories: slugs("live")}, in: 4 * time.Hour, hub: true},
		{Source: coranto.Source{ID: "late", Categories: slugs("due")}, in: -time.Minute},
		{Source: coranto.Source{ID: "paused", Categories: slugs("calm"), Paused: true}, in: time.Minute},
		{Source: coranto.Source{ID: "gone", Categories: slugs("calm")}, in: time.Minute,
			outcome: storage.OutcomeGone},
	}
	var described []coranto.Source
	for _, s := range sources {
		s.URL = "https://" + string(s.ID) + ".example/"
		described = append(described, s.Source)
	}
	if err := store.UpsertSources(t.Context(), described, nil); err != nil {
		t.Fatal(err)
	}
	for _, s := range sources {
		visit := storage.Visit{Source: s.ID}
		visit.State.Next, visit.State.Outcome = now.Add(s.in), s.outcome
		results, err := store.Commit(t.Context(), []storage.Visit{visit})
		if err != nil || results[0].Err != nil {
			t.Fatal(err, results[0].Err)
		}
		if s.hub {
			subscribe(t, store, s.ID, now.Add(time.Hour))
		}
	}
	f := forecast.New(forecast.Options{Store: store, Now: clock,
		Categories: []coranto.Category{{Slug: "words", Include: []string{"go"}}}})
	if got := f.Fresh(feeds.CategoryScope("calm")); got != 0 {
		t.Errorf("before the first look: %s, want 0", got)
	}
	if err := f.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		scope feeds.Scope
		want  time.Duration // 0 stands for 0 or less
	}{
		{"one source that goes on", feeds.CategoryScope("calm"), 3 * time.Hour},
		{"the earliest of two", feeds.CategoryScope("mixed"), 10 * time.Minute},
		{"a hub tells", feeds.CategoryScope("live"), 0},
		{"due", feeds.CategoryScope("due"), 0},
		{"words in any source", feeds.CategoryScope("words"), 0},
		{"no source", feeds.CategoryScope("none"), 0},
		{"a source", feeds.SourceScope("quick"), 10 * time.Minute},
		{"a source of a hub", feeds.SourceScope("pushed"), 0},
		{"all", feeds.Scope{}, 0},
	}
	for _, tt := range tests {
		if got := max(f.Fresh(tt.scope), 0); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	now = now.Add(4 * time.Minute)
	if got := f.Fresh(feeds.SourceScope("quick")); got != 6*time.Minute {
		t.Errorf("four minutes later: %s, want 6m", got)
	}
}

func subscribe(t *testing.T, store storage.Store, id coranto.SourceID, until time.Time) {
	t.Helper()
	next := storage.Subscription{Hub: "https://hub.example/", Until: until}
	if err := store.SetSubscription(t.Context(), id, storage.Subscription{}, next); err != nil {
		t.Fatal(err)
	}
}
