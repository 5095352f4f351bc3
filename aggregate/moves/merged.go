package moves

import (
	"cmp"
	"slices"
	"sync"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// Merged knows which sources are merged into which, so that what these bring is filed
// for those as well. The zero value knows none. It is safe for concurrent use.
type Merged struct {
	mu    sync.Mutex
	of    map[coranto.SourceID][]coranto.Source // by whom they are merged into
	where map[coranto.SourceID]coranto.SourceID // into whom a source is merged
}

// Note takes down where a source is now, as the move of its latest visit says.
func (m *Merged) Note(rec *storage.SourceRecord, move storage.Move) {
	m.mu.Lock()
	defer m.mu.Unlock()
	old, into := m.where[rec.ID], move.Into
	if old == into {
		return
	}
	if m.of == nil {
		m.of = make(map[coranto.SourceID][]coranto.Source)
		m.where = make(map[coranto.SourceID]coranto.SourceID)
	}
	if old != "" {
		m.of[old] = slices.DeleteFunc(slices.Clone(m.of[old]), func(src coranto.Source) bool {
			return src.ID == rec.ID
		})
		delete(m.where, rec.ID)
	}
	if into != "" {
		m.of[into] = append(slices.Clone(m.of[into]), rec.Source)
		slices.SortFunc(m.of[into], func(x, y coranto.Source) int { return cmp.Compare(x.ID, y.ID) })
		m.where[rec.ID] = into
	}
}

// Into are the sources that are merged into one, by id, also those that are not to be
// visited. The slice must not be changed.
func (m *Merged) Into(id coranto.SourceID) []coranto.Source {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.of[id]
}
