package main

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/show"
)

// growing is an origin whose feed has as many items as was said last.
func growing(t *testing.T) (address string, items *atomic.Int32) {
	t.Helper()
	items = new(atomic.Int32)
	items.Store(1)
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<rss version="2.0"><channel><title>Paper</title><link>https://example.org/</link>`)
		for n := range items.Load() {
			fmt.Fprintf(w, `<item><guid isPermaLink="false">g%d</guid><title>Post %d</title>`+
				`<link>https://example.org/%d</link><description>text</description></item>`, n, n, n)
		}
		fmt.Fprint(w, `</channel></rss>`)
	}))
	t.Cleanup(origin.Close)
	return origin.URL, items
}

// relay stands at the address of a server, as the operator's proxy would, and sends the
// hub's callbacks to where the subscriber really listens.
func relay(t *testing.T, server, subscriber string) *httptest.Server {
	t.Helper()
	forward := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: server})
	front := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			form, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			old, listen := url.QueryEscape("//subscriber.example.org/"), url.QueryEscape("//"+subscriber+"/")
			text := strings.ReplaceAll(string(form), old, listen)
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
			r.Header.Del("Content-Length")
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	return front
}

// process runs the program as a process of its own. kill ends it as a power cut would.
func (o *operator) process(args ...string) (kill func()) {
	o.Helper()
	cmd := exec.Command("coranto", append([]string{"--config", o.path(config.DefaultName)}, args...)...)
	var said transcript
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		o.Fatal(err)
	}
	kill = sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if o.Failed() {
			o.Logf("%v said:\n%s", args, said.String())
		}
	})
	o.Cleanup(kill)
	return kill
}

// S47, S48, S49: one process publishes with a hub, another subscribes to it and has each
// new item within a second, without asking for it; also one that was stored while the
// publisher was dead.
func TestServerToServer(t *testing.T) {
	t.Parallel()
	origin, items := growing(t)
	publisher, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	subscriber, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	front := relay(t, publisher, subscriber)
	site := front.URL + "/"
	a := reader(t, "admin: off\nlisten: "+publisher+"\nsite: {url: \""+site+"\"}\n"+
		"hub: {enabled: true, allow_networks: [127.0.0.0/8]}\n"+
		"sources:\n  - {id: paper, url: \""+origin+"\", categories: [go]}\n")
	killA := a.process("serve")
	a.await("http://"+publisher+"/category/go/atom.xml", "Post 0")

	b := reader(t, "admin: off\nlisten: "+subscriber+"\nsite: {url: \"http://subscriber.example.org/\"}\n"+
		"sources:\n  - {id: planet, url: \""+site+"category/go/atom.xml\", ca: ca.pem}\n")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: front.Certificate().Raw})
	if err := os.WriteFile(b.path("ca.pem"), certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	b.run(exitOK, "fetch")
	b.process("serve")
	b.await("http://"+subscriber+"/feed.json", "Post 0")
	a.awaitSubscribers(1)

	items.Store(2)
	began := time.Now() // the visit to the origin is in it
	a.run(exitOK, "fetch", "--force")
	b.await("http://"+subscriber+"/feed.json", "Post 1")
	if took := time.Since(began); took >= time.Second && !hurried() {
		t.Errorf("S49 the subscriber shows a new item after %v, want less than 1s", took)
	} else {
		t.Logf("S49 the subscriber shows a new item after %v", took)
	}

	killA()
	items.Store(3)
	a.run(exitOK, "fetch", "--force")
	a.process("serve")
	b.await("http://"+subscriber+"/feed.json", "Post 2")
	a.awaitSubscribers(1)
}

