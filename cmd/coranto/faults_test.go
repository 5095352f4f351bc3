package main

import (
	"strings"
	"testing"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/internal/farm"
)

// TestFaults fetches from a farm in which every kind of fault happens. What is
// well is stored whole, what is not is named with its cause, and nothing stored
// is lost by a later round.
func TestFaults(t *testing.T) {
	feeds, patience := 300, "2s"
	if hurried() { // the race detector makes good feeds slow
		feeds, patience = 100, "5s"
	}
	f := plant(t, farm.Config{
		Seed: 23, Feeds: feeds, Hosts: feeds, Categories: 6,
		P404: .05, P410: .05, P429: .05, P500: .05, PHang: .05, PRedirect: .05, PBozo: .05,
	})
	f.Prewarm()
	o := newOperator(t, ", timeout: "+patience)
	o.subscribe(f)

	table := o.run(exitPartial, "fetch")
	seen := o.checkTable(f, table)
	for class := farm.OK; class <= farm.Redirect; class++ {
		if seen[class] == 0 {
			t.Errorf("no feed is of class %d, so the test shows too little", class)
		}
	}
	o.checkHealthyStored(f)

	admin(t, f, "/advance?rate=0.3")
	want := f.Len() - seen[farm.OK] - seen[farm.Redirect]
	again := o.fetch(exitPartial)
	if got := again.Failed + again.Waiting; got != want || again.Waiting < seen[farm.TooMany] {
		t.Errorf("round two: %d sources failed, %d wait; want the same %d, and those that were told to wait",
			again.Failed, again.Waiting, want)
	}
	o.checkHealthyStored(f)
	content(t, f)
}

// causeOf is what a row of the table says of a class; "" for one that is well.
func causeOf(f *farm.Farm, i int) string {
	switch f.Class(i) {
	case farm.NotFound:
		return "404 Not Found"
	case farm.Gone:
		return "410 Gone"
	case farm.TooMany:
		return "429 Too Many Requests"
	case farm.ServerError:
		return [...]string{
			"500 Internal Server Error", "501 Not Implemented", "502 Bad Gateway",
			"503 Service Unavailable",
		}[i%4]
	case farm.Hang:
		return "timed out after "
	}
	return ""
}

// checkTable compares the row of each source with its class. It returns how many
// sources are of each.
func (o *operator) checkTable(f *farm.Farm, table string) map[farm.Class]int {
	o.Helper()
	rows := map[string]string{}
	for line := range strings.Lines(table) {
		if fields := strings.Fields(line); len(fields) > 1 {
			rows[fields[0]] = line
		}
	}
	seen := map[farm.Class]int{}
	for i := range f.Len() {
		seen[f.Class(i)]++
		row, cause := rows[string(imported(f, i))], causeOf(f, i)
		failed := strings.Contains(row, " failed ")
		if failed != (cause != "") || !strings.Contains(row, cause) {
			o.Errorf("feed %d of class %d: row %q, want cause %q", i, f.Class(i), row, cause)
		}
	}
	return seen
}

// bozo reports whether a feed is malformed: a JSON feed never is.
func bozo(f *farm.Farm, i int) bool {
	return f.Feed(i).Bozo && f.Feed(i).Format != farm.JSONFeed
}

// checkHealthyStored checks that every item of the sources that answer is stored
// once, and none of the others.
func (o *operator) checkHealthyStored(f *farm.Farm) {
	o.Helper()
	seen := map[coranto.ItemID]int{}
	titles := map[coranto.ItemID]string{}
	for _, rec := range o.stored() {
		seen[rec.Item.ID]++
		titles[rec.Item.ID] = rec.Title
	}
	wanted := 0
	for i := range f.Len() {
		if causeOf(f, i) != "" {
			continue
		}
		for k, it := range f.Truth(i) {
			wanted++
			id := coranto.NewItemID(imported(f, i), it.GUID)
			want := fold(it.Title)
			if k == 0 && bozo(f, i) {
				want += " AT&T & co"
			}
			if seen[id] != 1 {
				o.Errorf("feed %d item %d is stored %d times, want once", i, it.Index, seen[id])
			} else if got := titles[id]; got != want {
				o.Errorf("feed %d item %d has the title %q, want %q", i, it.Index, got, want)
			}
		}
	}
	if len(seen) != wanted {
		o.Errorf("%d items are stored, want %d", len(seen), wanted)
	}
}
