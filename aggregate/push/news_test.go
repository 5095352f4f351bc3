package push_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/aggregate/push"
	"github.com/coranto/coranto/storage"
)

func TestNews(t *testing.T) {
	tests := []struct {
		name   string
		method string // of the signature
		secret string // "" means the right one
		body   string
		status int
		items  string
	}{
		{"S50 a new item by sha256", "sha256", "", document("", "b=text"), 202, "a b=text"},
		{"S50 by sha384", "sha384", "", document("", "b"), 202, "a b"},
		{"S50 by sha512", "sha512", "", document("", "b"), 202, "a b"},
		{"S50 by sha1", "sha1", "", document("", "b"), 202, "a b"},
		{"S50 a changed item", "sha256", "", document("", "a=new"), 202, "a=new"},
		{"S50 no item at all", "sha256", "", document(""), 202, "a"},
		{"B42 S50 a wrong signature", "sha256", "guessed", document("", "b"), 202, "a"},
		{"B42 S50 no signature", "", "", document("", "b"), 202, "a"},
		{"S50 an unknown method", "md5", "", document("", "b"), 202, "a"},
		{"B42 S50 100 MB", "sha256", "", strings.Repeat("x", 100<<20), 413, "a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := subscribed(t, true)
			sub := w.subscription()
			secret := string(sub.Secret)
			if tt.secret != "" {
				secret = tt.secret
			}
			if status := w.hub.send(sub.Callback, tt.body, tt.method, secret); status != tt.status {
				t.Errorf("answer %d, want %d", status, tt.status)
			}
			w.clock.Advance(time.Second)
			if polls := w.pass(); polls != 0 {
				t.Errorf("%d visits, want none", polls)
			}
			if got := w.items(); got != tt.items {
				t.Errorf("items %q, want %q", got, tt.items)
			}
		})
	}
}

// An endless body without a length is cut off.
func TestOversizeStream(t *testing.T) {
	w := subscribed(t, true)
	body := io.MultiReader(strings.NewReader(strings.Repeat("x", 64<<10)), strings.NewReader("one more"))
	res, err := http.Post(w.subscription().Callback, "application/rss+xml", body)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("B42 answer %d, want 413", res.StatusCode)
	}
}

func TestNoSHA1(t *testing.T) {
	w := subscribed(t, true)
	w.opts.NoSHA1 = true
	w.sub = push.New(w.opts)
	sub := w.subscription()
	w.hub.send(sub.Callback, document("", "b"), "sha1", string(sub.Secret))
	if w.pass(); w.items() != "a" {
		t.Errorf("S50 items %q from news signed by sha1, want a", w.items())
	}
}

func TestReplay(t *testing.T) {
	w := subscribed(t, true)
	dated := func(text, updated string) string {
		return strings.Replace(document("", "b="+text), "</item>",
			"<atom:updated>"+updated+"</atom:updated></item>", 1)
	}
	first, second := dated("old", "2026-03-01T10:00:00Z"), dated("new", "2026-03-01T11:00:00Z")
	for _, body := range []string{first, second, second, first} {
		w.send(body)
		w.pass()
		w.clock.Advance(time.Minute)
	}
	if got := w.items(); got != "a b=new" {
		t.Errorf("B42 items %q after a replay, want a b=new", got)
	}
	page, err := w.store.Latest(t.Context(), storage.Query{})
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range page.Records {
		if rec.Title == "b" && rec.Revision != 2 {
			t.Errorf("B42 revision %d after a replay, want 2", rec.Revision)
		}
	}
}

// Several documents wait for one visit, and none is lost.
func TestNewsQueue(t *testing.T) {
	w := subscribed(t, true)
	for _, name := range []string{"b", "c", "d"} {
		w.send(document("", name))
	}
	for range 3 {
		if polls := w.pass(); polls != 0 {
			t.Errorf("S50 %d visits, want none", polls)
		}
	}
	if got := w.items(); got != "a b c d" {
		t.Errorf("S50 items %q, want a b c d", got)
	}
}

