package hub_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coranto/coranto/feeds/hub"
)

// S49: subscribers that hang, on whatever hosts and however many, delay no other.
func TestS49SlowDelayNobody(t *testing.T) {
	w := newWorld(t, nil)
	release := make(chan struct{})
	var hanging atomic.Int32
	slow := onPost(func(http.ResponseWriter, *http.Request) {
		hanging.Add(1)
		<-release
	})
	for range 30 {
		w.subscribe(newSubscriber(t, slow), "atom.xml")
	}
	t.Cleanup(func() { close(release) }) // before the servers close
	s := newSubscriber(t, nil)
	w.subscribe(s, "atom.xml")
	w.publish("one")
	w.until("all that hang have been reached", func() bool { return hanging.Load() == 30 })
	s.brought(t, "one")
	w.publish("two")
	s.brought(t, "two")
}

// S49: one host is brought a few documents at a time, and its queue delays no other.
func TestS49PerHost(t *testing.T) {
	w := newWorld(t, nil)
	var now, most atomic.Int32
	crowd := httptest.NewServer(onPost(func(http.ResponseWriter, *http.Request) {
		n := now.Add(1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		runtime.Gosched()
		now.Add(-1)
	}))
	t.Cleanup(crowd.Close)
	subs := hub.Crowd(t, w.hub, 200, func(n int) string { return fmt.Sprint(crowd.URL, "/", n) })
	w.restart()
	w.publish("news")
	w.until("all have the news", func() bool { return w.hub.Status().Owed == 0 && now.Load() == 0 })
	if most.Load() > 4 {
		t.Errorf("%d deliveries to one host at a time, want 4 at most", most.Load())
	}
	w.until("all outcomes are stored", func() bool {
		for _, sub := range hub.Stored(t, w.store) {
			if sub.Has == subs[0].Has {
				return false
			}
		}
		return true
	})
}

// S49: a host that can't be reached is tried with one thing and rests; what it is owed
// is not forgotten.
func TestS49HostRests(t *testing.T) {
	w := newWorld(t, nil)
	var calls atomic.Int32
	dead := httptest.NewServer(onPost(func(http.ResponseWriter, *http.Request) {
		calls.Add(1)
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(dead.Close)
	hub.Crowd(t, w.hub, 100, func(n int) string { return fmt.Sprint(dead.URL, "/", n) })
	w.restart()
	w.publish("news")
	w.until("it was tried", func() bool { return w.hub.Status().Failing >= 4 })
	w.hub.Wake(t.Context())
	if n := calls.Load(); n > 4 {
		t.Errorf("a dead host was tried %d times at once, want 4 at most", n)
	}
	w.clock.Advance(6 * time.Second)
	w.hub.Wake(t.Context())
	w.until("it was tried again", func() bool { return calls.Load() > 4 })
	w.hub.Wake(t.Context())
	if n := calls.Load(); n > 5 {
		t.Errorf("a dead host was tried %d times more after its rest, want once", n-4)
	}
	w.clock.Advance(time.Minute)
	w.hub.Wake(t.Context())
	for _, sub := range hub.Stored(t, w.store) {
		if sub.Owed.IsZero() {
			t.Fatalf("%+v stored, want it owed", sub)
		}
	}
}

// S49: ten thousand subscriptions cost few goroutines and little memory, and each
// subscriber has the news once.
func TestS49TenThousand(t *testing.T) {
	if testing.Short() {
		t.Skip("ten thousand deliveries take seconds")
	}
	const n = 10_000
	w := newWorld(t, nil)
	var mu sync.Mutex
	had := make(map[string]int)
	crowd := httptest.NewServer(onPost(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		had[r.URL.Path]++
		mu.Unlock()
	}))
	t.Cleanup(crowd.Close)
	// Whatever its name, a host is this one.
	w.opts.Transport = &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, crowd.Listener.Addr().String())
		},
	}
	hub.Crowd(t, w.hub, n, func(n int) string { return fmt.Sprintf("http://h%d.example/%d", n%250, n) })
	w.stop()
	before, routines := heap(), runtime.NumGoroutine()
	w.begin()
	grown := heap() - before
	w.publish("news")
	began, most := time.Now(), 0
	w.until("deliveries have begun", func() bool { return w.hub.Status().Owed > 0 })
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		if w.hub.Status().Owed == 0 {
			break
		}
		most = max(most, runtime.NumGoroutine()-routines)
		if time.Since(began) > time.Minute {
			t.Fatalf("S49 after a minute %+v: %q", w.hub.Status(), hub.Troubles(w.hub))
		}
	}
	t.Logf("S49 %d subscriptions: %d KB of heap, %d goroutines at most, delivered in %v",
		n, grown>>10, most, time.Since(began))
	// Each connection has several, at both of its ends.
	if most > 1000 {
		t.Errorf("%d goroutines, want them bounded by what is under way", most)
	}
	if grown > 24<<20 {
		t.Errorf("%d bytes of heap for %d subscriptions, want less than 24 MiB", grown, n)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(had) != n {
		t.Errorf("%d subscribers have the news, want %d", len(had), n)
	}
	for path, times := range had {
		if times != 1 {
			t.Fatalf("%s has the news %d times", path, times)
		}
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// S48: what strangers can have the hub keep is bounded.
func TestS48Bounds(t *testing.T) {
	w := newWorld(t, func(o *hub.Options) { o.MaxSubscriptions, o.MaxPerHost = 3, 2 })
	one, other := newSubscriber(t, nil), newSubscriber(t, nil)
	for _, topic := range []string{"atom.xml", "rss.xml"} {
		w.subscribe(one, topic)
	}
	if status, text := w.post(subscription("feed.json", one.callback())); status != 503 {
		t.Errorf("S48 a third of one host: %d %s, want 503", status, text)
	}
	if status, text := w.post(subscription("rss.xml", one.callback())); status != 202 {
		t.Errorf("S48 a renewal at the bound: %d %s, want 202", status, text)
	}
	w.subscribe(other, "atom.xml")
	if status, text := w.post(subscription("rss.xml", other.callback())); status != 503 {
		t.Errorf("S48 a fourth of all: %d %s, want 503", status, text)
	}
}

// S48: a callback that hangs is asked for few things at a time, many can't fill the
// room for all, and who asks too much is told to wait.
func TestS48Flood(t *testing.T) {
	w := newWorld(t, nil)
	release := make(chan struct{})
	var asked atomic.Int32
	victim := newSubscriber(t, func(http.ResponseWriter, *http.Request) {
		asked.Add(1)
		<-release
	})
	taken, refused := 0, 0
	for n := range 400 {
		callback := fmt.Sprint(victim.server.URL, "/", n)
		switch status, text := w.post(subscription("atom.xml", callback)); {
		case status == 202:
			taken++
		case status == 429 && text != "":
			refused++
		default:
			t.Fatalf("S48 request %d: %d %s, want 202 or 429", n, status, text)
		}
	}
	w.until("the victim is asked", func() bool { return asked.Load() > 0 })
	if n := asked.Load(); n > 2 {
		t.Errorf("S48 %d questions to one host at a time, want 2 at most", n)
	}
	if taken > 130 || refused < 270 {
		t.Errorf("S48 %d requests taken and %d refused, want a few taken", taken, refused)
	}
	w.clock.Advance(10 * time.Minute)
	s := newSubscriber(t, nil)
	w.subscribe(s, "atom.xml")
	close(release)
}
