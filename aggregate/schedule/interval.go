package schedule

import (
	"cmp"
	"slices"
	"time"

	"github.com/coranto/coranto/storage"
)

// interval is the time between two visits that go well.
func (p Policy) interval(in Input) time.Duration {
	if in.Every > 0 {
		return max(in.Every, minEvery)
	}
	if in.Outcome == storage.OutcomeFailed || in.Outcome == storage.OutcomeGone {
		return p.clamp(cmp.Or(in.Interval, p.Initial))
	}
	if !in.HasValidators && !in.HasFreshness {
		return p.Max // every visit costs the origin a whole document, and it never said when
	}
	wanted := max(in.Freshness, in.Hints.TTL, in.Hints.UpdatePeriod)
	return p.clamp(max(p.rhythm(in), wanted))
}

func (p Policy) clamp(d time.Duration) time.Duration { return min(max(d, p.Min), p.Max) }

// rhythm is half the mean gap between items, and longer the longer nothing came.
func (p Policy) rhythm(in Input) time.Duration {
	times := slices.DeleteFunc(slices.Clone(in.Published), func(t time.Time) bool {
		return t.IsZero() || t.After(in.Now)
	})
	slices.SortFunc(times, func(a, b time.Time) int { return b.Compare(a) })
	newest := in.LastNew
	if len(times) > 0 {
		newest = times[0]
	}
	return max(p.halfGap(times, in), p.quiet(newest, in.Now))
}

func (p Policy) halfGap(times []time.Time, in Input) time.Duration {
	if len(times) < 2 {
		return cmp.Or(in.Interval, p.Initial)
	}
	span := times[0].Sub(times[len(times)-1])
	return span / time.Duration(len(times)-1) / 2
}

// quiet is the least interval of a source whose newest item is old.
func (p Policy) quiet(newest, now time.Time) time.Duration {
	if newest.IsZero() {
		return 0
	}
	switch age := now.Sub(newest); {
	case age >= 30*day:
		return p.Max
	case age >= 14*day:
		return p.Max / 2
	case age >= 7*day:
		return p.Max / 4
	}
	return 0
}

// backOff doubles the interval for each failed visit in a row, up to a day; an
// operator's interval that is longer stays.
func backOff(interval time.Duration, in Input) time.Duration {
	if in.Outcome != storage.OutcomeFailed && in.Outcome != storage.OutcomeGone {
		return interval
	}
	delay := interval
	for range min(max(in.Fails, 1), 64) {
		if delay >= day {
			break
		}
		delay = min(2*delay, day)
	}
	return delay
}
