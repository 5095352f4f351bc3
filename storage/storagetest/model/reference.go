package model

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// model is the reference: what a store promises, done in the plainest way, by
// looking at everything each time.
type model struct {
	sources  map[coranto.SourceID]*storage.SourceRecord
	items    []*storage.Record // in the order of their adding
	log      []storage.Change
	modified map[place]time.Time
	was      map[coranto.ItemID][]storage.Record // revisions, newest first
	graves   map[coranto.ItemID]storage.Tombstone
}

// place is one value of one index.
type place struct {
	by    storage.Index
	value string
}

func newModel() *model {
	return &model{
		sources:  map[coranto.SourceID]*storage.SourceRecord{},
		modified: map[place]time.Time{},
		was:      map[coranto.ItemID][]storage.Record{},
		graves:   map[coranto.ItemID]storage.Tombstone{},
	}
}

// places are where an item is listed.
func places(it *coranto.Item) map[place]bool {
	all := map[place]bool{{storage.All, ""}: true, {storage.BySource, string(it.Source)}: true}
	for _, slug := range it.Categories {
		all[place{storage.ByCategory, string(slug)}] = true
	}
	for _, tag := range it.Tags {
		all[place{storage.ByTag, tag.Term}] = true
	}
	return all
}

func (m *model) find(id coranto.ItemID) *storage.Record {
	for _, r := range m.items {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// upsert expects what UpsertSources does to one source.
func (m *model) upsert(s coranto.Source, now time.Time) {
	old := m.sources[s.ID]
	if old == nil {
		m.sources[s.ID] = &storage.SourceRecord{Source: s, Rev: 1}
		return
	}
	shown := old.Title != s.Title
	if shown || !slices.Equal(old.Categories, s.Categories) {
		old.Source = s
		old.Rev++
	}
	if shown {
		m.announce(storage.Change{At: now, Source: s.ID, Credit: true, Categories: m.filedIn(s.ID)})
	}
}

// filedIn are the categories that list an item of a source.
func (m *model) filedIn(id coranto.SourceID) (slugs []coranto.Slug) {
	for _, r := range m.items {
		if r.Source == id {
			slugs = append(slugs, r.Categories...)
		}
	}
	return slugs
}

func (m *model) announce(ch storage.Change) {
	if len(ch.Items) > 0 || ch.Credit {
		ch.Categories, ch.Tags = set(ch.Categories), set(ch.Tags)
		m.log = append(m.log, ch)
	}
}

func set[T cmp.Ordered](values []T) []T {
	return slices.Compact(slices.Sorted(slices.Values(values)))
}

// commit expects the result of one visit that holds each item once.
func (m *model) commit(v storage.Visit, now time.Time) (result storage.VisitResult) {
	src := m.sources[v.Source]
	if src == nil {
		return storage.VisitResult{Err: storage.ErrNotFound}
	}
	ch := storage.Change{At: now, Source: v.Source}
	for i := range v.Items {
		m.item(v.Items[i], now, &result, &ch)
	}
	result.Changed = ch.Items
	if src.State.Feed.Title != v.State.Feed.Title && src.Title == "" {
		ch.Credit = true
		ch.Categories = append(ch.Categories, m.filedIn(v.Source)...)
	}
	v.State.Push.Subscription = src.State.Push.Subscription
	m.complete(&v.State, src.State.LastNew, result, now)
	src.State = v.State
	m.announce(ch)
	return result
}

func (m *model) complete(
	s *storage.SourceState, lastNew time.Time, result storage.VisitResult, now time.Time,
) {
	s.LastNew = lastNew
	if result.New > 0 {
		s.LastNew = now
	}
	if s.Outcome == storage.OutcomeNew && result.New+result.Updated == 0 {
		s.Outcome = storage.OutcomeUnchanged
	}
}

func (m *model) item(
	it coranto.Item, now time.Time, result *storage.VisitResult, ch *storage.Change,
) {
	r := m.find(it.ID)
	hash := storage.ContentHash(&it)
	switch {
	case r == nil && m.refuses(&it, now):
		result.Gone++
		return
	case r == nil:
		r = m.added(it, hash, now)
		result.New++
		if !r.DupOf.IsZero() {
			result.Dup++
		}
		m.items = append(m.items, r)
	case r.Hash != hash:
		m.note(ch, r)
		m.revise(r, it, hash, now)
		result.Updated++
	case slices.Equal(r.Categories, it.Categories):
		result.Same++
		return
	default:
		m.note(ch, r)
		r.Categories, r.Changed = it.Categories, now
		result.Same++
	}
	m.note(ch, r)
	ch.Items = append(ch.Items, it.ID)
}

// note takes down where a record stands, before or after a change of it.
func (m *model) note(ch *storage.Change, r *storage.Record) {
	for p := range places(&r.Item) {
		m.modified[p] = ch.At
		switch p.by {
		case storage.ByCategory:
			ch.Categories = append(ch.Categories, coranto.Slug(p.value))
		case storage.ByTag:
			ch.Tags = append(ch.Tags, p.value)
		}
	}
}

func (m *model) added(it coranto.Item, hash [16]byte, now time.Time) *storage.Record {
	r := &storage.Record{Item: it, FirstSeen: now, Changed: now, Revision: 1, Hash: hash}
	if it.Published.IsZero() || it.Published.After(now) {
		r.Published = now
	}
	if it.Updated.Before(r.Published) {
		r.Updated = r.Published
	}
	if r.Updated.After(now) {
		r.Updated = now
	}
	r.DupOf, r.DupGUID = m.dupOf(&it), m.dupGUID(&it)
	return r
}

// dupGUID reports whether the first item with the same GUID is of another source.
func (m *model) dupGUID(it *coranto.Item) bool {
	key, ok := storage.GUIDKey(it)
	first := m.find(m.first(key))
	return ok && first != nil && first.Source != it.Source
}

// dupOf is the oldest of the first items of each key, if of another source.
func (m *model) dupOf(it *coranto.Item) coranto.ItemID {
	firsts := map[coranto.ItemID]bool{}
	for _, k := range storage.DedupKeys(it) {
		firsts[m.first(k)] = true
	}
	for _, r := range m.items {
		if firsts[r.ID] && r.Source != it.Source {
			return r.ID
		}
	}
	return coranto.ItemID{}
}

func (m *model) first(k storage.DedupKey) coranto.ItemID {
	for _, r := range m.items {
		if slices.Contains(storage.DedupKeys(&r.Item), k) {
			return r.ID
		}
	}
	return coranto.ItemID{}
}

func (m *model) revise(r *storage.Record, it coranto.Item, hash [16]byte, now time.Time) {
	published, updated := r.Published, r.Updated
	was := append([]storage.Record{*r}, m.was[r.ID]...)
	m.was[r.ID] = was[:min(len(was), storage.RevisionsKept)]
	r.Item, r.Hash, r.Changed = it, hash, now
	r.Published = published
	r.Revision++
	if !it.Updated.After(updated) || it.Updated.After(now) {
		r.Updated = now
	}
}

// list expects a whole index, newest first.
func (m *model) list(p place) (records []storage.Record) {
	for _, r := range m.items {
		if places(&r.Item)[p] {
			records = append(records, *r)
		}
	}
	slices.SortFunc(records, func(a, b storage.Record) int { return ByOrder(a.Item, b.Item) })
	return records
}

// page expects what Latest answers.
func (m *model) page(q storage.Query) storage.Page {
	all := m.list(place{q.By, q.Value})
	page := storage.Page{Modified: m.modified[place{q.By, q.Value}]}
	switch {
	case !q.Before.IsZero():
		all = slices.DeleteFunc(all, func(r storage.Record) bool {
			return compare(r.Order(), q.Before) <= 0
		})
	case !q.After.IsZero():
		all = slices.DeleteFunc(all, func(r storage.Record) bool {
			return compare(r.Order(), q.After) >= 0
		})
		page.More = len(all) > q.Limit
		page.Records = all[max(0, len(all)-q.Limit):]
		return page
	}
	page.More = len(all) > q.Limit
	page.Records = all[:min(len(all), q.Limit)]
	return page
}

// ByOrder is the order of every index.
func ByOrder(a, b coranto.Item) int {
	if c := b.Published.Compare(a.Published); c != 0 {
		return c
	}
	return slices.Compare(a.ID[:], b.ID[:])
}

// compare is negative when a stands before b: is newer.
func compare(a, b storage.OrderKey) int {
	return ByOrder(
		coranto.Item{ID: a.ID, Published: a.Published},
		coranto.Item{ID: b.ID, Published: b.Published},
	)
}

// records expects what Sources yields.
func (m *model) records() (records []storage.SourceRecord) {
	for _, id := range slices.Sorted(maps.Keys(m.sources)) {
		r := *m.sources[id]
		r.Items = len(m.list(place{storage.BySource, string(id)}))
		records = append(records, r)
	}
	return records
}
