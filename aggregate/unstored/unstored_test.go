package unstored_test

import (
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/unstored"
	"github.com/coranto/coranto/storage"
)

// TestRecall has a source, stored as it was visited at ten, whose visit at noon could
// not be stored.
func TestRecall(t *testing.T) {
	ten := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	noon, two := ten.Add(2*time.Hour), ten.Add(4*time.Hour)
	source := func(url string, visited time.Time) storage.SourceRecord {
		return storage.SourceRecord{
			Source: coranto.Source{ID: "s", URL: url},
			State:  storage.SourceState{LastVisit: visited, Next: noon, ETag: `"1"`},
		}
	}
	tests := []struct {
		name   string
		now    storage.SourceRecord
		forget bool
		want   bool
	}{
		{"P27 what could not be stored", source("https://a.example", ten), false, true},
		{"P27 a state was stored", source("https://a.example", ten), true, false},
		{"P27 another process stored a later visit", source("https://a.example", two), false, false},
		{"P27 the operator gave another address", source("https://b.example", ten), false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var m unstored.Memory
			if rec := tt.now; m.Recall(&rec) {
				t.Fatal("an empty memory knows something")
			}
			rec := source("https://a.example", ten)
			m.Note(&rec, storage.SourceState{LastVisit: noon, Next: two, Fails: 3, ETag: `"2"`})
			if tt.forget {
				m.Forget("s")
			}
			got, next := m.Recall(&tt.now), noon
			if tt.want {
				next = two
			}
			if got != tt.want || !tt.now.State.Next.Equal(next) || tt.now.State.ETag != `"1"` {
				t.Errorf("recalled %v: due at %s with ETag %s, want %v: at %s with what is stored",
					got, tt.now.State.Next, tt.now.State.ETag, tt.want, next)
			}
		})
	}
}
