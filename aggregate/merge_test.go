package aggregate_test

import (
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/storage"
)

// moving is an origin where all addresses but one lead to that one for good. Its feed
// has as many posts as days have gone by.
func moving(t *testing.T, to string, days *atomic.Int32) *desk {
	return newDesk(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != to {
			http.Redirect(w, r, to, http.StatusMovedPermanently)
			return
		}
		etag := fmt.Sprintf(`"%d"`, days.Load())
		w.Header().Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, feedHead)
		for n := range days.Load() + 1 {
			fmt.Fprintf(w, "<item><guid isPermaLink=\"false\">%d</guid><title>Day %d</title></item>", n, n)
		}
		fmt.Fprint(w, "</channel></rss>")
	})
}

// asked is how often an origin was asked for a path.
func (d *desk) asked(path string) (n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, p := range d.log {
		if p == path {
			n++
		}
	}
	return n
}

func (p *planet) items(id coranto.SourceID) int {
	p.Helper()
	for rec, err := range p.store.Sources(p.Context(), storage.SourceQuery{IDs: []coranto.SourceID{id}}) {
		if err != nil {
			p.Fatal(err)
		}
		return rec.Items
	}
	return 0
}

func (p *planet) upsert(sources ...coranto.Source) {
	p.Helper()
	if err := p.store.UpsertSources(p.Context(), sources, nil); err != nil {
		p.Fatal(err)
	}
}

// TestMerge is P52: a source that moves to where another one is read.
func TestMerge(t *testing.T) {
	t.Parallel()
	var days atomic.Int32
	d := moving(t, "/new", &days)
	old := coranto.Source{ID: "a", URL: d.url + "/old"}
	other := coranto.Source{ID: "b", URL: d.url + "/new"}
	p := newPlanet(t, old, other)
	p.live(3 * day)
	t.Run("P52 a source is merged into the one that is read there", func(t *testing.T) {
		if m := p.state("a").Move; m.Into != "b" || m.Adopted.IsZero() {
			t.Fatalf("move %+v, want into b", m)
		}
		if m := p.state("b").Move; m != (storage.Move{}) {
			t.Errorf("the other: move %+v, want none", m)
		}
	})
	before, kept, others := d.asked("/old"), p.items("a"), p.items("b")
	days.Store(2)
	p.live(3 * day)
	t.Run("P52 it is not asked, its items stay, new ones come once", func(t *testing.T) {
		if got := d.asked("/old") - before; got != 0 {
			t.Errorf("%d requests for the old address in three days, want none", got)
		}
		if got := p.items("a"); got != kept || kept == 0 {
			t.Errorf("%d items of the merged source, want %d as before", got, kept)
		}
		if got := p.items("b") - others; got != 2 {
			t.Errorf("%d new items of the other source, want 2", got)
		}
	})
	t.Run("P52 a round says so and asks nobody", func(t *testing.T) {
		before := d.requests()
		r := p.call(aggregate.Call{IDs: []coranto.SourceID{"a"}, Force: true})["a"]
		if r.Outcome != aggregate.OutcomeMerged || r.Err != nil || d.requests() != before {
			t.Errorf("outcome %q, %v, %d requests, want merged and none", r.Outcome, r.Err, d.requests()-before)
		}
	})
	t.Run("P52 it is asked again when the other one is not read", func(t *testing.T) {
		before := d.asked("/old")
		other.Paused = true
		p.upsert(other)
		p.live(day + time.Hour)
		if d.asked("/old") == before || p.state("a").Move.Into != "" {
			t.Errorf("no request in a day, move %+v, want some and none", p.state("a").Move)
		}
		p.live(3 * day)
		if m := p.state("a").Move; !m.Adopted.IsZero() {
			t.Errorf("move %+v, want none to the address of a paused source", m)
		}
		other.Paused = false
		p.upsert(other)
		p.live(2 * day)
		if m := p.state("a").Move; m.Into != "b" {
			t.Errorf("move %+v, want into b that is read again", m)
		}
	})
	t.Run("P52 it is asked again at another address", func(t *testing.T) {
		old.URL = d.url + "/older"
		p.upsert(old)
		p.live(time.Minute)
		if d.asked("/older") != 1 {
			t.Errorf("%d requests for the address in the file, want 1", d.asked("/older"))
		}
	})
}

