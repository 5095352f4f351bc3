package crash_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coranto/coranto"
)

var (
	killTime = flag.Duration("kill.time", 0, "kill for so long, instead of 100 times")
	killSeed = flag.Uint64("kill.seed", 0, "of the moments of the kills; 0 takes another each time")
)

// loop kills the program again and again, and keeps account of what it said.
type loop struct {
	*operator
	random  *rand.Rand
	sources int // of the farm, in the file

	kills, checks, serves int

	told  map[coranto.SourceID]int // new items that were acknowledged, by source
	shown map[string]bool          // ids of items that readers were shown
	found map[coranto.ItemID]bool  // that were in the store at some check

	lost, doubled int
}

// TestKilled kills serve and fetch at random moments while the origins publish (R01).
//
// An item is acknowledged when the program has said that it is stored: by the line in
// its log that follows the commit of a visit and tells how many items were new, or by
// showing it to a reader. After each kill the file opens, a deep check finds nothing,
// every source has at least as many items as were acknowledged, every item that was
// shown or found before is there, and none is there twice.
func TestKilled(t *testing.T) {
	t.Parallel()
	seed := *killSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("again with the same moments: -kill.seed=%d", seed)
	want, feeds := 100, 150
	if hurried() {
		want, feeds = 20, 40
	}
	f := plant(t, feeds, 51)
	f.Prewarm()
	l := &loop{
		operator: newOperator(t, f), random: rand.New(rand.NewPCG(seed, 1)),
		told: map[coranto.SourceID]int{}, shown: map[string]bool{}, found: map[coranto.ItemID]bool{},
	}
	began := time.Now()
	for l.kills < want && *killTime == 0 || time.Since(began) < *killTime {
		l.live()
		if *killTime == 0 || l.kills%5 == 0 {
			l.check()
		}
	}
	l.finish()
	acknowledged := 0
	for _, n := range l.told {
		acknowledged += n
	}
	t.Logf("%d kills (%d of serve) in %v: %d items acknowledged, %d shown to readers, %d found, "+
		"%d lost, %d doubled, %d deep checks, %d sources", l.kills, l.serves,
		time.Since(began).Round(time.Second), acknowledged, len(l.shown), len(l.found),
		l.lost, l.doubled, l.checks, l.sources)
}

// live runs the program until it is killed, and takes note of what it said. There are
// more sources each time, and all are due: there is something to commit.
func (l *loop) live() {
	l.farm.Advance(0.1)
	l.sources = min(l.sources+1+l.random.IntN(2), l.farm.Len())
	l.write(l.sources, "10s", "")
	args := []string{"fetch", "--force"}
	serves := l.random.IntN(2) == 0
	if serves {
		args = []string{"serve"}
		l.serves++
	}
	p := l.start(args...)
	var readers sync.WaitGroup
	if serves {
		readers.Go(func() { l.read(p) })
	}
	p.killAtRandom(l.random)
	readers.Wait()
	l.kills++
	for id, n := range p.told {
		l.told[id] += n
	}
}

// killAtRandom kills the process at any moment of its first half second, or shortly
// after some commit, when others are under way.
func (p *process) killAtRandom(random *rand.Rand) {
	limit := time.After(time.Duration(5+random.IntN(500)) * time.Millisecond)
	commits, breath := 0, time.Duration(random.IntN(8000))*time.Microsecond
	if random.IntN(2) == 0 {
		commits = 1 + random.IntN(60)
		limit = time.After(500 * time.Millisecond)
	}
	for range commits {
		select {
		case <-p.notes:
			continue
		case <-p.ended:
		case <-limit:
		}
		break
	}
	if commits > 0 {
		limit = time.After(breath)
	}
	select {
	case <-limit:
	case <-p.ended:
	}
	p.kill()
}

// read is a reader who looks at the feed of everything until the server is gone.
func (l *loop) read(p *process) {
	tick := time.NewTicker(15 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-p.ended:
			return
		case <-tick.C:
		}
		if status, body := get(l.listen, "/feed.json"); status == 200 {
			for _, id := range l.ids("/feed.json", body) {
				l.shown[id] = true
			}
		}
	}
}

