package moves

import (
	"testing"
	"time"
)

func TestMovable(t *testing.T) {
	tests := []struct {
		name, from, to string
		want           bool
	}{
		{"P52 to https", "http://a.example/feed", "https://a.example/feed", true},
		{"P52 to another host", "https://a.example/feed", "https://b.example/feed", true},
		{"P52 to http", "https://a.example/feed", "http://a.example/feed", false},
		{"P52 to the front page", "https://a.example/feed", "https://a.example/", false},
		{"P52 to another front page", "https://a.example/feed", "https://b.example", false},
		{"P52 from front page to front page", "http://a.example/", "https://a.example/", true},
		{"P52 to a private address", "https://a.example/feed", "https://10.0.0.1/feed", false},
		{"P52 to this machine", "https://a.example/feed", "https://[::1]/feed", false},
		{"P52 to this machine by name", "https://a.example/feed", "https://localhost/feed", false},
		{"P52 to the link", "http://a.example/feed", "http://169.254.169.254/feed", false},
		{"P52 to the same private address", "http://10.0.0.1/feed", "http://10.0.0.1/atom", true},
		{"P52 to nowhere", "https://a.example/feed", "https://a.example/feed", false},
		{"P52 to what is no address", "https://a.example/feed", "https://[/feed", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Movable(tt.from, tt.to); got != tt.want {
				t.Errorf("movable from %s to %s: %v, want %v", tt.from, tt.to, got, tt.want)
			}
		})
	}
}

// TestNewDay has a move that was adopted at noon.
func TestNewDay(t *testing.T) {
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name      string
		last, now time.Duration // after noon
		want      bool
	}{
		{"P52 an hour later", 0, time.Hour, false},
		{"P52 past midnight, within a day", 11 * time.Hour, 13 * time.Hour, false},
		{"P52 the next noon", 23 * time.Hour, 24 * time.Hour, true},
		{"P52 the visit after it", 24 * time.Hour, 25 * time.Hour, false},
		{"P52 days later", 25 * time.Hour, 120 * time.Hour, true},
	}
	for _, tt := range tests {
		if got := NewDay(noon, noon.Add(tt.last), noon.Add(tt.now)); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
