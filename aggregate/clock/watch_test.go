package clock_test

import (
	"testing"
	"time"

	"github.com/coranto/coranto/aggregate/clock"
	"github.com/coranto/coranto/storage"
)

// TestWatch claims at hour 10, then has visits, each some minutes after the one before,
// and claims again. A source was visited at hour 9 and became due before that last claim.
func TestWatch(t *testing.T) {
	tests := []struct {
		name    string
		visits  []float64 // minutes after hour 10
		claim   float64
		due     float64
		overdue time.Duration
		jumped  bool
	}{
		{"R12 an idle run", nil, 5, 1, 0, false},
		{"R12 a machine that slept", nil, 30, 10, 20 * time.Minute, false},
		{"P29 visits that take long are no absence", []float64{8, 16, 24}, 30, 10, 0, false},
		{"R12 a machine that slept in a visit", []float64{8, 28, 29}, 30, 10, 20 * time.Minute, false},
		{"R12 a clock set back in a visit", []float64{8, -60, -59}, -58, -59.5, 90 * time.Second, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var w clock.Watch
			w.Claim(at(10))
			for _, m := range tt.visits {
				w.Busy(at(10 + m/60))
			}
			jumped := w.Claim(at(10 + tt.claim/60))
			st := storage.SourceState{LastVisit: at(8), Next: at(10 + tt.due/60)}
			if got := w.Overdue(st).Round(time.Second); got != tt.overdue || jumped != tt.jumped {
				t.Errorf("overdue %s, the clock jumped: %v; want %s, %v", got, jumped, tt.overdue, tt.jumped)
			}
		})
	}
	t.Run("R12 a clock set right in a visit", func(t *testing.T) {
		var w clock.Watch
		w.Hear(at(12))
		w.Claim(at(10))
		for m := range 15 {
			w.Busy(at(10 + float64(m)*9/60))
		}
		if !w.Claim(at(12.1)) {
			t.Error("the next claim has nothing to look at, want what the clock came back to")
		}
	})
}
