package storagetest

import (
	"slices"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

func arrivalTests() map[string]func(*fixture) {
	return map[string]func(*fixture){
		"is the order of commits":        arrivalOrder,
		"is kept by what items become":   arrivalKept,
		"is followed by what is refiled": arrivalRefiled,
		"survives an export":             arrivalExported,
	}
}

// arrivals reads a list by arrival, the last first, two at a time there and back, and
// checks that both ways tell the same.
func (f *fixture) arrivals(by storage.Index, value string) (ids []coranto.ItemID) {
	f.Helper()
	var all []storage.Record
	q := storage.Query{By: by, Value: value, Arrival: true, Limit: 2}
	for {
		page := f.latest(q)
		all = append(all, page.Records...)
		if !page.More {
			break
		}
		q.BeforeSeq = all[len(all)-1].Seq
	}
	if len(all) == 0 {
		return nil
	}
	back := []storage.Record(nil)
	q.BeforeSeq, q.FromFirst = 0, true
	for more := true; more; q.AfterSeq = back[0].Seq {
		page := f.latest(q)
		back, more = append(page.Records, back...), page.More && len(page.Records) > 0
	}
	diff(f, "the way back", back, all)
	for i, r := range all {
		if i > 0 && r.Seq >= all[i-1].Seq {
			f.Errorf("number %d after %d", all[i-1].Seq, r.Seq)
		}
		ids = append(ids, r.ID)
	}
	return ids
}

// arrivalOrder commits newer posts before older ones.
func arrivalOrder(f *fixture) {
	f.add(sample.Source("a"), sample.Source("b"))
	first, second := sample.Items("a", 20, 25, "c"), sample.Items("b", 0, 4, "c", "d")
	f.commit(f.visit("a", first...))
	f.commit(f.visit("b", second...))
	f.commit(f.visit("a", sample.Items("a", 3, 4)...))
	want := append(sample.IDs(first), sample.IDs(second)...)
	slices.Reverse(want)
	diff(f, "category", f.arrivals(storage.ByCategory, "c"), want)
	diff(f, "other category", f.arrivals(storage.ByCategory, "d"), want[:4:4])
	diff(f, "no category", f.arrivals(storage.ByCategory, "cc"), nil)
	late := sample.Item("a", 3).ID
	diff(f, "all", f.arrivals(storage.All, ""), append([]coranto.ItemID{late}, want...))
	diff(f, "source", f.arrivals(storage.BySource, "a"), append([]coranto.ItemID{late}, want[4:]...))
	_, err := f.store.Latest(f.Context(), storage.Query{By: storage.ByTag, Value: "t", Arrival: true})
	if err == nil {
		f.Error("tags have an order of arrival")
	}
}

// arrivalKept edits and removes items, and opens the store again.
func arrivalKept(f *fixture) {
	f.add(sample.Source("a"))
	items := sample.Items("a", 0, 5, "c")
	f.commit(f.visit("a", items...))
	before := f.item(items[1].ID).Seq
	items[1].Content += "<p>More.</p>"
	f.commit(f.visit("a", items[1]))
	if n, err := f.store.Remove(f.Context(), []coranto.ItemID{items[3].ID}, ""); n != 1 || err != nil {
		f.Fatalf("removed %d, error %v", n, err)
	}
	f.reopen()
	want := sample.IDs([]coranto.Item{items[4], items[2], items[1], items[0]})
	diff(f, "category", f.arrivals(storage.ByCategory, "c"), want)
	if now := f.item(items[1].ID).Seq; now != before || now == 0 {
		f.Errorf("number %d became %d", before, now)
	}
	f.commit(f.visit("a", sample.Items("a", 7, 8, "c")...))
	diff(f, "all", f.arrivals(storage.All, ""), append([]coranto.ItemID{sample.Item("a", 7).ID}, want...))
}

func arrivalRefiled(f *fixture) {
	f.add(sample.Source("a"))
	items := sample.Items("a", 0, 3, "c")
	f.commit(f.visit("a", items...))
	items[1].Categories = []coranto.Slug{"d"}
	f.commit(f.visit("a", items...))
	diff(f, "the old category", f.arrivals(storage.ByCategory, "c"), sample.IDs([]coranto.Item{items[2], items[0]}))
	diff(f, "the new one", f.arrivals(storage.ByCategory, "d"), sample.IDs(items[1:2]))
}

// arrivalExported compares the numbers of items with those in a copy of the store that
// was made from an export, with a hole in it.
func arrivalExported(f *fixture) {
	from, ok := f.store.(storage.Exporter)
	if !ok {
		f.Skip("the engine exports nothing")
	}
	f.add(sample.Source("a"))
	f.commit(f.visit("a", sample.Items("a", 5, 9, "c")...))
	f.commit(f.visit("a", sample.Items("a", 0, 3, "c")...))
	if _, err := f.store.Remove(f.Context(), []coranto.ItemID{sample.Item("a", 6).ID}, ""); err != nil {
		f.Fatal(err)
	}
	f.must(f.store.SetValues(f.Context(), []storage.ValueChange{
		{Name: "hub/x", New: []byte("1")}, {Name: "~here", New: []byte("2")},
	}))
	copied := f.open(f, f.TempDir(), f.clock.Now)
	defer copied.Close()
	f.must(copied.(storage.Importer).Import(f.Context(), from.Export(f.Context())))
	q := storage.Query{Arrival: true}
	there, err := copied.Latest(f.Context(), q)
	f.must(err)
	for i, r := range f.latest(q).Records {
		if got := there.Records[i]; got.ID != r.ID || got.Seq != r.Seq {
			f.Errorf("item %d is %s, number %d; want %s, number %d", i, got.ID, got.Seq, r.ID, r.Seq)
		}
	}
	values, err := copied.Values(f.Context(), "", "", 0)
	f.must(err)
	diff(f, "values", values, []storage.Value{{Name: "hub/x", Data: []byte("1")}})
}
