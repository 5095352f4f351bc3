package clock

import (
	"sync"
	"time"

	"github.com/coranto/coranto/storage"
)

const (
	// shortAbsence is how late a source may be without being spread: what became
	// due in so little time is not many.
	shortAbsence = time.Minute

	// jumpCheck is after which time visits are over that were going on when the clock
	// jumped.
	jumpCheck = 5 * time.Minute

	// longSilence is a time without a claim or a visit in which the machine must have
	// slept, or its clock have jumped (R12): an idle run claims every few seconds, and
	// a visit does not take that long.
	longSilence = 10 * time.Minute
)

// Watch knows since when visits are made again, and what times the clock has told.
// The zero value knows nothing yet. It is safe for concurrent use.
type Watch struct {
	mu    sync.Mutex
	ended time.Time // by the clock on the wall; zero when it never began
	last  time.Time // the last claim, or visit
	told  time.Time // the latest that the clock is known to have told
	check time.Time // when it is time to look at the stored times again; zero for never
	wrong bool      // the clock can't be right
}

// Claim notes that sources are claimed, and reports whether stored times must be
// looked at because the clock was set back, or is where it was before that. They are
// looked at twice, because visits go on meanwhile.
func (w *Watch) Claim(now time.Time) (jumped bool) {
	now = now.Round(0) // a monotonic clock tells nothing of jumps
	w.mu.Lock()
	defer w.mu.Unlock()
	back := Behind(now, w.last)
	came := Behind(w.last, w.told) && !Behind(now, w.told)
	first := w.last.IsZero()
	checked := !w.check.IsZero() && !now.Before(w.check)
	if first || back || now.Sub(w.last) > longSilence {
		w.ended = now
	}
	switch {
	case !first && (back || came):
		w.check = now.Add(jumpCheck)
	case checked:
		w.check = time.Time{}
	}
	w.last, w.wrong = now, false
	w.note(now)
	return !first && (back || came) || checked
}

// Busy notes that a visit is made, so that the time between two claims is no absence
// when all workers have much to do. What a claim would have to look at is left to it.
func (w *Watch) Busy(now time.Time) {
	now = now.Round(0)
	w.mu.Lock()
	defer w.mu.Unlock()
	slept := w.last.IsZero() || now.Sub(w.last) > longSilence
	came := Behind(w.last, w.told) && !Behind(now, w.told)
	if !slept && !came && now.After(w.last) {
		w.last = now
		w.note(now)
	}
}

// Lost notes that the clock can't be right, and reports whether that is news.
func (w *Watch) Lost() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	news := !w.wrong
	w.wrong = true
	return news
}

// Hear notes a time that the clock has told, as a state has it.
func (w *Watch) Hear(told time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.note(told)
}

func (w *Watch) note(told time.Time) {
	if told.After(w.told) {
		w.told = told
	}
}

// Latest is the latest time that the clock is known to have told.
func (w *Watch) Latest() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.told
}

// Overdue is since when a source has been due that became due while nobody made
// visits; 0 when it was not, or not for long.
func (w *Watch) Overdue(st storage.SourceState) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	late := w.ended.Sub(st.Next)
	if st.Next.IsZero() || w.ended.IsZero() || late < shortAbsence ||
		!From(&st).Before(w.ended) {
		return 0
	}
	return late
}
