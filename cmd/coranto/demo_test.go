package main

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/cmd/coranto/demo"
	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/internal/farm"
)

// TestDemo runs the demonstration as a person would who has nothing but the
// program.
func TestDemo(t *testing.T) {
	began := time.Now()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int)
	var out, errOut transcript
	go func() {
		ended <- run(ctx, []string{"demo", "--listen", "127.0.0.1:0"},
			term.Output{Writer: &out}, term.Output{Writer: &errOut})
	}()
	defer func() {
		stop()
		if code := <-ended; code != exitOK {
			t.Errorf("demo: exit code %d, want %d\n%s", code, exitOK, errOut.String())
		}
	}()
	o := &operator{t, t.TempDir()}
	home := o.awaitHome(&out)
	if page := o.await(home, `href="/item/`); !strings.Contains(page, `href="/source/paper-`) {
		t.Errorf("the home page credits no paper:\n%.2000s", page)
	}
	path := "category/science/atom.xml"
	items := parseFeed(t, path, []byte(o.await(home+path, "<entry")))
	if len(items) == 0 {
		t.Fatal("the science feed has no items")
	}
	for _, it := range items {
		if _, credit := textOf(it.HTML); credit == "" || it.SourceTitle == "" {
			t.Errorf("%q is credited to %q, visibly %q, want both", it.Title, it.SourceTitle, credit)
		}
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("the first items were there after %v, want at most 10s", took)
	}
}

// awaitHome waits until the demonstration has told where its home page is.
func (o *operator) awaitHome(out *transcript) string {
	o.Helper()
	address := regexp.MustCompile(`(?m)^ +(http://\S+/)$`)
	deadline := time.Now().Add(20 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		if found := address.FindStringSubmatch(out.String()); found != nil {
			return found[1]
		}
		if time.Now().After(deadline) {
			break
		}
	}
	o.Fatalf("the demonstration told no address: %s", out.String())
	return ""
}

// TestDemoNews has a paper print something new and waits until readers see it.
func TestDemoNews(t *testing.T) {
	if testing.Short() {
		t.Skip("a visit takes seconds to come round")
	}
	papers := plant(t, farm.DemoConfig(time.Now()))
	ctx, stop := context.WithCancel(t.Context())
	o := &operator{t, t.TempDir()}
	var errOut transcript
	d, err := o.session(ctx, &errOut).newDaemon(demo.Config(papers, o.dir, "127.0.0.1:0", "en"))
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() { ended <- d.serve() }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	home := "http://" + d.public.Addr().String() + "/"
	for i := range papers.Len() { // all have been visited, so what follows is a second visit
		page := home + "source/" + string(d.config.Sources[i].ID) + "/"
		o.await(page, html.EscapeString(papers.Window(i)[0].Title))
	}
	began := time.Now()
	i, item := papers.AdvanceOne(began)
	id := d.config.Sources[i].ID
	if err := d.store.DueNow(ctx, []coranto.SourceID{id}); err != nil {
		t.Fatal(err)
	}
	page := o.await(home, html.EscapeString(item.Title))
	text, problem := readPage(page)
	want := strings.Join(strings.Fields(item.Title), "")
	if problem != "" || !strings.Contains(text, want) {
		t.Errorf("home page: %s; want %q in it", problem, item.Title)
	}
	slug := string(d.config.Sources[i].Categories[0])
	for _, file := range feedFiles() {
		path := "category/" + slug + "/" + file
		body := o.await(home+path, item.URL)
		newest := parseFeed(t, path, []byte(body))[0]
		if newest.Title != item.Title || !strings.Contains(newest.HTML, "credit") {
			t.Errorf("%s begins with %q, want %q with credit", path, newest.Title, item.Title)
		}
	}
	t.Logf("seen by readers after %v", time.Since(began).Round(time.Millisecond))
}