// ids are those of the items of a JSON feed, in which none may be twice.
func (l *loop) ids(name, body string) (list []string) {
	var feed struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	if err := json.Unmarshal([]byte(body), &feed); err != nil {
		l.Errorf("%s is no feed: %v", name, err)
	}
	seen := map[string]bool{}
	for _, it := range feed.Items {
		if seen[it.ID] {
			l.doubled++
			l.Errorf("%s has the item %s twice", name, it.ID)
		}
		seen[it.ID] = true
		list = append(list, it.ID)
	}
	return list
}

// check compares what is stored with what was acknowledged.
func (l *loop) check() {
	l.checks++
	if _, err := os.Stat(l.store()); err != nil && len(l.found) == 0 {
		return // killed before there was a store
	}
	held := map[coranto.ItemID]bool{}
	perSource, names := map[coranto.SourceID]int{}, map[string]int{}
	for _, rec := range l.records() {
		id := rec.Item.ID
		names[id.String()]++ // where the GUID is not published, this is
		if names[rec.GUID]++; held[id] || names[rec.GUID] > 1 {
			l.doubled++
			l.Errorf("after kill %d: %s of %s is stored twice", l.kills, rec.GUID, rec.Source)
		}
		held[id] = true
		perSource[rec.Source]++
	}
	for id := range l.found {
		l.keeps(held[id], "the item %s that was stored", id)
	}
	for id := range l.shown {
		_, minted, _ := strings.Cut(id, ":item/")
		l.keeps(names[id] > 0 || names[minted] > 0, "the item %s that was shown", id)
	}
	for id, n := range l.told {
		for have := perSource[id]; have < n; have++ {
			l.keeps(false, "an item of %s: %d of %d acknowledged ones", id, perSource[id], n)
		}
	}
	l.found = held
}

// keeps counts what is lost.
func (l *loop) keeps(is bool, format string, args ...any) {
	if is {
		return
	}
	l.lost++
	l.Errorf("after kill %d: lost %s", l.kills, fmt.Sprintf(format, args...))
}

// finish lets one round end: then everything is there that the origins have, and the
// published feeds have nothing twice.
func (l *loop) finish() {
	l.succeeds("fetch", "--force")
	l.check()
	stored := map[string]int{}
	for _, rec := range l.records() {
		stored[rec.GUID]++
	}
	for i := range l.sources {
		for _, it := range l.farm.Window(i) {
			if stored[it.GUID] != 1 {
				l.Errorf("item %s is stored %d times, want once", it.GUID, stored[it.GUID])
			}
		}
	}
	site := roomyDir(l.T)
	l.succeeds("build", "--out", site)
	feeds := 0
	err := filepath.WalkDir(site, func(path string, _ fs.DirEntry, err error) error {
		if err == nil && filepath.Base(path) == "feed.json" {
			var body []byte
			body, err = os.ReadFile(path)
			l.ids(path, string(body))
			feeds++
		}
		return err
	})
	if err != nil || feeds < l.sources {
		l.Errorf("%d feeds looked at, error %v; want one of each of %d sources", feeds, err, l.sources)
	}
}

// TestKilledAsksNobodyTwice shows that a crash loop asks no origin early: one whose visit
// was stored is not asked again before its time (P26).
func TestKilledAsksNobodyTwice(t *testing.T) {
	t.Parallel()
	f := plant(t, 60, 52)
	f.Prewarm()
	o := newOperator(t, f)
	o.write(f.Len(), "1h", "")
	random := rand.New(rand.NewPCG(7, 7))
	asked := map[coranto.SourceID]int64{} // when the visit was stored
	lives := 20
	if hurried() {
		lives = 10
	}
	for life := 0; life < lives || len(asked) < f.Len(); life++ {
		if life == 200 {
			t.Fatalf("%d of %d sources visited in %d lives", len(asked), f.Len(), life)
		}
		p := o.start("serve")
		p.killAtRandom(random)
		for i := range f.Len() {
			if _, stored := p.told[source(i)]; stored && asked[source(i)] == 0 {
				asked[source(i)] = f.Asked(i)
			}
		}
	}
	for i := range f.Len() {
		if now := f.Asked(i); now != asked[source(i)] {
			t.Errorf("%s was asked %d times, %d of them after a visit was stored",
				source(i), now, now-asked[source(i)])
		}
	}
}
