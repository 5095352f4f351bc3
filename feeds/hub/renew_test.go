package hub_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coranto/coranto/feeds/hub"
)

// S48: who comes back at once after its subscription ended keeps the new one: storing the
// end does not take it away.
func TestS48ReturnAfterEnd(t *testing.T) {
	w, s := newWorld(t, nil), newSubscriber(t, nil)
	w.subscribe(s, "atom.xml")
	hub.EndUnstored(w.hub)
	w.subscribe(s, "atom.xml", "hub.secret", "again")
	w.hub.Wake(t.Context())
	if got := hub.Stored(t, w.store); len(got) != 1 || got[0].Secret != "again" {
		t.Fatalf("stored %+v, want the new subscription", got)
	}
	w.restart()
	w.publish("news")
	s.brought(t, "news")
}

// S48: a subscription that another process renewed goes on, though its lease is over as
// far as this one knows.
func TestS48RenewedElsewhere(t *testing.T) {
	w := newWorld(t, func(o *hub.Options) { o.Sole, o.Turn = false, time.Hour })
	w.until("it is its turn", w.hub.Delivering)
	second, stop := w.run(w.opts)
	defer stop()
	s := newSubscriber(t, nil)
	w.subscribe(s, "atom.xml", "hub.lease_seconds", "600")
	w.clock.Advance(9 * time.Minute)
	w.until("the second process is ready", func() bool {
		status, _ := ask(second, subscription("atom.xml", s.callback(), "hub.lease_seconds", "86400"))
		return status == http.StatusAccepted
	})
	s.asked(t)
	until := w.clock.Now().Add(day)
	w.until("the renewal is stored", func() bool { return hub.Stored(t, w.store)[0].Until.Equal(until) })
	w.clock.Advance(2 * time.Minute)
	w.hub.Wake(t.Context())
	if got := hub.Stored(t, w.store); len(got) != 1 || !got[0].Until.Equal(until) {
		t.Fatalf("stored %+v, want the renewal", got)
	}
	w.publish("news")
	s.brought(t, "news")
}

// S48: requests in the name of somebody's host keep nobody there from renewing.
func TestS48RenewalIsNotCrowdedOut(t *testing.T) {
	w := newWorld(t, nil)
	s := newSubscriber(t, func(rw http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/strange/") {
			echo(rw, r)
		}
	})
	w.subscribe(s, "atom.xml")
	refused := false
	for n := 0; !refused && n < 100; n++ {
		status, _ := w.post(subscription("atom.xml", fmt.Sprint(s.server.URL, "/strange/", n)))
		refused = status == http.StatusTooManyRequests
		w.until("the callback was asked", func() bool { return hub.Asking(w.hub) == 0 })
	}
	if !refused {
		t.Fatal("nobody was refused")
	}
	if status, text := w.post(subscription("atom.xml", s.callback())); status != http.StatusAccepted {
		t.Errorf("a renewal: %d %s, want 202", status, text)
	}
}

// S49: a kept connection that the subscriber closes as it is used again is no failure.
func TestS49KeptConnection(t *testing.T) {
	w := newWorld(t, nil)
	var used sync.Map
	s := newSubscriber(t, func(rw http.ResponseWriter, r *http.Request) {
		if _, again := used.LoadOrStore(r.RemoteAddr, true); again {
			panic(http.ErrAbortHandler)
		}
		echo(rw, r)
	})
	w.subscribe(s, "atom.xml")
	w.publish("news")
	s.brought(t, "news")
	w.settled()
	if got := w.hub.Status(); got.Failing != 0 {
		t.Errorf("%+v: %q, want no failure", got, hub.Troubles(w.hub))
	}
}
