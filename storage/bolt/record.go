package bolt

import (
	"cmp"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
)

// added is the first record of an item. Times that the source put into the
// future are times of first sight.
func added(it *coranto.Item, hash [16]byte, now time.Time) *storage.Record {
	r := &storage.Record{Item: *it, FirstSeen: now, Changed: now, Revision: 1, Hash: hash}
	r.Published = layout.Storable(it.Published)
	if r.Published.IsZero() || r.Published.After(now) {
		r.Published = now
	}
	r.Updated = later(layout.Storable(it.Updated), r.Published)
	if r.Updated.After(now) {
		r.Updated = now
	}
	return r
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// revised is the record of an item whose content changed.
func revised(old *storage.Record, it *coranto.Item, hash [16]byte, now time.Time) *storage.Record {
	r := *old
	r.Item = *it
	r.Published = old.Published
	r.Updated = layout.Storable(it.Updated)
	if !r.Updated.After(old.Updated) || r.Updated.After(now) {
		r.Updated = later(now, old.Updated)
	}
	r.Changed, r.Hash, r.Revision = now, hash, old.Revision+1
	return &r
}

// refiled is the record of an item whose content is as before but whose
// categories are not.
func refiled(old *storage.Record, it *coranto.Item, now time.Time) *storage.Record {
	r := *old
	r.Categories, r.Changed = it.Categories, now
	return &r
}

// note adds to a change what replacing old by r changes; either may be nil.
func note(change *storage.Change, r, old *storage.Record) {
	change.Items = append(change.Items, cmp.Or(r, old).ID)
	for _, rec := range []*storage.Record{r, old} {
		if rec == nil {
			continue
		}
		change.Categories = append(change.Categories, rec.Categories...)
		for _, tag := range rec.Tags {
			change.Tags = append(change.Tags, tag.Term)
		}
	}
}
