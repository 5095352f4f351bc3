// Package unstored remembers what visits came to whose outcome the store does not take,
// so that no origin is asked early for that (P27). It has no clock and does no input or
// output.
package unstored

import (
	"sync"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// Memory is the states that could not be stored, of a damaged source for one. The zero
// value has none. It is safe for concurrent use.
type Memory struct {
	mu sync.Mutex
	of map[coranto.SourceID]note
}

type note struct {
	url   string
	state storage.SourceState
}

// Note takes down the state of a source that could not be stored.
func (m *Memory) Note(rec *storage.SourceRecord, state storage.SourceState) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.of == nil {
		m.of = make(map[coranto.SourceID]note)
	}
	m.of[rec.ID] = note{rec.URL, state}
}

// Forget drops what is known of a source: a state of it was stored.
func (m *Memory) Forget(id coranto.SourceID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.of, id)
}

// Recall puts into a source as it is stored what its last visit came to, and reports
// whether there is such a thing: there is none when a later visit was stored, or when
// the source was given another address.
func (m *Memory) Recall(rec *storage.SourceRecord) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	known, found := m.of[rec.ID]
	if !found {
		return false
	}
	st := &known.state
	if known.url != rec.URL || rec.State.LastVisit.After(st.LastVisit) {
		delete(m.of, rec.ID)
		return false
	}
	rec.State.Outcome, rec.State.Fails, rec.State.LastError = st.Outcome, st.Fails, st.LastError
	rec.State.LastVisit, rec.State.Clock = st.LastVisit, st.Clock
	rec.State.Next, rec.State.Interval, rec.State.Fresh = st.Next, st.Interval, st.Fresh
	rec.State.Wait, rec.State.WaitHost, rec.State.HostFails = st.Wait, st.WaitHost, st.HostFails
	return true
}
