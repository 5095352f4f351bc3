// Package moves holds what can be said of sources that permanent redirects lead
// elsewhere without a clock, a store or a request: whether a source may move to an
// address (P52), and which of several that meet at one is read there.
package moves

import (
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/coranto/coranto/internal/host"
	"github.com/coranto/coranto/storage"
)

// Undone is the Polls of a move that the operator took back.
const Undone = -1

// Alike reports whether two addresses are requested alike (P28).
func Alike(one, other string) bool { return host.Key(one) == host.Key(other) }

// Place is what a source has to do with an address.
type Place int

// The places.
const (
	Elsewhere Place = iota // nothing that matters
	Lives                  // it is read there
	Stays                  // it is stored with it and not read
	Comes                  // it will be read there before another one
)

// Sharing is what a source has to do with an address to which rec has moved.
func Sharing(rec, other *storage.SourceRecord, to string) Place {
	m, adopted := other.State.Move, !rec.State.Move.Adopted.IsZero()
	first := other.ID < rec.ID
	switch {
	case other.ID == rec.ID || other.Retired || m.Into != "":
		return Elsewhere
	case Alike(other.URL, to) && IsRead(other):
		return Lives
	case Alike(other.URL, to):
		return Stays
	case !IsRead(other) || !Alike(m.To, to) || m.Polls == Undone:
		return Elsewhere
	case !m.Adopted.IsZero() && (first || !adopted):
		return Lives
	case m.Adopted.IsZero() && first:
		return Comes
	}
	return Elsewhere
}

// IsRead reports whether visits of a source ask an origin.
func IsRead(rec *storage.SourceRecord) bool {
	return !rec.Paused && !rec.Retired && rec.State.Outcome != storage.OutcomeGone &&
		rec.State.Move.Into == ""
}

// Movable reports whether a source may move from one address to another: not from
// https to http, not into a private network, and not to the site's front page,
// where whatever is gone is sent.
func Movable(from, to string) bool {
	old, err := url.Parse(from)
	if err != nil || from == to {
		return false
	}
	next, err := url.Parse(to)
	if err != nil {
		return false
	}
	switch {
	case old.Scheme == "https" && next.Scheme != "https":
		return false
	case isRoot(next) && !isRoot(old):
		return false
	}
	return old.Hostname() == next.Hostname() || !isPrivate(next.Hostname())
}

func isRoot(u *url.URL) bool { return strings.Trim(u.Path, "/") == "" && u.RawQuery == "" }

func isPrivate(name string) bool {
	addr, err := netip.ParseAddr(name)
	if err != nil {
		name = strings.ToLower(strings.TrimSuffix(name, "."))
		return name == "localhost" || strings.HasSuffix(name, ".localhost")
	}
	return !addr.IsGlobalUnicast() || addr.IsPrivate()
}

// NewDay reports whether a day, counted from some time, has begun after the last visit.
func NewDay(from, last, now time.Time) bool {
	const day = 24 * time.Hour
	return now.Sub(from)/day != last.Sub(from)/day
}
