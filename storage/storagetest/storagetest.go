// Package storagetest is the conformance suite of package storage: what every
// engine promises, as subtests, and the random operations of package model. An
// engine's test calls Run.
package storagetest

import (
	"context"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/storagetest/model"
	"github.com/coranto/coranto/storage/storagetest/sample"
	"github.com/coranto/coranto/storage/storagetest/values"
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
		{"Arrival", arrivalTests()},
		{"Store", storeTests()},
	}
	for _, group := range groups {
		t.Run(group.name, func(t *testing.T) {
			for name, test := range group.tests {
				t.Run(name, func(t *testing.T) { test(newFixture(t, open)) })
			}
		})
	}
	t.Run("Values", func(t *testing.T) { values.Run(t, open) })
	t.Run("Random", func(t *testing.T) { model.Run(t, open) })
}

// fixture is an open store with its clock, and the calls that tests make most,
// each of which ends the test on an unexpected error.
type fixture struct {
	*testing.T
	store storage.Store
	clock *sample.Clock
	open  Open
	dir   string
}

func newFixture(t *testing.T, open Open) *fixture {
	f := &fixture{T: t, clock: sample.NewClock(), open: open, dir: t.TempDir()}
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
