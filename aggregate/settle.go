package aggregate

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/schedule"
	"github.com/coranto/coranto/aggregate/source"
	"github.com/coranto/coranto/storage"
)

// rhythm is what a document tells about when the next one may differ.
func (a *Aggregator) rhythm(list *source.Listing, items []coranto.Item) schedule.Input {
	in := schedule.Input{Hints: schedule.Hints{
		TTL:          list.Feed.Hints.TTL,
		UpdatePeriod: list.Feed.Hints.UpdatePeriod,
		SkipHours:    list.Feed.Hints.SkipHours,
		SkipDays:     list.Feed.Hints.SkipDays,
	}}
	for i := range items {
		in.Published = append(in.Published, items[i].Published)
	}
	slices.SortFunc(in.Published, func(x, y time.Time) int { return y.Compare(x) })
	return in
}

// settle completes the state of a visit: its outcome, the validators that its
// items vouch for, and the time of the next visit.
func (a *Aggregator) settle(visit *storage.Visit, rec storage.SourceRecord, list *source.Listing, in schedule.Input, err error) {
	now := a.now().UTC()
	state := &visit.State
	state.LastVisit = now
	if err != nil {
		fail(state, now, err)
		in.RetryAfter = retryAfter(err)
	} else {
		succeed(state, now, list)
		in.Freshness, in.HasFreshness = list.Freshness, list.HasFreshness
		in.RetryAfter = list.RetryAfter
		in.HasValidators = list.ETag != "" || list.LastModified != ""
	}
	in.Source, in.Now = rec.ID, now
	in.Outcome, in.Fails = state.Outcome, state.Fails
	in.Interval, in.Every, in.LastNew = rec.State.Interval, rec.Every, rec.State.LastNew
	plan := schedule.Next(a.schedule, in)
	state.Next, state.Interval, state.Wait = plan.Next, plan.Interval, plan.Wait
}

func succeed(state *storage.SourceState, now time.Time, list *source.Listing) {
	state.ETag, state.LastModified, state.ValidatorURL = list.ETag, list.LastModified, list.ValidatorURL
	state.BodyHash = list.BodyHash
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
