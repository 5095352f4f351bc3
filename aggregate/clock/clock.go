// Package clock keeps what is planned true while the clock of the machine is not: one
// that begins at 1970, that was set wrong by a day, or that is set right again (R12).
// It has no clock and does no input or output.
//
// A clock that is behind a time that it told before is wrong now, or was wrong then,
// and nobody can know which. So a state is held both ways: the time of its last visit
// stays, in case that was right, and what was planned from it is counted from today
// instead, in case today is right. When the clock comes to the stored times again the
// plan is what it was, to the second; when it does not, the source has waited for its
// interval once more. Either way nobody is asked early.
package clock

import (
	"time"

	"github.com/coranto/coranto/storage"
)

// Tolerance is by how much clocks are corrected without anybody minding.
const Tolerance = time.Minute

// Possible reports whether a clock may be right: it is not before this program was
// written. No certificate is valid by one that is, and no post has a date by it, so
// nothing is visited until it is set.
func Possible(now time.Time) bool {
	return now.After(time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC))
}

// Behind reports whether a clock is behind a time that it told before.
func Behind(now, told time.Time) bool { return told.Sub(now) > Tolerance }

// Told is the latest time that a state tells of.
func Told(st *storage.SourceState) time.Time { return latest(st.LastVisit, st.Clock) }

// From is the time that a state's Next, Wait and Fresh are counted from: that of the
// last visit, or since when the state is held.
func From(st *storage.SourceState) time.Time {
	if held(st) {
		return st.Clock
	}
	return st.LastVisit
}

// Stamp is what a visit at a time notes of the clock: the latest time that was told
// before, when the clock is behind it, else nothing.
func Stamp(now, told time.Time) time.Time {
	if Behind(now, told) {
		return told
	}
	return time.Time{}
}

// Right is a state by today's clock, when that has jumped or the program began. told
// is the latest time that any state tells of. changed is false when the state is right
// as it is.
func Right(st storage.SourceState, now, told time.Time) (right storage.SourceState, changed bool) {
	switch from := From(&st); {
	case Behind(now, from):
		st = counted(st, from, now)
		st.Clock = now
	case st.Clock.IsZero() || Behind(now, told):
		return st, false
	case held(&st):
		st = counted(st, st.Clock, st.LastVisit)
		st.Clock = time.Time{}
	default:
		// The visit was made by a clock that was behind, nobody knows how far.
		st = counted(st, st.LastVisit, now)
		st.Clock = time.Time{}
	}
	return st, true
}

// held reports whether a state waits for a clock that is behind its last visit.
func held(st *storage.SourceState) bool {
	return !st.Clock.IsZero() && st.Clock.Before(st.LastVisit)
}

// counted is a state whose times to come are counted from another time.
func counted(st storage.SourceState, from, to time.Time) storage.SourceState {
	for _, t := range []*time.Time{&st.Next, &st.Wait, &st.Fresh} {
		if !t.IsZero() {
			*t = to.Add(t.Sub(from))
		}
	}
	return st
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
