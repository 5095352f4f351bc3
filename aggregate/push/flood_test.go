package push_test

import (
	"bufio"
	"bytes"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/push"
	"github.com/coranto/coranto/storage"
)

// commits is how often the store was written to.
func (w *world) commits() int64 {
	w.Helper()
	stats, err := w.store.Stats(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return int64(stats.Commits)
}

// Whoever knows the callback can't write the store full by it.
func TestCallsAreBounded(t *testing.T) {
	t.Run("S50 B42 a denial counts once", func(t *testing.T) {
		w := subscribed(t, true)
		form, before := w.hub.requests()[0], w.commits()
		taken := 0
		for range 50 {
			if status, _ := w.hub.verify(form, "denied", form.Get("hub.topic")); status == http.StatusOK {
				taken++
			}
		}
		if got := w.commits() - before; taken != 1 || got != 1 {
			t.Errorf("%d of 50 denials taken with %d commits, want one and one", taken, got)
		}
		if sub := w.subscription(); sub.Fails != 1 || sub.Active(w.clock.Now()) {
			t.Errorf("%d failures, active %v; want one and false", sub.Fails, sub.Active(w.clock.Now()))
		}
	})
	t.Run("S50 B42 a challenge counts once", func(t *testing.T) {
		w := subscribed(t, true)
		form, before := w.hub.requests()[0], w.commits()
		for range 50 {
			w.hub.verify(form, "subscribe", form.Get("hub.topic"))
			w.hub.verify(form, "unsubscribe", form.Get("hub.topic"))
		}
		if got := w.commits() - before; got != 0 {
			t.Errorf("%d commits by 100 challenges that nobody asked for, want none", got)
		}
	})
	t.Run("S50 B42 wrong signatures leave one line in the log", func(t *testing.T) {
		w := subscribed(t, true)
		var log bytes.Buffer
		w.opts.Logger = slog.New(slog.NewTextHandler(&log, nil))
		w.sub = push.New(w.opts)
		before := w.commits()
		for range 50 {
			w.hub.send(w.subscription().Callback, document("", "b"), "sha256", "wrong")
			w.pass()
		}
		if lines := strings.Count(log.String(), "\n"); lines != 1 || w.commits() != before {
			t.Errorf("%d lines and %d commits by 50 wrong signatures, want one and none",
				lines, w.commits()-before)
		}
	})
}

// slow begins to send news to a callback and stops in the middle.
func slow(t *testing.T, callback string) net.Conn {
	t.Helper()
	host, path, _ := strings.Cut(strings.TrimPrefix(callback, "http://"), "/")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "POST /%s HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n<rss", path)
	return conn
}

// S50: a hub that sends slowly is in nobody's way but its own, and not for long.
func TestSlowNews(t *testing.T) {
	w := newWorld(t, true)
	for i := range 8 {
		w.put(coranto.Source{ID: coranto.SourceID(fmt.Sprint("s", i)), URL: fmt.Sprint(w.origin.URL, "/", i)})
	}
	w.pass()
	w.keep()
	w.opts.ReadingTime = 500 * time.Millisecond
	w.sub = push.New(w.opts)
	var conns []net.Conn
	for rec, err := range w.store.Sources(t.Context(), storage.SourceQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		if rec.ID != "news" {
			conns = append(conns, slow(t, rec.State.Push.Subscription.Callback))
		}
	}
	if status := w.send(document("", "b")); status != http.StatusAccepted {
		t.Errorf("news beside slow ones answered with %d, want 202", status)
	}
	for _, conn := range conns {
		if got := answer(t, conn); got != http.StatusRequestTimeout {
			t.Errorf("slow news answered with %d, want 408", got)
		}
	}
}

// S50: one subscription has one place, so that the hubs of the others find theirs.
func TestOnePlaceEach(t *testing.T) {
	w := subscribed(t, true)
	w.opts.ReadingTime = 300 * time.Millisecond
	w.sub = push.New(w.opts)
	answers := make(map[int]int)
	var conns []net.Conn
	for range 4 {
		conns = append(conns, slow(t, w.subscription().Callback))
	}
	for _, conn := range conns {
		answers[answer(t, conn)]++
	}
	if answers[http.StatusRequestTimeout] != 1 || answers[http.StatusServiceUnavailable] != 3 {
		t.Errorf("answers %v, want 408 for the one that was read and 503 for three", answers)
	}
}

func answer(t *testing.T, conn net.Conn) int {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

// S50: however much a hub sends, a source has its turn a few times at most.
func TestNewsFlood(t *testing.T) {
	tests := []struct {
		name    string
		tls     bool
		body    func(i int) string
		commits int64 // at most
		polls   int
	}{
		{"documents", true, func(i int) string { return document("", fmt.Sprint("n", i)) }, 8 + 6 + 2, 1},
		{"documents that can't be read", true, func(int) string { return "<html>sorry</html>" }, 8 + 6 + 2, 1},
		{"words without a document", true, func(int) string { return "" }, 2, 1},
		{"words without a secret", false, func(i int) string { return document("", fmt.Sprint("n", i)) }, 2, 1},
	}
	for _, tt := range tests {
		t.Run("S50 a minute of "+tt.name, func(t *testing.T) {
			w := subscribed(t, tt.tls)
			w.clock.Advance(10 * time.Minute)
			before, polls := w.commits(), 0
			for i := range 240 {
				w.send(tt.body(i))
				polls += w.pass()
				w.clock.Advance(time.Minute / 240)
			}
			if got := w.commits() - before; got > tt.commits || polls != tt.polls {
				t.Errorf("%d commits and %d visits by 240 calls in a minute, want %d at most and %d",
					got, polls, tt.commits, tt.polls)
			}
			w.clock.Advance(push.HintPace)
			if polls := w.pass(); polls > 1 {
				t.Errorf("%d visits to the origin afterwards, want one at most", polls)
			}
		})
	}
}

// begin sends the head of signed news to a callback; the body is still to come.
func begin(t *testing.T, sub storage.Subscription, body string) net.Conn {
	t.Helper()
	host, path, _ := strings.Cut(strings.TrimPrefix(sub.Callback, "http://"), "/")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "POST /%s HTTP/1.1\r\nHost: x\r\nX-Hub-Signature: sha256=%s\r\nContent-Length: %d\r\n\r\n",
		path, sign("sha256", string(sub.Secret), body), len(body))
	return conn
}

// S50: news that comes while other news of the same source is read is read after it.
func TestNewsAtATime(t *testing.T) {
	w := subscribed(t, true)
	sub, bodies := w.subscription(), []string{document("", "b"), document("", "c"), document("", "d")}
	var conns []net.Conn
	for _, body := range bodies {
		conns = append(conns, begin(t, sub, body))
	}
	for i, conn := range conns {
		fmt.Fprint(conn, bodies[i])
	}
	for _, conn := range conns {
		if got := answer(t, conn); got != http.StatusAccepted {
			t.Errorf("one of three pieces of news at a time answered with %d, want 202", got)
		}
	}
	for range bodies {
		w.pass()
	}
	if got := w.items(); got != "a b c d" {
		t.Errorf("items %q, want a b c d", got)
	}
}