// More than may wait is fetched instead.
func TestNewsOverflow(t *testing.T) {
	w := subscribed(t, true)
	w.origin.publish("b", "c", "d")
	w.clock.Advance(10 * time.Minute)
	for range 9 {
		w.send(document("", "b"))
	}
	if polls := w.pass(); polls != 1 || w.items() != "a b c d" {
		t.Errorf("S50 items %q after %d visits, want a b c d after one", w.items(), polls)
	}
}

// What can't be believed or read is a hint: the origin is asked, but not again and
// again.
func TestHints(t *testing.T) {
	tests := []struct {
		name string
		tls  bool
		body string
	}{
		{"S50 news without a secret", false, document("", "c")},
		{"S50 no document", true, ""},
		{"S50 not a feed", true, "<html>sorry</html>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := subscribed(t, tt.tls)
			w.origin.publish("b")
			w.clock.Advance(10 * time.Minute)
			polls := 0
			for range 6 {
				w.send(tt.body)
				polls += w.pass()
				w.clock.Advance(30 * time.Second)
			}
			if polls != 1 || w.items() != "a b" {
				t.Errorf("%d visits, items %q; want one and a b", polls, w.items())
			}
			w.clock.Advance(5 * time.Minute)
			if polls := w.pass(); polls != 1 {
				t.Errorf("%d visits when the pause was over, want one for the last hints", polls)
			}
		})
	}
}

// trusted is a world whose hub has told of an item that the origin then showed.
func trusted(t *testing.T) *world {
	t.Helper()
	w := subscribed(t, true)
	w.clock.Advance(10 * time.Minute)
	w.send(document("", "b"))
	w.origin.publish("b")
	w.pass()
	if polls := w.live(2 * time.Hour); polls != 1 {
		t.Fatalf("%d visits in two hours, want one at the usual time", polls)
	}
	if next := w.state().Next.Sub(w.state().LastVisit); next < day {
		t.Fatalf("next visit after %v, want a day at least", next)
	}
	return w
}

func TestSlowPolling(t *testing.T) {
	t.Run("P31 once a day at most while pushes arrive", func(t *testing.T) {
		w := trusted(t)
		if polls := w.live(12 * day); polls < 9 || polls > 12 {
			t.Errorf("%d visits in 12 days, want 9 to 12", polls)
		}
	})
	t.Run("P31 as ever while nothing was ever pushed", func(t *testing.T) {
		w := subscribed(t, true)
		if polls := w.live(2 * day); polls < 24 {
			t.Errorf("%d visits in two days, want as many as without a hub", polls)
		}
	})
	t.Run("P31 at once when the lease lapses", func(t *testing.T) {
		w := trusted(t)
		w.hub.grant(3 * time.Hour)
		w.clock.Advance(w.until(6*day + 16*time.Hour))
		w.keep() // the renewal brings three hours only
		w.send(document("", "c"))
		w.origin.publish("c")
		w.pass()
		if polls := w.live(2 * day); polls < 1 || polls > 2 {
			t.Errorf("%d visits in two days of short leases, want one or two", polls)
		}
		w.hub.fail(500)
		for w.subscription().Active(w.clock.Now()) {
			w.live(10 * time.Minute)
		}
		if last := w.state().LastVisit; !last.Equal(w.clock.Now()) {
			t.Errorf("last visit %v when the lease lapsed at %v", last, w.clock.Now())
		}
		if polls := w.live(day); polls < 3 { // an item a week old: every six hours
			t.Errorf("%d visits on the next day, want as many as without a hub", polls)
		}
	})
	t.Run("P31 at once when a visit finds what push missed", func(t *testing.T) {
		w := trusted(t)
		w.origin.publish("c") // and no word of the hub
		for w.items() != "a b c" {
			w.live(time.Hour)
		}
		if polls := w.live(day); polls < 10 {
			t.Errorf("%d visits on the next day, want as many as without a hub", polls)
		}
		w.send(document("", "d"))
		w.origin.publish("d")
		w.live(3 * time.Hour)
		if polls := w.live(2 * day); polls > 2 {
			t.Errorf("%d visits in two days after the hub came back, want two at most", polls)
		}
	})
}