// TestMoveTogether has three sources on their way to one address where none is read.
func TestMoveTogether(t *testing.T) {
	t.Parallel()
	var days atomic.Int32
	d := moving(t, "/third", &days)
	p := newPlanet(t,
		coranto.Source{ID: "b", URL: d.url + "/b", Every: time.Hour},
		coranto.Source{ID: "a", URL: d.url + "/a", Every: 7 * time.Hour},
		coranto.Source{ID: "c", URL: d.url + "/c", Every: 5 * time.Hour})
	p.live(3 * day)
	t.Run("P52 the first by id moves, the others are merged into it", func(t *testing.T) {
		for id, into := range map[coranto.SourceID]coranto.SourceID{"a": "", "b": "a", "c": "a"} {
			if m := p.state(id).Move; m.Into != into || m.Adopted.IsZero() {
				t.Errorf("%s: move %+v, want adopted and into %q", id, m, into)
			}
		}
	})
	t.Run("P52 a new source at the address takes it over", func(t *testing.T) {
		p.upsert(coranto.Source{ID: "z", URL: d.url + "/third"})
		days.Store(1)
		p.live(3 * day)
		if m := p.state("a").Move; m.Into != "z" {
			t.Errorf("move %+v, want into z", m)
		}
		before := d.asked("/third")
		p.live(10 * time.Minute)
		days.Store(2)
		p.live(7 * day)
		if m := p.state("b").Move; m.Into != "z" {
			t.Errorf("b: move %+v, want into z", m)
		}
		if got := d.asked("/third") - before; got > 7*24+24 {
			t.Errorf("%d requests in a week, want those of one source", got)
		}
	})
}

// TestMovedAndUnchanged has a source that has moved to an address whose feed does not
// change any more.
func TestMovedAndUnchanged(t *testing.T) {
	t.Parallel()
	var days atomic.Int32
	d := moving(t, "/new", &days)
	p := newPlanet(t, coranto.Source{ID: "a", URL: d.url + "/old"})
	p.live(3 * day)
	if m := p.state("a").Move; m.Adopted.IsZero() || m.Into != "" {
		t.Fatalf("move %+v, want adopted and into none", m)
	}
	t.Run("P28 a source that is added at the new address takes it over", func(t *testing.T) {
		p.upsert(coranto.Source{ID: "z", URL: d.url + "/new"})
		p.live(2*day + time.Hour)
		if m := p.state("a").Move; m.Into != "z" {
			t.Errorf("move %+v, want into z", m)
		}
	})
}

// TestUnmove is P52: what was moved can be moved back.
func TestUnmove(t *testing.T) {
	t.Parallel()
	var days atomic.Int32
	d := moving(t, "/new", &days)
	p := newPlanet(t, coranto.Source{ID: "a", URL: d.url + "/old"})
	if err := aggregate.Unmove(t.Context(), p.store, "a", p.now()); !errors.Is(err, aggregate.ErrNotMoved) {
		t.Errorf("error %v, want %v", err, aggregate.ErrNotMoved)
	}
	if err := aggregate.Unmove(t.Context(), p.store, "b", p.now()); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("error %v, want %v", err, storage.ErrNotFound)
	}
	p.live(3 * day)
	before := d.asked("/old")
	if err := aggregate.Unmove(t.Context(), p.store, "a", p.now()); err != nil {
		t.Fatal(err)
	}
	p.live(5 * day)
	t.Run("P52 a move that was undone is not made again", func(t *testing.T) {
		m := p.state("a").Move
		if got := d.asked("/old") - before; !m.Adopted.IsZero() || got < 5 {
			t.Errorf("move %+v, %d requests for the old address in five days, want none adopted", m, got)
		}
	})
}

// TestMergedCategories has sources of two categories, one of which moves to the other.
func TestMergedCategories(t *testing.T) {
	t.Parallel()
	var days atomic.Int32
	d := moving(t, "/new", &days)
	a := coranto.Source{ID: "a", URL: d.url + "/old", Categories: []coranto.Slug{"one"}}
	b := coranto.Source{ID: "b", URL: d.url + "/new", Categories: []coranto.Slug{"two"}}
	p := newPlanet(t, a, b)
	holds := func(t *testing.T, one, two int) {
		t.Helper()
		for slug, want := range map[string]int{"one": one, "two": two} {
			q := storage.Query{By: storage.ByCategory, Value: slug}
			if page, err := p.store.Latest(t.Context(), q); err != nil || len(page.Records) != want {
				t.Errorf("category %s has %d items, %v; want %d", slug, len(page.Records), err, want)
			}
		}
	}
	refile := func() {
		t.Helper()
		if err := p.agg.Refile(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	p.live(3 * day)
	if m := p.state("a").Move; m.Into != "b" {
		t.Fatalf("move %+v, want into b", m)
	}
	t.Run("P52 what comes after the merge is filed for both, what was there stays", func(t *testing.T) {
		days.Store(2)
		p.live(2 * day)
		holds(t, 3, 3)
	})
	t.Run("P52 so it is after a restart", func(t *testing.T) {
		p.restart()
		refile()
		days.Store(3)
		p.live(2 * day)
		holds(t, 4, 4)
	})
	t.Run("P52 one that is taken out of the file keeps what came", func(t *testing.T) {
		a.Retired = true
		p.upsert(a, b)
		p.restart()
		refile()
		days.Store(4)
		p.live(2 * day)
		holds(t, 4, 5)
		b.Categories = append(b.Categories, "three")
		p.upsert(a, b)
		p.restart()
		refile()
		holds(t, 4, 5)
	})
}
