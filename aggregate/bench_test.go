//go:build unix

package aggregate_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// BenchmarkRound compares rounds over a farm of 2,000 feeds on 400 hosts with
// programs that make the same requests, host by host and as many at a time, and
// do less with the answers. All figures are CPU time of this process, user and
// system, in one run; the farm is a process of its own and not counted.
//
// Cold, everything is new. Round fetches, parses, normalizes, sanitizes, files
// and stores. "bare" gets and decodes the same bodies and drops them; "gofeed"
// is what parsing each with gofeed adds to that.
//
//	cold/gofeed   the round ÷ gofeed
//	work/gofeed   (the round − bare) ÷ gofeed: what is done with the bodies; at most 2.5
//	cold/naive    the round ÷ (bare + gofeed): a program that fetches and parses
//
// The garbage collector runs on the terms that the program sets for itself, for
// all sides alike.
//
// Warm, everything answers 304 over connections that both sides have kept. The
// sides take turns.
//
//	warm/bare     the rounds ÷ the same conditional requests; at most 2
func BenchmarkRound(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	sources := plantedOutside(b, 2000, 400)
	for b.Loop() {
		naive := newBareClient(sources)
		parsed := naive.round(b, http.StatusOK, func(body []byte) error {
			_, err := gofeed.NewParser().Parse(bytes.NewReader(body))
			return err
		})
		naive.close()
		bare := newBareClient(sources)
		got := bare.round(b, http.StatusOK, func([]byte) error { return nil })
		agg := newBenchAggregator(b, sources)
		cold := benchRound(b, agg, storage.OutcomeNew, len(sources))
		reportCold(b, len(sources), cold, got, parsed-got)

		const rounds = 10
		var warm, asked time.Duration
		for range rounds {
			warm += benchRound(b, agg, storage.OutcomeNotModified, len(sources))
			asked += bare.round(b, http.StatusNotModified, nil)
		}
		bare.close()
		b.ReportMetric(perFeed(warm, rounds*len(sources)), "warm-µs/feed")
		b.ReportMetric(perFeed(asked, rounds*len(sources)), "warm-bare-µs/feed")
		b.ReportMetric(float64(warm)/float64(asked), "warm/bare")
	}
}

func reportCold(b *testing.B, feeds int, cold, bare, gofeed time.Duration) {
	b.Helper()
	b.ReportMetric(perFeed(cold, feeds), "cold-µs/feed")
	b.ReportMetric(perFeed(bare, feeds), "bare-µs/feed")
	b.ReportMetric(perFeed(gofeed, feeds), "gofeed-µs/feed")
	b.ReportMetric(float64(cold)/float64(gofeed), "cold/gofeed")
	b.ReportMetric(float64(cold-bare)/float64(gofeed), "work/gofeed")
	b.ReportMetric(float64(cold)/float64(bare+gofeed), "cold/naive")
}

func perFeed(took time.Duration, feeds int) float64 {
	return float64(took.Microseconds()) / float64(feeds)
}

// newBenchAggregator reads the sources into a new store. A few categories have
// words, so that the text of every item is looked through.
func newBenchAggregator(b *testing.B, sources []coranto.Source) *aggregate.Aggregator {
	b.Helper()
	store, err := bolt.Open(filepath.Join(b.TempDir(), "coranto.db"), bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { store.Close() })
	if err := store.UpsertSources(b.Context(), sources, nil); err != nil {
		b.Fatal(err)
	}
	client := loopbackClient(0)
	b.Cleanup(client.CloseIdle)
	return aggregate.New(aggregate.Options{Store: store, Fetch: client, Categories: []coranto.Category{
		{Slug: "space", Include: []string{"orbit", "lunar lander", "telescope"}},
		{Slug: "games", Include: []string{"chess", "围棋"}, Exclude: []string{"casino"}},
		{Slug: "rivers", Include: []string{"river", "flood"}},
	}})
}

// benchRound is the CPU time of one round, all of whose visits end alike.
func benchRound(
	b *testing.B, agg *aggregate.Aggregator, want storage.Outcome, visits int,
) time.Duration {
	b.Helper()
	seen := 0
	took := measure(b, func() error {
		return agg.Round(b.Context(), aggregate.Call{Force: true}, aggregate.Observer{Stored: func(r aggregate.Report) {
			if r.Outcome != want {
				b.Errorf("source %s: %s, %v, want %s", r.Source, r.Outcome, r.Err, want)
			}
			seen++
		}})
	})
	if seen != visits {
		b.Fatalf("%d visits were reported, want %d", seen, visits)
	}
	return took
}

