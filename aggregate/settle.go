package aggregate

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/coranto/coranto/aggregate/answer"
	"github.com/coranto/coranto/aggregate/clock"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/outage"
	"github.com/coranto/coranto/aggregate/schedule"
	"github.com/coranto/coranto/aggregate/source"
	"github.com/coranto/coranto/internal/oneline"
	"github.com/coranto/coranto/storage"
)

// settle completes the state of a visit: its outcome, the validators that its
// items vouch for, and the time of the next visit.
func (a *Aggregator) settle(
	visit *storage.Visit, rec storage.SourceRecord, list *source.Listing, ed *edition, err error,
) {
	now, host := a.now().UTC(), hostOf(&rec)
	if a.offline(visit, &rec, host, now, err) {
		return
	}
	state := &visit.State
	state.LastVisit, state.Clock = now, clock.Stamp(now, a.absence.Latest())
	var in schedule.Input
	if err != nil {
		fail(state, now, err)
		if in.Status, in.RetryAfter = answer.Refusal(err); list != nil { // it came, but can't be read
			in.RetryAfter = list.RetryAfter
		}
		in.Missing = state.Missing
	} else {
		succeed(state, now, list, ed)
		state.Reading = reading(rec.Source)
		in.Freshness, in.HasFreshness = list.Freshness, list.HasFreshness
		in.RetryAfter = list.RetryAfter
		in.HasValidators = list.HasValidators
		in.Published = newestFirst(ed)
		if gap := schedule.Gap(in.Published, now); gap > 0 {
			state.Gap = gap
		}
	}
	in.Source, in.Now, in.Hints = rec.ID, now, state.Hints
	in.Outcome, in.Fails = state.Outcome, state.Fails
	in.Interval, in.Every, in.LastNew = rec.State.Interval, rec.Every, rec.State.LastNew
	a.plan(state, in)
	a.meet(state, host, now, err)
	state.WaitHost = asker(state, host, list, err)
}

// meet notes whether a visit found somebody at the hosts that it went to.
func (a *Aggregator) meet(
	state *storage.SourceState, own string, now time.Time, err error,
) {
	last := answer.EndedAt(own, err)
	if last != own || !outage.Unreached(err) {
		a.hosts.Found(own, now)
	}
	if outage.Unreached(err) {
		a.hosts.Lost(last, now)
	}
	state.HostFails = a.hosts.Fails(own)
}

// asker is the host that asked for the wait of a state; "" when that is the source's
// own, or when there is none. The client has noted the wait itself; the state keeps it
// for the next process.
func asker(state *storage.SourceState, own string, list *source.Listing, err error) string {
	name := ""
	var e *fetch.Error
	switch {
	case state.Wait.IsZero():
		return ""
	case errors.As(err, &e):
		name = e.WaitHost
	case list != nil:
		name = list.WaitHost
	}
	if name == own {
		return ""
	}
	return name
}

// offline notes whether a visit found an origin. While our own connection is down,
// a visit that did not is none at all: the source is asked again soon (P44).
func (a *Aggregator) offline(
	visit *storage.Visit, rec *storage.SourceRecord, host string, now time.Time, err error,
) bool {
	lost := outage.Unreached(err) || outage.Unproxied(err)
	seen := outage.Sighting{At: now, Host: answer.EndedAt(host, err), Source: rec.ID}
	if lost {
		seen.Lost = rec
	}
	down, turned := a.network.Note(seen)
	switch {
	case turned && down:
		a.hosts.Forgive(a.network.Lost())
		a.log.Error("our own connection seems to be down; errors are not counted", "err", err)
	case turned:
		a.log.Info("errors are counted again")
	}
	if !lost || !down {
		return false
	}
	visit.State = a.uncounted(*rec, now)
	visit.State.LastError = oneline.Of(fmt.Sprintf("%v: %v", ErrOffline, err))
	return true
}

// uncounted is the state of a source as if it had not been visited, but for the
// time of the next visit.
func (a *Aggregator) uncounted(rec storage.SourceRecord, now time.Time) storage.SourceState {
	state := rec.State
	if state.Outcome != storage.OutcomeGone {
		state.Outcome = storage.OutcomeOffline
	}
	state.LastError = ErrOffline.Error()
	plan := schedule.Next(a.schedule, schedule.Input{
		Source: rec.ID, Now: now, Outcome: storage.OutcomeOffline,
		Interval: state.Interval, Every: rec.Every,
	})
	state.Next = plan.Next
	return state
}

// newestFirst are the times of a document's items: its rhythm.
func newestFirst(ed *edition) []time.Time {
	if ed == nil {
		return nil
	}
	times := ed.published()
	slices.SortFunc(times, func(x, y time.Time) int { return y.Compare(x) })
	return times
}

// succeed notes a visit that went well. A document that was cut off vouches for
// nothing, so that the rest of it will be asked for again (P06).
func succeed(state *storage.SourceState, now time.Time, list *source.Listing, ed *edition) {
	if ed == nil || !ed.feed.Truncated {
		state.ETag, state.LastModified, state.ValidatorURL = list.ETag, list.LastModified, list.ValidatorURL
		state.BodyHash = list.BodyHash
	}
	state.Fails, state.LastError, state.LastOK = 0, "", now
	state.GoneSince, state.Missing, state.Fresh = time.Time{}, time.Time{}, time.Time{}
	if list.HasFreshness {
		state.Fresh = now.Add(min(list.Freshness, longestFresh))
	}
	if !list.NotModified || state.LastFull.IsZero() {
		state.LastFull = now
	}
	switch {
	case list.NotModified:
		state.Outcome = storage.OutcomeNotModified
	case list.Changed:
		state.Outcome = storage.OutcomeNew // the commit knows whether there was any
	default:
		state.Outcome = storage.OutcomeUnchanged
	}
}

// longestFresh is the longest freshness that is believed: it is also the longest
// interval.
const longestFresh = 24 * time.Hour

// goneAfter is for how long an origin must have answered 410 before its source
// is not visited any more (P40): one such answer may be a mistake.
const goneAfter = 24 * time.Hour

func fail(state *storage.SourceState, now time.Time, err error) {
	state.Fails++
	state.LastError = oneline.Of(err.Error())
	state.Outcome = storage.OutcomeFailed
	state.Fresh = time.Time{}
	status, _ := answer.Refusal(err)
	state.GoneSince = since(state.GoneSince, now, status == http.StatusGone)
	state.Missing = since(state.Missing, now, status == http.StatusNotFound)
	gone := status == http.StatusGone && now.Sub(state.GoneSince) >= goneAfter
	switch {
	case !state.Move.Adopted.IsZero() && (gone || state.Fails >= moveFails):
		// What the new address says does not speak of the old one.
		state.Move, state.GoneSince, state.Missing = storage.Move{}, time.Time{}, time.Time{}
	case gone:
		state.Outcome = storage.OutcomeGone
	}
}

// since is when an origin first gave an answer after the last visit that went well.
// Failures of other kinds between two such answers say nothing against them: only a
// visit that goes well does (P40, P41).
func since(first, now time.Time, again bool) time.Time {
	if again && first.IsZero() {
		return now
	}
	return first
}
