package storagetest

import (
	"errors"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

// leaseTime is the ttl of the suite's leases.
const leaseTime = 2 * time.Minute

func leaseTests() map[string]func(*fixture) {
	return map[string]func(*fixture){
		"P60 a lane is a registrable domain":        leaseLanes,
		"sources come in the order they became due": leaseOrder,
		"a lane has one valid lease":                leaseExclusive,
		"a lease ends with its time":                leaseExpires,
		"an expired lease not claimed is valid":     leaseExpiredIsValid,
		"a lost lease commits nothing":              leaseFence,
		"one lost lease leaves its neighbors alone": leaseNeighbors,
		"an extended lease lasts":                   leaseExtend,
		"a lease is given back":                     leaseGivenBack,
		"release gives the lane back":               leaseRelease,
		"the limits of a claim":                     leaseLimits,
		"who is never due":                          leaseNeverDue,
		"due now":                                   leaseDueNow,
		"a hint during a visit is not lost":         leaseHintDuringVisit,
		"a claim costs no write":                    leaseNoWrite,
		"the next visit survives a restart P26":     leaseRestart,
		"a source that moves changes its lane":      leaseMoved,
	}
}

// dueIDs are the sources of leases, in order.
func dueIDs(leases []storage.Lease) (ids []coranto.SourceID) {
	for _, l := range leases {
		for _, r := range l.Due {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// sameHost is a source in the lane of "host.example".
func sameHost(id coranto.SourceID) coranto.Source {
	return coranto.Source{ID: id, URL: "https://Host.example/" + string(id)}
}

// setNext stores when a source is due.
func (f *fixture) setNext(id coranto.SourceID, in time.Duration) {
	f.Helper()
	v := f.visit(id)
	v.State.Next = f.clock.Now().Add(in)
	f.commit(v)
}

func leaseOrder(f *fixture) {
	f.add(sameHost("a"), sameHost("b"), sample.Source("c"), sample.Source("d"))
	for i, id := range []coranto.SourceID{"d", "b", "c", "a"} {
		f.setNext(id, time.Duration(i)*time.Minute)
	}
	f.clock.Advance(time.Hour)
	leases := f.claim("me")
	diff(f, "due", dueIDs(leases), []coranto.SourceID{"d", "b", "a", "c"})
	if got := leases[1].Lane; got != "host.example" {
		f.Errorf("lane %q, want host.example", got)
	}
	if got, want := leases[0].Until, f.clock.Now().Add(leaseTime); !got.Equal(want) {
		f.Errorf("leased until %v, want %v", got, want)
	}
}

// leaseLanes has sources whose hosts belong together, and others that look so.
func leaseLanes(f *fixture) {
	for id, url := range map[coranto.SourceID]string{
		"a": "https://news.host.example/a", "b": "http://Sport.Host.example.:8080/b", "c": "https://host.example/c",
		"d": "https://one.github.io/d", "e": "https://two.github.io/e",
		"f": "http://192.0.2.1/f", "g": "http://192.0.2.1:80/g", "h": "http://192.0.2.1:81/h",
	} {
		f.add(coranto.Source{ID: id, URL: url})
	}
	lanes := make(map[string]string)
	for _, l := range f.claim("me") {
		for _, r := range l.Due {
			lanes[l.Lane] += string(r.ID)
		}
	}
	diff(f, "sources by lane", lanes, map[string]string{
		"host.example": "abc", "one.github.io": "d", "two.github.io": "e",
		"192.0.2.1": "fg", "192.0.2.1:81": "h",
	})
}

func leaseExclusive(f *fixture) {
	f.add(sameHost("a"), sameHost("b"))
	first := f.claim("me")
	if len(first) != 1 || len(first[0].Due) != 2 {
		f.Fatalf("claimed %+v, want one lane with two sources", first)
	}
	f.add(sameHost("c")) // due, but its lane is leased
	second, wait, err := f.store.Claim(f.Context(), "you", 10, 10, leaseTime)
	f.must(err)
	if len(second) != 0 || wait >= 0 {
		f.Errorf("claimed %d lanes and wait %v, want none and nothing to wait for", len(second), wait)
	}
}

func leaseExpires(f *fixture) {
	f.add(sample.Source("a"))
	first := f.claim("me")[0]
	f.clock.Advance(leaseTime)
	second := f.claim("you")
	if len(second) != 1 || second[0].Epoch != first.Epoch+1 {
		f.Fatalf("after the lease ended claimed %+v, want epoch %d", second, first.Epoch+1)
	}
}

func leaseExpiredIsValid(f *fixture) {
	f.add(sample.Source("a"))
	lease := f.claim("me")[0]
	f.clock.Advance(2 * leaseTime)
	v := f.visit("a", sample.Item("a", 1))
	v.Lease = lease.LeaseRef
	if got := f.commit(v)[0]; got.New != 1 {
		f.Errorf("added %d items under an expired lease that nobody claimed, want 1", got.New)
	}
}

func leaseFence(f *fixture) {
	f.add(sample.Source("a"), sample.Source("b"))
	lost := f.claim("me")[0].LeaseRef
	f.clock.Advance(2 * leaseTime)
	leases := f.claim("you")
	held, other := leases[0].LeaseRef, leases[1].LeaseRef
	tests := []struct {
		name  string
		lease storage.LeaseRef
	}{
		{"claimed by another", lost},
		{"wrong owner", storage.LeaseRef{Lane: held.Lane, Epoch: held.Epoch, Owner: "me"}},
		{"epoch to come", storage.LeaseRef{Lane: held.Lane, Epoch: held.Epoch + 1, Owner: held.Owner}},
		{"another lane", other},
	}
	for _, tt := range tests {
		v := f.visit("a", sample.Item("a", 1))
		v.Lease, v.State.ETag = tt.lease, "lost"
		results, err := f.store.Commit(f.Context(), []storage.Visit{v})
		f.must(err)
		if !errors.Is(results[0].Err, storage.ErrLeaseLost) {
			f.Errorf("%s: error = %v, want ErrLeaseLost", tt.name, results[0].Err)
		}
		if got := f.source("a"); got.State.ETag == "lost" || got.Items != 0 {
			f.Errorf("%s: the visit left state %q and %d items", tt.name, got.State.ETag, got.Items)
		}
	}
}

func leaseNeighbors(f *fixture) {
	f.add(sample.Source("a"), sample.Source("b"))
	leases := f.claim("me")
	var visits []storage.Visit
	for _, l := range leases {
		v := f.visit(l.Due[0].ID, sample.Item(l.Due[0].ID, 1))
		v.Lease = l.LeaseRef
		visits = append(visits, v)
	}
	visits[0].Lease.Epoch++
	visits = append(visits, f.visit("unknown", sample.Item("unknown", 1)))
	results, err := f.store.Commit(f.Context(), visits)
	f.must(err)
	if !errors.Is(results[0].Err, storage.ErrLeaseLost) || results[1].Err != nil ||
		!errors.Is(results[2].Err, storage.ErrNotFound) {
		f.Errorf("results %+v, want lease lost, stored, not found", results)
	}
	if got := f.stats().Items; got != 1 {
		f.Errorf("%d items stored, want 1", got)
	}
}

func leaseGivenBack(f *fixture) {
	f.add(sample.Source("a"))
	lease := f.claim("me")[0].LeaseRef
	valid, err := f.store.Extend(f.Context(), []storage.LeaseRef{lease}, 0)
	f.must(err)
	if !valid[0] {
		f.Error("a valid lease was refused when it was given back")
	}
	if got := f.claim("you"); len(got) != 1 {
		f.Errorf("claimed %d lanes after one was given back, want 1", len(got))
	}
}

func leaseExtend(f *fixture) {
	f.add(sample.Source("a"))
	lease := f.claim("me")[0].LeaseRef
	extend := func(ref storage.LeaseRef) bool {
		valid, err := f.store.Extend(f.Context(), []storage.LeaseRef{ref}, leaseTime)
		f.must(err)
		return valid[0]
	}
	f.clock.Advance(leaseTime * 3 / 4)
	if !extend(lease) {
		f.Fatal("a valid lease could not be extended")
	}
	f.clock.Advance(leaseTime * 3 / 4)
	if got := f.claim("you"); len(got) != 0 {
		f.Errorf("an extended lease was given away: %+v", got)
	}
	f.clock.Advance(leaseTime)
	if got := f.claim("you"); len(got) != 1 {
		f.Errorf("claimed %d lanes after the extension ended, want 1", len(got))
	}
	if extend(lease) {
		f.Error("a lost lease was extended")
	}
}

func leaseRelease(f *fixture) {
	f.add(sameHost("a"), sameHost("b"))
	lease := f.claim("me")[0]
	v := f.visit("a")
	v.Lease, v.Release = lease.LeaseRef, true
	f.commit(v)
	diff(f, "due after release", dueIDs(f.claim("you")), []coranto.SourceID{"b"})
	results, err := f.store.Commit(f.Context(), []storage.Visit{v})
	f.must(err)
	if !errors.Is(results[0].Err, storage.ErrLeaseLost) {
		f.Errorf("error = %v after release, want ErrLeaseLost", results[0].Err)
	}
}

func leaseLimits(f *fixture) {
	f.add(sameHost("a"), sameHost("b"), sameHost("c"), sample.Source("d"))
	leases, wait, err := f.store.Claim(f.Context(), "me", 1, 2, leaseTime)
	f.must(err)
	diff(f, "first claim", dueIDs(leases), []coranto.SourceID{"a", "b"})
	if wait != 0 {
		f.Errorf("wait %v with another lane due, want 0", wait)
	}
	f.setNext("d", time.Minute)
	leases, wait, err = f.store.Claim(f.Context(), "me", 1, 2, leaseTime)
	f.must(err)
	if len(leases) != 0 || wait != time.Minute {
		f.Errorf("claimed %d lanes, wait %v; want none and 1m", len(leases), wait)
	}
}

func leaseNeverDue(f *fixture) {
	paused, retired := sample.Source("paused"), sample.Source("retired")
	paused.Paused, retired.Retired = true, true
	f.add(paused, retired, sample.Source("gone"))
	v := f.visit("gone")
	v.State.Outcome, v.State.Next = storage.OutcomeGone, f.clock.Now()
	f.commit(v)
	f.clock.Advance(time.Hour)
	f.must(f.store.DueNow(f.Context(), []coranto.SourceID{"paused", "retired", "unknown"}))
	if got := f.claim("me"); len(got) != 0 {
		f.Errorf("claimed %v, want nothing", dueIDs(got))
	}
	f.must(f.store.DueNow(f.Context(), []coranto.SourceID{"gone"}))
	diff(f, "asked for", dueIDs(f.claim("me")), []coranto.SourceID{"gone"})
	f.add(sample.Source("paused"))
	diff(f, "resumed", dueIDs(f.claim("me")), []coranto.SourceID{"paused"})
}

func leaseDueNow(f *fixture) {
	f.add(sample.Source("a"), sample.Source("b"))
	f.setNext("a", time.Hour)
	f.setNext("b", time.Hour)
	before := f.stats().Commits
	f.must(f.store.DueNow(f.Context(), []coranto.SourceID{"b", "a"}))
	if got := f.stats().Commits - before; got > 1 {
		f.Errorf("two hints cost %d commits, want at most one", got)
	}
	leases := f.claim("me")
	diff(f, "due", dueIDs(leases), []coranto.SourceID{"a", "b"})
	for _, l := range leases {
		v := f.visit(l.Due[0].ID)
		v.Lease, v.Release = l.LeaseRef, true
		f.commit(v)
	}
	if got := f.claim("me"); len(got) != 0 {
		f.Errorf("after the visit %v is due, want nothing", dueIDs(got))
	}
}

func leaseHintDuringVisit(f *fixture) {
	f.add(sample.Source("a"))
	lease := f.claim("me")[0]
	f.must(f.store.DueNow(f.Context(), []coranto.SourceID{"a"}))
	v := f.visit("a")
	v.Lease, v.Release = lease.LeaseRef, true
	f.commit(v)
	diff(f, "due again", dueIDs(f.claim("me")), []coranto.SourceID{"a"})
}

func leaseNoWrite(f *fixture) {
	f.add(sample.Source("a"))
	before := f.stats().Commits
	lease := f.claim("me")[0]
	_, err := f.store.Extend(f.Context(), []storage.LeaseRef{lease.LeaseRef}, leaseTime)
	f.must(err)
	if got := f.stats().Commits - before; got != 0 {
		f.Errorf("a claim and its extension cost %d commits, want 0", got)
	}
}

func leaseRestart(f *fixture) {
	f.add(sample.Source("a"), sample.Source("b"))
	lease := f.claim("me")[0]
	f.setNext("a", time.Hour)
	f.setNext("b", 2*time.Hour)
	f.reopen()
	leases, wait, err := f.store.Claim(f.Context(), "me", 10, 10, leaseTime)
	f.must(err)
	if len(leases) != 0 || wait != time.Hour {
		f.Errorf("after a restart %v is due and wait is %v, want nothing and 1h", dueIDs(leases), wait)
	}
	f.clock.Advance(time.Hour)
	if got := f.claim("me"); len(got) != 1 || got[0].Epoch <= lease.Epoch {
		f.Errorf("claimed %+v, want one lease of an epoch after %d", got, lease.Epoch)
	}
}

func leaseMoved(f *fixture) {
	f.add(sample.Source("a"))
	lease := f.claim("me")[0]
	f.add(sameHost("a"))
	v := f.visit("a")
	v.Lease = lease.LeaseRef
	results, err := f.store.Commit(f.Context(), []storage.Visit{v})
	f.must(err)
	if !errors.Is(results[0].Err, storage.ErrLeaseLost) {
		f.Errorf("a visit of the former host: error = %v, want ErrLeaseLost", results[0].Err)
	}
	if got := f.claim("me"); len(got) != 1 || got[0].Lane != "host.example" {
		f.Errorf("claimed %+v, want the lane of the new host", got)
	}
}
