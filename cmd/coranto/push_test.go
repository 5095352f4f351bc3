package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/show"
)

func TestCallback(t *testing.T) {
	tests := []struct {
		url  string
		off  bool
		want string
	}{
		{"https://news.example.org/", false, "https://news.example.org/websub/"},
		{"http://news.example.org/planet", false, "http://news.example.org/planet/websub/"},
		{"https://news.example.org/", true, ""},
		{"http://localhost:8080/", false, ""},
		{"http://a.localhost/", false, ""},
		{"http://127.0.0.1/", false, ""},
		{"http://[::1]/", false, ""},
		{"http://192.168.1.2/", false, ""},
		{"http://8.8.8.8:8080/", false, "http://8.8.8.8:8080/websub/"},
		{"http://intranet/", false, ""},
		{"", false, ""},
	}
	for _, tt := range tests {
		c := config.Default()
		c.Site.URL = tt.url
		c.Fetch.Push = c.Fetch.Push && !tt.off
		if got := callback(c); got != tt.want {
			t.Errorf("S50 callback of %q (off %v) = %q, want %q", tt.url, tt.off, got, tt.want)
		}
	}
}

// S50: a server subscribes at the hub that a feed names, answers at the site's
// address, and the operator sees the lease but no secret.
func TestServeSubscribes(t *testing.T) {
	t.Parallel()
	listen, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	verified := make(chan int, 1)
	hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		callback, err := url.Parse(r.FormValue("hub.callback"))
		if err != nil || callback.Host != "news.example.org" {
			t.Errorf("callback %v, want one at the site", callback)
			return
		}
		callback.Host = listen
		callback.RawQuery = url.Values{
			"hub.mode": {"subscribe"}, "hub.topic": {r.FormValue("hub.topic")},
			"hub.challenge": {"c"}, "hub.lease_seconds": {"86400"},
		}.Encode()
		res, err := http.Get(callback.String())
		if err != nil {
			t.Error(err)
			return
		}
		res.Body.Close()
		verified <- res.StatusCode
		w.WriteHeader(http.StatusAccepted)
	}))
	t.Cleanup(hub.Close)
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "<"+hub.URL+">; rel=hub")
		_, _ = w.Write([]byte(paper))
	}))
	t.Cleanup(origin.Close)
	o := reader(t, "admin: off\nlisten: "+listen+"\nsite: {url: \"http://news.example.org/planet/\"}\n"+
		"sources:\n  - {id: paper, url: \""+origin.URL+"\"}\n")
	o.run(0, "fetch")
	_, _, stop := o.start("serve")
	if status := <-verified; status != http.StatusOK {
		t.Errorf("verification answered with %d, want 200", status)
	}
	stop()
	out := o.run(0, "status", "--json")
	var got show.Status
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if p := got.Sources[0].Push; p == nil || p.Hub != hub.URL || p.Until.IsZero() {
		t.Errorf("push %+v, want a lease of %s", p, hub.URL)
	}
	if strings.Contains(out, "websub/paper") {
		t.Errorf("status shows the callback: %s", out)
	}
}
