package push_test

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/push"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
	"github.com/coranto/coranto/storage/storagetest/sample"
)

// hub is a WebSub hub on loopback. It verifies what it is asked before it answers, as
// its fields say.
type hub struct {
	*httptest.Server
	t *testing.T

	mu     sync.Mutex
	asked  []url.Values
	lease  time.Duration // granted; 0 means as asked
	deny   bool          // in place of verifying
	silent bool          // accepts and never comes back
	status int           // of the answer; 0 means 202
	hang   bool          // never answers
	done   chan struct{}
}

func newHub(t *testing.T, tls bool) *hub {
	h := &hub{t: t, done: make(chan struct{})}
	if h.Server = httptest.NewUnstartedServer(h); tls {
		h.StartTLS()
	} else {
		h.Start()
	}
	t.Cleanup(func() { close(h.done); h.Close() })
	return h
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		h.t.Error(err)
	}
	h.mu.Lock()
	h.asked = append(h.asked, r.PostForm)
	hang, silent, deny, status := h.hang, h.silent, h.deny, h.status
	h.mu.Unlock()
	if hang {
		select {
		case <-r.Context().Done():
		case <-h.done:
		}
		return
	}
	if status == 0 {
		status = http.StatusAccepted
	}
	if !silent && status == http.StatusAccepted {
		mode := r.PostForm.Get("hub.mode")
		if deny {
			mode = "denied"
		}
		h.verify(r.PostForm, mode, r.PostForm.Get("hub.topic"))
	}
	w.WriteHeader(status)
}

// verify calls back and returns the status and the body of the answer.
func (h *hub) verify(form url.Values, mode, topic string) (int, string) {
	lease := form.Get("hub.lease_seconds")
	if h.lease > 0 {
		lease = fmt.Sprint(int(h.lease / time.Second))
	}
	query := url.Values{
		"hub.mode": {mode}, "hub.topic": {topic}, "hub.challenge": {"c<h>&"}, "hub.lease_seconds": {lease},
		"hub.reason": {"not today"},
	}
	res, err := http.Get(form.Get("hub.callback") + "?" + query.Encode())
	if err != nil {
		h.t.Error(err)
		return 0, ""
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		h.t.Error(err)
	}
	return res.StatusCode, string(body)
}

// fail lets the hub answer with a status from now on.
func (h *hub) fail(status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.status = status
}

// grant lets the hub give other leases than were asked for.
func (h *hub) grant(lease time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lease = lease
}

// requests are the forms so far.
func (h *hub) requests() []url.Values {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.asked
}

// send posts news, signed by a method ("" for not at all).
func (h *hub) send(callback, body, method, secret string) int {
	h.t.Helper()
	req, err := http.NewRequest(http.MethodPost, callback, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/rss+xml")
	if method != "" {
		req.Header.Set("X-Hub-Signature", method+"="+sign(method, secret, body))
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

func sign(method, secret, body string) string {
	hashes := map[string]func() hash.Hash{
		"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New,
	}
	if hashes[method] == nil {
		return "00"
	}
	mac := hmac.New(hashes[method], []byte(secret))
	mac.Write([]byte(body))
	return hex.EncodeToString(mac.Sum(nil))
}

// world is a source with a hub, and all that is between them.
type world struct {
	*testing.T
	clock  *sample.Clock
	store  *bolt.Store
	agg    *aggregate.Aggregator
	sub    *push.Subscriber
	hub    *hub
	origin *origin
	opts   push.Options
	source coranto.Source
}

// origin is the source's own server.
type origin struct {
	*httptest.Server
	mu    sync.Mutex
	items []string
	polls int
	link  []string // Link headers, HUB and SELF filled in
	inDoc string   // in the channel
}

func (o *origin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.polls++
	doc := document(o.inDoc, o.items...)
	w.Header()["Link"] = o.link
	w.Header().Set("ETag", fmt.Sprintf("%q", sign("sha1", "", doc)))
	w.Header().Set("Content-Type", "application/rss+xml")
	if r.Header.Get("If-None-Match") == w.Header().Get("ETag") {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = io.WriteString(w, doc)
}

func (o *origin) publish(items ...string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.items = append(items, o.items...)
}

func (o *origin) visits() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.polls
}

// document is a feed with an item for each name; "b=text" gives b a text.
func document(inChannel string, items ...string) string {
	var b strings.Builder
	b.WriteString(`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>News</title>` + inChannel)
	for _, item := range items {
		name, text, _ := strings.Cut(item, "=")
		fmt.Fprintf(&b, "<item><guid>%s</guid><title>%s</title><link>http://n.example/%s</link>"+
			"<pubDate>Sun, 01 Mar 2026 09:00:00 GMT</pubDate><description>%s</description></item>", name, name, name, text)
	}
	return b.String() + "</channel></rss>"
}

func newWorld(t *testing.T, tls bool) *world {
	t.Helper()
	w := &world{T: t, clock: sample.NewClock(), hub: newHub(t, tls), origin: new(origin)}
	w.origin.items = []string{"a"}
	w.origin.Server = httptest.NewServer(w.origin)
	t.Cleanup(w.origin.Close)
	w.origin.link = []string{"<" + w.hub.URL + "/>; rel=hub, </self>; rel=\"self\""}
	w.store = openStore(t, t.TempDir(), w.clock.Now)
	w.source = coranto.Source{ID: "news", URL: w.origin.URL + "/feed"}
	w.put(w.source)
	opts := fetch.Options{
		AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Timeout:       2 * time.Second, Now: w.clock.Now,
	}
	if tls {
		opts.RootCAs = w.hub.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	}
	client := fetch.New(opts)
	t.Cleanup(client.CloseIdle)
	w.agg = aggregate.New(aggregate.Options{Store: w.store, Fetch: client, Clock: w.clock.Now})
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.sub.ServeHTTP(rw, r) }))
	t.Cleanup(front.Close)
	w.opts = push.Options{
		Store: w.store, Client: client, Deliver: w.agg.Pushed, Callback: front.URL + "/websub/",
		Random: rand.Reader, Clock: w.clock.Now, MaxBody: 64 << 10,
	}
	w.sub = push.New(w.opts)
	return w
}

