// Package storagetest is the conformance suite of package storage: what every
// engine promises, as subtests, and random operations compared with a small
// reference kept in memory. An engine's test calls Run.
//
// Source, Item and Clock also serve other packages' tests.
package storagetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// Open opens the store that lives in dir, and creates it when there is none.
// Whoever opens closes.
type Open func(tb testing.TB, dir string, now coranto.Clock) storage.Store

// Run runs the whole suite against an engine.
func Run(t *testing.T, open Open) {
	groups := []struct {
		name  string
		tests map[string]func(*fixture)
	}{
		{"Sources", sourceTests()},
		{"Leases", leaseTests()},
		{"Commit", commitTests()},
		{"Query", queryTests()},
		{"Changes", changeTests()},
		{"Retain", retainTests()},
		{"Removal", removalTests()},
		{"Revisions", revisionTests()},
		{"Store", storeTests()},
	}
	for _, group := range groups {
		t.Run(group.name, func(t *testing.T) {
			for name, test := range group.tests {
				t.Run(name, func(t *testing.T) { test(newFixture(t, open)) })
			}
		})
	}
	t.Run("Random", func(t *testing.T) { random(t, open) })
}

// Start is the time at which the suite's clocks begin.
func Start() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// Clock is a clock that stands still until it is moved. It is safe for
// concurrent use.
type Clock struct {
	mu sync.Mutex
	t  time.Time
}

// NewClock returns a clock that shows Start.
func NewClock() *Clock { return &Clock{t: Start()} }

// Now is the time; the method value is a coranto.Clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// Source is a source of its own host, without a category.
func Source(id coranto.SourceID) coranto.Source {
	return coranto.Source{ID: id, URL: fmt.Sprintf("https://%s.example/feed", id)}
}

// Item is the n-th item of a source, ready to be stored: n from 0 to 50,000,
// published n minutes after the year began that Start is in.
func Item(source coranto.SourceID, n int) coranto.Item {
	guid := fmt.Sprintf("tag:%s.example,2026:%d", source, n)
	published := time.Date(Start().Year(), 1, 1, 0, n, 0, 0, time.UTC)
	return coranto.Item{
		ID:        coranto.NewItemID(source, guid),
		Source:    source,
		GUID:      guid,
		Link:      fmt.Sprintf("https://%s.example/post/%d", source, n),
		Title:     fmt.Sprintf("Post %d of %s", n, source),
		Summary:   "What it is about.",
		Content:   fmt.Sprintf("<p>Text of post %d.</p>", n),
		Published: published,
		Updated:   published,
	}
}

// Items are the items from to to, the last excluded, filed in categories.
func Items(source coranto.SourceID, from, to int, categories ...coranto.Slug) []coranto.Item {
	var items []coranto.Item
	for n := from; n < to; n++ {
		it := Item(source, n)
		it.Categories = categories
		items = append(items, it)
	}
	return items
}

// fixture is an open store with its clock, and the calls that tests make most,
// each of which ends the test on an unexpected error.
type fixture struct {
	*testing.T
	store storage.Store
	clock *Clock
	open  Open
	dir   string
}

func newFixture(t *testing.T, open Open) *fixture {
	f := &fixture{T: t, clock: NewClock(), open: open, dir: t.TempDir()}
	f.store = open(t, f.dir, f.clock.Now)
	t.Cleanup(func() {
		f.check()
		f.must(f.store.Close())
	})
	return f
}

// check lets the store check itself, if it can.
func (f *fixture) check() {
	f.Helper()
	if c, ok := f.store.(storage.Checker); ok {
		if err := c.Check(context.WithoutCancel(f.Context()), true); err != nil {
			f.Errorf("the store is damaged after the test: %v", err)
		}
	}
}

func (f *fixture) reopen() {
	f.Helper()
	f.must(f.store.Close())
	f.store = f.open(f, f.dir, f.clock.Now)
}

func (f *fixture) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatalf("unexpected error: %v", err)
	}
}

func (f *fixture) add(sources ...coranto.Source) {
	f.Helper()
	f.must(f.store.UpsertSources(f.Context(), sources, nil))
}

// visit is a visit of the operator's, which needs no lease.
func (f *fixture) visit(source coranto.SourceID, items ...coranto.Item) storage.Visit {
	return storage.Visit{Source: source, Items: items, State: f.state()}
}

// state is that of a source that went well just now and is due in an hour.
func (f *fixture) state() storage.SourceState {
	now := f.clock.Now()
	return storage.SourceState{
		Next: now.Add(time.Hour), Interval: time.Hour,
		Outcome: storage.OutcomeNew, LastVisit: now, LastOK: now,
	}
}

// commit stores visits that all must be stored.
func (f *fixture) commit(visits ...storage.Visit) []storage.VisitResult {
	f.Helper()
	results, err := f.store.Commit(f.Context(), visits)
	f.must(err)
	if len(results) != len(visits) {
		f.Fatalf("%d results for %d visits", len(results), len(visits))
	}
	for _, r := range results {
		f.must(r.Err)
	}
	return results
}

func (f *fixture) item(id coranto.ItemID) *storage.Record {
	f.Helper()
	r, err := f.store.Item(f.Context(), id)
	f.must(err)
	return r
}

func (f *fixture) latest(q storage.Query) storage.Page {
	f.Helper()
	page, err := f.store.Latest(f.Context(), q)
	f.must(err)
	return page
}

func (f *fixture) stats() storage.Stats {
	f.Helper()
	st, err := f.store.Stats(f.Context())
	f.must(err)
	return st
}

func (f *fixture) changes(after storage.Cursor) ([]storage.Change, storage.Cursor) {
	f.Helper()
	changes, next, err := f.store.Changes(f.Context(), after, 1000)
	f.must(err)
	return changes, next
}

// claim leases everything that is due to an owner.
func (f *fixture) claim(owner string) []storage.Lease {
	f.Helper()
	leases, _, err := f.store.Claim(f.Context(), owner, 100, 100, leaseTime)
	f.must(err)
	return leases
}

func (f *fixture) source(id coranto.SourceID) storage.SourceRecord {
	f.Helper()
	q := storage.SourceQuery{IDs: []coranto.SourceID{id}}
	for r, err := range f.store.Sources(f.Context(), q) {
		f.must(err)
		return r
	}
	f.Fatalf("there is no source %s", id)
	return storage.SourceRecord{}
}

// ids are the ids of records, in order.
func ids(records []storage.Record) []coranto.ItemID {
	var ids []coranto.ItemID
	for _, r := range records {
		ids = append(ids, r.ID)
	}
	return ids
}
