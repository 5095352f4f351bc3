package schedule

import (
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// now is a Monday.
func now() time.Time { return time.Date(2026, 3, 2, 10, 17, 0, 0, time.UTC) }

// every returns the dates of n items with a gap between them, the newest age ago.
func every(n int, gap, age time.Duration) []time.Time {
	var times []time.Time
	for i := range n {
		times = append(times, now().Add(-age-time.Duration(i)*gap))
	}
	return times
}

// near reports whether got is want or, by jitter, up to a tenth away from it.
func near(got, want time.Duration) bool {
	return got >= want*9/10 && got <= want*11/10
}

// P21–P24, P38: the delay before jitter, for one visit each.
func TestNext(t *testing.T) {
	const minute = time.Minute
	known := Input{Outcome: storage.OutcomeNew, HasValidators: true}
	with := func(change func(*Input)) Input {
		in := known
		change(&in)
		return in
	}
	items := func(dates []time.Time) Input {
		return with(func(in *Input) { in.Published = dates })
	}
	fails := func(n int, interval time.Duration) Input {
		return Input{Outcome: storage.OutcomeFailed, Fails: n, Interval: interval}
	}
	tests := []struct {
		name string
		in   Input
		want time.Duration
	}{
		{"P24 unknown rhythm", known, time.Hour},
		{"P24 half the mean gap", items(every(10, 4*time.Hour, 0)), 2 * time.Hour},
		{"P24 busy", items(every(50, minute, 0)), 15 * minute},
		{"P24 all at once", items(every(50, 0, 0)), 15 * minute},
		{"P24 slow", items(every(10, 6*day, 0)), day},
		{"P24 quiet for a week", items(every(10, minute, 8*day)), 6 * time.Hour},
		{"P24 quiet for two", items(every(10, minute, 15*day)), 12 * time.Hour},
		{"P24 quiet for a month", items(every(10, minute, 31*day)), day},
		{"P24 future dates", items(every(9, minute, -99*day)), time.Hour},
		{"P24 zero dates", items(make([]time.Time, 9)), time.Hour},
		{"P24 304 keeps the rhythm", with(func(in *Input) {
			in.Outcome, in.Interval = storage.OutcomeNotModified, 2*time.Hour
		}), 2 * time.Hour},
		{"P24 304 after long silence", with(func(in *Input) {
			in.Outcome, in.Interval = storage.OutcomeNotModified, time.Hour
			in.LastNew = now().Add(-15 * day)
		}), 12 * time.Hour},

		{"P21 freshness", with(func(in *Input) { in.Freshness = 3 * time.Hour }), 3 * time.Hour},
		{"P21 freshness of a year", with(func(in *Input) { in.Freshness = 365 * day }), day},
		{"P21 ttl", with(func(in *Input) { in.Hints.TTL = 2 * time.Hour }), 2 * time.Hour},
		{"P21 the longest counts", with(func(in *Input) {
			in.Hints = storage.Hints{TTL: 2 * time.Hour, UpdatePeriod: 5 * time.Hour}
		}), 5 * time.Hour},
		{"P22 hostile hints", with(func(in *Input) {
			in.Freshness = math.MaxInt64
			in.Hints = storage.Hints{TTL: -1, UpdatePeriod: math.MinInt64, SkipHours: []int{-1, 99}}
		}), day},

		{"P23 no validators, no freshness", Input{Outcome: storage.OutcomeNew}, day},
		{"P23 no validators, but freshness", Input{Outcome: storage.OutcomeNew, HasFreshness: true},
			time.Hour},

		{"P21 operator's", with(func(in *Input) { in.Every = 5 * minute }), 5 * minute},
		{"P21 operator's against the feed's", with(func(in *Input) {
			in.Every, in.Freshness, in.Hints.TTL = 5*minute, day, day
		}), 5 * minute},
		{"P21 operator's without validators", Input{Outcome: storage.OutcomeNew, Every: minute}, minute},
		{"P21 operator's least", with(func(in *Input) { in.Every = 1 }), 10 * time.Second},
		{"P21 operator's longest", with(func(in *Input) { in.Every = 3 * day }), 3 * day},

		{"P38 first failure of a new source", fails(1, 0), 2 * time.Hour},
		{"P38 first failure", fails(1, 30*minute), time.Hour},
		{"P38 third", fails(3, 30*minute), 4 * time.Hour},
		{"P38 tenth", fails(10, 30*minute), day},
		{"P38 beyond counting", fails(math.MaxInt, 30*minute), day},
		{"P38 never counted", fails(0, 30*minute), time.Hour},
		{"P38 fixed interval fails too", Input{Outcome: storage.OutcomeFailed, Fails: 2, Every: minute},
			4 * minute},
		{"P38 a long one does not get shorter", Input{Outcome: storage.OutcomeFailed, Fails: 2,
			Every: 3 * day}, 3 * day},
		{"P41 404 once", Input{Outcome: storage.OutcomeFailed, Fails: 1, Interval: time.Hour, Status: 404,
			Missing: now()}, 2 * time.Hour},
		{"P41 404 three times", Input{Outcome: storage.OutcomeFailed, Fails: 3, Every: minute, Status: 404,
			Missing: now()}, day},
		{"P41 404 for a month", Input{Outcome: storage.OutcomeFailed, Fails: 40, Interval: time.Hour,
			Status: 404, Missing: now().Add(-30 * day)}, 7 * day},
		{"P41 401 twice", Input{Outcome: storage.OutcomeFailed, Fails: 2, Every: minute, Status: 401},
			4 * minute},
		{"P41 401 three times", Input{Outcome: storage.OutcomeFailed, Fails: 3, Every: minute, Status: 401}, day},
		{"P41 403 three times", Input{Outcome: storage.OutcomeFailed, Fails: 3, Every: minute, Status: 403}, day},
		{"P41 500 three times", Input{Outcome: storage.OutcomeFailed, Fails: 3, Every: minute, Status: 500},
			8 * minute},
		{"P40 gone", Input{Outcome: storage.OutcomeGone, Fails: 5, Interval: time.Hour}, day},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.in.Source, tt.in.Now = "s", now()
			plan := Next(Policy{}, tt.in)
			if got := plan.Next.Sub(now()); !near(got, tt.want) {
				t.Errorf("next visit in %v, want %v (±10 %%)", got, tt.want)
			}
			if !plan.Wait.IsZero() {
				t.Errorf("wait %v, want none", plan.Wait)
			}
		})
	}
}

