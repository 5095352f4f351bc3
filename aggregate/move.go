package aggregate

import (
	"context"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/source"
	"github.com/coranto/coranto/storage"
)

// A source has moved when permanent redirects, and nothing but them, led to its
// feed at this many visits in a row over this time (P51).
const (
	movePolls = 3
	moveTime  = 24 * time.Hour

	// moveFails is how many visits in a row fail at the new address before the
	// old one is asked again.
	moveFails = 3
)

// follow is what a visit that found the feed says of where its source lives
// (P51, P52).
func (a *Aggregator) follow(
	ctx context.Context, rec storage.SourceRecord, list *source.Listing,
) storage.Move {
	m, now := rec.State.Move, a.now().UTC()
	switch {
	case !m.Adopted.IsZero() && (list.URL == m.To || !list.Permanent):
		return m
	case !m.Adopted.IsZero(), !list.Permanent, !movable(rec.URL, list.URL):
		return storage.Move{}
	case m.To != list.URL:
		return storage.Move{To: list.URL, Polls: 1, Since: now}
	}
	m.Polls++
	if m.Polls < movePolls || now.Sub(m.Since) < moveTime {
		return m
	}
	if other, err := a.readBy(ctx, m.To, rec.ID); err != nil || other != "" {
		a.log.Warn("source has moved to where another one is read",
			"source", string(rec.ID), "url", m.To, "other", string(other), "err", err)
		return m
	}
	m.Adopted = now
	a.log.Info("source has moved", "source", string(rec.ID), "url", rec.URL, "to", m.To)
	return m
}

// readBy is another source that is read at an address; "" when there is none.
func (a *Aggregator) readBy(
	ctx context.Context, to string, but coranto.SourceID,
) (coranto.SourceID, error) {
	for rec, err := range a.store.Sources(ctx, storage.SourceQuery{}) {
		if err != nil {
			return "", err
		}
		if rec.ID != but && (rec.URL == to || address(&rec) == to) {
			return rec.ID, nil
		}
	}
	return "", nil
}

// movable reports whether a source may move from one address to another: not from
// https to http, not into a private network, and not to the site's front page,
// where whatever is gone is sent.
func movable(from, to string) bool {
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