// FuzzCallback lets anybody call: nothing but 2xx and 4xx comes back, nothing unsigned
// is believed, and the subscription stays.
func FuzzCallback(f *testing.F) {
	f.Add("POST", "/websub/news.TOKEN", "hub.mode=denied", "sha512=zz, sha256=", []byte{0xff, 0})
	f.Add("GET", "/websub/news.x", "hub.mode=subscribe&hub.topic=t&hub.challenge=c&hub.lease_seconds=-1", "", []byte(nil))
	f.Add("GET", "/websub/", "hub.mode=denied&hub.topic=", "", []byte(nil))
	f.Add("POST", "/websub/news.TOKEN", "", "sha256=00", []byte("<rss/>"))
	f.Add("POST", "/planet/websub/news.TOKEN", "", "sha1=", []byte("x"))
	f.Add("PUT", "/websub/news.TOKEN/", "%", "=", []byte("x"))
	w := newFuzzWorld(f)
	f.Fuzz(func(t *testing.T, method, path, query, signature string, body []byte) {
		r, err := http.NewRequest(method, "http://127.0.0.1/", bytes.NewReader(body))
		if err != nil {
			return
		}
		r.URL.Path = strings.Replace(path, "TOKEN", w.token, 1)
		r.URL.RawQuery = query
		r.Header["X-Hub-Signature"] = strings.Split(signature, ",")
		r.Header.Set("Content-Type", signature)
		r.Header.Set("Link", signature)
		rec := httptest.NewRecorder()
		w.sub.ServeHTTP(rec, r)
		if class := rec.Code / 100; class != 2 && class != 4 {
			t.Errorf("answer %d, want 2xx or 4xx", rec.Code)
		}
		if rec.Code == http.StatusOK && rec.Body.Len() > 0 && !strings.HasSuffix(r.URL.Path, w.token) {
			t.Errorf("challenge answered at %q", r.URL.Path)
		}
		if w.told {
			t.Error("unsigned news were believed")
		}
	})
}

type fuzzWorld struct {
	sub   *push.Subscriber
	token string
	told  bool
}

func newFuzzWorld(f *testing.F) *fuzzWorld {
	f.Helper()
	store := openStore(f, f.TempDir(), nil)
	w := &fuzzWorld{token: "secret-token"}
	w.sub = push.New(push.Options{Store: store, Deliver: func(context.Context, coranto.SourceID, push.News) error {
		w.told = true
		return nil
	}})
	src := coranto.Source{ID: "news", URL: "http://127.0.0.1/feed"}
	if err := store.UpsertSources(f.Context(), []coranto.Source{src}, nil); err != nil {
		f.Fatal(err)
	}
	sub := storage.Subscription{
		Hub: "https://hub.example/", Topic: "https://n.example/feed", Secret: "s3cr3t",
		Callback: "https://we.example/websub/news." + w.token, Until: time.Now().Add(day),
	}
	if err := store.SetSubscription(f.Context(), "news", storage.Subscription{}, sub); err != nil {
		f.Fatal(err)
	}
	return w
}

// A server that ends, or reads its file again, leaves no news behind: the next one asks
// the origin for what waited for its turn.
func TestNewsAtTheEnd(t *testing.T) {
	tests := []struct {
		name          string
		before, after int // words of the hub that wait when the run ends, and that come later
	}{
		{"S50 news that waits when a run ends", 1, 0},
		{"S50 news that comes when a run has ended", 0, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := subscribed(t, true)
			w.clock.Advance(10 * time.Minute)
			w.send("")
			if polls := w.pass(); polls != 1 {
				t.Fatalf("%d visits for the first word, want one", polls)
			}
			w.clock.Advance(time.Minute)
			w.origin.publish("b")
			for range tt.before {
				w.send("") // too soon after the first for a visit now
			}
			ended, end := context.WithCancel(t.Context())
			end()
			if err := w.agg.Run(ended, aggregate.Observer{}); err != nil {
				t.Fatal(err)
			}
			for range tt.after {
				w.send("")
			}
			w.agg = aggregate.New(aggregate.Options{
				Store: w.store, Fetch: w.opts.Client, Clock: w.clock.Now,
			})
			w.clock.Advance(push.HintPace)
			if polls := w.pass(); polls != 1 || w.items() != "a b" {
				t.Errorf("%d visits of the next run, items %q; want one and a b", polls, w.items())
			}
		})
	}
}
