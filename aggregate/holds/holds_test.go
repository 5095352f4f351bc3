package holds

import (
	"slices"
	"testing"
	"time"

	"github.com/coranto/coranto/storage"
)

// What is left of two leases, five minutes after they were taken for two.
func TestLeases(t *testing.T) {
	taken := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	now := taken.Add(5 * time.Minute)
	a, b := storage.LeaseRef{Lane: "a.example", Epoch: 1}, storage.LeaseRef{Lane: "b.example", Epoch: 1}
	both := []storage.LeaseRef{a, b}
	tests := []struct {
		name string
		do   func(*Leases)
		sure []storage.LeaseRef
		held int
	}{
		{"nothing was done", func(*Leases) {}, nil, 2},
		{"both were renewed", func(h *Leases) { h.Renewed(both, []bool{true, true}, now.Add(time.Minute)) }, both, 2},
		{"one was lost", func(h *Leases) { h.Renewed(both, []bool{true, false}, now.Add(time.Minute)) },
			[]storage.LeaseRef{a}, 1},
		{"one was given back while it was renewed", func(h *Leases) {
			h.Drop(b)
			h.Renewed(both, []bool{true, true}, now.Add(time.Minute))
		}, []storage.LeaseRef{a}, 1},
		{"they were renewed up to now", func(h *Leases) { h.Renewed(both, []bool{true, true}, now) }, nil, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := New()
			h.Add([]storage.Lease{{LeaseRef: a}, {LeaseRef: b}}, taken.Add(2*time.Minute))
			if !h.Sure(a, taken) || !h.Sure(b, taken) {
				t.Error("leases just taken are not sure")
			}
			tt.do(h)
			for _, ref := range both {
				if got := h.Sure(ref, now); got != slices.Contains(tt.sure, ref) {
					t.Errorf("%s is sure: %v, want %v", ref.Lane, got, !got)
				}
			}
			if got := h.SureOnes(now); len(got) != len(tt.sure) {
				t.Errorf("sure of %v, want %v", got, tt.sure)
			}
			if got := len(h.List()); got != tt.held {
				t.Errorf("%d leases are held, want %d", got, tt.held)
			}
		})
	}
}
