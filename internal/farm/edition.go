package farm

import (
	"maps"
	"time"
)

// edition is how far one feed has come. It is never changed; next makes a new one.
type edition struct {
	version int
	single  map[int]time.Time // versions that added one item, with its date
}

func (e *edition) next(at time.Time) *edition {
	n := &edition{version: e.version + 1, single: e.single}
	if at.IsZero() {
		return n
	}
	n.single = maps.Clone(e.single)
	if n.single == nil {
		n.single = map[int]time.Time{}
	}
	n.single[n.version] = at
	return n
}

// history is what replaying all versions of an edition gives.
type history struct {
	newest int               // index of the newest item
	shown  map[int]int       // item → newest revision that the feed has shown
	dates  map[int]time.Time // item → its date, for those of AdvanceOne
}

// replay walks from the planted feed to the edition. The order of the draws is
// part of the bytes.
func (p *press) replay(f *Feed, e *edition) history {
	h := history{newest: f.Items - 1, shown: map[int]int{}, dates: map[int]time.Time{}}
	for v := 1; v <= e.version; v++ {
		if at, ok := e.single[v]; ok {
			h.newest++
			h.dates[h.newest] = at
			continue
		}
		r := mix(p.Seed, 4, uint64(f.ID), uint64(v))
		add := 1 + r.intn(p.MaxNew)
		edited := -1
		if r.p(0.3) {
			edited = h.newest - r.intn(f.Items)
		}
		h.newest += add
		if edited > h.newest-f.Items { // else it left the feed as it was edited, unseen
			h.shown[edited]++
		}
	}
	return h
}

func (p *press) newest(f *Feed, e *edition) int { return p.replay(f, e).newest }

// window is what the feed's document holds at an edition, newest first.
func (p *press) window(f *Feed, e *edition) []Item {
	h := p.replay(f, e)
	return p.items(f, e, h, h.newest-f.Items+1)
}

// items makes the items from the newest down to first.
func (p *press) items(f *Feed, e *edition, h history, first int) []Item {
	items := make([]Item, 0, h.newest-first+1)
	for j := h.newest; j >= first; j-- {
		it := p.item(f, e, j, h.shown[j])
		items = append(items, it)
	}
	return items
}

// lastModified is the date of the document at an edition. Without Names it is
// a little after the newest item's, and may lie in the future.
func (p *press) lastModified(f *Feed, e *edition) time.Time {
	h := p.replay(f, e)
	if p.Names || len(h.dates) > 0 {
		return p.itemTime(f, h, h.newest)
	}
	return p.Epoch.Add(time.Duration(h.newest+1) * pace)
}
