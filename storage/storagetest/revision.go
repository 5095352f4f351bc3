package storagetest

import (
	"errors"
	"fmt"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

func revisionTests() map[string]func(*fixture) {
	return map[string]func(*fixture){
		"what an item was is kept":            revisionKept,
		"the newest are kept":                 revisionBound,
		"they go with the item":               revisionGone,
		"an item that never changed has none": revisionNone,
	}
}

func (f *fixture) revisions(id coranto.ItemID) []storage.Record {
	f.Helper()
	list, err := f.store.Revisions(f.Context(), id)
	f.must(err)
	return list
}

// revise stores n contents of an item, one an hour, and returns what was stored.
func (f *fixture) revise(it coranto.Item, n int) (stored []storage.Record) {
	for i := range n {
		f.clock.Advance(time.Hour)
		it.Content = fmt.Sprintf("<p>Revision %d.</p>", i+1)
		f.commit(f.visit(it.Source, it))
		stored = append([]storage.Record{*f.item(it.ID)}, stored...)
	}
	return stored
}

func revisionKept(f *fixture) {
	f.add(sample.Source("a"))
	it := sample.Full("a")
	stored := f.revise(it, 3)
	diff(f, "revisions", f.revisions(it.ID), stored[1:])
	now := f.item(it.ID)
	if now.Revision != 3 || !now.FirstSeen.Equal(stored[2].FirstSeen) ||
		!now.Published.Equal(stored[2].Published) || now.ID != it.ID {
		f.Errorf("revision %d, first seen %v, published %v; want only the first to change",
			now.Revision, now.FirstSeen, now.Published)
	}
	var bytes int64
	for _, r := range stored[1:] {
		bytes += r.Bytes
	}
	if st := f.stats(); st.Revisions != 2 || st.RevisionBytes != bytes || st.ItemBytes != now.Bytes {
		f.Errorf("%d revisions of %d bytes beside %d, want 2 of %d beside %d",
			st.Revisions, st.RevisionBytes, st.ItemBytes, bytes, now.Bytes)
	}
	refiled := it
	refiled.Content, refiled.Categories = now.Content, []coranto.Slug{"elsewhere"}
	f.commit(f.visit("a", refiled))
	f.reopen()
	if got := f.revisions(it.ID); len(got) != 2 {
		f.Errorf("%d revisions after refiling, want 2", len(got))
	}
}

func revisionBound(f *fixture) {
	f.add(sample.Source("a"))
	stored := f.revise(sample.Item("a", 1), storage.RevisionsKept+3)
	diff(f, "revisions", f.revisions(sample.Item("a", 1).ID), stored[1:storage.RevisionsKept+1])
	if st := f.stats(); st.Revisions != storage.RevisionsKept {
		f.Errorf("%d revisions counted, want %d", st.Revisions, storage.RevisionsKept)
	}
}

func revisionGone(f *fixture) {
	f.add(sample.Source("a"))
	old, removed := sample.Item("a", 1), sample.Item("a", 2)
	f.revise(old, 2)
	f.revise(removed, 2)
	f.remove("why", 1, removed.ID)
	f.retain(storage.Policy{Limits: storage.Limits{Age: time.Second}}, 10)
	for _, id := range []coranto.ItemID{old.ID, removed.ID} {
		if list, err := f.store.Revisions(f.Context(), id); !errors.Is(err, storage.ErrNotFound) {
			f.Errorf("%d revisions of an item that is gone, error %v; want ErrNotFound", len(list), err)
		}
	}
	if st := f.stats(); st.Revisions != 0 || st.RevisionBytes != 0 {
		f.Errorf("%d revisions of %d bytes counted, want none", st.Revisions, st.RevisionBytes)
	}
}

func revisionNone(f *fixture) {
	f.add(sample.Source("a"))
	f.commit(f.visit("a", sample.Item("a", 1)))
	if list := f.revisions(sample.Item("a", 1).ID); len(list) != 0 {
		f.Errorf("%d revisions of a new item, want none", len(list))
	}
}
