package aggregate

import (
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

func TestBatchWaits(t *testing.T) {
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	quiet, news := finished{}, finished{visit: storage.Visit{Items: []coranto.Item{{}}}}
	wish := finished{aside: aside{urgent: true}}
	tests := []struct {
		name   string
		visits []finished // a second apart
		lazy   time.Duration
		want   time.Duration // after the last
	}{
		{"nothing new", []finished{quiet}, lazyWait, lazyWait},
		{"nothing new for a second", []finished{quiet, quiet}, lazyWait, lazyWait - time.Second},
		{"nothing new in a round", []finished{quiet, quiet, quiet}, roundWait, roundWait - 2*time.Second},
		{"something new", []finished{quiet, news}, lazyWait, urgentIdle},
		{"P26 an origin that asked to wait", []finished{quiet, wish}, lazyWait, urgentIdle},
		{"something new a second ago", []finished{news, quiet}, lazyWait, 0},
	}
	for _, tt := range tests {
		b, now := newBatch(0), start
		for i, f := range tt.visits {
			now = start.Add(time.Duration(i) * time.Second)
			b.add(f, now)
		}
		if got := b.wait(now, tt.lazy); got != tt.want {
			t.Errorf("%s: waits %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestBatchIsFull(t *testing.T) {
	b := newBatch(0)
	for range urgentVisits - 1 {
		b.add(finished{visit: storage.Visit{Items: []coranto.Item{{}}}}, time.Time{})
	}
	if b.full() {
		t.Errorf("full with %d visits, want one more", urgentVisits-1)
	}
	b.add(finished{visit: storage.Visit{Items: []coranto.Item{{}}}}, time.Time{})
	if !b.full() {
		t.Errorf("not full with %d visits that brought items", urgentVisits)
	}
	b.empty()
	if b.full() || len(b.visits) != 0 || len(b.asides) != 0 {
		t.Errorf("an emptied batch holds %d visits", len(b.visits))
	}
}
