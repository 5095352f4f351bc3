// Package model runs random operations against an engine of package storage and
// against a small reference kept in memory, and compares the outcome.
package model

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

// Run runs random operations against a store and the reference, compares the
// outcome of each and, now and then and in the end, all that can be read.
func Run(t *testing.T, open func(testing.TB, string, coranto.Clock) storage.Store) {
	root := t.TempDir()
	fewerChecks(t)
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(root, "")
		if err != nil {
			rt.Fatal(err)
		}
		d := &duel{t: rt, model: newModel(), clock: sample.NewClock(), outer: t, dir: dir, open: open}
		d.store = open(t, dir, d.clock.Now)
		defer func() { d.store.Close() }()
		rt.Repeat(map[string]func(*rapid.T){
			"upsert":  d.step(d.upsert),
			"commit":  d.step(d.commit),
			"retain":  d.step(d.retain),
			"pin":     d.step(d.pin),
			"remove":  d.step(d.remove),
			"lift":    d.step(d.lift),
			"advance": d.step(d.advance),
			"reopen":  d.step(d.reopen),
			"compare": d.step(d.compare),
			"":        d.step(d.compareChanges),
		})
		d.t = rt
		d.compare()
		d.check()
	})
}

// fewerChecks makes rapid's number of checks, unless it was asked for, one that
// suits stores which sync every commit to disk.
func fewerChecks(t *testing.T) {
	checks := flag.Lookup("rapid.checks")
	if before := checks.Value.String(); before == checks.DefValue {
		if err := checks.Value.Set("15"); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = checks.Value.Set(before) })
	}
}

// duel is a store beside its reference.
type duel struct {
	t     *rapid.T
	outer *testing.T
	store storage.Store
	model *model
	clock *sample.Clock
	dir   string
	open  func(testing.TB, string, coranto.Clock) storage.Store
	seen  int // changes read
	after storage.Cursor
}

func (d *duel) step(do func()) func(*rapid.T) {
	return func(t *rapid.T) {
		d.t = t
		do()
	}
}

func (d *duel) must(err error) {
	if err != nil {
		d.t.Fatalf("unexpected error: %v", err)
	}
}

func (d *duel) same(what string, got, want any) {
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.EquateErrors(),
		cmpopts.IgnoreFields(storage.Record{}, "Bytes", "Seq"),
		cmpopts.IgnoreFields(storage.SourceRecord{}, "Bytes"),
		cmpopts.IgnoreFields(storage.Count{}, "Bytes")); diff != "" {
		d.t.Fatalf("%s differs (-want +got):\n%s", what, diff)
	}
}

func ctx() context.Context { return context.Background() }

func (d *duel) sourceID() coranto.SourceID {
	return rapid.SampledFrom([]coranto.SourceID{"a", "b", "c"}).Draw(d.t, "source")
}

func (d *duel) slugs() []coranto.Slug {
	slug := rapid.SampledFrom([]coranto.Slug{"x", "xy", "y"})
	return set(rapid.SliceOfN(slug, 0, 3).Draw(d.t, "categories"))
}

func (d *duel) advance() {
	d.clock.Advance(time.Duration(rapid.IntRange(1, 5000).Draw(d.t, "minutes")) * time.Minute)
}

func (d *duel) reopen() {
	d.must(d.store.Close())
	d.store = d.open(d.outer, d.dir, d.clock.Now)
}

func (d *duel) upsert() {
	s := sample.Source(d.sourceID())
	s.Title = rapid.SampledFrom([]string{"", "One", "Two"}).Draw(d.t, "title")
	s.Categories = d.slugs()
	d.must(d.store.UpsertSources(ctx(), []coranto.Source{s}, nil))
	d.model.upsert(s, d.clock.Now())
}

// item draws one of a few items, in one of a few contents and filings. Links
// are shared between sources.
func (d *duel) item(source coranto.SourceID, n int) coranto.Item {
	it := sample.Item(source, n)
	it.Categories = d.slugs()
	it.Title = rapid.SampledFrom([]string{"A", "B"}).Draw(d.t, "title")
	it.Link = fmt.Sprintf("https://shared.example/%d", rapid.IntRange(0, 3).Draw(d.t, "link"))
	term := rapid.SampledFrom([]string{"t", "u"})
	for _, term := range rapid.SliceOfN(term, 0, 2).Draw(d.t, "tags") {
		it.Tags = append(it.Tags, coranto.Tag{Term: term})
	}
	shift := time.Duration(rapid.IntRange(-3, 100).Draw(d.t, "days")) * 24 * time.Hour
	switch rapid.IntRange(0, 3).Draw(d.t, "dates") {
	case 0:
		it.Published, it.Updated = time.Time{}, time.Time{}
	case 1:
		it.Published = it.Published.Add(shift)
	case 2:
		it.Updated = it.Updated.Add(shift)
	}
	return it
}

func (d *duel) visit() storage.Visit {
	v := storage.Visit{Source: d.sourceID()}
	v.State.ETag = rapid.SampledFrom([]string{"", "1", "2"}).Draw(d.t, "etag")
	outcomes := []storage.Outcome{storage.OutcomeNew, storage.OutcomeFailed}
	v.State.Outcome = rapid.SampledFrom(outcomes).Draw(d.t, "outcome")
	v.State.Feed.Title = rapid.SampledFrom([]string{"", "F", "G"}).Draw(d.t, "feed title")
	ns := rapid.SliceOfNDistinct(rapid.IntRange(0, 5), 0, 4, rapid.ID[int]).Draw(d.t, "items")
	for _, n := range ns {
		v.Items = append(v.Items, d.item(v.Source, n))
	}
	return v
}

func (d *duel) commit() {
	var visits []storage.Visit
	var want []storage.VisitResult
	for range rapid.IntRange(1, 3).Draw(d.t, "visits") {
		v := d.visit()
		visits = append(visits, v)
		want = append(want, d.model.commit(v, d.clock.Now()))
	}
	got, err := d.store.Commit(ctx(), visits)
	d.must(err)
	for i := range got {
		if errors.Is(got[i].Err, storage.ErrNotFound) {
			got[i].Err = storage.ErrNotFound
		}
	}
	d.same("results", got, want)
}

// compareChanges compares the changes of the operation before.
func (d *duel) compareChanges() {
	changes, next, err := d.store.Changes(ctx(), d.after, 1000)
	d.must(err)
	d.same("changes", changes, d.model.log[d.seen:])
	d.seen, d.after = len(d.model.log), next
}

// compare reads everything.
func (d *duel) compare() {
	var sources []storage.SourceRecord
	for r, err := range d.store.Sources(ctx(), storage.SourceQuery{}) {
		d.must(err)
		sources = append(sources, r)
	}
	d.same("sources", sources, d.model.records())
	for _, p := range []place{
		{storage.All, ""}, {storage.BySource, "a"}, {storage.ByCategory, "x"},
		{storage.ByCategory, "xy"}, {storage.ByTag, "t"},
	} {
		d.comparePage(storage.Query{By: p.by, Value: p.value, Limit: 1000})
		d.comparePart(p)
		d.compareArrivals(p)
	}
	d.compareItem()
	d.compareGraves()
	d.compareStats()
}

func (d *duel) check() {
	if c, ok := d.store.(storage.Checker); ok {
		d.must(c.Check(ctx(), true))
	}
}
