package storage

import (
	"time"

	"github.com/coranto/coranto"
)

// Lease is the right to refresh the sources of one lane, given by Claim.
type Lease struct {
	LeaseRef
	Until time.Time      // by the store's clock
	Due   []SourceRecord // the lane's due sources
}

// LeaseRef names a lease. A commit is fenced by it: at any time at most one
// epoch of a lane is valid.
type LeaseRef struct {
	Lane  string // whose sources are refreshed one after another: a domain or host, see internal/host
	Epoch uint64 // one more at every claim of the lane
	Owner string
}

// SourceState is what visits have found out about a source. The zero value is a
// source never visited.
type SourceState struct {
	// Validators of the last good response, byte for byte as the origin sent
	// them, and the URL they belong to (RFC 9110 §8.8).
	ETag         string
	LastModified string
	ValidatorURL string

	BodyHash [32]byte // SHA-256 of the last body that was parsed; zero when none

	Next     time.Time     // when the next visit is due
	Interval time.Duration // the adaptive interval behind Next
	Wait     time.Time     // the origin asked not to be visited before; zero when it did not
	WaitHost string        // the host that asked for Wait; "" means the source's own
	Fresh    time.Time     // until when the origin calls its last answer fresh; zero when it did not say
	LastFull time.Time     // last answer with a whole document; zero when there was none
	Gap      time.Duration // mean time between the items of the last document; 0 when unknown
	Move     Move          // what permanent redirects of the source have come to
	Push     Push          // how a hub tells of changes

	Fails     int       // failed visits in a row
	LastError string    // of the last visit, one line; "" when it went well
	Outcome   Outcome   // of the last visit
	LastVisit time.Time // any outcome
	LastOK    time.Time // last visit that went well
	LastNew   time.Time // last commit that added an item; set by the store
	// Clock is set while the clock of this machine is behind a time that it told
	// before. When it is before LastVisit, Next, Wait and Fresh are counted from it
	// instead of from there; when it is after, it is that time, and the visit was made
	// by the clock that is behind.
	Clock time.Time

	GoneSince time.Time // first 410 answer since LastOK; zero when there was none
	Missing   time.Time // first 404 answer since LastOK; zero when there was none
	HostFails int       // visits in a row to the source's host, of any source, that found nobody

	Problems []coranto.Problem // of the last document that was parsed, the first few

	Feed coranto.Attribution // what the source's feed says of itself

	Hints Hints // of the last document that was parsed

	// Reading stands for the settings by which documents of the source were
	// read; when it differs from today's, validators and BodyHash vouch for
	// nothing.
	Reading string

	// LooseIDs means that GUIDs, or links where there are none, were seen not to
	// tell items of the source apart. It is never taken back, because items were
	// stored by it.
	LooseIDs bool

	// Filing stands for the operator's words by which the stored items were
	// put into categories; when it differs from today's they are filed anew.
	Filing string
}

// Unread makes the next visit read the source's document whole, whatever is known of
// it, but for what a visit's Seen has left.
func (s *SourceState) Unread() {
	s.ETag, s.LastModified, s.ValidatorURL = "", "", ""
	s.BodyHash, s.Fresh = [32]byte{}, time.Time{}
}

// Move is a source on its way to another address. The operator's file keeps the
// old one, which is forgotten as soon as the file names another.
type Move struct {
	To      string    // where permanent redirects lead, and nothing but them; "" means nowhere
	Polls   int       // visits in a row that were led there and found the feed; -1: undone
	Since   time.Time // the first of them, or when the operator undid the move
	Adopted time.Time // since when To is asked in place of the URL; zero when it is not

	// Into is the source that is read at To already. As long as it is, the one that
	// moved there is not asked at all. It is "" when there is no such source.
	Into coranto.SourceID
}

// Hints are what a feed asks of its readers. Values that make no sense count as
// absent.
type Hints struct {
	TTL          time.Duration  // RSS ttl
	UpdatePeriod time.Duration  // sy:updatePeriod divided by sy:updateFrequency
	SkipHours    []int          // 0 to 23, UTC (RSS skipHours)
	SkipDays     []time.Weekday // UTC (RSS skipDays)
}

// Outcome is how a visit ended.
type Outcome string

// The outcomes of a visit.
const (
	OutcomeNone        Outcome = ""             // never visited
	OutcomeNew         Outcome = "new"          // items were added or changed
	OutcomeUnchanged   Outcome = "unchanged"    // a new body without a new item
	OutcomeNotModified Outcome = "not-modified" // 304
	OutcomeFailed      Outcome = "failed"       // see LastError
	OutcomeGone        Outcome = "gone"         // 410: not visited any more
	OutcomeOffline     Outcome = "offline"      // our own connection was down: not counted as failed
)

// Visit is the outcome of one refresh of one source, ready to be committed.
type Visit struct {
	// Lease is the right to commit. The zero LeaseRef needs none: the operator
	// acts on what is stored, as when items are filed anew.
	Lease  LeaseRef
	Source coranto.SourceID

	// State replaces the stored state, together with Items. Only the commit
	// knows what was new, so the store completes it: OutcomeNew becomes
	// OutcomeUnchanged when no item was added or updated, and LastNew becomes
	// the time of the commit when one was added, else keeps its stored value, as
	// Push.Subscription always does.
	State SourceState

	// Items are new or perhaps changed; nil when the origin answered 304 or
	// nothing changed. Items that are absent stay as they are.
	Items []coranto.Item

	// Seen is what the next visit wants to know of this one's document, in the
	// caller's own coding. It is stored with the state and the items; nil keeps
	// what is stored, empty forgets it.
	Seen []byte

	// Release gives the lane back with this visit.
	Release bool
}

// VisitResult says what became of a committed visit.
type VisitResult struct {
	// Err is nil when the visit is stored. It wraps ErrLeaseLost, ErrNotFound
	// (no such source), ErrFull, ErrCorrupt or the system's own error.
	Err error

	New     int              // items added
	Updated int              // items whose content changed: one revision more
	Same    int              // items stored already, refiled ones included
	Dup     int              // of New: items that another source had stored before
	Gone    int              // items that were removed and are not stored again
	Changed []coranto.ItemID // added, updated or refiled
}

// SourceRecord is a source as it is stored.
type SourceRecord struct {
	coranto.Source
	State SourceState
	Rev   uint64 // of the description, for UpsertSources
	Items int    // stored now
	Bytes int64  // Record.Bytes of these
}

// Attribution is the credit that items of the source are published with.
func (r SourceRecord) Attribution() coranto.Attribution {
	return r.Source.Attribution(r.State.Feed)
}

// SourceQuery selects sources. The zero value selects all of them.
type SourceQuery struct {
	IDs []coranto.SourceID // nil means all
}
