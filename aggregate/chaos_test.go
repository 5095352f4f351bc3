package aggregate_test

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/storage"
)

var chaosVisits = flag.Int("chaos.visits", 10_000, "how many visits TestChaos makes")

// chaosSources is how many feeds the origin of TestChaos has; every twentieth names
// its posts otherwise each time.
const chaosSources = 400

// chaos is an origin that fails in every way, and writes down who asked when.
type chaos struct {
	*planet
	url  string
	bomb []byte

	mu       sync.Mutex
	random   *rand.Rand
	good     bool // it has come to its senses
	flight   map[*http.Request]bool
	crowded  int // requests that met another
	hasty    int // requests within the time that is allowed
	rude     int // requests while it wanted to be left alone
	requests int
	visits   int
	failures map[string]int
	quiet    time.Time
	feeds    [chaosSources]struct {
		posts int       // so many are there
		sent  int       // so many were in a good answer
		asked time.Time // the last request
	}
}

// TestChaos is R14.
func TestChaos(t *testing.T) {
	c, visits := newChaos(t), *chaosVisits
	if testing.Short() {
		visits = min(visits, 3000) // the race detector is slow
	}
	early := c.live(visits / 5)
	late := c.live(visits)
	c.mend()
	c.mu.Lock()
	defer c.mu.Unlock()
	t.Run("R14 one origin that fails in every way", func(t *testing.T) {
		if c.crowded+c.hasty+c.rude > 0 {
			t.Errorf("%d requests: %d met another, %d came early, %d while it wanted to be left alone, want none",
				c.requests, c.crowded, c.hasty, c.rude)
		}
		if len(c.failures) != len(c.ways()) && !testing.Short() {
			t.Errorf("it failed in %d ways, want %d: %v", len(c.failures), len(c.ways()), c.failures)
		}
		c.checkItems(t)
	})
	t.Run("R14 nothing grows", func(t *testing.T) {
		t.Logf("after %d visits %+v, after %d %+v; %d requests", visits/5, early, visits, late, c.requests)
		if late.goroutines > early.goroutines+10 || late.files > early.files+10 || late.heap > early.heap+4<<20 {
			t.Errorf("grown from %+v to %+v", early, late)
		}
	})
}

func newChaos(t *testing.T) *chaos {
	c := &chaos{random: rand.New(rand.NewPCG(14, 14)), failures: map[string]int{}, flight: map[*http.Request]bool{}}
	c.bomb = gzipped(io.LimitReader(zeros{}, 4<<20))
	server := httptest.NewUnstartedServer(c)
	server.Config.ErrorLog = nil
	server.Start()
	t.Cleanup(server.Close)
	c.url = server.URL
	var sources []coranto.Source
	for i := range chaosSources {
		sources = append(sources, coranto.Source{
			ID: coranto.SourceID(fmt.Sprintf("s%03d", i)), URL: fmt.Sprint(c.url, "/", i), Every: time.Hour,
		})
		c.feeds[i].posts = 5
	}
	c.planet = newPlanet(t, sources...)
	c.agg = aggregate.New(aggregate.Options{
		Store: c.store, Clock: c.now, Workers: 4,
		Fetch: fetch.New(fetch.Options{
			AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Now: c.now,
			HeaderTimeout: 200 * time.Millisecond, IdleTimeout: 200 * time.Millisecond, MaxBody: 1 << 20,
		}),
	})
	return c
}

// live makes visits until the origin has had so many, and measures then.
func (c *chaos) live(visits int) (m burden) {
	c.Helper()
	for c.made() < visits {
		if _, err := c.agg.Pass(c.Context(), aggregate.Observer{}); err != nil {
			c.Fatal(err)
		}
		c.wait(9 * time.Minute) // longer is an absence
	}
	return measured(c.T)
}

func (c *chaos) made() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.visits
}

// mend has every feed read once while the origin answers well.
func (c *chaos) mend() {
	c.Helper()
	c.mu.Lock()
	c.good = true
	c.mu.Unlock()
	c.wait(time.Hour)
	c.agg = aggregate.New(aggregate.Options{Store: c.store, Clock: c.now, Fetch: c.fetch})
	for id, r := range c.call(aggregate.Call{Force: true}) {
		if r.Err != nil {
			c.Errorf("%s: %v, want the good answer read", id, r.Err)
		}
	}
}

