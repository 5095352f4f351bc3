package outage

import "github.com/coranto/coranto/storage"

// TakeBack is a state, as it is stored now, without the failure that was counted before
// the outage was understood. before is the source as it was before that visit, after is
// its state as if it had not been visited. What was stored since for other reasons stays,
// and so does a next visit that is sooner. ok is false when the source was visited again.
func TakeBack(
	now storage.SourceState, before *storage.SourceRecord, after storage.SourceState,
) (state storage.SourceState, ok bool) {
	if now.Outcome != storage.OutcomeFailed || now.Fails != before.State.Fails+1 {
		return now, false
	}
	state = now
	state.Outcome, state.Fails, state.LastError = after.Outcome, after.Fails, after.LastError
	state.LastVisit, state.Clock, state.Fresh = after.LastVisit, after.Clock, after.Fresh
	state.Interval, state.HostFails = after.Interval, after.HostFails
	state.GoneSince, state.Missing = after.GoneSince, after.Missing
	if after.Next.Before(now.Next) {
		state.Next, state.Push.Fallback = after.Next, after.Push.Fallback
	}
	return state, true
}
