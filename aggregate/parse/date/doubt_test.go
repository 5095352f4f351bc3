package date

import "testing"

func TestDayOrMonth(t *testing.T) {
	tests := []struct {
		raw  string
		want bool
	}{
		{"03/04/2026", true},
		{" 3.4.2026 10:00 ", true},
		{"3-4-2026", true},
		{"13/04/2026", false}, // no month has the number 13
		{"04/04/2026", false},
		{"2026-04-03", false},
		{"03/04/26", false},
		{"Mon, 02 Feb 2026", false},
		{"", false},
	}
	for _, tt := range tests {
		if got := DayOrMonth(tt.raw); got != tt.want {
			t.Errorf("DayOrMonth(%q) = %v, want %v", tt.raw, got, tt.want)
		}
	}
}
