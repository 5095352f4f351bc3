package storagetest

import (
	"slices"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/storagetest/model"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

func queryTests() map[string]func(*fixture) {
	return map[string]func(*fixture){
		"order does not depend on arrival": queryOrder,
		"paging to older items":            queryBefore,
		"paging to newer items":            queryAfter,
		"each index lists its own":         queryIndices,
		"modified":                         queryModified,
		"a limit of 0 means 50":            queryDefaultLimit,
		"values that begin each other":     queryPrefixes,
	}
}

func queryOrder(f *fixture) {
	f.add(sample.Source("a"), sample.Source("b"))
	items := append(sample.Items("a", 0, 10), sample.Items("b", 5, 15)...) // five at the same times
	items[3].Published = time.Date(1950, 1, 1, 0, 0, 0, 1, time.UTC)
	items[4].Published = time.Date(1969, 12, 31, 23, 59, 59, 0, time.UTC)
	want := slices.Clone(items)
	slices.SortFunc(want, model.ByOrder)
	for _, n := range []int{12, 3, 19, 0, 7} {
		f.commit(f.visit(items[n].Source, items[n]))
	}
	for i := range items {
		f.commit(f.visit(items[i].Source, items[len(items)-1-i]))
	}
	diff(f, "order", ids(f.latest(storage.Query{}).Records), sample.IDs(want))
}

// filedItems stores n items in category "c", between others, and returns their
// ids, newest first.
func (f *fixture) filedItems(n int) []coranto.ItemID {
	f.add(sample.Source("a"), sample.Source("b"), sample.Source("c"))
	f.commit(
		f.visit("a", sample.Items("a", 0, n, "c")...),
		f.visit("b", sample.Items("b", 0, n, "b")...),
		f.visit("c", sample.Items("c", 0, n, "d", "cc")...),
	)
	want := sample.IDs(sample.Items("a", 0, n))
	slices.Reverse(want)
	return want
}

func queryBefore(f *fixture) {
	want := f.filedItems(7)
	q := storage.Query{By: storage.ByCategory, Value: "c", Limit: 3}
	var got []coranto.ItemID
	for pages := 1; ; pages++ {
		page := f.latest(q)
		got = append(got, ids(page.Records)...)
		if page.More != (pages < 3) {
			f.Errorf("page %d says more: %v", pages, page.More)
		}
		if !page.More || pages > 3 {
			break
		}
		q.Before = page.Records[len(page.Records)-1].Order()
	}
	diff(f, "pages", got, want)
}

func queryAfter(f *fixture) {
	want := f.filedItems(7)
	q := storage.Query{By: storage.ByCategory, Value: "c", Limit: 3}
	q.After = f.item(want[6]).Order()
	steps := []struct {
		ids  []coranto.ItemID
		more bool
	}{
		{want[3:6], true},
		{want[0:3], false},
		{nil, false},
	}
	for i, step := range steps {
		page := f.latest(q)
		diff(f, "page of newer items", ids(page.Records), step.ids)
		if page.More != step.more {
			f.Errorf("page %d says more: %v, want %v", i, page.More, step.more)
		}
		if len(page.Records) > 0 {
			q.After = page.Records[0].Order()
		}
	}
	q.After = storage.OrderKey{Published: time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)}
	diff(f, "newer than anything old", ids(f.latest(q).Records), want[4:])
}

func queryIndices(f *fixture) {
	f.add(sample.Source("a"), sample.Source("b"))
	x, y := sample.Item("a", 1), sample.Item("b", 2)
	x.Categories, y.Categories = []coranto.Slug{"go", "news"}, []coranto.Slug{"news"}
	x.Tags, y.Tags = []coranto.Tag{{Term: "T"}, {Term: "T"}}, []coranto.Tag{{Term: "T"}, {Term: "U"}}
	f.commit(f.visit("a", x), f.visit("b", y))
	tests := []struct {
		by    storage.Index
		value string
		want  []coranto.ItemID
	}{
		{storage.All, "", []coranto.ItemID{y.ID, x.ID}},
		{storage.ByCategory, "go", []coranto.ItemID{x.ID}},
		{storage.ByCategory, "news", []coranto.ItemID{y.ID, x.ID}},
		{storage.ByCategory, "none", nil},
		{storage.BySource, "b", []coranto.ItemID{y.ID}},
		{storage.ByTag, "T", []coranto.ItemID{y.ID, x.ID}},
		{storage.ByTag, "U", []coranto.ItemID{y.ID}},
	}
	for _, tt := range tests {
		page := f.latest(storage.Query{By: tt.by, Value: tt.value})
		diff(f, tt.value, ids(page.Records), tt.want)
		if page.Modified.IsZero() != (tt.want == nil) {
			f.Errorf("%s: modified %v", tt.value, page.Modified)
		}
	}
}

func queryModified(f *fixture) {
	f.add(sample.Source("a"))
	modified := func(slug string) time.Time {
		return f.latest(storage.Query{By: storage.ByCategory, Value: slug}).Modified
	}
	it, other := sample.Item("a", 1), sample.Item("a", 2)
	it.Categories, other.Categories = []coranto.Slug{"c"}, []coranto.Slug{"d"}
	steps := []struct {
		name string
		do   func()
	}{
		{"added", func() { f.commit(f.visit("a", it)) }},
		{"updated", func() { it.Title = "new"; f.commit(f.visit("a", it)) }},
		{"refiled", func() { it.Categories = []coranto.Slug{"e"}; f.commit(f.visit("a", it)) }},
	}
	for _, step := range steps {
		f.clock.Advance(time.Minute)
		step.do()
		if got := modified("c"); !got.Equal(f.clock.Now()) {
			f.Errorf("%s: modified %v, want now", step.name, got)
		}
		f.clock.Advance(time.Minute)
		f.commit(f.visit("a", it), f.visit("a", other))
		if got := modified("c"); got.Equal(f.clock.Now()) {
			f.Errorf("%s: what did not concern the category modified it", step.name)
		}
		other.Title += "!"
	}
	f.clock.Advance(time.Minute)
	_, _, err := f.store.Retain(f.Context(), storage.Policy{Limits: storage.Limits{Age: time.Nanosecond}}, 10)
	f.must(err)
	if got := modified("e"); !got.Equal(f.clock.Now()) {
		f.Errorf("removed: modified %v, want now", got)
	}
}

func queryDefaultLimit(f *fixture) {
	f.add(sample.Source("a"))
	f.commit(f.visit("a", sample.Items("a", 0, 60)...))
	if page := f.latest(storage.Query{}); len(page.Records) != 50 || !page.More {
		f.Errorf("%d records, more %v; want 50 and more", len(page.Records), page.More)
	}
}

func queryPrefixes(f *fixture) {
	f.add(sample.Source("a"))
	long := func(n int) string { return strings.Repeat("g", n) }
	terms := []string{"g", "go", "go\x00", "gopher", long(300), long(20000)}
	for n, term := range terms {
		it := sample.Item("a", n)
		it.Tags = []coranto.Tag{{Term: term}}
		f.commit(f.visit("a", it))
	}
	for n, term := range terms {
		page := f.latest(storage.Query{By: storage.ByTag, Value: term})
		if len(page.Records) != 1 || page.Records[0].ID != sample.Item("a", n).ID {
			f.Errorf("tag %d of %d bytes lists %d items, want its own", n, len(term), len(page.Records))
		}
	}
}
