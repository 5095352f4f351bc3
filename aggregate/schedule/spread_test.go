package schedule

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/coranto/coranto"
)

func TestSpans(t *testing.T) {
	type span func(coranto.SourceID, time.Duration) time.Duration
	tests := []struct {
		name        string
		f           span
		in          time.Duration
		least, most time.Duration
	}{
		{"P29 an hour is spread over half of it", Spread, time.Hour, 0, 30 * time.Minute},
		{"P29 ten minutes over ten", Spread, 10 * time.Minute, 0, 10 * time.Minute},
		{"P29 nonsense over nothing", Spread, -1, 0, 0},
		{"P44 an hour", Soon, time.Hour, 5 * time.Minute, 10 * time.Minute},
		{"P44 a minute", Soon, time.Minute, 30 * time.Second, time.Minute},
		{"P44 nonsense", Soon, -1, 5 * time.Second, 10 * time.Second},
		{"P11 a busy source", Whole, time.Hour, 14 * day * 8 / 10, 14 * day * 12 / 10},
		{"P11 one that posts every month", Whole, 30 * day, 240 * day, 360 * day},
		{"P11 nonsense", Whole, math.MaxInt64, day, math.MaxInt64},
		{"P11 less than nothing", Whole, math.MinInt64, 14 * day * 8 / 10, 14 * day * 12 / 10},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			low, high := time.Duration(math.MaxInt64), time.Duration(0)
			for i := range 1000 {
				got := tt.f(coranto.SourceID(fmt.Sprint("s", i)), tt.in)
				low, high = min(low, got), max(high, got)
			}
			if low < tt.least || high > tt.most {
				t.Errorf("%s to %s, want %s to %s", low, high, tt.least, tt.most)
			}
			if tt.most < math.MaxInt64 && high-low < (tt.most-tt.least)*9/10 {
				t.Errorf("%s to %s is not spread over %s to %s", low, high, tt.least, tt.most)
			}
		})
	}
}