// What a source asks for is a floor, and jitter does not undercut it.
func TestFloor(t *testing.T) {
	t.Run("P21 P23 what a source asks for is a floor", func(t *testing.T) {
		for i := range 100 {
			in := Input{Source: coranto.SourceID(fmt.Sprint("s", i)), Now: now(),
				Outcome: storage.OutcomeNotModified, HasValidators: true}
			for _, tt := range []struct{ freshness, interval, least time.Duration }{
				{2 * time.Hour, time.Hour, 2 * time.Hour},
				{0, time.Minute, 15 * time.Minute},
				{2 * time.Hour, 2 * time.Hour, 2 * time.Hour},
			} {
				in.Freshness, in.Interval = tt.freshness, tt.interval
				if got := Next(Policy{}, in).Next.Sub(now()); got < tt.least || got > tt.least*11/10 {
					t.Errorf("%s: next visit in %v, want %v to a tenth more", in.Source, got, tt.least)
				}
			}
			in.HasValidators = false // P23
			if got := Next(Policy{}, in).Next.Sub(now()); got < day {
				t.Errorf("%s without validators: next visit in %v, want 24h or more", in.Source, got)
			}
		}
	})
}

// A hint holds for one plan only: the rhythm that goes on is free of it.
func TestIntervalWithoutHints(t *testing.T) {
	in := Input{Source: "s", Now: now(), Outcome: storage.OutcomeNew, Freshness: day,
		HasFreshness: true, Published: every(9, 4*time.Hour, 0)}
	if got := Next(Policy{}, in).Interval; got != 2*time.Hour {
		t.Errorf("interval %v, want 2h", got)
	}
	in = Input{Source: "s", Now: now(), Outcome: storage.OutcomeFailed, Fails: 9,
		Interval: 2 * time.Hour}
	if got := Next(Policy{}, in).Interval; got != 2*time.Hour {
		t.Errorf("interval after failures %v, want 2h", got)
	}
}

func TestPolicy(t *testing.T) {
	p := Policy{Min: 5 * time.Minute, Max: 2 * time.Hour, Initial: 30 * time.Minute}
	in := Input{Source: "s", Now: now(), Outcome: storage.OutcomeNew, HasValidators: true}
	tests := []struct {
		name string
		gap  time.Duration
		want time.Duration
	}{
		{"initial", -1, 30 * time.Minute}, {"least", 0, 5 * time.Minute}, {"most", day, 2 * time.Hour},
	}
	for _, tt := range tests {
		in.Published = nil
		if tt.gap >= 0 {
			in.Published = every(5, tt.gap, 0)
		}
		if got := Next(p, in).Next.Sub(now()); !near(got, tt.want) {
			t.Errorf("%s: next visit in %v, want %v", tt.name, got, tt.want)
		}
	}
}

