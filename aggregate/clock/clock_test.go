package clock_test

import (
	"testing"
	"time"

	"github.com/coranto/coranto/aggregate/clock"
	"github.com/coranto/coranto/storage"
)

func at(hours float64) time.Time {
	return time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC).Add(time.Duration(hours * float64(time.Hour)))
}

// TestRight has a source that was visited at hour 10 and is due at hour 30, and was
// asked to wait until hour 20.
func TestRight(t *testing.T) {
	visited := storage.SourceState{LastVisit: at(10), Next: at(30), Wait: at(20), Fresh: at(15)}
	held := storage.SourceState{LastVisit: at(10), Clock: at(2), Next: at(22), Wait: at(12), Fresh: at(7)}
	doubted := storage.SourceState{LastVisit: at(3), Clock: at(10), Next: at(23), Wait: at(13)}
	tests := []struct {
		name      string
		state     storage.SourceState
		now, told float64 // hours
		want      storage.SourceState
	}{
		{"R12 a clock that is right", visited, 11, 10, visited},
		{"R12 a clock a little behind", visited, 9.99, 10, visited},
		{"R12 a clock eight hours behind", visited, 2, 10, held},
		{"R12 the same later", held, 5, 10, held},
		{"R12 the same after another step back", held, 1, 10,
			storage.SourceState{LastVisit: at(10), Clock: at(1), Next: at(21), Wait: at(11), Fresh: at(6)}},
		{"R12 the clock set right again", held, 12, 10, visited},
		{"R12 the clock past this visit but behind another", held, 12, 14, held},
		{"R12 visited by a clock that was behind", doubted, 5, 10, doubted},
		{"R12 and set right", doubted, 40, 10,
			storage.SourceState{LastVisit: at(3), Next: at(60), Wait: at(50)}},
		{"R12 never visited", storage.SourceState{}, 2, 10, storage.SourceState{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, changed := clock.Right(tt.state, at(tt.now), at(tt.told))
			for _, field := range []struct {
				name      string
				got, want time.Time
			}{
				{"last visit", got.LastVisit, tt.want.LastVisit}, {"clock", got.Clock, tt.want.Clock},
				{"next", got.Next, tt.want.Next}, {"wait", got.Wait, tt.want.Wait},
				{"fresh", got.Fresh, tt.want.Fresh},
			} {
				if !field.got.Equal(field.want) {
					t.Errorf("%s at %s, want %s", field.name, field.got, field.want)
				}
			}
			if want := got.Next != tt.state.Next; changed != want {
				t.Errorf("changed = %v, want %v", changed, want)
			}
		})
	}
}

func TestPossible(t *testing.T) {
	for when, want := range map[time.Time]bool{
		time.Unix(0, 0): false, at(0).AddDate(-1, 0, 0): false, at(0): true, at(0).AddDate(20, 0, 0): true,
	} {
		if got := clock.Possible(when); got != want {
			t.Errorf("R12 a clock at %s: possible = %v, want %v", when, got, want)
		}
	}
}
