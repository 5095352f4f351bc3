package push_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto/aggregate/parse"
	"github.com/coranto/coranto/aggregate/push"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

const day = 24 * time.Hour

func TestDiscover(t *testing.T) {
	const address = "https://o.example/feed"
	links := func(self string) []parse.Link { return []parse.Link{{Rel: "self", Href: self}} }
	tests := []struct {
		name   string
		header []string
		feed   parse.Feed
		hubs   string
		topic  string
	}{
		{"nothing", nil, parse.Feed{Links: links(address)}, "", ""},
		{"the document", nil, parse.Feed{Hubs: []string{"https://h.example/"}, Links: links("https://o.example/self")},
			"https://h.example/", "https://o.example/self"},
		{"the header first", []string{`<https://h1.example/>; rel="hub"`, `</x>; rel=self`},
			parse.Feed{Hubs: []string{"https://h2.example/"}, Links: links("https://o.example/self")},
			"https://h1.example/ https://h2.example/", "https://o.example/x"},
		{"https before http", nil, parse.Feed{Hubs: []string{"http://h1.example/", "https://h2.example/"}},
			"https://h2.example/ http://h1.example/", address},
		{"each hub once", []string{`<https://h.example/>; rel="hub"`}, parse.Feed{Hubs: []string{"https://h.example/"}},
			"https://h.example/", address},
		{"no web address", []string{`<mailto:a@h.example>; rel=hub`}, parse.Feed{Hubs: []string{"javascript:1"}}, "", ""},
		{"four at most", nil, parse.Feed{Hubs: strings.Fields("http://a/ http://b/ http://c/ http://d/ http://e/")},
			"http://a/ http://b/ http://c/ http://d/", address},
	}
	for _, tt := range tests {
		t.Run("S50 "+tt.name, func(t *testing.T) {
			got := push.Discover(push.Document{Link: tt.header, URL: address, Feed: &tt.feed})
			if hubs := strings.Join(got.Hubs, " "); hubs != tt.hubs || got.Topic != tt.topic {
				t.Errorf("offer %q of %q, want %q of %q", hubs, got.Topic, tt.hubs, tt.topic)
			}
		})
	}
}

func TestDiscoverPage(t *testing.T) {
	tests := []struct {
		name, header, page string
		hubs, topic        string
	}{
		{"the head", "", `<link rel=hub href="/hub"><link rel="self" href="/x">`, "https://o.example/hub", "https://o.example/x"},
		{"its base", "", `<base href="https://b.example/y/"><link rel="HUB canonical" href=hub>`,
			"https://b.example/y/hub", "https://o.example/page"},
		{"the header first", `<https://h1.example/>; rel=hub, </self>; rel=self`,
			`<link rel=hub href="https://h2.example/"><link rel=self href="/x">`,
			"https://h1.example/ https://h2.example/", "https://o.example/self"},
		{"not the body", "", `<title>t</title></head><body><link rel=hub href="https://evil.example/">`, "", ""},
		{"not a body without a tag", "", `<p><link rel=hub href="https://evil.example/">`, "", ""},
		{"not what is for others", "", `<template><link rel=hub href="/t"></template><noscript><link rel=hub href="/n"></noscript>`, "", ""},
		{"not a script", "", `<script>"<link rel=hub href='/s'>"</script>`, "", ""},
		{"no page", "", "", "", ""},
	}
	for _, tt := range tests {
		t.Run("S50 "+tt.name, func(t *testing.T) {
			doc := push.Document{URL: "https://o.example/page", Page: []byte("<!doctype html><html><head>" + tt.page)}
			if tt.header != "" {
				doc.Link = []string{tt.header}
			}
			got := push.Discover(doc)
			if hubs := strings.Join(got.Hubs, " "); hubs != tt.hubs || got.Topic != tt.topic {
				t.Errorf("offer %q of %q, want %q of %q", hubs, got.Topic, tt.hubs, tt.topic)
			}
		})
	}
}

