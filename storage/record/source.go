package record

import (
	"cmp"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/internal/host"
	"github.com/coranto/coranto/storage"
)

// Redirect reports whether a source is now asked elsewhere or otherwise, and makes it
// due at once if it is. alike tells that it is asked with the same access as before.
func Redirect(
	old *storage.SourceRecord, next *coranto.Source, alike bool, now time.Time,
) (moved bool) {
	switch {
	case old.URL != next.URL:
		forget(old, now)
		return true
	case askable(old, now) && !alike:
		old.State.Next, old.State.Fresh = time.Time{}, time.Time{}
		return true
	}
	return false
}

// askable reports whether an origin may be asked now that it is asked otherwise.
func askable(r *storage.SourceRecord, now time.Time) bool {
	return !r.State.Wait.After(now) && r.State.Outcome != storage.OutcomeGone
}

// forget clears what a state says of an address that its source no longer has. What a
// host asked for holds for other sources too.
func forget(r *storage.SourceRecord, now time.Time) {
	s := &r.State
	if s.Wait.After(now) {
		s.WaitHost = cmp.Or(s.WaitHost, asked(r))
	} else {
		s.Wait, s.WaitHost = time.Time{}, ""
	}
	s.Next, s.Fresh = time.Time{}, time.Time{}
	s.GoneSince, s.Missing = time.Time{}, time.Time{}
	s.Fails, s.HostFails, s.LastError = 0, 0, ""
	s.Outcome, s.Move = storage.OutcomeNone, storage.Move{}
	s.Push = storage.Push{Subscription: s.Push.Subscription}
}

// asked is the host that a source is asked at.
func asked(r *storage.SourceRecord) string {
	if !r.State.Move.Adopted.IsZero() {
		return host.Of(r.State.Move.To)
	}
	return host.Of(r.URL)
}

// Complete fills in what only the commit knows: whether anything was new, and what
// is not the visit's to say.
func Complete(
	state, old *storage.SourceState, result *storage.VisitResult, now time.Time,
) {
	if state.Outcome == storage.OutcomeNew && result.New+result.Updated == 0 {
		state.Outcome = storage.OutcomeUnchanged
	}
	state.LastNew, state.Push.Subscription = old.LastNew, old.Push.Subscription
	if result.New > 0 {
		state.LastNew = now
	}
}

// SameFeed reports whether a feed says the same of itself, so far as it is shown.
func SameFeed(a, b *coranto.Attribution) bool {
	return a.ID == b.ID && a.Title == b.Title && a.Link == b.Link && a.Feed == b.Feed &&
		a.Language == b.Language && a.Rights == b.Rights && a.License == b.License && a.Icon == b.Icon
}

// SameCredit reports whether readers see the same beside the items of two descriptions
// of a source, with what its feed says of itself under each.
func SameCredit(a, b *coranto.Source, feedA, feedB coranto.Attribution) bool {
	return creditOf(a, feedA) == creditOf(b, feedB)
}

// creditShown is what readers see of a source beside each of its items.
type creditShown struct {
	id, title, link, feed, language, rights, license, icon string

	credit    string
	republish coranto.Republish
	index     bool
}

func creditOf(src *coranto.Source, feed coranto.Attribution) creditShown {
	a := src.Attribution(feed)
	return creditShown{
		id: a.ID, title: a.Title, link: a.Link, feed: a.Feed, language: a.Language,
		rights: a.Rights, license: a.License, icon: a.Icon,
		credit: src.Credit, republish: src.Republish, index: src.Index,
	}
}
