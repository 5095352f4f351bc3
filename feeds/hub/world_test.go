package hub_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/format"
	"github.com/coranto/coranto/feeds/hub"
	"github.com/coranto/coranto/feeds/publish"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

const day = 24 * time.Hour

const siteURL = "https://news.example/"

// clock is a time that passes when a test says so.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Now().UTC().Truncate(time.Second)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// world is a store that is published, with a hub that runs.
type world struct {
	testing.TB
	path  string
	store *bolt.Store
	clock *clock
	opts  hub.Options
	hub   *hub.Hub
	stop  func() // ends the hub and what it follows
	posts int    // items committed
}

// newWorld has one source, "paper", that is filed in the category "go".
func newWorld(t testing.TB, change func(*hub.Options)) *world {
	t.Helper()
	w := &world{TB: t, path: filepath.Join(t.TempDir(), "store.db"), clock: newClock()}
	w.open()
	src := coranto.Source{ID: "paper", URL: "https://paper.example/feed", Title: "Paper",
		Categories: []coranto.Slug{"go"}}
	if err := w.store.UpsertSources(t.Context(), []coranto.Source{src}, nil); err != nil {
		t.Fatal(err)
	}
	w.publish("first")
	w.opts = hub.Options{Transport: http.DefaultTransport, Sole: true}
	if change != nil {
		change(&w.opts)
	}
	w.begin()
	t.Cleanup(func() {
		w.stop()
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *world) open() {
	w.Helper()
	store, err := bolt.Open(w.path, bolt.Options{})
	if err != nil {
		w.Fatal(err)
	}
	w.store = store
}

// begin runs a new hub over the store.
func (w *world) begin() {
	w.Helper()
	w.hub, w.stop = w.run(w.opts)
}

// run runs a hub, with a publisher of its own as in a process of its own. stop may be
// called twice.
func (w *world) run(opts hub.Options) (h *hub.Hub, stop func()) {
	w.Helper()
	reader := feeds.NewReader(w.store, feeds.Site{
		URL: siteURL, Hubs: []string{siteURL + "hub"}, Categories: []coranto.Category{{Slug: "quiet"}},
	})
	publisher := publish.New(publish.Options{Store: w.store, Reader: reader, Formats: format.All()})
	opts.Store, opts.Publisher, opts.Random, opts.Clock = w.store, publisher, rand.Reader, w.clock.Now
	h = hub.New(opts)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := publisher.Follow(ctx); err != nil && ctx.Err() == nil {
			w.Errorf("Follow: %v", err)
		}
	})
	running.Go(func() { h.Run(ctx) })
	for opts.Sole && !h.Delivering() {
		runtime.Gosched()
	}
	return h, func() {
		cancel()
		running.Wait()
	}
}

// restart ends the process and begins another.
func (w *world) restart() {
	w.Helper()
	w.stop()
	if err := w.store.Close(); err != nil {
		w.Fatal(err)
	}
	w.open()
	w.begin()
}

// kill begins another process with the file as it is now, as though this one had ended
// here; it ends a little later, and nobody hears of that.
func (w *world) kill() {
	w.Helper()
	var file bytes.Buffer
	if _, err := w.store.Backup(w.Context(), &file); err != nil {
		w.Fatal(err)
	}
	w.stop()
	if err := w.store.Close(); err != nil {
		w.Fatal(err)
	}
	w.path = filepath.Join(w.TempDir(), "store.db")
	writeFile(w, w.path, file.Bytes())
	w.open()
	w.begin()
}

// publish commits an item.
func (w *world) publish(title string) {
	w.Helper()
	w.posts++
	link := fmt.Sprint("https://paper.example/", w.posts)
	visit := storage.Visit{Source: "paper", Items: []coranto.Item{{
		ID: coranto.NewItemID("paper", link), Source: "paper", GUID: link, Link: link, Title: title,
		Summary: title, Content: "<p>" + title + "</p>", Categories: []coranto.Slug{"go"},
		Published: time.Date(2026, 3, 1, 12, 0, w.posts, 0, time.UTC),
	}}}
	results, err := w.store.Commit(w.Context(), []storage.Visit{visit})
	if err == nil {
		err = results[0].Err
	}
	if err != nil {
		w.Fatal(err)
	}
}