func (w *world) put(src coranto.Source) {
	w.Helper()
	if err := w.store.UpsertSources(w.Context(), []coranto.Source{src}, nil); err != nil {
		w.Fatal(err)
	}
}

func openStore(tb testing.TB, dir string, now coranto.Clock) *bolt.Store {
	tb.Helper()
	store, err := bolt.Open(filepath.Join(dir, "coranto.db"), bolt.Options{Now: now})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { store.Close() })
	return store
}

// pass visits what is due and returns how often the origin was asked.
func (w *world) pass() int {
	w.Helper()
	before := w.origin.visits()
	if _, err := w.agg.Pass(w.Context(), aggregate.Observer{Stored: func(r aggregate.Report) {
		if r.Err != nil {
			w.Error(r.Err)
		}
		if r.Hub {
			w.sub.Look(r.Source)
		}
	}}); err != nil {
		w.Fatal(err)
	}
	return w.origin.visits() - before
}

// live lets time pass as a daemon does, and returns how often the origin was asked.
func (w *world) live(d time.Duration) (polls int) {
	w.Helper()
	const step = 10 * time.Minute
	for ; d >= step; d -= step {
		w.clock.Advance(step)
		w.keep()
		polls += w.pass()
	}
	return polls
}

func (w *world) keep() {
	w.Helper()
	if err := w.sub.Keep(w.Context()); err != nil {
		w.Fatal(err)
	}
}

func (w *world) state() storage.SourceState {
	w.Helper()
	for rec, err := range w.store.Sources(context.Background(), storage.SourceQuery{}) {
		if err != nil {
			w.Fatal(err)
		}
		return rec.State
	}
	return storage.SourceState{}
}

func (w *world) subscription() storage.Subscription { return w.state().Push.Subscription }

// items are the stored items' titles with their texts, sorted by name.
func (w *world) items() string {
	w.Helper()
	page, err := w.store.Latest(w.Context(), storage.Query{Limit: 50})
	if err != nil {
		w.Fatal(err)
	}
	texts := make(map[string]string)
	for _, rec := range page.Records {
		texts[rec.Title] = rec.Content
	}
	var b strings.Builder
	for _, name := range []string{"a", "b", "c", "d"} {
		if text, ok := texts[name]; ok {
			b.WriteString(strings.TrimSuffix(name+"="+text, "=") + " ")
		}
	}
	return strings.TrimSpace(b.String())
}

// subscribed is a world whose first visit is over and whose lease is verified.
func subscribed(t *testing.T, tls bool) *world {
	t.Helper()
	w := newWorld(t, tls)
	w.pass()
	w.keep()
	if sub := w.subscription(); !sub.Active(w.clock.Now()) {
		t.Fatalf("subscription %+v after the first visit, want an active one", sub)
	}
	return w
}

func (w *world) send(body string) int {
	sub := w.subscription()
	return w.hub.send(sub.Callback, body, "sha256", string(sub.Secret))
}
