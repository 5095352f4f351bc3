package schedule

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/coranto/coranto/storage"
)

// interval is the time between two visits that go well, if the source asks for
// nothing else.
func (p Policy) interval(in Input) time.Duration {
	switch {
	case in.Every > 0:
		return max(in.Every, minEvery)
	case failed(in):
		return p.clamp(cmp.Or(in.Interval, p.Initial))
	}
	return p.clamp(p.rhythm(in))
}

// floor is the time before which a source wants no visit. One that can't be
// asked conditionally and never said when is left alone for the longest: each
// visit costs it a whole document. What the operator set has no floor.
func (p Policy) floor(in Input) time.Duration {
	switch {
	case in.Every > 0:
		return refused(in)
	case in.Pushed:
		return max(p.Max, day, refused(in))
	case failed(in):
		return max(p.Min, refused(in))
	case !in.HasValidators && !in.HasFreshness:
		return p.Max
	}
	// Only a source whose items come faster is asked more than once an hour: jitter
	// alone is no reason for that.
	hourly := min(p.rhythm(in), time.Hour)
	return p.clamp(max(in.Freshness, in.Hints.TTL, in.Hints.UpdatePeriod, hourly))
}

// refused is the least time until a source is asked again that answers, but has
// nothing for us: after the third time in a row a day, and a week when it has not
// been found for a month (P41).
func refused(in Input) time.Duration {
	switch in.Status {
	case http.StatusNotFound:
		if !in.Missing.IsZero() && in.Now.Sub(in.Missing) >= 30*day {
			return 7 * day
		}
	case http.StatusUnauthorized, http.StatusForbidden:
	default:
		return 0
	}
	if !failed(in) || in.Fails < 3 {
		return 0
	}
	return day
}

func failed(in Input) bool {
	return in.Outcome == storage.OutcomeFailed || in.Outcome == storage.OutcomeGone ||
		in.Outcome == storage.OutcomeOffline
}

func (p Policy) clamp(d time.Duration) time.Duration { return min(max(d, p.Min), p.Max) }

// rhythm is half the mean gap between items, and longer the longer nothing came.
// Without dates, as after a 304, it stays what it was.
func (p Policy) rhythm(in Input) time.Duration {
	times := past(in.Published, in.Now)
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
	return meanGap(times) / 2
}

// Gap is the mean time between items that are not in the future; 0 when fewer than
// two have a date.
func Gap(published []time.Time, now time.Time) time.Duration {
	times := past(published, now)
	if len(times) < 2 {
		return 0
	}
	return meanGap(times)
}

func meanGap(times []time.Time) time.Duration {
	return times[0].Sub(times[len(times)-1]) / time.Duration(len(times)-1)
}

// past are the times that are known and over, newest first.
func past(published []time.Time, now time.Time) []time.Time {
	times := slices.DeleteFunc(slices.Clone(published), func(t time.Time) bool {
		return t.IsZero() || t.After(now)
	})
	slices.SortFunc(times, func(a, b time.Time) int { return b.Compare(a) })
	return times
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
	if !failed(in) {
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
