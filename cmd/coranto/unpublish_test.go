package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
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