// measure is the CPU time that do costs this process.
func measure(b *testing.B, do func() error) time.Duration {
	b.Helper()
	runtime.GC() // what others left is not for do to sweep
	before := cpuTime(b)
	if err := do(); err != nil {
		b.Fatal(err)
	}
	return cpuTime(b) - before
}

func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// bareClient makes the requests of a round with net/http alone.
type bareClient struct {
	http  *http.Client
	lanes [][]*bareSource
}

type bareSource struct{ url, etag, modified string }

func newBareClient(sources []coranto.Source) *bareClient {
	c := &bareClient{http: &http.Client{Transport: &http.Transport{MaxIdleConns: 512}}}
	lanes := make(map[string]int)
	for _, src := range sources {
		u, err := url.Parse(src.URL)
		if err != nil {
			continue // the count of answers will tell
		}
		i, ok := lanes[u.Host]
		if !ok {
			i = len(c.lanes)
			lanes[u.Host] = i
			c.lanes = append(c.lanes, nil)
		}
		c.lanes[i] = append(c.lanes[i], &bareSource{url: src.URL})
	}
	return c
}

func (c *bareClient) close() { c.http.CloseIdleConnections() }

// round is the CPU time of asking for every source once, host by host, 64 at a
// time. Each body that comes is handed to eat.
func (c *bareClient) round(b *testing.B, want int, eat func([]byte) error) time.Duration {
	b.Helper()
	return measure(b, func() error {
		lanes := make(chan []*bareSource)
		var workers sync.WaitGroup
		for range 64 {
			workers.Go(func() {
				for lane := range lanes {
					for _, src := range lane {
						if err := c.get(b.Context(), src, want, eat); err != nil {
							b.Error(err)
						}
					}
				}
			})
		}
		for _, lane := range c.lanes {
			lanes <- lane
		}
		close(lanes)
		workers.Wait()
		return nil
	})
}

func (c *bareClient) get(
	ctx context.Context, src *bareSource, want int, eat func([]byte) error,
) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, src.url, nil)
	if err != nil {
		return err
	}
	req.Header.Set("User-Agent", "bare")
	if src.etag != "" {
		req.Header.Set("If-None-Match", src.etag)
	}
	if src.modified != "" {
		req.Header.Set("If-Modified-Since", src.modified)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != want {
		return fmt.Errorf("get %s: %s, want %d", src.url, res.Status, want)
	}
	src.etag, src.modified = res.Header.Get("Etag"), res.Header.Get("Last-Modified")
	if eat == nil {
		return nil
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	return eat(body)
}

// plantedOutside is a farm in a process of its own, with a source for each of
// its feeds.
func plantedOutside(b *testing.B, feeds, hosts int) []coranto.Source {
	b.Helper()
	command := filepath.Join(b.TempDir(), "feedfarm")
	build := exec.CommandContext(b.Context(), "go", "build", "-o", command,
		"../internal/farm/cmd/feedfarm")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build the farm: %v\n%s", err, out)
	}
	admin := freeAddress(b)
	farm := exec.Command(command, "-admin", admin, "-port", "0",
		"-feeds", fmt.Sprint(feeds), "-hosts", fmt.Sprint(hosts))
	out, err := farm.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := farm.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = farm.Process.Kill()
		_ = farm.Wait() // reports the kill
	})
	if ready, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		b.Fatalf("farm: %q, %v", ready, err)
	}
	return plantedSources(b, "http://"+admin+"/tsv")
}

func freeAddress(b *testing.B) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// plantedSources reads the list of a farm: number, category, feed and site.
func plantedSources(b *testing.B, list string) []coranto.Source {
	b.Helper()
	res, err := http.Get(list)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	var sources []coranto.Source
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		sources = append(sources, coranto.Source{
			ID:         farmID(len(sources)),
			URL:        fields[2],
			Categories: []coranto.Slug{coranto.Slug("cat" + fields[1])},
		})
	}
	if err := lines.Err(); err != nil {
		b.Fatal(err)
	}
	return sources
}