// awaitSubscribers waits until the status tells of so many.
func (o *operator) awaitSubscribers(n int) {
	o.Helper()
	deadline := time.Now().Add(20 * time.Second)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	var got show.Status
	for range tick.C {
		if err := json.Unmarshal([]byte(o.run(exitOK, "status", "--json")), &got); err != nil {
			o.Fatal(err)
		}
		if got.Hub != nil && got.Hub.Subscriptions == n {
			return
		}
		if time.Now().After(deadline) {
			o.Fatalf("hub %+v, want %d subscribers", got.Hub, n)
		}
	}
}

// S47: a hub elsewhere is told of what changed, after the new bytes are there.
func TestServerPings(t *testing.T) {
	t.Parallel()
	origin, items := growing(t)
	listen, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	told := make(chan string, 100)
	hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.PostFormValue("hub.mode") != "publish" {
			t.Errorf("hub.mode %q, want publish", r.PostFormValue("hub.mode"))
		}
		res, err := http.Get(r.PostFormValue("hub.url"))
		if err != nil {
			t.Error(err)
			return
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Error(err)
		}
		if strings.Contains(string(body), "Post 1") {
			told <- r.PostFormValue("hub.url")
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(hub.Close)
	o := reader(t, "admin: off\nlisten: "+listen+"\nhub: {ping: [\""+hub.URL+"\"]}\n"+
		"sources:\n  - {id: paper, url: \""+origin+"\", categories: [go]}\n")
	o.run(exitOK, "fetch")
	_, _, stop := o.start("serve")
	site := "http://" + listen + "/"
	page := o.await(site+"category/go/atom.xml", "Post 0")
	if res, err := http.Get(site + "atom.xml"); err != nil {
		t.Error(err)
	} else if res.Body.Close(); !strings.Contains(strings.Join(res.Header["Link"], ","), "<"+hub.URL+`>; rel="hub"`) {
		t.Errorf("S10 Link %q, want the hub; %d bytes", res.Header["Link"], len(page))
	}
	items.Store(2)
	o.run(exitOK, "fetch", "--force")
	want := map[string]bool{}
	for _, scope := range []string{"", "category/go/", "source/paper/"} {
		for _, file := range []string{"rss.xml", "atom.xml", "feed.json"} {
			want[site+scope+file] = true
		}
	}
	for len(want) > 0 {
		select {
		case topic := <-told:
			if !want[topic] {
				t.Errorf("told of %s, twice or without reason", topic)
			}
			delete(want, topic)
		case <-time.After(20 * time.Second):
			t.Fatalf("not told of %v", want)
		}
	}
	stop()
}

// A site that only this machine can reach has no hub, unless the file says so.
func TestHubIsOnWhereItCanBeReached(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file   string
		status int
		link   string
	}{
		{"", http.StatusMethodNotAllowed, ""},
		{"site: {url: \"https://news.example.org/planet/\"}\n", http.StatusUnsupportedMediaType,
			`<https://news.example.org/planet/hub>; rel="hub"`},
		{"site: {url: \"https://news.example.org/\"}\nhub: {enabled: false}\n", http.StatusMethodNotAllowed, ""},
		{"hub: {enabled: true}\n", http.StatusUnsupportedMediaType, `/hub>; rel="hub"`},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			listen, err := freePort()
			if err != nil {
				t.Fatal(err)
			}
			o := reader(t, "admin: off\nlisten: "+listen+"\n"+tt.file)
			_, _, stop := o.start("serve")
			defer stop()
			o.await("http://"+listen+"/atom.xml", "<feed")
			res, err := http.Post("http://"+listen+"/hub", "text/plain", strings.NewReader("x"))
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != tt.status {
				t.Errorf("S48 POST /hub answered %d, want %d", res.StatusCode, tt.status)
			}
			res, err = http.Get("http://" + listen + "/atom.xml")
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			links := strings.Join(res.Header["Link"], ", ")
			if tt.link == "" && strings.Contains(links, "rel=\"hub\"") || !strings.Contains(links, tt.link) {
				t.Errorf("S10 Link %s, want %q", links, tt.link)
			}
		})
	}
}
