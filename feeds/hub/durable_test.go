package hub_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coranto/coranto/feeds/hub"
)

// S49: what is committed while no process runs is delivered by the next one.
func TestS49ChangesWhileDown(t *testing.T) {
	w, s, other := newWorld(t, nil), newSubscriber(t, nil), newSubscriber(t, nil)
	w.subscribe(s, "category/go/atom.xml", "hub.secret", "geheim")
	w.subscribe(other, "category/quiet/rss.xml")
	w.publish("before")
	s.brought(t, "before")
	w.settled()
	w.stop()
	w.publish("meanwhile")
	w.publish("meanwhile too")
	w.begin()
	d := s.brought(t, "meanwhile too")
	if d.header.Get("X-Hub-Signature") == "" {
		t.Error("the secret was forgotten")
	}
	w.settled()
	w.restart()
	w.publish("after")
	s.brought(t, "after")
	w.settled()
	s.nothing(t)
	other.nothing(t)
}

// S49: what was owed when the process was killed is delivered by the next one, wherever
// it was on its way.
func TestS49Kill(t *testing.T) {
	t.Run("S49 in flight", func(t *testing.T) {
		w := newWorld(t, nil)
		release := make(chan struct{})
		var calls atomic.Int32
		s := newSubscriber(t, onPost(func(rw http.ResponseWriter, _ *http.Request) {
			if calls.Add(1) == 1 {
				<-release
			}
		}))
		w.subscribe(s, "atom.xml")
		w.publish("news")
		s.brought(t, "news")
		go close(release)
		w.kill()
		s.brought(t, "news")
		w.settled()
		s.nothing(t)
	})
	t.Run("S49 failed", func(t *testing.T) {
		w := newWorld(t, nil)
		var calls atomic.Int32
		s := newSubscriber(t, onPost(func(rw http.ResponseWriter, _ *http.Request) {
			if calls.Add(1) == 1 {
				rw.WriteHeader(http.StatusBadGateway)
			}
		}))
		w.subscribe(s, "atom.xml")
		w.publish("news")
		s.brought(t, "news")
		w.until("the failure is stored", func() bool { return hub.Stored(t, w.store)[0].Fails == 1 })
		w.clock.Advance(11 * time.Second)
		w.hub.Wake(t.Context()) // forgets nothing by noting how far it is
		w.kill()
		w.hub.Wake(t.Context())
		s.nothing(t)
		w.clock.Advance(20 * time.Second)
		w.hub.Wake(t.Context())
		s.brought(t, "news")
		w.settled()

		if got := hub.Stored(t, w.store)[0]; got.Fails != 0 || got.Error != "" || !got.Owed.IsZero() {
			w.until("the outcome is stored", func() bool {
				got := hub.Stored(t, w.store)[0]
				return got.Fails == 0 && got.Error == "" && got.Owed.IsZero()
			})
		}
	})
	t.Run("S49 delivered", func(t *testing.T) {
		w, s := newWorld(t, nil), newSubscriber(t, nil)
		w.subscribe(s, "atom.xml")
		w.publish("news")
		s.brought(t, "news")
		w.until("the outcome is stored", func() bool {
			stored := hub.Stored(t, w.store)[0]
			w.hub.Wake(t.Context())
			return stored.Owed.IsZero() && w.hub.Status().Owed == 0
		})
		w.kill()
		w.hub.Wake(t.Context())
		w.settled()
		s.nothing(t)
	})
	t.Run("S49 log forgotten", func(t *testing.T) {
		w, s := newWorld(t, nil), newSubscriber(t, nil)
		w.subscribe(s, "atom.xml")
		w.stop()
		hub.ForgetPlace(t, w.store)
		w.publish("meanwhile")
		w.begin()
		s.brought(t, "meanwhile")
	})
}

// S49: of two processes on one store one delivers, and the other goes on when it ends.
func TestS49TwoProcesses(t *testing.T) {
	w := newWorld(t, func(o *hub.Options) { o.Sole, o.Turn = false, time.Second })
	w.until("it is its turn", w.hub.Delivering)
	second, stopSecond := w.run(w.opts)
	defer stopSecond()
	a, b := newSubscriber(t, nil), newSubscriber(t, nil)
	w.subscribe(a, "atom.xml")
	// The one that does not deliver takes subscriptions too.
	w.until("the second process is ready", func() bool {
		status, _ := ask(second, subscription("rss.xml", b.callback()))
		return status == http.StatusAccepted
	})
	b.asked(t)
	w.until("it is stored", func() bool { return len(hub.Stored(t, w.store)) == 2 })
	w.publish("one")
	a.brought(t, "one")
	w.hub.Wake(t.Context()) // hears of the other's subscription
	b.brought(t, "one")
	if second.Delivering() {
		t.Error("both processes deliver")
	}
	w.settled()
	w.stop()
	w.publish("two")
	w.until("the second process has the turn", second.Delivering)
	a.brought(t, "two")
	b.brought(t, "two")
	w.until("nothing is owed", func() bool { return second.Status().Owed == 0 })
	a.nothing(t)
	b.nothing(t)
}

