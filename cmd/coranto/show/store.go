package show

import (
	"time"

	"github.com/coranto/coranto/storage"
)

// StoreStatus is what takes room in the store.
type StoreStatus struct {
	ItemBytes     int64     `json:"item_bytes"`
	Revisions     int       `json:"revisions"`      // earlier contents of items
	RevisionBytes int64     `json:"revision_bytes"` // of these
	Tombstones    int       `json:"tombstones"`     // items that were taken down
	Expired       int       `json:"expired"`        // items that grew too old, remembered
	Budget        int64     `json:"budget_bytes,omitempty"`
	Oldest        time.Time `json:"oldest,omitzero"` // first seen of the oldest item
}

func newStoreStatus(st storage.Stats) StoreStatus {
	return StoreStatus{
		ItemBytes: st.ItemBytes, Revisions: st.Revisions, RevisionBytes: st.RevisionBytes,
		Tombstones: st.Tombstones, Expired: st.Expired, Budget: st.MaxBytes, Oldest: st.Oldest,
	}
}

// remark continues the line that tells the size of the store.
func (s *StoreStatus) remark() (text string) {
	if s.Budget > 0 {
		text += " of " + size(s.Budget)
	}
	if s.Revisions > 0 {
		text += ", " + Plural(s.Revisions, "earlier revision")
	}
	if s.Tombstones > 0 {
		text += ", " + Plural(s.Tombstones, "item") + " taken down"
	}
	if !s.Oldest.IsZero() {
		text += ", oldest of " + s.Oldest.UTC().Format(time.DateOnly)
	}
	return text
}