// post sends a form to the hub and returns the status and the text of the answer.
func (w *world) post(form url.Values) (status int, text string) {
	w.Helper()
	return ask(w.hub, form)
}

func ask(h http.Handler, form url.Values) (status int, text string) {
	r := httptest.NewRequest(http.MethodPost, "/hub", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, r)
	return answer.Code, answer.Body.String()
}

// subscription is the form for one. more are names and values.
func subscription(topic, callback string, more ...string) url.Values {
	form := url.Values{
		"hub.mode": {"subscribe"}, "hub.topic": {siteURL + topic}, "hub.callback": {callback},
	}
	for pair := range slices.Chunk(more, 2) {
		form.Set(pair[0], pair[1])
	}
	return form
}

// subscribe subscribes and waits until the subscription stands.
func (w *world) subscribe(s *subscriber, topic string, more ...string) {
	w.Helper()
	before := w.hub.Status().Subscriptions
	if status, text := w.post(subscription(topic, s.callback(), more...)); status != http.StatusAccepted {
		w.Fatalf("subscribe to %s: %d %s", topic, status, text)
	}
	s.asked(w)
	w.until("the subscription stands", func() bool {
		return w.hub.Status().Subscriptions > before
	})
}

// until waits for something that is about to be.
func (w *world) until(what string, so func() bool) {
	w.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for !so() {
		if time.Now().After(deadline) {
			w.Fatalf("not so after 10 s: %s", what)
		}
		runtime.Gosched()
	}
}

// settled waits until nobody is owed anything.
func (w *world) settled() {
	w.Helper()
	w.until("nothing is owed", func() bool { return w.hub.Status().Owed == 0 })
}

// delivery is what a subscriber was brought.
type delivery struct {
	header http.Header
	query  string
	body   string
}

// subscriber is one with a callback on loopback, that confirms and takes everything
// unless answer says otherwise.
type subscriber struct {
	server    *httptest.Server
	questions chan url.Values
	news      chan delivery
	answer    http.HandlerFunc // nil confirms and takes
}

func newSubscriber(t testing.TB, answer http.HandlerFunc) *subscriber {
	s := &subscriber{
		questions: make(chan url.Values, 1000), news: make(chan delivery, 1000), answer: answer,
	}
	s.server = httptest.NewServer(s)
	t.Cleanup(s.server.Close)
	return s
}

func (s *subscriber) callback() string { return s.server.URL + "/cb?token=t%2B1" }

// ServeHTTP implements http.Handler.
func (s *subscriber) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		s.questions <- r.URL.Query()
	} else {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		s.news <- delivery{r.Header, r.URL.RawQuery, string(body)}
	}
	switch {
	case s.answer != nil:
		s.answer(w, r)
	case r.Method == http.MethodGet:
		_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
	}
}

// echo confirms.
func echo(w http.ResponseWriter, r *http.Request) {
	_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
}

// onPost confirms, and answers news by answer.
func onPost(answer http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			echo(w, r)
			return
		}
		answer(w, r)
	}
}

// asked waits for a question of the hub.
func (s *subscriber) asked(t testing.TB) url.Values {
	t.Helper()
	select {
	case q := <-s.questions:
		return q
	case <-time.After(10 * time.Second):
		t.Fatal("the hub did not ask the callback")
		return nil
	}
}

// brought waits for news with a text in it.
func (s *subscriber) brought(t testing.TB, text string) delivery {
	t.Helper()
	select {
	case d := <-s.news:
		if !strings.Contains(d.body, text) {
			t.Fatalf("brought a document without %q:\n%s", text, d.body)
		}
		return d
	case <-time.After(10 * time.Second):
		t.Fatalf("was not brought %q", text)
		return delivery{}
	}
}

// nothing fails if there are news that nobody waited for.
func (s *subscriber) nothing(t testing.TB) {
	t.Helper()
	select {
	case d := <-s.news:
		t.Errorf("was brought what it has or does not want:\n%.300s", d.body)
	default:
	}
}