type burden struct {
	goroutines, files int
	heap              uint64
}

func measured(t *testing.T) (m burden) {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var mem runtime.MemStats
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&mem)
	return burden{goroutines: runtime.NumGoroutine(), files: len(files), heap: mem.HeapAlloc}
}

// checkItems holds that every post is stored that was in a good answer, once, and none
// that was in none.
func (c *chaos) checkItems(t *testing.T) {
	t.Helper()
	if err := c.store.Check(t.Context(), true); err != nil {
		t.Error(err)
	}
	for rec, err := range c.store.Sources(t.Context(), storage.SourceQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		i, err := strconv.Atoi(string(rec.ID[1:]))
		if err != nil {
			t.Fatal(err)
		}
		if want := c.feeds[i].sent; rec.Items != want {
			t.Errorf("%s: %d items, want %d", rec.ID, rec.Items, want)
		}
		page, err := c.store.Latest(t.Context(), storage.Query{
			By: storage.BySource, Value: string(rec.ID), Limit: 100,
		})
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, r := range page.Records {
			if title := r.Title; !strings.HasPrefix(title, "Post ") || seen[title] || r.Published.After(c.now()) {
				t.Errorf("%s: %q of %s is stored wrongly, or twice", rec.ID, title, r.Published)
			}
			seen[r.Title] = true
		}
	}
}

// ServeHTTP writes the visit down and answers, mostly badly.
func (c *chaos) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := c.now()
	name, hop, _ := strings.Cut(r.URL.Path[1:], "/")
	i, err := strconv.Atoi(name)
	if err != nil || i >= chaosSources {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	c.mu.Lock()
	for other := range c.flight {
		if other.Context().Err() == nil {
			c.crowded++
		}
	}
	c.flight[r] = true
	if now.Before(c.quiet) {
		c.rude++
	}
	c.requests++
	feed := &c.feeds[i]
	if hop == "" {
		c.visits++
		if !c.good && !feed.asked.IsZero() && now.Sub(feed.asked) < 53*time.Minute {
			c.hasty++
		}
		feed.asked = now
	}
	way := ""
	ways := c.ways()
	switch n := c.random.IntN(1000); {
	case hop != "":
		way = "redirect loop"
	case c.good || n < 400:
	case n < 999:
		ways = ways[rareWays:]
		way = ways[c.random.IntN(len(ways))]
	default:
		way = ways[c.random.IntN(rareWays)]
	}
	if way != "" {
		c.failures[way]++
	}
	if way == "429" {
		c.quiet = now.Add(20 * time.Minute)
	}
	if !c.good && feed.posts < 20 && c.random.IntN(4) == 0 {
		feed.posts++
	}
	doc := c.document(i, feed.posts, now)
	if way == "" || strings.HasPrefix(way, "good") {
		feed.sent = feed.posts
	}
	etag := fmt.Sprintf(`"%d-%d"`, i, feed.posts)
	if i%20 == 3 {
		etag = "" // posts are named otherwise each time
	}
	c.mu.Unlock()
	leave := sync.OnceFunc(func() {
		c.mu.Lock()
		delete(c.flight, r)
		c.mu.Unlock()
	})
	defer leave()
	c.fail(w, r, way, doc, etag, leave)
}

// rareWays is how many of the ways cost much time.
const rareWays = 3

// ways are all in which the origin fails, or is just odd.
func (c *chaos) ways() []string {
	return []string{
		"trickle", "slow headers", "429",
		"reset", "truncation", "too long a length", "too short a length", "bad gzip", "gzip that ends", "bomb",
		"500", "503", "404", "redirect loop", "redirect to TLS", "redirect to nowhere", "HTML", "nothing", "304",
		"1xx flood", "large header", "no HTTP", "binary", "no item", "204",
		"good with another ETag", "good with another date", "good in pieces", "good after 103",
	}
}
