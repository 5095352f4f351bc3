package push_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/push"
	"github.com/coranto/coranto/storage"
)

// S50: as a server lives it, by the clock on the wall: a signed item is stored within a
// second, and the origin is not asked for it.
func TestPushedAtOnce(t *testing.T) {
	w := &world{T: t, hub: newHub(t, true), origin: &origin{items: []string{"a"}}}
	w.origin.Server = httptest.NewServer(w.origin)
	t.Cleanup(w.origin.Close)
	w.origin.link = []string{"<" + w.hub.URL + "/>; rel=hub"}
	w.store = openStore(t, t.TempDir(), nil)
	w.put(coranto.Source{ID: "news", URL: w.origin.URL + "/feed"})
	client := fetch.New(fetch.Options{
		AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		RootCAs:       w.hub.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs,
	})
	t.Cleanup(client.CloseIdle)
	w.agg = aggregate.New(aggregate.Options{Store: w.store, Fetch: client})
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.sub.ServeHTTP(rw, r) }))
	t.Cleanup(front.Close)
	w.sub = push.New(push.Options{
		Store: w.store, Client: client, Deliver: w.agg.Pushed, Callback: front.URL + "/websub/",
		Random: rand.Reader,
	})
	ctx, cancel := context.WithCancel(t.Context())
	stored, ended := make(chan aggregate.Report, 10), make(chan error)
	go func() {
		ended <- w.agg.Run(ctx, aggregate.Observer{Stored: func(r aggregate.Report) { stored <- r }})
	}()
	if r := <-stored; r.Err != nil || !r.Hub {
		t.Errorf("first visit: hub %v, error %v", r.Hub, r.Err)
	}
	w.keep()
	if sub := w.subscription(); sub.Secret == "" || !sub.Active(time.Now()) {
		t.Fatalf("subscription %+v, want an active one with a secret", sub)
	}
	polls, began := w.origin.visits(), time.Now()
	w.send(document("", "b"))
	<-stored
	if took := time.Since(began); took > time.Second || w.items() != "a b" {
		t.Errorf("items %q after %v, want a b within a second", w.items(), took)
	}
	if got := w.origin.visits() - polls; got != 0 {
		t.Errorf("origin asked %d times for it, want never", got)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// S50: a hub that sends elsewhere by a redirect that changes the method, or away from
// https, gets nothing more.
func TestHubRedirects(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		w := newWorld(t, true)
		strayed := 0
		elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strayed++ }))
		t.Cleanup(elsewhere.Close)
		w.hub.Config.Handler = http.RedirectHandler(elsewhere.URL, status)
		w.pass()
		w.keep()
		if sub := w.subscription(); strayed != 0 || sub.Fails != 1 || sub.Active(w.clock.Now()) {
			t.Errorf("S50 %d: followed %d times, subscription %+v", status, strayed, sub)
		}
	}
}

// S50: what is told is known by the callback; links of the message change nothing. A
// source that left the operator's file ends its subscription.
func TestCallbackIdentifies(t *testing.T) {
	w := subscribed(t, true)
	sub, body := w.subscription(), document("", "b")
	req, err := http.NewRequest(http.MethodPost, sub.Callback, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Body = http.NoBody
	req.Header.Set("Link", `<https://evil.example/>; rel=hub, <https://evil.example/feed>; rel=self`)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	w.send(body)
	w.pass()
	if got := w.state().Push; w.items() != "a b" || got.Topic != sub.Topic || got.Subscription != sub {
		t.Errorf("S50 items %q, push %+v after a message with other links", w.items(), got)
	}
	w.source.Retired = true
	w.put(w.source)
	w.sub = push.New(w.opts)
	w.keep()
	if form := w.hub.requests()[1]; form.Get("hub.mode") != string(storage.ModeUnsubscribe) {
		t.Errorf("S50 hub asked to %q for a source that was removed, want unsubscribe", form.Get("hub.mode"))
	}
}
