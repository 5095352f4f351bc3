package record

import (
	"cmp"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// New is the first record of an item. Times that the source put into the future are
// times of first sight.
func New(it *coranto.Item, hash [16]byte, now time.Time) *storage.Record {
	r := &storage.Record{Item: *it, FirstSeen: now, Changed: now, Revision: 1, Hash: hash}
	if r.Published.IsZero() || r.Published.After(now) {
		r.Published = now
	}
	r.Updated = later(it.Updated, r.Published)
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

// Revised is the record of an item whose content changed.
func Revised(old *storage.Record, it *coranto.Item, hash [16]byte, now time.Time) *storage.Record {
	r := *old
	r.Item = *it
	r.Published = old.Published
	r.Updated = it.Updated
	if !r.Updated.After(old.Updated) || r.Updated.After(now) {
		r.Updated = later(now, old.Updated)
	}
	r.Changed, r.Hash, r.Revision = now, hash, old.Revision+1
	return &r
}

// Refiled is the record of an item whose content is as before but whose
// categories are not.
func Refiled(old *storage.Record, it *coranto.Item, now time.Time) *storage.Record {
	r := *old
	r.Categories, r.Changed = it.Categories, now
	return &r
}

// Note adds to a change what replacing old by r changes; either may be nil.
func Note(change *storage.Change, r, old *storage.Record) {
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

// Unique is ids, each once.
func Unique(ids []coranto.ItemID) (once []coranto.ItemID) {
	seen := make(map[coranto.ItemID]bool, len(ids))
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			once = append(once, id)
		}
	}
	return once
}
