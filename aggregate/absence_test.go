package aggregate_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
)

// TestDowntime has 200 sources on 20 hosts, each due once an hour, that nobody
// visits for a day.
func TestDowntime(t *testing.T) {
	t.Parallel()
	many := func(t *testing.T) (sources []coranto.Source, requests func() int) {
		var desks []*desk
		for host := range 20 {
			d := newDesk(t, etagged)
			desks = append(desks, d)
			for i := range 10 {
				sources = append(sources, coranto.Source{
					ID: coranto.SourceID(fmt.Sprintf("h%ds%d", host, i)), URL: fmt.Sprint(d.url, "/", i),
					Every: time.Hour,
				})
			}
		}
		return sources, func() (n int) {
			for _, d := range desks {
				n += d.requests()
			}
			return n
		}
	}
	t.Run("P29 fresh sources are no downtime", func(t *testing.T) {
		sources, requests := many(t)
		p := newPlanet(t, sources...)
		p.pass()
		if got := requests(); got != len(sources) {
			t.Errorf("%d requests at once after an import, want %d", got, len(sources))
		}
	})
	for _, restarts := range []int{1, 30} {
		t.Run(fmt.Sprintf("P29 a day without visits, then %d starts a minute apart", restarts), func(t *testing.T) {
			sources, requests := many(t)
			p := newPlanet(t, sources...)
			p.pass()
			p.wait(day)
			var minutes []int
			for m := range 31 {
				if m < restarts {
					p.restart()
				}
				before := requests()
				p.live(time.Minute)
				minutes = append(minutes, requests()-before)
			}
			sum := 0
			for _, n := range minutes {
				sum += n
			}
			if most := slices.Max(minutes); most > 20 || sum != len(sources) {
				t.Errorf("%d requests in 31 minutes, at most %d in one, want %d and 20: %v", sum, most, len(sources), minutes)
			}
		})
	}
	t.Run("P29 R12 the machine sleeps for a day", func(t *testing.T) {
		sources, requests := many(t)
		p := newPlanet(t, sources...)
		p.pass()
		before := requests()
		p.wait(day)
		p.live(time.Minute)
		if got := requests() - before; got > 20 {
			t.Errorf("%d requests in the first minute, want at most 20", got)
		}
		p.live(30 * time.Minute)
		if got := requests() - before; got != len(sources) {
			t.Errorf("%d requests in half an hour, want %d", got, len(sources))
		}
	})
	t.Run("R12 the clock is a day ahead and set right", func(t *testing.T) {
		sources, requests := many(t)
		p := newPlanet(t, sources...)
		p.pass()
		before := requests()
		p.wait(-day)
		p.live(50 * time.Minute)
		if got := requests() - before; got != 0 {
			t.Errorf("%d requests before their hour is over, want none", got)
		}
		p.live(20 * time.Minute)
		if got := requests() - before; got != len(sources) {
			t.Errorf("%d requests within the hour, want %d", got, len(sources))
		}
	})
	t.Run("R12 the clock begins at 1970 and is set right", func(t *testing.T) {
		sources, requests := many(t)
		p := newPlanet(t, sources...)
		p.pass()
		before := requests()
		boot := p.now().Sub(time.Unix(0, 0))
		p.wait(-boot)
		p.restart()
		p.live(10 * time.Minute)
		p.wait(boot)
		p.live(time.Minute)
		if got := requests() - before; got > 20 {
			t.Errorf("%d requests in the first minute, want at most 20", got)
		}
		for _, r := range p.call(aggregate.Call{}) {
			if r.Err != nil {
				t.Errorf("%s: %v", r.Source, r.Err)
			}
		}
	})
}
