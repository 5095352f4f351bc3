package due

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
)

// The queue does what a reference does that looks at every source each time.
func TestQueueAgainstReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := &reference{t: t, q: New(0), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
		r.lanes, r.sources = map[string]*refLane{}, map[coranto.SourceID]*refSource{}
		t.Repeat(map[string]func(*rapid.T){
			"describe": func(*rapid.T) { r.describe() },
			"claim":    func(*rapid.T) { r.claim() },
			"extend":   func(*rapid.T) { r.extend() },
			"visit":    func(*rapid.T) { r.visit() },
			"hint":     func(*rapid.T) { r.hint() },
			"advance": func(t *rapid.T) {
				r.now = r.now.Add(time.Duration(rapid.IntRange(1, 9).Draw(t, "minutes")) * time.Minute)
			},
		})
	})
}

// ttl of the leases of the test.
const ttl = 5 * time.Minute

type reference struct {
	t       *rapid.T
	q       *Queue
	now     time.Time
	lanes   map[string]*refLane
	sources map[coranto.SourceID]*refSource
	given   []storage.LeaseRef
}

type refLane struct {
	ref    storage.LeaseRef
	until  time.Time
	leased bool
}

type refSource struct {
	lane       string
	next       time.Time
	gone, idle bool
	hint       hint
	hinted     time.Time
}

func (s *refSource) due() (at time.Time, ever bool) {
	if s.idle || s.gone && s.hint == hintNone {
		return at, false
	}
	if s.hint != hintNone && s.hinted.Before(s.next) {
		return s.hinted, true
	}
	return s.next, true
}

func (r *reference) sourceID() coranto.SourceID {
	return rapid.SampledFrom([]coranto.SourceID{"a", "b", "c", "d", "e"}).Draw(r.t, "source")
}

func (r *reference) lane(name string) *refLane {
	if r.lanes[name] == nil {
		r.lanes[name] = &refLane{}
	}
	return r.lanes[name]
}

func (r *reference) describe() {
	id := r.sourceID()
	lane := rapid.SampledFrom([]string{"x.example", "y.example", "z.example"}).Draw(r.t, "lane")
	src := coranto.Source{ID: id, URL: "https://" + lane + "/"}
	src.Paused = rapid.IntRange(0, 4).Draw(r.t, "paused") == 0
	r.q.Describe(&src, new(storage.SourceState), r.now)
	r.lane(lane)
	if r.sources[id] == nil {
		r.sources[id] = &refSource{}
	}
	r.sources[id].lane, r.sources[id].idle = lane, src.Paused
}

// listed are the sources of a lane that are due, the longest due first.
func (r *reference) listed(lane string) (ids []coranto.SourceID) {
	for id, s := range r.sources {
		if at, ever := s.due(); s.lane == lane && ever && !at.After(r.now) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b coranto.SourceID) int {
		x, _ := r.sources[a].due()
		y, _ := r.sources[b].due()
		if c := x.Compare(y); c != 0 {
			return c
		}
		return strings.Compare(string(a), string(b))
	})
	return ids
}

func (r *reference) free(lane string) bool {
	l := r.lanes[lane]
	return !l.leased || !r.now.Before(l.until)
}

func (r *reference) claim() {
	n := rapid.IntRange(1, 4).Draw(r.t, "lanes")
	perLane := rapid.IntRange(1, 3).Draw(r.t, "per lane")
	owner := rapid.SampledFrom([]string{"me", "you"}).Draw(r.t, "owner")
	want := r.claimable(n, perLane)
	leases, due, wait := r.q.Claim(owner, n, perLane, r.now, r.now.Add(ttl))
	got := map[string][]coranto.SourceID{}
	for i, l := range leases {
		got[l.Lane] = due[i]
		lane := r.lane(l.Lane)
		if l.Epoch != lane.ref.Epoch+1 || l.Owner != owner || !l.Until.Equal(r.now.Add(ttl)) {
			r.t.Fatalf("lease %+v after epoch %d", l, lane.ref.Epoch)
		}
		*lane = refLane{l.LeaseRef, l.Until, true}
		r.given = append(r.given, l.LeaseRef)
		for _, id := range due[i] {
			if r.sources[id].hint == hintWaiting {
				r.sources[id].hint = hintTaken
			}
		}
	}
	if len(got) != len(want) || fmt.Sprint(got) != fmt.Sprint(want) {
		r.t.Fatalf("claimed %v, want %v", got, want)
	}
	if wantWait := r.wait(); wait != wantWait {
		r.t.Fatalf("wait %v, want %v", wait, wantWait)
	}
}

