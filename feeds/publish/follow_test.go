package publish_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/format"
	"github.com/coranto/coranto/feeds/publish"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// TestDropsWhatAChangeTouches asks for every document, changes something, and
// sees which documents were made again.
func TestDropsWhatAChangeTouches(t *testing.T) {
	first, second := item("gopher", "go", 1, "One"), item("gopher", "go", 2, "Two")
	paper := item("paper", "news", 3, "Headline")
	edited, refiled := first, first
	edited.Content = "<p>Corrected</p>"
	refiled.Categories = []coranto.Slug{"quiet"}
	lists := []string{"/", "/atom.xml", "/feed.json", "/rss.xml", "/categories/", "/opml.xml",
		"/sitemap.xml", "/sources/"}
	gopher := scopeDocuments("/source/gopher/")
	golang := scopeDocuments("/category/go/")
	pages := []string{
		"/category/news/", "/category/quiet/", "/source/paper/", "/subscribe/",
		feeds.ItemPath(first.ID), feeds.ItemPath(second.ID), feeds.ItemPath(paper.ID),
	}
	tests := []struct {
		name string
		do   func(*press)
		want [][]string // dropped
	}{
		{"nothing", func(p *press) { p.commit(t, first) }, nil},
		{"a new item", func(p *press) { p.commit(t, item("gopher", "go", 9, "Nine")) },
			[][]string{lists, gopher, golang}},
		{"an edited item", func(p *press) { p.commit(t, edited) },
			[][]string{lists, gopher, golang, {feeds.ItemPath(first.ID)}}},
		{
			"a refiled item", func(p *press) { p.commit(t, refiled) },
			[][]string{lists, gopher, golang, scopeDocuments("/category/quiet/"),
				{feeds.ItemPath(first.ID)}},
		},
		{
			"a category nobody named", func(p *press) { p.commit(t, item("gopher", "fresh", 9, "X")) },
			[][]string{lists, gopher, {"/category/go/"}, pages},
		},
		{
			"a source that changed its name", func(p *press) {
				visit := storage.Visit{Source: "paper"}
				visit.State.Feed.Rights = "All rights reserved"
				p.visit(t, visit)
			},
			[][]string{lists, scopeDocuments("/source/paper/"), scopeDocuments("/category/news/"),
				{feeds.ItemPath(paper.ID)}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPress(t)
			p.commit(t, first, second)
			p.commit(t, paper)
			p.follow(t)
			before := p.all(t)
			tt.do(p)
			var dropped []string
			for path, edition := range before {
				if p.get(t, path) != edition {
					dropped = append(dropped, path)
				}
			}
			slices.Sort(dropped)
			want := slices.Concat(tt.want...)
			slices.Sort(want)
			if want = slices.Compact(want); !slices.Equal(dropped, want) {
				t.Errorf("dropped %q\nwant %q", dropped, want)
			}
		})
	}
}

// scopeDocuments are the page and the feeds below a path.
func scopeDocuments(path string) []string {
	paths := []string{path}
	for _, f := range format.All() {
		paths = append(paths, path+f.File)
	}
	return paths
}

// all makes every document.
func (p *press) all(t *testing.T) map[string]*publish.Edition {
	t.Helper()
	made := make(map[string]*publish.Edition)
	for path, err := range p.Paths(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		made[path] = p.get(t, path)
	}
	return made
}

// TestCommitThenGet has readers all the time, and after each commit asks for
// what it must have changed.
func TestCommitThenGet(t *testing.T) {
	p := newPress(t)
	p.follow(t)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for _, path := range []string{"/", "/category/go/atom.xml", "/category/go/",
		"/source/gopher/rss.xml"} {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := p.Get(context.Background(), path); err != nil {
					t.Errorf("Get(%s): %v", path, err)
					return
				}
			}
		})
	}
	for n := range 20 {
		title := fmt.Sprintf("Post number %d.", n)
		p.commit(t, item("gopher", "go", n, title))
		for _, path := range []string{"/category/go/atom.xml", "/", "/source/gopher/rss.xml"} {
			if !strings.Contains(string(p.get(t, path).Body), title) {
				t.Errorf("%s does not show item %d after its commit", path, n)
			}
		}
	}
	close(stop)
	readers.Wait()
}

