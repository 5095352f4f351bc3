package model

import (
	"slices"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// refuses expects whether a commit refuses an item that is not stored: it was removed, or
// taken down under another id.
func (m *model) refuses(it *coranto.Item, now time.Time) bool {
	if m.refusesID(it.ID, now) {
		return true
	}
	post, ok := storage.PostKey(it)
	for _, t := range m.graves {
		if ok && t.Post == post && t.Refuses(it) {
			return true
		}
	}
	return false
}

func (m *model) refusesID(id coranto.ItemID, now time.Time) bool {
	t, removed := m.graves[id]
	age := now.Sub(t.At)
	switch {
	case !removed:
		return false
	case t.Expired && age >= storage.ExpiredFor:
		delete(m.graves, id)
		return false
	case t.Expired && age >= storage.ExpiredRenewed:
		t.At = now
		m.graves[id] = t
	}
	return true
}

// excess expects the items that a policy no longer keeps. The items' Bytes must be
// those of the store.
func (m *model) excess(p storage.Policy, now time.Time) map[coranto.ItemID]bool {
	gone := map[coranto.ItemID]bool{}
	m.beyond(gone, place{storage.All, ""}, p.Limits, now)
	for p2 := range m.filings() {
		switch p2.by {
		case storage.BySource:
			m.beyond(gone, p2, p.OfSource(coranto.SourceID(p2.value)), now)
		case storage.ByCategory:
			m.beyond(gone, p2, p.OfCategory(coranto.Slug(p2.value)), now)
		}
	}
	return gone
}

// filings are all places that list an item.
func (m *model) filings() map[place]bool {
	all := map[place]bool{}
	for _, r := range m.items {
		for p := range places(&r.Item) {
			all[p] = true
		}
	}
	return all
}

// beyond adds to gone what is beyond the limits of a place.
func (m *model) beyond(gone map[coranto.ItemID]bool, p place, l storage.Limits, now time.Time) {
	var bytes int64
	for n, r := range m.list(p) {
		bytes += r.Bytes
		over := l.Items > 0 && n >= l.Items ||
			l.Bytes > 0 && bytes > l.Bytes ||
			l.Age > 0 && r.Published.Before(now.Add(-l.Age))
		if over && !r.Pinned {
			gone[r.ID] = true
		}
	}
}

// removed takes out the items that the store says it removed, and leaves in the
// place of each what leave says.
func (m *model) removed(
	changes []storage.Change, leave func(*storage.Record) storage.Tombstone,
) {
	for _, ch := range changes {
		mine := storage.Change{At: ch.At, Source: ch.Source, Items: ch.Items}
		for _, id := range ch.Items {
			if r := m.find(id); r != nil {
				m.note(&mine, r)
				m.graves[id] = leave(r)
				delete(m.was, id)
			}
		}
		m.items = slices.DeleteFunc(m.items, func(r *storage.Record) bool {
			return slices.Contains(ch.Items, r.ID)
		})
		m.announce(mine)
	}
}

// expired is what retention leaves of an item.
func expired(now time.Time) func(*storage.Record) storage.Tombstone {
	return func(r *storage.Record) storage.Tombstone {
		return storage.Tombstone{ID: r.ID, Source: r.Source, At: now, Expired: true}
	}
}

// takenDown is what Remove leaves of an item.
func takenDown(now time.Time, why string) func(*storage.Record) storage.Tombstone {
	return func(r *storage.Record) storage.Tombstone {
		buried := *r
		buried.Categories = slices.Clone(r.Categories)
		return *storage.TakenDown(&buried, now, why)
	}
}

// takeDown expects what Remove does but for the items that are stored, and how many
// it takes down with these.
func (m *model) takeDown(ids []coranto.ItemID, why string, now time.Time) (n int) {
	for _, id := range onceEach(ids) {
		t, buried := m.graves[id]
		switch {
		case m.find(id) != nil:
			n++
		case buried && t.Expired:
			t.Expired, t.At, t.Why = false, now, why
			m.graves[id] = t
			n++
		}
	}
	return n
}

// onceEach is ids, each once.
func onceEach(ids []coranto.ItemID) (once []coranto.ItemID) {
	for _, id := range ids {
		if !slices.Contains(once, id) {
			once = append(once, id)
		}
	}
	return once
}

// lift expects what Lift does.
func (m *model) lift(ids []coranto.ItemID, now time.Time) (n int) {
	for _, id := range ids {
		if t, buried := m.graves[id]; buried {
			if !t.Expired {
				m.announce(storage.Change{
					At: now, Source: t.Source, Items: []coranto.ItemID{id}, Categories: t.Categories,
				})
			}
			delete(m.graves, id)
			m.sources[t.Source].State.Unread()
			n++
		}
	}
	return n
}

// pin expects what Pin does.
func (m *model) pin(ids []coranto.ItemID, pinned bool) (n int) {
	for _, id := range ids {
		if r := m.find(id); r != nil && r.Pinned != pinned {
			r.Pinned = pinned
			n++
		}
	}
	return n
}

// tombstones expects all of an index, newest first.
func (m *model) tombstones(by storage.Index, value string) (list []storage.Tombstone) {
	for _, t := range m.graves {
		in := by == storage.All || by == storage.BySource && string(t.Source) == value ||
			by == storage.ByCategory && slices.Contains(t.Categories, coranto.Slug(value))
		if in && !t.Expired {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b storage.Tombstone) int { return compare(a.Order(), b.Order()) })
	return list
}