func TestSubscribe(t *testing.T) {
	for _, tls := range []bool{true, false} {
		t.Run(fmt.Sprintf("S50 subscribes to self, a secret over https only (%v)", tls), func(t *testing.T) {
			w := subscribed(t, tls)
			form, sub := w.hub.requests()[0], w.subscription()
			if got, want := form.Get("hub.topic"), w.origin.URL+"/self"; got != want {
				t.Errorf("topic %q, want %q", got, want)
			}
			if got := form.Get("hub.secret"); (got != "") != tls || got != string(sub.Secret) {
				t.Errorf("secret of %d bytes sent over https %v", len(got), tls)
			}
			token := sub.Callback[strings.LastIndex(sub.Callback, ".")+1:]
			if !strings.HasPrefix(sub.Callback, w.opts.Callback+"news.") || len(token) != 43 {
				t.Errorf("callback %q can be guessed", sub.Callback)
			}
			if want := w.clock.Now().Add(10 * day); !sub.Until.Equal(want) || sub.Pending != "" {
				t.Errorf("lease until %v, pending %q; want %v and none", sub.Until, sub.Pending, want)
			}
			w.keep()
			if n := len(w.hub.requests()); n != 1 {
				t.Errorf("hub asked %d times, want once", n)
			}
		})
	}
}

func TestChallenges(t *testing.T) {
	w := newWorld(t, true)
	w.hub.silent = true
	w.pass()
	w.keep()
	form := w.hub.requests()[0]
	topic := form.Get("hub.topic")
	wrong := url.Values{"hub.callback": {form.Get("hub.callback") + "x"}}
	nobody := url.Values{"hub.callback": {w.opts.Callback + "nobody.x"}}
	none := url.Values{"hub.callback": {w.opts.Callback}}
	tests := []struct {
		name        string
		form        url.Values
		mode, topic string
		status      int
	}{
		{"another topic", form, "subscribe", topic + "x", 404},
		{"another mode", form, "unsubscribe", topic, 404},
		{"unknown mode", form, "publish", topic, 404},
		{"wrong token", wrong, "subscribe", topic, 404},
		{"unknown source", nobody, "subscribe", topic, 404},
		{"no token", none, "subscribe", topic, 404},
		{"denied by a stranger", wrong, "denied", topic, 404},
		{"denied for another topic", form, "denied", topic + "x", 404},
		{"what was asked for", form, "subscribe", topic, 200},
		{"again", form, "subscribe", topic, 404},
	}
	for _, tt := range tests {
		t.Run("S50 B42 "+tt.name, func(t *testing.T) {
			status, body := w.hub.verify(tt.form, tt.mode, tt.topic)
			if status != tt.status || (body == "c<h>&") != (tt.status == 200) {
				t.Errorf("answer %d %q, want %d", status, body, tt.status)
			}
		})
	}
	if !w.subscription().Active(w.clock.Now()) {
		t.Error("the subscription is not active after all")
	}
}

func TestDenied(t *testing.T) {
	t.Run("B42 S50 denied at once", func(t *testing.T) {
		w := newWorld(t, true)
		w.hub.deny = true
		w.pass()
		w.keep()
		sub := w.subscription()
		if sub.Active(w.clock.Now()) || sub.Pending != "" || sub.LastError != "the hub denied it: not today" {
			t.Errorf("subscription %+v, want a denied one", sub)
		}
		w.clock.Advance(23 * time.Hour)
		w.keep()
		if n := len(w.hub.requests()); n != 1 {
			t.Errorf("hub asked %d times on the day it denied, want once", n)
		}
	})
	t.Run("B42 S50 denied later falls back to polling", func(t *testing.T) {
		w := trusted(t)
		w.live(12 * time.Hour)
		if status, _ := w.hub.verify(w.hub.requests()[0], "denied", w.origin.URL+"/self"); status != 200 {
			t.Errorf("denial answered with %d, want 200", status)
		}
		w.keep()
		if got := w.pass(); got != 1 {
			t.Errorf("%d visits after the denial, want one at once", got)
		}
	})
}

func TestRenewal(t *testing.T) {
	w := subscribed(t, true)
	first := w.subscription()
	steps := []struct {
		after time.Duration // since the first verification
		asked int           // in all
	}{
		{6 * day, 1}, {6*day + 15*time.Hour, 1}, {6*day + 16*time.Hour, 2}, {13 * day, 2}, {13*day + 9*time.Hour, 3},
	}
	for _, step := range steps {
		w.clock.Advance(w.until(step.after))
		w.keep()
		if got := len(w.hub.requests()); got != step.asked {
			t.Fatalf("S50 hub asked %d times after %v, want %d", got, step.after, step.asked)
		}
	}
	last := w.subscription()
	if last.Callback != first.Callback || last.Secret != first.Secret {
		t.Error("renewal changed callback or secret of a lease that lasts")
	}
	if want := w.clock.Now().Add(10 * day); !last.Until.Equal(want) {
		t.Errorf("lease until %v, want %v", last.Until, want)
	}
}

