package model

import (
	"errors"
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

func (d *duel) comparePage(q storage.Query) {
	got, err := d.store.Latest(ctx(), q)
	d.must(err)
	d.same(fmt.Sprintf("page %+v", q), got, d.model.page(q))
}

// comparePart compares the neighborhood, in an index, of some item, which need not
// stand in it.
func (d *duel) comparePart(p place) {
	if len(d.model.items) == 0 {
		return
	}
	r := rapid.SampledFrom(d.model.items).Draw(d.t, "place")
	q := storage.Query{By: p.by, Value: p.value, Limit: rapid.IntRange(1, 3).Draw(d.t, "limit")}
	q.Before = r.Order()
	d.comparePage(q)
	q.Before, q.After = storage.OrderKey{}, r.Order()
	d.comparePage(q)
}

// compareArrivals compares the items of an index in the order of their adding, and what
// came before some item and after it.
func (d *duel) compareArrivals(p place) {
	if p.by == storage.ByTag {
		return
	}
	q := storage.Query{By: p.by, Value: p.value, Limit: 1000, Arrival: true}
	all, err := d.store.Latest(ctx(), q)
	d.must(err)
	var want []storage.Record
	for _, r := range slices.Backward(d.model.items) {
		if places(&r.Item)[p] {
			want = append(want, *r)
		}
	}
	d.same("arrivals", all.Records, want)
	if len(want) == 0 {
		return
	}
	at := rapid.IntRange(0, len(want)-1).Draw(d.t, "arrival")
	q.Limit, q.BeforeSeq = 2, all.Records[at].Seq
	page, err := d.store.Latest(ctx(), q)
	d.must(err)
	rest := want[at+1:]
	d.same("arrived before", page.Records, rest[:min(2, len(rest))])
	q.BeforeSeq, q.AfterSeq = 0, q.BeforeSeq
	page, err = d.store.Latest(ctx(), q)
	d.must(err)
	d.same("arrived after", page.Records, want[max(0, at-2):at])
}

// compareItem compares all that is known of some item.
func (d *duel) compareItem() {
	if len(d.model.items) == 0 {
		return
	}
	r := rapid.SampledFrom(d.model.items).Draw(d.t, "item")
	got, err := d.store.Item(ctx(), r.ID)
	d.must(err)
	d.same("item", *got, *r)
	was, err := d.store.Revisions(ctx(), r.ID)
	d.must(err)
	d.same("revisions", was, d.model.was[r.ID])
	keys := storage.DedupKeys(&r.Item)
	found, err := d.store.FindDup(ctx(), keys)
	d.must(err)
	for i, k := range keys {
		d.same("first of a key", found[i], d.model.first(k))
	}
}

// compareGraves compares what is left of removed items.
func (d *duel) compareGraves() {
	for _, source := range []coranto.SourceID{"a", "b", "c"} {
		for n := range 6 {
			d.compareGrave(sample.Item(source, n).ID)
		}
	}
	for _, p := range []place{
		{storage.All, ""}, {storage.BySource, "b"}, {storage.ByCategory, "x"}, {storage.ByCategory, "xy"},
	} {
		d.compareTombstones(p)
	}
}

func (d *duel) compareGrave(id coranto.ItemID) {
	got, err := d.store.Tombstone(ctx(), id)
	want, removed := d.model.graves[id]
	if !removed || want.Expired && d.clock.Now().Sub(want.At) >= storage.ExpiredFor {
		if !errors.Is(err, storage.ErrNotFound) {
			d.t.Fatalf("tombstone %+v, error %v; want ErrNotFound", got, err)
		}
		return
	}
	d.must(err)
	d.same("tombstone", *got, want)
}

// compareTombstones compares an index of tombstones: whole, and around one of them.
func (d *duel) compareTombstones(p place) {
	all := d.model.tombstones(p.by, p.value)
	q := storage.TombstoneQuery{By: p.by, Value: p.value, Limit: 1000}
	page, err := d.store.Tombstones(ctx(), q)
	d.must(err)
	d.same("tombstones", page.Tombstones, all)
	if len(all) == 0 {
		return
	}
	at := rapid.IntRange(0, len(all)-1).Draw(d.t, "tombstone")
	q.Limit = 2
	q.Before = all[at].Order()
	older, err := d.store.Tombstones(ctx(), q)
	d.must(err)
	q.Before, q.After = storage.OrderKey{}, all[at].Order()
	newer, err := d.store.Tombstones(ctx(), q)
	d.must(err)
	rest := all[at+1:]
	d.same("older", older, storage.TombstonePage{Tombstones: rest[:min(2, len(rest))], More: len(rest) > 2})
	d.same("newer", newer, storage.TombstonePage{Tombstones: all[max(0, at-2):at], More: at > 2})
}

// compareStats compares the store's measures with what they are the sum of.
func (d *duel) compareStats() {
	st, err := d.store.Stats(ctx())
	d.must(err)
	var want []storage.Count
	for _, slug := range []coranto.Slug{"x", "xy", "y"} {
		if list := d.model.list(place{storage.ByCategory, string(slug)}); len(list) > 0 {
			want = append(want, storage.Count{Slug: slug, Items: len(list), Newest: list[0].Published})
		}
	}
	d.same("categories", st.Categories, want)
	for _, count := range st.Categories {
		d.same("bytes of a category", count.Bytes, d.size(storage.ByCategory, string(count.Slug)))
	}
	for r, err := range d.store.Sources(ctx(), storage.SourceQuery{}) {
		d.must(err)
		d.same("bytes of a source", r.Bytes, d.size(storage.BySource, string(r.ID)))
	}
	d.same("bytes of items", st.ItemBytes, d.size(storage.All, ""))
	if st.Items != len(d.model.items) || st.Sources != len(d.model.sources) {
		d.t.Fatalf("%d items of %d sources, want %d of %d",
			st.Items, st.Sources, len(d.model.items), len(d.model.sources))
	}
	if len(d.model.items) > 0 {
		first := slices.MinFunc(d.model.items, func(a, b *storage.Record) int {
			return a.FirstSeen.Compare(b.FirstSeen)
		})
		d.same("oldest", st.Oldest, first.FirstSeen)
	}
	d.compareRemains(&st)
}

// size adds up the items of an index.
func (d *duel) size(by storage.Index, value string) (size int64) {
	page, err := d.store.Latest(ctx(), storage.Query{By: by, Value: value, Limit: 1000})
	d.must(err)
	for _, r := range page.Records {
		size += r.Bytes
	}
	return size
}

// compareRemains compares the measures of what is not current.
func (d *duel) compareRemains(st *storage.Stats) {
	revisions, bytes := 0, int64(0)
	for _, r := range d.model.items {
		was, err := d.store.Revisions(ctx(), r.ID)
		d.must(err)
		revisions += len(d.model.was[r.ID])
		for _, w := range was {
			bytes += w.Bytes
		}
	}
	taken := len(d.model.tombstones(storage.All, ""))
	if st.Revisions != revisions || st.RevisionBytes != bytes || st.Tombstones != taken {
		d.t.Fatalf("%d revisions of %d bytes and %d tombstones, want %d of %d and %d",
			st.Revisions, st.RevisionBytes, st.Tombstones, revisions, bytes, taken)
	}
	// Memories that have ended may be counted until they are cleared away.
	lasting := 0
	for _, t := range d.model.graves {
		if t.Expired && d.clock.Now().Sub(t.At) < storage.ExpiredFor {
			lasting++
		}
	}
	if st.Expired < lasting {
		d.t.Fatalf("%d expired items remembered, want at least %d", st.Expired, lasting)
	}
}
