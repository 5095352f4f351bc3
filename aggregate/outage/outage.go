// Package outage tells the outages of our own connection from those of origins, by
// what the last visits found. It has no clock and does no input or output.
package outage

import (
	"sync"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// An outage is our own when, of the visits of the last minutes, or of the last that
// went to ten hosts, more than four in five found nobody (P44). Of fewer hosts that
// were visited in the last hour the latest visits of all must have found nobody, and
// of two at least: a single host that is gone looks like an outage of ours, and is
// treated as gone.
const (
	outageHosts  = 10
	fewestHosts  = 2
	outageTime   = 2 * time.Minute
	outageMemory = time.Hour
	outageVisits = 1000 // remembered
)

// Detector watches visits. The zero value is ready for use, and safe for concurrent
// use.
type Detector struct {
	mu     sync.Mutex
	recent []Sighting // oldest first
	down   bool
	amends []storage.SourceRecord
}

// Sighting is a visit that found an origin, or nobody.
type Sighting struct {
	At     time.Time
	Host   string // where it ended
	Source coranto.SourceID
	Lost   *storage.SourceRecord // as it was before a visit that found nobody; else nil
}

// Note takes a visit in, and reports whether our own connection is down now, and
// whether that was not so before. A source that failed already tells nothing when
// it fails again, nor does one whose failure was put down to an outage: dead origins,
// asked again soon, would else keep up the outage that they began. So an outage of
// ours is believed for an hour at most.
func (n *Detector) Note(s Sighting) (down, turned bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	was := n.down
	if s.Lost == nil || s.Lost.State.Fails == 0 && s.Lost.State.Outcome != storage.OutcomeOffline {
		n.recent = append(n.recent, s)
	}
	for len(n.recent) > outageVisits || len(n.recent) > 0 && s.At.Sub(n.recent[0].At) > outageMemory {
		n.recent = n.recent[1:]
	}
	if s.Lost == nil && !was {
		return false, false
	}
	window := lastVisits(n.recent, s.At)
	n.down = isOutage(window)
	if n.down && !was {
		n.amends = countedLost(window, s.Source)
	}
	return n.down, n.down != was
}

// lastVisits are those of the last minutes, and of the last ten hosts.
func lastVisits(recent []Sighting, now time.Time) []Sighting {
	hosts := make(map[string]bool, outageHosts)
	i := len(recent)
	for i > 0 && (len(hosts) < outageHosts || now.Sub(recent[i-1].At) < outageTime) {
		i--
		hosts[recent[i].Host] = true
	}
	return recent[i:]
}

func isOutage(window []Sighting) bool {
	found := make(map[string]bool, outageHosts) // by the latest visit of a host
	lost := 0
	for _, s := range window {
		found[s.Host] = s.Lost == nil
		if s.Lost != nil {
			lost++
		}
	}
	if len(found) >= outageHosts {
		return lost*5 > len(window)*4
	}
	for _, ok := range found {
		if ok {
			return false
		}
	}
	return len(found) >= fewestHosts
}

// countedLost are the sources, but the latest, whose errors were counted before the
// outage was understood.
func countedLost(window []Sighting, latest coranto.SourceID) (recs []storage.SourceRecord) {
	seen := map[coranto.SourceID]bool{latest: true}
	for i := len(window) - 1; i >= 0; i-- {
		if id := window[i].Source; !seen[id] {
			seen[id] = true
			if window[i].Lost != nil {
				recs = append(recs, *window[i].Lost)
			}
		}
	}
	return recs
}

// Amended hands out, once, the sources whose errors were counted before the outage
// was understood, as they were before.
func (n *Detector) Amended() []storage.SourceRecord {
	n.mu.Lock()
	defer n.mu.Unlock()
	recs := n.amends
	n.amends = nil
	return recs
}

// Lost are the hosts that were not found lately.
func (n *Detector) Lost() (names []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, s := range n.recent {
		if s.Lost != nil {
			names = append(names, s.Host)
		}
	}
	return names
}