// until is how far the clock is from a time after its start.
func (w *world) until(after time.Duration) time.Duration {
	return sample.Start().Add(after).Sub(w.clock.Now())
}

func TestHubFails(t *testing.T) {
	tests := []struct {
		name string
		set  func(*hub)
		text string // in the error
	}{
		{"S50 a hub that hangs", func(h *hub) { h.hang = true }, "timed out"},
		{"S50 a hub that refuses", func(h *hub) { h.status = 400 }, "400"},
		{"S50 a hub that never verifies", func(h *hub) { h.silent = true }, "did not verify"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, true)
			tt.set(w.hub)
			w.pass()
			var asked []int
			for range 6 { // after 0, 1, 2 … hours
				w.keep()
				asked = append(asked, len(w.hub.requests()))
				w.clock.Advance(time.Hour)
			}
			if asked[0] != 1 || asked[5] < 2 || asked[5] > 3 {
				t.Errorf("hub asked %v times by the hour, want backing off", asked)
			}
			if sub := w.subscription(); sub.Fails == 0 || !strings.Contains(sub.LastError, tt.text) {
				t.Errorf("after %d failures: %q, want %q in it", sub.Fails, sub.LastError, tt.text)
			}
			if polls := w.live(4 * time.Hour); polls == 0 {
				t.Error("the source is not visited as ever")
			}
		})
	}
}

func TestOtherHub(t *testing.T) {
	w := newWorld(t, true)
	dead := newHub(t, false)
	dead.status = 503
	// The dead one is named first; both are plain to the origin.
	w.origin.link = nil
	w.origin.inDoc = fmt.Sprintf(`<atom:link rel="hub" href="%s/"/><atom:link rel="hub" href="%s/"/>`, w.hub.URL, dead.URL)
	w.hub.status = 503
	w.pass()
	for range 12 {
		w.keep()
		w.clock.Advance(time.Hour)
	}
	if n := len(dead.requests()); n == 0 {
		t.Error("S50 the other hub was never asked")
	}
}

func TestUnsubscribe(t *testing.T) {
	w := subscribed(t, true)
	paused := w.source
	paused.Paused = true
	w.put(paused)
	if status := w.send(document("", "b")); status != http.StatusGone {
		t.Errorf("S50 news of a paused source answered with %d, want 410", status)
	}
	w.hub.silent = true
	w.keep()
	form := w.hub.requests()[1]
	if got := form.Get("hub.mode"); got != "unsubscribe" || form.Has("hub.secret") {
		t.Errorf("hub asked to %q, want unsubscribe without a secret", got)
	}
	if status, _ := w.hub.verify(form, "unsubscribe", form.Get("hub.topic")); status != 200 {
		t.Errorf("verification answered with %d, want 200", status)
	}
	if sub := w.subscription(); sub != (storage.Subscription{}) {
		t.Errorf("subscription %+v is left", sub)
	}
	if status := w.hub.send(form.Get("hub.callback"), document("", "b"), "", ""); status != 404 {
		t.Errorf("news after the end answered with %d, want 404", status)
	}
}

func TestNobodyListens(t *testing.T) {
	w := subscribed(t, true)
	w.opts.Callback = ""
	w.sub = push.New(w.opts)
	w.keep()
	if sub := w.subscription(); sub != (storage.Subscription{}) || len(w.hub.requests()) != 2 {
		t.Errorf("subscription %+v after push was turned off, want none", sub)
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	w := newWorld(t, true)
	var log strings.Builder
	w.opts.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	w.sub = push.New(w.opts)
	w.pass()
	w.keep()
	secret := string(w.subscription().Secret)
	w.hub.send(w.subscription().Callback, "x", "sha256", "wrong")
	w.hub.status = 500
	w.clock.Advance(9 * day)
	w.keep()
	shown := log.String() + fmt.Sprintf("%v %+v %#v", w.state(), w.state(), w.state())
	if secret == "" || strings.Contains(shown, secret) {
		t.Error("S50 the secret is shown in a log or a printed state")
	}
	if !strings.Contains(log.String(), "wrong signature") || !strings.Contains(log.String(), "hub not asked") {
		t.Errorf("log %q lacks what went wrong", log.String())
	}
}
