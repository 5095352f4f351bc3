package aggregate

import (
	"sync"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// An outage is our own when, of the last visits that went to ten hosts or more,
// more than four in five found nobody (P44).
const (
	outageHosts  = 10
	outageWindow = time.Hour
	outageVisits = 100 // remembered
)

// network tells our own outages from those of origins. It is safe for concurrent
// use.
type network struct {
	mu     sync.Mutex
	recent []sighting // oldest first
	down   bool
	amends []storage.SourceRecord
}

// sighting is a visit that found an origin, or nobody.
type sighting struct {
	at   time.Time
	host string
	lost bool
	rec  storage.SourceRecord // as it was before the visit
}

// note takes a visit in, and reports whether our own connection is down now, and
// whether that was not so before. A source that failed already tells nothing when
// it fails again.
func (n *network) note(s sighting) (down, turned bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	was := n.down
	if !s.lost || was || s.rec.State.Fails == 0 {
		n.recent = append(n.recent, s)
	}
	for len(n.recent) > outageVisits || len(n.recent) > 0 && s.at.Sub(n.recent[0].at) > outageWindow {
		n.recent = n.recent[1:]
	}
	n.down = isOutage(n.recent)
	if n.down && !was {
		n.amend(s.rec.ID)
	}
	return n.down, n.down != was
}

// isOutage looks at the newest visits, as few as went to enough hosts.
func isOutage(recent []sighting) bool {
	hosts := make(map[string]bool, outageHosts)
	lost, visits := 0, 0
	for i := len(recent) - 1; i >= 0 && len(hosts) < outageHosts; i-- {
		hosts[recent[i].host] = true
		visits++
		if recent[i].lost {
			lost++
		}
	}
	return len(hosts) >= outageHosts && lost*5 > visits*4
}

// amend lays aside the sources, but the latest, whose errors were counted before
// the outage was understood: those since the last visit but two that went well.
func (n *network) amend(latest coranto.SourceID) {
	seen := map[coranto.SourceID]bool{latest: true}
	found := 0
	for i := len(n.recent) - 1; i >= 0 && found <= 2; i-- {
		s := n.recent[i]
		if !s.lost {
			found++
		} else if !seen[s.rec.ID] {
			n.amends = append(n.amends, s.rec)
		}
		seen[s.rec.ID] = true
	}
}

// amended hands out what amend laid aside, once.
func (n *network) amended() []storage.SourceRecord {
	n.mu.Lock()
	defer n.mu.Unlock()
	recs := n.amends
	n.amends = nil
	return recs
}

// lostHosts are the hosts that were not found lately.
func (n *network) lostHosts() (names []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, s := range n.recent {
		if s.lost {
			names = append(names, s.host)
		}
	}
	return names
}
