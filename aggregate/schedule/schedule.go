// Package schedule decides when a source is visited next. It is pure: time and
// history come in as values, the plan goes out as one, and the same input
// always gives the same plan.
//
// What it weighs, in this order: what the origin demands (Retry-After), what
// the operator set, what the source asks for (freshness, ttl, sy:update,
// skipHours), and the rhythm in which its items come. Nothing a source says
// moves a visit out of the policy's bounds.
package schedule

import (
	"cmp"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

const (
	day      = 24 * time.Hour
	minEvery = 10 * time.Second // the shortest fixed interval
	maxWait  = 7 * day          // the longest Retry-After that is obeyed
)

// Policy bounds adaptive intervals. The zero value is ready for use.
type Policy struct {
	Min     time.Duration // 0 means 15m
	Max     time.Duration // 0 means 24h
	Initial time.Duration // of a source whose rhythm is unknown; 0 means 60m
}

// Input is what is known after a visit.
type Input struct {
	Source   coranto.SourceID
	Now      time.Time
	Outcome  storage.Outcome
	Interval time.Duration // of the plan before this one; 0 when there was none
	Fails    int           // failed visits in a row, this one included
	Every    time.Duration // the operator's fixed interval; 0 means adaptive

	Freshness     time.Duration // of the response, 0 when it is stale at once
	HasFreshness  bool          // the response said so
	HasValidators bool          // it can be asked for conditionally
	RetryAfter    time.Duration // the origin's demand; 0 when there was none
	Status        int           // of the answer of a visit that failed; 0 when there was none
	Missing       time.Time     // first 404 answer since a visit went well; zero when there was none

	Pushed bool // a hub tells of all that is new

	Hints     storage.Hints
	Published []time.Time // of recent items, newest first; zero times are passed over
	LastNew   time.Time   // last visit that brought a new item; zero when none did
}

// Plan is when to visit next.
type Plan struct {
	Next     time.Time     // always after Input.Now
	Interval time.Duration // for the next call: the rhythm, without hints, back-off and jitter
	Wait     time.Time     // the origin wants no visit before, from nobody; zero when it did not say
}

// Next plans the visit after the one that in describes.
func Next(p Policy, in Input) Plan {
	p = p.withDefaults()
	if in.Outcome == storage.OutcomeOffline {
		return Plan{Next: in.Now.Add(Soon(in.Source, p.interval(in))), Interval: in.Interval}
	}
	plan := Plan{Interval: p.interval(in)}
	delay := backOff(plan.Interval, in)
	floor := p.floor(in)
	delay = max(jitter(in.Source, max(delay, floor)), later(in.Source, floor))
	plan.Next = in.Now.Add(delay)
	if in.Every <= 0 {
		plan.Next = skip(in.Hints, plan.Next, in.Now.Add(p.Max))
	}
	if in.RetryAfter > 0 {
		plan.Wait = in.Now.Add(min(in.RetryAfter, maxWait))
		plan.Next = latest(plan.Next, plan.Wait)
	}
	return plan
}

func (p Policy) withDefaults() Policy {
	p.Min = cmp.Or(max(p.Min, 0), 15*time.Minute)
	p.Max = max(cmp.Or(max(p.Max, 0), day), p.Min)
	p.Initial = min(max(cmp.Or(p.Initial, time.Hour), p.Min), p.Max)
	return p
}
