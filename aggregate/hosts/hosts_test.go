package hosts

import (
	"errors"
	"fmt"
	"math"
	"testing"
	"time"
)

const day = 24 * time.Hour

func TestPause(t *testing.T) {
	tests := []struct {
		name  string
		fails int
		want  time.Duration
	}{
		{"P38 none", 0, 0}, {"P38 four", 4, 0}, {"P38 five", 5, 15 * time.Minute},
		{"P38 six", 6, 30 * time.Minute}, {"P38 eleven", 11, 16 * time.Hour}, {"P38 twelve", 12, day},
		{"P38 twenty", 20, day}, {"P38 beyond counting", math.MaxInt, day},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := pause(tt.fails); got != tt.want {
				t.Errorf("pause after %d lost connections: %s, want %s", tt.fails, got, tt.want)
			}
		})
	}
}

// What is known of a host, and whether it may be asked an hour later.
func TestMemory(t *testing.T) {
	const name = "a.example"
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	later := now.Add(time.Hour)
	lose := func(m *Memory, n int, at time.Time) {
		for range n {
			m.Lost(name, at)
		}
	}
	tests := []struct {
		name  string
		learn func(*Memory)
		until time.Time
		why   error
	}{
		{"P36 nothing is known", func(*Memory) {}, time.Time{}, nil},
		{"P36 it asked to wait", func(m *Memory) { m.Ask(name, now.Add(day), now) }, now.Add(day), ErrWait},
		{"P36 another asked", func(m *Memory) { m.Ask("b.example", now.Add(day), now) }, time.Time{}, nil},
		{"P36 the wait is over", func(m *Memory) { m.Ask(name, later, now) }, time.Time{}, nil},
		{"P36 the longer wait counts", func(m *Memory) {
			m.Ask(name, now.Add(day), now)
			m.Ask(name, now.Add(2*time.Hour), now)
		}, now.Add(day), ErrWait},
		{"P36 no wait is longer than a week", func(m *Memory) { m.Ask(name, now.Add(30*day), now) }, time.Time{}, nil},
		{"P36 R12 a wait of a clock that was ahead makes room", func(m *Memory) {
			m.Ask(name, now.Add(366*day), now.Add(365*day))
			m.Ask(name, now.Add(day), now)
		}, now.Add(day), ErrWait},
		{"P38 four lost connections", func(m *Memory) { lose(m, 4, later) }, time.Time{}, nil},
		{"P38 five", func(m *Memory) { lose(m, 5, later) }, later.Add(15 * time.Minute), ErrSilent},
		{"P38 five an hour ago", func(m *Memory) { lose(m, 5, now) }, time.Time{}, nil},
		{"P38 found between", func(m *Memory) {
			lose(m, 4, later)
			m.Found(name, later)
			lose(m, 4, later)
		}, time.Time{}, nil},
		{"P38 found leaves a wait", func(m *Memory) {
			m.Ask(name, now.Add(day), now)
			m.Found(name, later)
		}, now.Add(day), ErrWait},
		{"P44 forgiven", func(m *Memory) {
			lose(m, 9, later)
			m.Forgive([]string{name, "c.example"})
		}, time.Time{}, nil},
		{"P38 reopened", func(m *Memory) {
			lose(m, 9, later)
			m.Reopen()
		}, time.Time{}, nil},
		{"P38 remembered", func(m *Memory) { m.Remember(name, now, 8, later) }, now.Add(2 * time.Hour), ErrSilent},
		{"P38 the last visit speaks", func(m *Memory) {
			m.Remember(name, later, 0, later)
			m.Remember(name, now, 8, later)
		}, time.Time{}, nil},
		{"P38 R12 a visit to come says nothing", func(m *Memory) {
			m.Remember(name, later.Add(day), 8, later)
		}, time.Time{}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := New()
			tt.learn(m)
			until, why := m.Shut(name, later)
			if !until.Equal(tt.until) || !errors.Is(why, tt.why) {
				t.Errorf("shut until %v: %v, want %v: %v", until, why, tt.until, tt.why)
			}
		})
	}
	m := New()
	lose(m, 6, now)
	if got := m.Fails(name); got != 6 {
		t.Errorf("%d fails, want 6", got)
	}
}

func TestManyHosts(t *testing.T) {
	t.Run("P36 P38 hosts are forgotten when nothing is left to say of them", func(t *testing.T) {
		m, now := New(), time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
		m.Ask("asked", now.Add(7*24*time.Hour), now)
		for range 12 {
			m.Lost("silent", now)
		}
		for i := range 50_000 {
			name := fmt.Sprint(i, ".example")
			m.Found(name, now)
			m.Lost(name+":81", now.Add(-Longest-time.Hour))
			m.Ask(name+":82", now.Add(-time.Second), now)
		}
		if got := len(m.known); got > 2*leastRoom {
			t.Errorf("%d hosts are remembered, want no more than %d", got, 2*leastRoom)
		}
		if _, why := m.Shut("asked", now); why != ErrWait {
			t.Errorf("the host that asked: %v, want %v", why, ErrWait)
		}
		if _, why := m.Shut("silent", now); why != ErrSilent || m.Fails("silent") != 12 {
			t.Errorf("the silent host: %v, %d fails; want %v and 12", why, m.Fails("silent"), ErrSilent)
		}
	})
}
