package aggregate

import (
	"sync"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// An outage is our own when, of the visits of the last minutes, or of the last that
// went to ten hosts, more than four in five found nobody (P44).
const (
	outageHosts  = 10
	outageTime   = 2 * time.Minute
	outageMemory = time.Hour
	outageVisits = 1000 // remembered
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
	at     time.Time
	host   string
	source coranto.SourceID
	lost   *storage.SourceRecord // as it was before a visit that found nobody; else nil
}

// note takes a visit in, and reports whether our own connection is down now, and
// whether that was not so before. A source that failed already tells nothing when
// it fails again.
func (n *network) note(s sighting) (down, turned bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	was := n.down
	if s.lost == nil || was || s.lost.State.Fails == 0 {
		n.recent = append(n.recent, s)
	}
	for len(n.recent) > outageVisits || len(n.recent) > 0 && s.at.Sub(n.recent[0].at) > outageMemory {
		n.recent = n.recent[1:]
	}
	if s.lost == nil && !was {
		return false, false
	}
	window := lastVisits(n.recent, s.at)
	n.down = isOutage(window)
	if n.down && !was {
		n.amends = countedLost(window, s.source)
	}
	return n.down, n.down != was
}

// lastVisits are those of the last minutes, and of the last ten hosts.
func lastVisits(recent []sighting, now time.Time) []sighting {
	hosts := make(map[string]bool, outageHosts)
	i := len(recent)
	for i > 0 && (len(hosts) < outageHosts || now.Sub(recent[i-1].at) < outageTime) {
		i--
		hosts[recent[i].host] = true
	}
	return recent[i:]
}

func isOutage(window []sighting) bool {
	hosts := make(map[string]bool, outageHosts)
	lost := 0
	for i := range window {
		hosts[window[i].host] = true
		if window[i].lost != nil {
			lost++
		}
	}
	return len(hosts) >= outageHosts && lost*5 > len(window)*4
}

// countedLost are the sources, but the latest, whose errors were counted before the
// outage was understood.
func countedLost(window []sighting, latest coranto.SourceID) (recs []storage.SourceRecord) {
	seen := map[coranto.SourceID]bool{latest: true}
	for i := len(window) - 1; i >= 0; i-- {
		if id := window[i].source; !seen[id] {
			seen[id] = true
			if window[i].lost != nil {
				recs = append(recs, *window[i].lost)
			}
		}
	}
	return recs
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
		if s.lost != nil {
			names = append(names, s.host)
		}
	}
	return names
}
