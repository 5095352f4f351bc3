package outage_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/outage"
	"github.com/coranto/coranto/storage"
)

// TestDeadOriginsAreNoOutage holds that hosts that are gone for good keep up no
// outage by being asked again.
func TestDeadOriginsAreNoOutage(t *testing.T) {
	for _, hosts := range []int{2, 9, 40} {
		t.Run(fmt.Sprintf("P44 %d hosts", hosts), func(t *testing.T) {
			var d outage.Detector
			began := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
			at := began
			visit := func(round int) (down bool) {
				for i := range hosts {
					s := outage.Sighting{At: at, Host: fmt.Sprint("h", i), Source: coranto.SourceID(fmt.Sprint("s", i))}
					s.Lost = &storage.SourceRecord{}
					if round > 0 {
						s.Lost.State.Outcome = storage.OutcomeOffline
					}
					down, _ = d.Note(s)
				}
				return down
			}
			if !visit(0) {
				t.Error("all hosts in a row were not found, and that is no outage")
			}
			for round := range 12 {
				at = at.Add(7 * time.Minute)
				if down := visit(1 + round); down && round > 9 {
					t.Errorf("after %v it is still our outage", at.Sub(began))
				}
			}
		})
	}
}

// TestFewHosts is P44 below ten hosts: the latest visit of each counts.
func TestFewHosts(t *testing.T) {
	const lost, found = false, true
	type visit struct {
		after time.Duration
		host  string
		found bool
	}
	tests := []struct {
		name   string
		visits []visit
		down   bool
	}{
		{"the last of three was found lately", []visit{{0, "c", found}, {50 * time.Minute, "a", lost}, {0, "b", lost}}, false},
		{"then it is lost too", []visit{{0, "c", found}, {50 * time.Minute, "a", lost}, {0, "b", lost}, {0, "c", lost}}, true},
		{"it was found two hours ago", []visit{{0, "c", found}, {2 * time.Hour, "a", lost}, {0, "b", lost}}, true},
		{"one answers and it is over", []visit{{0, "a", lost}, {0, "b", lost}, {0, "c", lost}, {0, "a", found}}, false},
	}
	for _, tt := range tests {
		t.Run("P44 "+tt.name, func(t *testing.T) {
			var d outage.Detector
			at := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
			down := false
			for _, v := range tt.visits {
				at = at.Add(v.after)
				s := outage.Sighting{At: at, Host: v.host, Source: coranto.SourceID(v.host)}
				if !v.found {
					s.Lost = &storage.SourceRecord{}
				}
				down, _ = d.Note(s)
			}
			if down != tt.down {
				t.Errorf("down = %v, want %v", down, tt.down)
			}
		})
	}
}

// TestOutage is P44: nobody is found at ten hosts, then somebody is.
func TestOutage(t *testing.T) {
	tests := []struct {
		name  string
		hosts int
		found int // of ten visits, those that found somebody
		fails int // of each source before
		down  bool
	}{
		{"nobody is found", 10, 0, 0, true},
		{"one in ten is", 10, 1, 0, true},
		{"two in ten are", 10, 2, 0, false},
		{"nobody is found at two hosts", 2, 0, 0, true},
		{"nobody is found at nine hosts", 9, 0, 0, true},
		{"one of nine is", 9, 1, 0, true}, // and is lost the next time
		{"one of ten visits to three hosts is", 3, 1, 0, true},
		{"one host only", 1, 0, 0, false},
		{"sources that failed before", 10, 0, 3, false},
		{"sources of two hosts that failed before", 2, 0, 3, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var d outage.Detector
			at := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
			down := false
			for i := range 10 {
				id := coranto.SourceID(fmt.Sprint("s", i))
				s := outage.Sighting{At: at, Host: fmt.Sprint("h", i%tt.hosts), Source: id}
				if i >= tt.found {
					s.Lost = &storage.SourceRecord{State: storage.SourceState{Fails: tt.fails}}
					s.Lost.ID = id
				}
				down, _ = d.Note(s)
			}
			if down != tt.down {
				t.Errorf("down = %v, want %v", down, tt.down)
			}
			if amended := d.Amended(); tt.down != (len(amended) > 0) {
				t.Errorf("%d sources are put right", len(amended))
			}
		})
	}
}
