package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/local"
	"github.com/coranto/coranto/feeds"
)

// S37 While a server runs, it takes down what `coranto unpublish` names: its feeds
// and pages are without it at once.
func TestUnpublishServed(t *testing.T) {
	url, _ := trail(t)
	admin, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	listen, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	o := reader(t, "listen: "+listen+"\nadmin: "+admin+"\nsources:\n  - {id: paper, url: "+url+"}\n")
	o.run(exitOK, "fetch")
	_, errOut, stop := o.start("serve")
	defer stop()
	o.hears(errOut, "serving", 1)
	page := feeds.ItemPath(coranto.NewItemID("paper", "a"))
	shows := func(status int, hello bool) {
		t.Helper()
		if got, _ := o.browse("http://" + listen + page); got != status {
			t.Errorf("page of the item: %d, want %d", got, status)
		}
		for _, path := range []string{"/", "/atom.xml", "/source/paper/feed.json"} {
			if _, body := o.browse("http://" + listen + path); strings.Contains(body, "Hello") != hello {
				t.Errorf("%s shows the item: %v, want %v", path, !hello, hello)
			}
		}
	}
	shows(http.StatusOK, true)
	o.run(exitFailure, "unpublish", "https://example.org/nothing")
	o.run(exitOK, "pin", "https://example.org/a")
	if got := o.run(exitOK, "unpublish", "http://"+listen+page, "--why", "x & y"); !strings.Contains(got, "1 item taken") {
		t.Errorf("unpublish says %q", got)
	}
	shows(http.StatusGone, false)
	if got := o.run(exitOK, "status"); !strings.Contains(got, "1 item taken down") {
		t.Errorf("status says %q", got)
	}
	o.run(exitOK, "republish", "https://example.org/a")
	o.run(exitFailure, "republish", "https://example.org/a")
}

// S37 What is taken down while a server runs stays down while its source, whose document
// changes every time, lists it ten times more: in feeds, archives, pages, sitemap and
// files, and after a restart. Atom tells that it is deleted.
func TestS37StaysDown(t *testing.T) {
	var visits atomic.Int32
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `<feed xmlns="http://www.w3.org/2005/Atom"><title>Paper</title>`+
			`<id>urn:x:paper</id><updated>2026-03-01T10:00:00Z</updated><link href="https://example.org/"/>`)
		for n := range 8 {
			fmt.Fprintf(w, `<entry><id>tag:example.org,2020:%d</id><title>Headline %[1]d</title>`+
				`<link href="https://example.org/%[1]d"/><updated>2026-03-01T1%[1]d:00:00Z</updated>`+
				`<content type="html">Visit %d</content></entry>`, n, visits.Load())
		}
		_, _ = io.WriteString(w, "</feed>")
		visits.Add(1)
	}))
	t.Cleanup(origin.Close)
	listen, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	o := reader(t, "listen: "+listen+"\nadmin: off\nsite: {limit: 2}\nsources:\n"+
		"  - {id: paper, url: "+origin.URL+", categories: [go], republish: excerpt}\n")
	o.run(exitOK, "fetch")
	serve := func() (stop func() int) {
		_, errOut, stop := o.start("serve")
		o.hears(errOut, "serving", 1)
		return stop
	}
	stop := serve()
	home := "http://" + listen
	page := home + feeds.ItemPath(coranto.NewItemID("paper", "tag:example.org,2020:0"))
	shown := []string{"/category/go/archive/1/atom.xml", "/category/go/archive/1/rss.xml",
		"/archive/1/feed.json", "/category/go/", "/source/paper/", "/"}
	o.browse(home + "/category/go/atom.xml") // this and the next make the archives
	o.browse(home + "/atom.xml")
	for _, path := range shown {
		if _, body := o.browse(home + path); !strings.Contains(body, "Headline 0") {
			t.Errorf("%s does not show the item to begin with", path)
		}
	}
	if _, sitemap := o.browse(home + "/sitemap.xml"); !strings.Contains(sitemap, page[len(home):]) {
		t.Error("the sitemap has not the page to begin with")
	}
	o.run(exitOK, "unpublish", "https://example.org/0")
	stop()
	for range 10 {
		o.run(exitOK, "fetch", "--force")
	}
	stop = serve()
	served := func(path string) string {
		_, body := o.browse(home + path)
		return body
	}
	for _, path := range append(shown, "/sitemap.xml", "/atom.xml", "/category/go/atom.xml") {
		body := served(path)
		if strings.Contains(body, "Headline 0") || strings.Contains(body, page[len(home):]) {
			t.Errorf("%s shows the item again", path)
		}
	}
	if got, _ := o.browse(page); got != http.StatusGone {
		t.Errorf("its page: %d, want 410", got)
	}
	const told = `<at:deleted-entry ref="tag:example.org,2020:0"`
	if body := served("/category/go/atom.xml"); !strings.Contains(body, told) {
		t.Errorf("Atom does not tell:\n%s", body)
	}
	stop()
	o.run(exitOK, "build", "--out", o.path("site"))
	for path, text := range (&credited{operator: o}).files("") {
		if strings.Contains(text, "Headline 0") {
			t.Errorf("the file %s has the item", path)
		}
	}
}

// browse asks for an address as a browser does.
func (o *operator) browse(url string) (status int, body string) {
	o.Helper()
	r, err := http.NewRequestWithContext(o.Context(), http.MethodGet, url, nil)
	if err != nil {
		o.Fatal(err)
	}
	res, err := local.Transport().RoundTrip(r)
	if err != nil {
		o.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		o.Fatal(fmt.Errorf("read %s: %w", url, err))
	}
	return res.StatusCode, string(text)
}
