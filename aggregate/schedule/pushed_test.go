package schedule_test

import (
	"testing"
	"time"

	"github.com/coranto/coranto/aggregate/schedule"
	"github.com/coranto/coranto/storage"
)

func TestPushed(t *testing.T) {
	const day = 24 * time.Hour
	tests := []struct {
		name        string
		policy      schedule.Policy
		in          schedule.Input
		least, most time.Duration
	}{
		{"P31 as ever without a hub", schedule.Policy{}, schedule.Input{}, 54 * time.Minute, 66 * time.Minute},
		{"P31 once a day with one", schedule.Policy{}, schedule.Input{Pushed: true}, day, day + day/10},
		{"P31 a shorter longest interval does not matter", schedule.Policy{Max: time.Hour},
			schedule.Input{Pushed: true}, day, day + day/10},
		{"P31 the operator's interval stays", schedule.Policy{},
			schedule.Input{Pushed: true, Every: time.Hour}, 54 * time.Minute, 66 * time.Minute},
		{"P31 a failure is tried again as seldom", schedule.Policy{},
			schedule.Input{Pushed: true, Outcome: storage.OutcomeFailed, Fails: 1}, day, day + day/10},
		{"P31 Retry-After stays", schedule.Policy{},
			schedule.Input{Pushed: true, RetryAfter: 3 * day}, 3 * day, 3 * day},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := tt.in
			in.Source, in.Now, in.HasValidators = "news", time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), true
			next := schedule.Next(tt.policy, in).Next.Sub(in.Now)
			if next < tt.least || next > tt.most {
				t.Errorf("next visit in %v, want %v to %v", next, tt.least, tt.most)
			}
		})
	}
}
