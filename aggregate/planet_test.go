package aggregate_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// planet is a daemon under a clock of its own: real store, real requests, and time
// that passes when it is told to.
type planet struct {
	*testing.T
	path  string
	mu    sync.Mutex
	time  time.Time
	store *bolt.Store
	fetch *fetch.Client
	agg   *aggregate.Aggregator
	seen  []aggregate.Report
}

func newPlanet(t *testing.T, sources ...coranto.Source) *planet {
	t.Helper()
	p := &planet{
		T: t, path: filepath.Join(t.TempDir(), "coranto.db"),
		time: time.Date(2026, 3, 2, 10, 17, 0, 0, time.UTC),
	}
	p.start()
	t.Cleanup(func() { p.store.Close() })
	if err := p.store.UpsertSources(t.Context(), sources, nil); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *planet) now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.time
}

func (p *planet) wait(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.time = p.time.Add(d)
}

func (p *planet) start() {
	p.Helper()
	store, err := bolt.Open(p.path, bolt.Options{Now: p.now})
	if err != nil {
		p.Fatal(err)
	}
	p.store = store
	p.fetch = fetch.New(fetch.Options{
		AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Now: p.now,
		Timeout: patience, HeaderTimeout: patience, IdleTimeout: patience,
	})
	p.agg = aggregate.New(aggregate.Options{Store: store, Clock: p.now, Workers: 8, Fetch: p.fetch})
}

// restart ends the process and begins another.
func (p *planet) restart() {
	p.Helper()
	p.fetch.CloseIdle()
	if err := p.store.Close(); err != nil {
		p.Fatal(err)
	}
	p.start()
}

// pass visits what is due and returns the time until the next.
func (p *planet) pass() time.Duration {
	p.Helper()
	next, err := p.agg.Pass(p.Context(), aggregate.Observer{
		Stored: func(r aggregate.Report) { p.seen = append(p.seen, r) },
	})
	if err != nil {
		p.Fatalf("pass: %v", err)
	}
	return next
}

// live lets time go by, with each visit at its time.
func (p *planet) live(d time.Duration) {
	p.Helper()
	end := p.now().Add(d)
	for {
		next := p.pass()
		if next < 0 || p.now().Add(next).After(end) {
			p.wait(end.Sub(p.now()))
			return
		}
		p.wait(max(next, time.Second))
	}
}

func (p *planet) call(c aggregate.Call) map[coranto.SourceID]aggregate.Report {
	p.Helper()
	reports := make(map[coranto.SourceID]aggregate.Report)
	err := p.agg.Round(p.Context(), c, aggregate.Observer{
		Stored: func(r aggregate.Report) { reports[r.Source] = r },
	})
	if err != nil {
		p.Fatalf("round: %v", err)
	}
	return reports
}

func (p *planet) state(id coranto.SourceID) storage.SourceState {
	p.Helper()
	for rec, err := range p.store.Sources(p.Context(), storage.SourceQuery{IDs: []coranto.SourceID{id}}) {
		if err != nil {
			p.Fatal(err)
		}
		return rec.State
	}
	p.Fatalf("no source %s", id)
	return storage.SourceState{}
}

// until is the time from now to a source's next visit.
func (p *planet) until(id coranto.SourceID) time.Duration {
	p.Helper()
	return p.state(id).Next.Sub(p.now())
}

// desk is an origin that keeps a record of who asked for what.
type desk struct {
	url string
	mu  sync.Mutex
	log []string // paths
}

// newDesk serves what answer writes; each answer has a feed's head before it unless
// it writes a header.
func newDesk(t *testing.T, answer http.HandlerFunc) *desk {
	d := &desk{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		d.log = append(d.log, r.URL.Path)
		d.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	d.url = server.URL
	return d
}

func (d *desk) requests() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.log)
}

// etagged answers as a good origin does: conditionally.
func etagged(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("ETag", `"1"`)
	if r.Header.Get("If-None-Match") != "" {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	fmt.Fprint(w, feedHead, "<item><guid>a</guid><title>A</title></item></channel></rss>")
}

func numbered(n int, url string) []coranto.Source {
	var sources []coranto.Source
	for i := range n {
		sources = append(sources, coranto.Source{
			ID: coranto.SourceID(fmt.Sprint("s", i)), URL: fmt.Sprint(url, "/", i),
		})
	}
	return sources
}