// claimable are the first due sources of the free lanes that are due first.
func (r *reference) claimable(n, perLane int) map[string][]coranto.SourceID {
	var heads []coranto.SourceID
	want := map[string][]coranto.SourceID{}
	for lane := range r.lanes {
		if ids := r.listed(lane); r.free(lane) && len(ids) > 0 {
			want[lane] = ids[:min(len(ids), perLane)]
			heads = append(heads, ids[0])
		}
	}
	slices.SortFunc(heads, func(a, b coranto.SourceID) int {
		x, _ := r.sources[a].due()
		y, _ := r.sources[b].due()
		if c := x.Compare(y); c != 0 {
			return c
		}
		return strings.Compare(string(a), string(b))
	})
	for _, id := range heads[min(n, len(heads)):] {
		delete(want, r.sources[id].lane)
	}
	return want
}

func (r *reference) wait() time.Duration {
	wait := time.Duration(-1)
	for _, s := range r.sources {
		at, ever := s.due()
		if !ever || !r.free(s.lane) {
			continue
		}
		if d := max(0, at.Sub(r.now)); wait < 0 || d < wait {
			wait = d
		}
	}
	return wait
}

func (r *reference) someLease() storage.LeaseRef {
	if len(r.given) == 0 {
		return storage.LeaseRef{}
	}
	return rapid.SampledFrom(r.given).Draw(r.t, "lease")
}

func (r *reference) holds(ref storage.LeaseRef) bool {
	l := r.lanes[ref.Lane]
	return l != nil && l.leased && l.ref == ref
}

func (r *reference) extend() {
	ref := r.someLease()
	got := r.q.Extend([]storage.LeaseRef{ref}, r.now, r.now.Add(ttl))[0]
	if want := r.holds(ref); got != want {
		r.t.Fatalf("extended: %v, want %v", got, want)
	}
	if got {
		r.lanes[ref.Lane].until = r.now.Add(ttl)
	}
}

func (r *reference) hint() {
	id := r.sourceID()
	r.q.Hint([]coranto.SourceID{id}, r.now)
	if s := r.sources[id]; s != nil && !s.idle {
		s.hint, s.hinted = hintWaiting, r.now
	}
}

// visit pins and settles a visit, under a lease or none.
func (r *reference) visit() {
	v := storage.Visit{Source: r.sourceID(), Release: rapid.Bool().Draw(r.t, "release")}
	if rapid.Bool().Draw(r.t, "leased") {
		v.Lease = r.someLease()
	}
	v.State.Next = r.now.Add(time.Duration(rapid.IntRange(0, 20).Draw(r.t, "next")) * time.Minute)
	if rapid.IntRange(0, 4).Draw(r.t, "gone") == 0 {
		v.State.Outcome = storage.OutcomeGone
	}
	err := r.q.Pin(&v, r.now)
	s := r.sources[v.Source]
	switch {
	case s == nil:
		if !errors.Is(err, storage.ErrNotFound) {
			r.t.Fatalf("unknown source: error = %v", err)
		}
		return
	case v.Lease != (storage.LeaseRef{}) && !(v.Lease.Lane == s.lane && r.holds(v.Lease)):
		if !errors.Is(err, storage.ErrLeaseLost) {
			r.t.Fatalf("lost lease: error = %v", err)
		}
		return
	case err != nil:
		r.t.Fatalf("valid visit: %v", err)
	}
	stored := rapid.Bool().Draw(r.t, "stored")
	r.q.Settle(&v, stored, r.now)
	if !stored {
		return
	}
	s.next, s.gone = v.State.Next, v.State.Outcome == storage.OutcomeGone
	if s.hint == hintTaken {
		s.hint = hintNone
	}
	if v.Lease != (storage.LeaseRef{}) && v.Release {
		r.lanes[s.lane].leased = false
	}
}

// While a commit under an expired lease is written, nobody claims its lane.
func TestPinKeepsOthersOut(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	q := New(0)
	q.Describe(&coranto.Source{ID: "a", URL: "https://a.example/"}, new(storage.SourceState), now)
	leases, _, _ := q.Claim("me", 1, 1, now, now.Add(ttl))
	v := storage.Visit{Source: "a", Lease: leases[0].LeaseRef}
	v.State.Next = now
	now = now.Add(2 * ttl)
	if err := q.Pin(&v, now); err != nil {
		t.Fatal(err)
	}
	if got, _, _ := q.Claim("you", 1, 1, now, now.Add(ttl)); len(got) != 0 {
		t.Errorf("claimed %+v while a commit was written", got)
	}
	q.Settle(&v, true, now)
	if got, _, _ := q.Claim("you", 1, 1, now, now.Add(ttl)); len(got) != 1 {
		t.Errorf("claimed %d lanes after the commit, want 1", len(got))
	}
}