// P35, B23: a demand to wait holds whatever else is known, at most 7 days.
func TestRetryAfter(t *testing.T) {
	t.Run("P35 B23 a demand to wait is obeyed, for a week at most", func(t *testing.T) {
		tests := []struct {
			after time.Duration
			every time.Duration
			wait  time.Duration
			next  time.Duration // at least
		}{
			{0, 0, 0, 0},
			{-5, 0, 0, 0},
			{3 * time.Hour, 0, 3 * time.Hour, 3 * time.Hour},
			{time.Second, 0, time.Second, 15 * time.Minute},
			{3 * time.Hour, time.Minute, 3 * time.Hour, 3 * time.Hour},
			{math.MaxInt64, 0, 7 * day, 7 * day},
		}
		for _, tt := range tests {
			plan := Next(Policy{}, Input{Source: "s", Now: now(), Outcome: storage.OutcomeFailed, Fails: 1,
				RetryAfter: tt.after, Every: tt.every})
			if tt.wait == 0 != plan.Wait.IsZero() || tt.wait != 0 && plan.Wait.Sub(now()) != tt.wait {
				t.Errorf("after %v: wait until %v, want for %v", tt.after, plan.Wait, tt.wait)
			}
			if got := plan.Next.Sub(now()); got < tt.next {
				t.Errorf("after %v: next visit in %v, want %v or more", tt.after, got, tt.next)
			}
		}
	})
}

// P21, P22: hours and days in which a feed wants no visit.
func TestSkip(t *testing.T) {
	var hours []int
	for h := range 24 {
		hours = append(hours, h)
	}
	days := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	tests := []struct {
		name  string
		hints storage.Hints
		hour  int // of the next visit, without hints at 11; after midnight 24 and more
	}{
		{"P21 other hours", storage.Hints{SkipHours: []int{9, 10, 12}}, 11},
		{"P21 that hour", storage.Hints{SkipHours: []int{11}}, 12},
		{"P21 until tomorrow", storage.Hints{SkipHours: hours[4:]}, 24},
		{"P22 all hours", storage.Hints{SkipHours: hours}, 11},
		{"P21 today", storage.Hints{SkipDays: []time.Weekday{time.Monday}}, 24},
		{"P21 two days, beyond the limit", storage.Hints{SkipDays: []time.Weekday{time.Monday, time.Tuesday}}, 34},
		{"P22 all days", storage.Hints{SkipDays: days}, 11},
		{"P22 nonsense", storage.Hints{SkipHours: []int{-1, 24, 35}, SkipDays: []time.Weekday{-1, 9}}, 11},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			next := skip(tt.hints, now().Add(time.Hour), now().Add(day))
			midnight := now().Truncate(day)
			if got := int(next.Sub(midnight).Hours()); got != tt.hour {
				t.Errorf("next visit at %v, want in hour %d", next, tt.hour)
			}
		})
	}
}

// P25: sources that start together drift apart, each with a rhythm of its own.
func TestJitter(t *testing.T) {
	t.Run("P25 no minute holds more than a few visits", func(t *testing.T) {
		const sources, hours = 1000, 48
		var minutes [hours * 60]int
		for i := range sources {
			in := Input{Source: coranto.SourceID(fmt.Sprint("source-", i)), Now: now(),
				Outcome: storage.OutcomeNotModified, HasValidators: true, Interval: time.Hour}
			for {
				at := int(in.Now.Sub(now()).Minutes())
				if at >= len(minutes) {
					break
				}
				minutes[at]++
				in.Now = Next(Policy{}, in).Next
			}
		}
		for m, n := range minutes[(hours-1)*60:] {
			if n > sources*3/100 {
				t.Errorf("minute %d of the last hour holds %d visits, want at most 3 %% of %d", m, n, sources)
			}
		}
	})
}

func TestNextWithinBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		duration := rapid.Map(rapid.Int64(), func(n int64) time.Duration { return time.Duration(n) })
		in := Input{
			Source: coranto.SourceID(rapid.String().Draw(t, "source")),
			Now:    now(),
			Outcome: rapid.SampledFrom([]storage.Outcome{storage.OutcomeNew, storage.OutcomeUnchanged,
				storage.OutcomeNotModified, storage.OutcomeFailed, storage.OutcomeGone}).Draw(t, "outcome"),
			Interval:      duration.Draw(t, "interval"),
			Fails:         rapid.Int().Draw(t, "fails"),
			Freshness:     duration.Draw(t, "freshness"),
			HasFreshness:  rapid.Bool().Draw(t, "has freshness"),
			HasValidators: rapid.Bool().Draw(t, "has validators"),
			Hints: storage.Hints{
				TTL:          duration.Draw(t, "ttl"),
				UpdatePeriod: duration.Draw(t, "update period"),
				SkipHours:    rapid.SliceOfN(rapid.IntRange(-1, 24), 0, 30).Draw(t, "skip hours"),
			},
		}
		for _, age := range rapid.SliceOf(duration).Draw(t, "published") {
			in.Published = append(in.Published, now().Add(age))
		}
		in.LastNew = now().Add(duration.Draw(t, "last new"))
		plan := Next(Policy{}, in)
		if wait := plan.Next.Sub(in.Now); wait < 15*time.Minute*9/10 || wait > day*11/10 {
			t.Errorf("next visit in %v, want within 15m and 24h (±10 %%)", wait)
		}
		if again := Next(Policy{}, in); again != plan {
			t.Errorf("second plan %v, first %v", again, plan)
		}
	})
}
