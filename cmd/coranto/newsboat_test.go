package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/coranto/coranto/cmd/coranto/demo"
	"github.com/coranto/coranto/internal/farm"
	"github.com/coranto/coranto/storage"
)

// TestNewsboat subscribes a reader that many people use to the feeds of the
// demonstration: every item arrives with its title, and a second look brings none.
func TestNewsboat(t *testing.T) {
	for _, name := range []string{"newsboat", "sqlite3"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("no %s here: apt-get install newsboat sqlite3", name)
		}
	}
	t.Parallel()
	papers := plant(t, farm.DemoConfig(time.Now()))
	home := serveDemo(t, papers)
	// newsboat knows items by their ids alone, so that no item may come twice.
	for _, paths := range [][]string{
		{"category/science/rss.xml", "category/keji/atom.xml"},
		{"category/science/atom.xml", "category/keji/rss.xml"},
	} {
		checkBoat(t, papers, home, paths)
	}
}

func checkBoat(t *testing.T, papers *farm.Farm, home string, paths []string) {
	t.Helper()
	o := &operator{t, t.TempDir()}
	b := boat{o.dir}
	want := make(map[string][]string)
	for _, path := range paths {
		doc := ""
		for _, title := range newestTitles(papers, path) {
			doc = o.await(home+path, html.EscapeString(title))
		}
		for _, it := range parseFeed(t, path, []byte(doc)) {
			want[home+path] = append(want[home+path], fold(it.Title))
		}
		slices.Sort(want[home+path])
	}
	urls := slices.Collect(maps.Keys(want))
	b.reload(t, urls...)
	total := 0
	for _, url := range urls {
		got := b.titles(t, url)
		if total += len(got); len(got) < 20 || !slices.Equal(got, want[url]) {
			t.Errorf("%s: newsboat has %q, want %q", url, got, want[url])
		}
	}
	b.reload(t, urls...)
	if got := len(b.titles(t, "")); got != total {
		t.Errorf("after a second look newsboat has %d items, want %d still", got, total)
	}
}

// newestTitles are those of the newest item of each paper of a feed: once it has them
// all, it stays as it is.
func newestTitles(papers *farm.Farm, path string) []string {
	var titles []string
	for i := range papers.Len() {
		if strings.Contains(path, "/"+farmCategory(papers, i)+"/") {
			titles = append(titles, papers.Window(i)[0].Title)
		}
	}
	return titles
}

// serveDemo serves the papers until the test ends, and returns its home page.
func serveDemo(t *testing.T, papers *farm.Farm) (home string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	o := &operator{t, t.TempDir()}
	d, err := o.session(ctx, &transcript{}).newDaemon(demo.Config(papers, o.dir, "127.0.0.1:0", "en"))
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- d.serve() }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	awaitItems(t, d.store, papers)
	return "http://" + d.public.Addr().String() + "/"
}

// awaitItems waits until a store has something of every paper, so that what is published
// stays as it is. A visit is stored as a whole.
func awaitItems(t *testing.T, store storage.Store, papers *farm.Farm) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); ; <-tick.C {
		stats, err := store.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		for i := range papers.Len() {
			want += len(papers.Window(i))
		}
		if stats.Items >= want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d items after a minute, want %d", stats.Items, want)
		}
	}
}

// boat is a newsboat that keeps its things in a directory of its own.
type boat struct{ dir string }

// reload looks at the feeds.
func (b boat) reload(t *testing.T, urls ...string) {
	t.Helper()
	list := filepath.Join(b.dir, "urls")
	if err := os.WriteFile(list, []byte(strings.Join(urls, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "newsboat", "-u", list, "-c", b.cache(),
		"-C", os.DevNull, "-x", "reload")
	cmd.Env = append(os.Environ(), "HOME="+b.dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("newsboat: %v\n%s", err, out)
	}
}

func (b boat) cache() string { return filepath.Join(b.dir, "cache.db") }

// titles are those of the items of a feed, or of all when url is "", sorted.
func (b boat) titles(t *testing.T, url string) []string {
	t.Helper()
	query := "select replace(title, char(10), ' ') from rss_item"
	if url != "" {
		query += fmt.Sprintf(" where feedurl = '%s'", url)
	}
	out, err := exec.CommandContext(t.Context(), "sqlite3", b.cache(), query).CombinedOutput()
	if err != nil {
		t.Fatalf("sqlite3: %v\n%s", err, out)
	}
	var titles []string
	for line := range strings.Lines(string(out)) {
		titles = append(titles, fold(line))
	}
	slices.Sort(titles)
	return titles
}
