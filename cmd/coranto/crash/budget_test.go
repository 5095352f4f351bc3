package crash_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/internal/farm"
	"github.com/coranto/coranto/storage/bolt"
)

// TestBudget lets origins publish more than the store may hold: the file stays within
// its budget, the oldest items go first, and new ones keep coming.
func TestBudget(t *testing.T) {
	t.Parallel()
	const budget = 10_000_000 // the least that the file may say
	f := plant(t, 60, 60)
	o := newOperator(t, f)
	o.write(f.Len(), "1h", fmt.Sprintf("keep: {disk: %d}", budget))
	rounds := 15
	if hurried() {
		rounds = 8
	}
	for round := range rounds {
		f.Advance(1)
		f.Advance(1)
		o.succeeds("fetch", "--force")
		info, err := os.Stat(o.store())
		if err != nil || info.Size() > budget {
			t.Fatalf("round %d: error %v, the file has %d bytes, want at most %d",
				round, err, info.Size(), budget)
		}
	}
	kept := map[string]bool{}
	for _, rec := range o.records() {
		kept[rec.GUID] = true
	}
	gone, newest := 0, f.Truth(0)[0]
	for i := range f.Len() {
		truth := f.Truth(i) // newest first
		if truth[0].Created.After(newest.Created) {
			newest = truth[0]
		}
		oldest := slices.IndexFunc(truth, func(it farm.Item) bool { return !kept[it.GUID] })
		if oldest < 0 {
			continue
		}
		for _, it := range truth[oldest:] {
			if kept[it.GUID] {
				t.Errorf("%s: item %s is kept, but not a newer one", source(i), it.GUID)
			}
			gone++
		}
	}
	if gone == 0 || !kept[newest.GUID] {
		t.Errorf("%d items gone, the newest kept: %v; want some, and that one", gone, kept[newest.GUID])
	}
	t.Logf("%d items kept, %d gone", len(kept), gone)
}

// TestBudgetOfPinnedItems leaves nothing to remove: readers are served on, no origin is
// asked, and the server says why.
func TestBudgetOfPinnedItems(t *testing.T) {
	t.Parallel()
	const pinned, more = 200, 60
	f := plant(t, pinned+more, 61)
	o := newOperator(t, f)
	o.write(f.Len(), "1h", "")
	args := []string{"fetch"}
	for i := range pinned {
		args = append(args, string(source(i)))
	}
	o.succeeds(args...)
	o.pinAll()
	o.succeeds("compact") // no page is free any more
	o.write(f.Len(), "1h", fmt.Sprintf("keep: {disk: %d}", max(10_000_000, o.used())))
	p := o.start("serve")
	reason := o.answers(o.admin, "/readyz", 503)
	if !strings.Contains(reason, "store full") {
		t.Errorf("/readyz says %q, want that the store is full", reason)
	}
	if asked := o.restful(time.Second); asked >= int64(f.Len()) {
		t.Errorf("%d visits to %d sources, want fewer", asked, f.Len())
	}
	if said := o.status().Halted; !strings.Contains(said, "store full") {
		t.Errorf("status says %q, want that the store is full", said)
	}
	for i := range pinned {
		o.answers(o.listen, fmt.Sprintf("/source/feed-%d/feed.json", i), 200)
	}
	if code := p.stop(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	o.hasAll(pinned)
}

// pinAll pins what is stored.
func (o *operator) pinAll() {
	o.Helper()
	var ids []coranto.ItemID
	for _, rec := range o.records() {
		ids = append(ids, rec.Item.ID)
	}
	s, err := bolt.Open(o.store(), bolt.Options{})
	if err != nil {
		o.Fatal(err)
	}
	defer s.Close()
	if n, err := s.Pin(o.Context(), ids, true); err != nil || n != len(ids) {
		o.Fatalf("pinned %d of %d: %v", n, len(ids), err)
	}
}