// S49: a process that lost its turn without knowing does no harm, and stops.
func TestS49TurnLost(t *testing.T) {
	w := newWorld(t, func(o *hub.Options) { o.Sole, o.Turn = false, time.Second })
	w.until("it is its turn", w.hub.Delivering)
	w.clock.Advance(time.Minute)
	second, stop := w.run(w.opts)
	defer stop()
	w.until("another has taken the turn that was over", second.Delivering)
	w.until("the first has noticed", func() bool { return !w.hub.Delivering() })
}

// S49: both processes may change a subscription; neither undoes what the other did.
func TestS49Merge(t *testing.T) {
	w := newWorld(t, func(o *hub.Options) { o.Sole, o.Turn = false, time.Second })
	w.until("it is its turn", w.hub.Delivering)
	second, stop := w.run(w.opts)
	defer stop()
	s := newSubscriber(t, nil)
	w.subscribe(s, "atom.xml", "hub.lease_seconds", "86400", "hub.secret", "one")
	w.until("the second process is ready", func() bool {
		form := subscription("atom.xml", s.callback(), "hub.lease_seconds", "172800", "hub.secret", "two")
		status, _ := ask(second, form)
		return status == http.StatusAccepted
	})
	s.asked(t)
	w.until("the renewal is stored", func() bool { return hub.Stored(t, w.store)[0].Secret == "two" })
	has := hub.Stored(t, w.store)[0].Has
	w.publish("news")
	s.brought(t, "news")
	w.until("the outcome is stored", func() bool { return hub.Stored(t, w.store)[0].Has != has })
	got := hub.Stored(t, w.store)[0]
	if got.Secret != "two" || !got.Until.Equal(w.clock.Now().Add(2*day)) {
		t.Errorf("%+v stored, want the renewal of the other process", got)
	}
}

// A store that can't be written loses no delivery.
func TestSubscriptionsOutliveConfusion(t *testing.T) {
	w, s := newWorld(t, nil), newSubscriber(t, nil)
	w.subscribe(s, "atom.xml")
	w.stop()
	hub.Spoil(t, w.store)
	w.publish("meanwhile")
	w.begin()
	s.brought(t, "meanwhile")
	w.settled()
}

// S49: a subscriber has a new item within a second of the store having it.
func TestS49Latency(t *testing.T) {
	w := newWorld(t, nil)
	arrived := make(chan time.Time, 1)
	s := newSubscriber(t, onPost(func(http.ResponseWriter, *http.Request) { arrived <- time.Now() }))
	w.subscribe(s, "atom.xml")
	var worst time.Duration
	for range 20 {
		w.publish("news")
		committed := time.Now()
		worst = max(worst, (<-arrived).Sub(committed))
		w.settled()
	}
	t.Logf("S49 from commit to delivery: %v at worst of 20", worst)
	if worst >= time.Second {
		t.Errorf("S49 from commit to delivery: %v at worst, want less than a second", worst)
	}
}

// S49: the end of a process waits for deliveries, but not for long, and leaves nothing
// running.
func TestS49Stop(t *testing.T) {
	w := newWorld(t, nil)
	w.stop()
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	before := runtime.NumGoroutine()
	w.begin()
	ctx, cancel := context.WithCancel(context.Background())
	hanging := httptest.NewServer(onPost(func(http.ResponseWriter, *http.Request) { <-ctx.Done() }))
	t.Cleanup(hanging.Close)
	t.Cleanup(cancel)
	s := &subscriber{server: hanging}
	w.post(subscription("atom.xml", s.callback()))
	w.until("the subscription stands", func() bool { return w.hub.Status().Subscriptions == 1 })
	w.publish("news")
	w.until("it is on its way", func() bool { return w.hub.Status().Owed == 1 })
	began := time.Now()
	w.stop()
	if took := time.Since(began); took > 8*time.Second {
		t.Errorf("the end took %v", took)
	}
	cancel()
	hanging.Close()
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	w.until("all goroutines have ended", func() bool { return runtime.NumGoroutine() <= before })
	if got := hub.Stored(t, w.store)[0]; got.Fails != 0 || got.Owed.IsZero() {
		t.Errorf("%+v stored, want it owed and not failed", got)
	}
}
