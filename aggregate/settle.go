package aggregate

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/schedule"
	"github.com/coranto/coranto/aggregate/source"
	"github.com/coranto/coranto/storage"
)

// settle completes the state of a visit: its outcome, the validators that its
// items vouch for, and the time of the next visit.
func (a *Aggregator) settle(
	visit *storage.Visit, rec storage.SourceRecord, list *source.Listing, ed *edition, err error,
) {
	now := a.now().UTC()
	state := &visit.State
	state.LastVisit = now
	var in schedule.Input
	if err != nil {
		fail(state, now, err)
		in.RetryAfter = retryAfter(err)
	} else {
		succeed(state, now, list, ed)
		state.Reading = reading(rec.Source)
		in.Freshness, in.HasFreshness = list.Freshness, list.HasFreshness
		in.RetryAfter = list.RetryAfter
		in.HasValidators = list.HasValidators
		in.Published = newestFirst(ed)
	}
	in.Source, in.Now, in.Hints = rec.ID, now, state.Hints
	in.Outcome, in.Fails = state.Outcome, state.Fails
	in.Interval, in.Every, in.LastNew = rec.State.Interval, rec.Every, rec.State.LastNew
	plan := schedule.Next(a.schedule, in)
	state.Next, state.Interval, state.Wait = plan.Next, plan.Interval, plan.Wait
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
	state.Fails, state.LastError, state.LastOK, state.GoneSince = 0, "", now, time.Time{}
	switch {
	case list.NotModified:
		state.Outcome = storage.OutcomeNotModified
	case list.Changed:
		state.Outcome = storage.OutcomeNew // the commit knows whether there was any
	default:
		state.Outcome = storage.OutcomeUnchanged
	}
}

// goneAfter is for how long an origin must have answered 410 before its source
// is not visited any more (P40): one such answer may be a mistake.
const goneAfter = 24 * time.Hour

func fail(state *storage.SourceState, now time.Time, err error) {
	state.Fails++
	state.LastError = oneLine(err)
	state.Outcome = storage.OutcomeFailed
	var fetchErr *fetch.Error
	if !errors.As(err, &fetchErr) || fetchErr.Status != http.StatusGone {
		state.GoneSince = time.Time{}
		return
	}
	if state.GoneSince.IsZero() {
		state.GoneSince = now
	} else if now.Sub(state.GoneSince) >= goneAfter {
		state.Outcome = storage.OutcomeGone
	}
}

func retryAfter(err error) time.Duration {
	var fetchErr *fetch.Error
	if errors.As(err, &fetchErr) {
		return fetchErr.RetryAfter
	}
	return 0
}

// oneLine is an error as a state keeps it.
func oneLine(err error) string {
	const longest = 300
	s := strings.Join(strings.Fields(err.Error()), " ")
	if len(s) > longest {
		s = strings.ToValidUTF8(s[:longest], "") + "…"
	}
	return s
}
