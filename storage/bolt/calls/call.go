package calls

import (
	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt/layout"
)

// Visit is a visit with all that can be worked out without the store, and so
// outside the single writer. Each of its items is there once, says its source,
// and has its categories in order.
type Visit struct {
	storage.Visit
	Hashes [][16]byte          // storage.ContentHash of each of Items
	Result storage.VisitResult // what Write makes of it
}

// call is one Commit that waits for the writer.
type call struct {
	visits []Visit
	size   int // bytes of text, about
	err    error
	done   chan struct{}
}

// newCall copies the visits, so that nothing of the caller's is changed, and
// hashes their items.
func newCall(visits []storage.Visit) *call {
	c := &call{done: make(chan struct{}), visits: make([]Visit, len(visits))}
	for i, v := range visits {
		v.Items = lastOfEach(v.Items)
		p := Visit{Visit: v, Hashes: make([][16]byte, len(v.Items))}
		for j := range v.Items {
			it := &v.Items[j]
			it.Source = v.Source
			it.Categories = layout.SortedSet(it.Categories)
			p.Hashes[j] = storage.ContentHash(it)
			c.size += len(it.Content) + len(it.Summary) + len(it.Title)
		}
		c.visits[i] = p
	}
	return c
}

func (c *call) results() []storage.VisitResult {
	results := make([]storage.VisitResult, len(c.visits))
	for i := range c.visits {
		results[i] = c.visits[i].Result
	}
	return results
}

// lastOfEach copies items, each once: of those with the same id the last, where
// the first stood.
func lastOfEach(items []coranto.Item) []coranto.Item {
	if len(items) == 0 {
		return nil
	}
	at := make(map[coranto.ItemID]int, len(items))
	kept := make([]coranto.Item, 0, len(items))
	for _, it := range items {
		if i, seen := at[it.ID]; seen {
			kept[i] = it
			continue
		}
		at[it.ID] = len(kept)
		kept = append(kept, it)
	}
	return kept
}
