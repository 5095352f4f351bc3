package model

import (
	"time"

	"pgregory.net/rapid"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

// limits draws limits of which mostly one is set. Sizes are those that some items
// of the store have together.
func (d *duel) limits(name string) (l storage.Limits) {
	switch rapid.SampledFrom([]string{"none", "none", "items", "bytes", "age"}).Draw(d.t, name) {
	case "items":
		l.Items = rapid.IntRange(1, 6).Draw(d.t, "items")
	case "bytes":
		n := rapid.IntRange(0, len(d.model.items)).Draw(d.t, "items that fit")
		l.Bytes = 1
		for _, r := range d.model.items[:n] {
			l.Bytes += r.Bytes
		}
	case "age":
		n := rapid.IntRange(0, 5).Draw(d.t, "newer than")
		l.Age = max(time.Nanosecond, d.clock.Now().Sub(sample.Item("a", n).Published))
	}
	return l
}

func (d *duel) retain() {
	for _, r := range d.model.items {
		stored, err := d.store.Item(ctx(), r.ID)
		d.must(err)
		r.Bytes = stored.Bytes
	}
	p := storage.Policy{
		Limits: d.limits("all"), PerSource: d.limits("per source"), PerCategory: d.limits("per category"),
		Sources:    map[coranto.SourceID]storage.Limits{"b": d.limits("source b")},
		Categories: map[coranto.Slug]storage.Limits{"y": d.limits("category y")},
	}
	budget := rapid.IntRange(1, 6).Draw(d.t, "budget")
	excess := d.model.excess(p, d.clock.Now())
	more, stats, err := d.store.Retain(ctx(), p, budget)
	d.must(err)
	if stats.Items != min(budget, len(excess)) || more != (len(excess) > budget) {
		d.t.Fatalf("retain removed %d of %d, budget %d, more %v", stats.Items, len(excess), budget, more)
	}
	changes := d.unread()
	for _, ch := range changes {
		for _, id := range ch.Items {
			if !excess[id] {
				d.t.Fatalf("retain removed %v, which the policy keeps", id)
			}
		}
	}
	d.model.removed(changes, expired(d.clock.Now()))
}

// unread are the changes that were not compared yet.
func (d *duel) unread() []storage.Change {
	changes, _, err := d.store.Changes(ctx(), d.after, 1000)
	d.must(err)
	return changes
}

// someIDs draws ids of items that may have been stored.
func (d *duel) someIDs() []coranto.ItemID {
	one := rapid.Custom(func(t *rapid.T) coranto.ItemID {
		source := rapid.SampledFrom([]coranto.SourceID{"a", "b", "c"}).Draw(t, "source")
		return sample.Item(source, rapid.IntRange(0, 5).Draw(t, "item")).ID
	})
	return rapid.SliceOfN(one, 1, 4).Draw(d.t, "ids")
}

func (d *duel) pin() {
	ids, pinned := d.someIDs(), rapid.Bool().Draw(d.t, "pinned")
	want := d.model.pin(ids, pinned)
	n, err := d.store.Pin(ctx(), ids, pinned)
	d.must(err)
	d.same("pinned", n, want)
}

func (d *duel) remove() {
	ids, why := d.someIDs(), rapid.SampledFrom([]string{"", "why"}).Draw(d.t, "why")
	want := d.model.takeDown(ids, why, d.clock.Now())
	n, err := d.store.Remove(ctx(), ids, why)
	d.must(err)
	d.same("taken down", n, want)
	d.model.removed(d.unread(), takenDown(d.clock.Now(), why))
}

func (d *duel) lift() {
	ids := d.someIDs()
	want := d.model.lift(ids, d.clock.Now())
	n, err := d.store.Lift(ctx(), ids)
	d.must(err)
	d.same("lifted", n, want)
}
