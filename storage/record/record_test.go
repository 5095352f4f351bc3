package record_test

import (
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/record"
)

// Nobody's dates are in the future, and an update is never older than what it updates.
func TestTimes(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	day := func(n int) time.Time { return now.Add(time.Duration(n) * 24 * time.Hour) }
	tests := []struct {
		name               string
		published, updated time.Time // as the source says
		first, last        time.Time // as they are stored
		revised            time.Time // as Updated of the same item, changed a day later, is
	}{
		{"both in the past", day(-5), day(-4), day(-5), day(-4), day(1)},
		{"none", time.Time{}, time.Time{}, now, now, day(1)},
		{"published tomorrow", day(1), day(1), now, now, day(1)},
		{"published in a week", day(7), day(7), now, now, day(1)},
		{"updated before it was published", day(-5), day(-6), day(-5), day(-5), day(1)},
		{"updated in a week", day(-5), day(7), day(-5), now, day(1)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			it := &coranto.Item{Published: tt.published, Updated: tt.updated}
			r := record.New(it, [16]byte{1}, now)
			if !r.Published.Equal(tt.first) || !r.Updated.Equal(tt.last) || r.Revision != 1 {
				t.Errorf("revision %d published %v, updated %v; want 1, %v and %v",
					r.Revision, r.Published, r.Updated, tt.first, tt.last)
			}
			next := record.Revised(r, it, [16]byte{2}, day(1))
			if !next.Published.Equal(tt.first) || !next.Updated.Equal(tt.revised) || next.Revision != 2 {
				t.Errorf("then revision %d published %v, updated %v; want 2, %v and %v",
					next.Revision, next.Published, next.Updated, tt.first, tt.revised)
			}
		})
	}
}

// A source that is asked otherwise now is due at once, unless it asked to wait or is gone.
func TestRedirect(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	later := now.Add(time.Hour)
	const here, there = "https://here.example/", "https://there.example/"
	tests := []struct {
		name   string
		state  storage.SourceState
		url    string
		access bool // is as before
		moved  bool
		wait   string // the host that still has to be left alone
	}{
		{"nothing changed", storage.SourceState{}, here, true, false, ""},
		{"another address", storage.SourceState{Fails: 3}, there, true, true, ""},
		{"another while the host waits", storage.SourceState{Wait: later}, there, true, true, "here.example"},
		{"other access", storage.SourceState{}, here, false, true, ""},
		{"other access while it waits", storage.SourceState{Wait: later}, here, false, false, ""},
		{"other access to what is gone", storage.SourceState{Outcome: storage.OutcomeGone}, here, false, false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			old := &storage.SourceRecord{Source: coranto.Source{URL: here}, State: tt.state}
			old.State.Next = later
			moved := record.Redirect(old, &coranto.Source{URL: tt.url}, tt.access, now)
			if moved != tt.moved || old.State.Next.IsZero() != tt.moved || old.State.WaitHost != tt.wait {
				t.Errorf("moved %v, next %v, wait for %q; want %v and %q",
					moved, old.State.Next, old.State.WaitHost, tt.moved, tt.wait)
			}
		})
	}
}