// TestMadeBeforeTheChange commits while a document is being made from what was
// read before: it is given to who asked before the commit, and to nobody else.
func TestMadeBeforeTheChange(t *testing.T) {
	p := newPress(t)
	read, goOn := make(chan struct{}), make(chan struct{})
	var slow atomic.Bool
	slow.Store(true)
	p.Publisher = newPublisher(t, p.store, p.reader,
		func(ctx context.Context, path string) (*feeds.Document, error) {
			list, err := p.reader.List(ctx, feeds.Scope{}, coranto.ItemID{}, 0)
			if err != nil {
				return nil, err
			}
			if slow.CompareAndSwap(true, false) {
				close(read)
				<-goOn
			}
			return &feeds.Document{Path: path, Body: fmt.Append(nil, len(list.Entries))}, nil
		})
	p.follow(t)
	early := make(chan string)
	go func() {
		e, err := p.Get(context.Background(), "/")
		if err != nil {
			t.Error(err)
		}
		early <- string(e.Body)
	}()
	<-read
	p.commit(t, item("gopher", "go", 1, "One"))
	if got := string(p.get(t, "/").Body); got != "1" {
		t.Errorf("after the commit the page shows %s items, want 1", got)
	}
	close(goOn)
	if got := <-early; got != "0" {
		t.Errorf("who asked before the commit got %s items, want 0", got)
	}
	if got := string(p.get(t, "/").Body); got != "1" {
		t.Errorf("then the page shows %s items, want 1", got)
	}
}

// TestS12 makes the making fail.
func TestS12LastGoodCopy(t *testing.T) {
	p := newPress(t)
	var broken atomic.Bool
	var log bytes.Buffer
	p.Publisher = publish.New(publish.Options{
		Store: p.store, Reader: p.reader,
		Logger: slog.New(slog.NewTextHandler(&log, nil)),
		Pages: func(_ context.Context, path string) (*feeds.Document, error) {
			if broken.Load() {
				return nil, errors.New("no ink")
			}
			return &feeds.Document{Path: path, Body: []byte("good")}, nil
		},
	})
	p.follow(t)
	p.get(t, "/")
	broken.Store(true)
	p.commit(t, item("gopher", "go", 1, "One"))
	for range 3 {
		if got := string(p.get(t, "/").Body); got != "good" {
			t.Errorf("body = %q, want the last good one", got)
		}
	}
	if got := strings.Count(log.String(), "no ink"); got != 1 {
		t.Errorf("logged %d times, want once:\n%s", got, log.String())
	}
	if _, err := p.Get(t.Context(), "/category/go/"); err == nil || errors.Is(err, feeds.ErrNotFound) {
		t.Errorf("error without an earlier copy = %v, want the cause", err)
	}
	broken.Store(false)
	if e := p.get(t, "/"); e != p.get(t, "/") {
		t.Error("a good copy is not kept after a bad time")
	}
}

func TestForgottenChangesDropEverything(t *testing.T) {
	p := newPress(t)
	path := filepath.Join(t.TempDir(), "short.db")
	store, err := bolt.Open(path, bolt.Options{MaxLog: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	sources := []coranto.Source{{ID: "gopher", URL: "https://gopher.example/"}}
	if err := store.UpsertSources(t.Context(), sources, nil); err != nil {
		t.Fatal(err)
	}
	p.store, p.reader = store, feeds.NewReader(store, p.Site())
	p.Publisher = newPublisher(t, store, p.reader, nil)
	before := p.all(t)
	for n := range 20 {
		p.commit(t, item("gopher", "go", n, "Post"))
	}
	if err := p.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	for path, edition := range before {
		if p.get(t, path) == edition {
			t.Errorf("%s was kept", path)
		}
	}
}

func TestCacheIsBounded(t *testing.T) {
	p := newPress(t)
	made := make(map[string]int)
	p.Publisher = publish.New(publish.Options{
		Store: p.store, Reader: p.reader, MaxBytes: 100_000,
		Pages: func(_ context.Context, path string) (*feeds.Document, error) {
			made[path]++
			return &feeds.Document{Path: path, Body: make([]byte, 10_000)}, nil
		},
	})
	for n := range 100 {
		p.get(t, fmt.Sprintf("/item/%d/", n))
		p.get(t, "/")
	}
	p.get(t, "/item/99/")
	p.get(t, "/item/0/")
	if made["/"] != 1 || made["/item/99/"] != 1 || made["/item/0/"] != 2 {
		t.Errorf("made / %d times, the newest %d times, the oldest %d times; want 1, 1, 2",
			made["/"], made["/item/99/"], made["/item/0/"])
	}
}

func TestMakerThatPanics(t *testing.T) {
	p := newPress(t)
	calm := false
	p.Publisher = newPublisher(t, p.store, p.reader,
		func(_ context.Context, path string) (*feeds.Document, error) {
			if !calm {
				calm = true
				panic("maker")
			}
			return &feeds.Document{Path: path}, nil
		})
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_, _ = p.Get(t.Context(), "/")
	}()
	p.get(t, "/")
}
