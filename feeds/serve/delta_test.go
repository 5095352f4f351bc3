package serve_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/format"
	"github.com/coranto/coranto/feeds/publish"
	"github.com/coranto/coranto/feeds/serve"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// newsroom is a store whose publication can be restarted. Its clock moves with each
// commit.
type newsroom struct {
	path   string
	clock  time.Time
	store  *bolt.Store
	server *httptest.Server

	handler atomic.Pointer[http.Handler]

	mu       sync.Mutex
	statuses []int // of answers since they were last taken
}

func newNewsroom(t *testing.T) *newsroom {
	t.Helper()
	n := &newsroom{path: filepath.Join(t.TempDir(), "store.db"),
		clock: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)}
	n.server = newServerOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		(*n.handler.Load()).ServeHTTP(&statusWriter{w, n}, r)
	}))
	n.start(t)
	t.Cleanup(func() { n.store.Close() })
	source := coranto.Source{ID: "gopher", URL: "https://gopher.example/feed",
		Categories: []coranto.Slug{"go"}}
	if err := n.store.UpsertSources(t.Context(), []coranto.Source{source}, nil); err != nil {
		t.Fatal(err)
	}
	return n
}

// start opens the store and publishes it anew: nothing is kept from before.
func (n *newsroom) start(t *testing.T) {
	t.Helper()
	if n.store != nil {
		if err := n.store.Close(); err != nil {
			t.Fatal(err)
		}
	}
	var err error
	n.store, err = bolt.Open(n.path, bolt.Options{Now: func() time.Time { return n.clock }})
	if err != nil {
		t.Fatal(err)
	}
	n.publish()
}

// publish forgets every document.
func (n *newsroom) publish() {
	reader := feeds.NewReader(n.store, feeds.Site{URL: "https://news.example/",
		Categories: []coranto.Category{{Slug: "go"}}})
	handler := serve.Handler(serve.Options{Publisher: publish.New(publish.Options{
		Store: n.store, Reader: reader, Formats: format.All()})})
	n.handler.Store(&handler)
}

// statusWriter tells a newsroom of the status.
type statusWriter struct {
	http.ResponseWriter
	room *newsroom
}

func (w *statusWriter) WriteHeader(status int) {
	w.room.mu.Lock()
	w.room.statuses = append(w.room.statuses, status)
	w.room.mu.Unlock()
	w.ResponseWriter.WriteHeader(status)
}

// answered are the statuses since the last call.
func (n *newsroom) answered() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	defer func() { n.statuses = nil }()
	return strings.Trim(fmt.Sprint(n.statuses), "[]")
}

// post stores posts, each with a title, a second after the last ones.
func (n *newsroom) post(t *testing.T, titles map[int]string) {
	t.Helper()
	n.clock = n.clock.Add(time.Second)
	visit := storage.Visit{Source: "gopher"}
	for _, i := range slices.Sorted(maps.Keys(titles)) {
		link := fmt.Sprintf("https://gopher.example/%d", i)
		visit.Items = append(visit.Items, coranto.Item{
			ID: coranto.NewItemID("gopher", link), Source: "gopher", GUID: link, Link: link,
			Title: titles[i], Content: "<p>" + strings.Repeat(titles[i]+" and more. ", 40) + "</p>",
			Published:  time.Date(2026, 3, 1, 0, i, 0, 0, time.UTC),
			Categories: []coranto.Slug{"go"},
		})
	}
	if _, err := n.store.Commit(t.Context(), []storage.Visit{visit}); err != nil {
		t.Fatal(err)
	}
	n.publish()
}

// subscriber keeps what it reads, and asks for no more than what is new.
type subscriber struct {
	path    string
	tag     string
	entries map[string]string // title by id
}

// feed is an Atom or RSS document as far as a subscriber looks at it.
type feed struct {
	Entries []struct {
		ID    string `xml:"id"`
		Title string `xml:"title"`
	} `xml:"entry"`
	Items []struct {
		GUID  string `xml:"guid"`
		Title string `xml:"title"`
	} `xml:"channel>item"`
}

func (f *feed) titles() map[string]string {
	titles := make(map[string]string)
	for _, e := range f.Entries {
		titles[e.ID] = e.Title
	}
	for _, i := range f.Items {
		titles[i.GUID] = i.Title
	}
	return titles
}

// read asks, and returns the status and the number of entries in the answer.
func (s *subscriber) read(t *testing.T, n *newsroom, coding string) (status, entries int) {
	t.Helper()
	response, body := ask(t, n.server, "GET", s.path, "A-IM: feed", "Accept-Encoding: "+coding,
		"If-None-Match: "+s.tag)
	if response.StatusCode == http.StatusNotModified {
		return response.StatusCode, 0
	}
	var f feed
	if err := xml.Unmarshal([]byte(decode(t, response.Header.Get("Content-Encoding"), body)),
		&f); err != nil {
		t.Fatal(err)
	}
	titles := f.titles()
	if response.StatusCode == http.StatusOK {
		clear(s.entries)
	}
	maps.Copy(s.entries, titles)
	if response.StatusCode == http.StatusIMUsed {
		for name, want := range map[string]string{
			"Im": "feed", "Delta-Base": s.tag, "Cache-Control": "no-store, im", "Vary": "Accept-Encoding",
			"Content-Length": fmt.Sprint(len(body)),
		} {
			if got := response.Header.Get(name); got != want {
				t.Errorf("226 has %s: %q, want %q", name, got, want)
			}
		}
	}
	s.tag = response.Header.Get("Etag")
	return response.StatusCode, len(titles)
}

// TestDeltaMakesTheWhole lets posts come and change at random, with restarts between,
// and compares what subscribers have put together with the whole feed.
func TestDeltaMakesTheWhole(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	n := newNewsroom(t)
	n.post(t, map[int]string{0: "Post 0"})
	readers := make(map[string]*subscriber)
	for _, path := range []string{"/atom.xml", "/rss.xml", "/category/go/atom.xml", "/source/gopher/rss.xml"} {
		for _, coding := range []string{"identity", "gzip", "br", "zstd"} {
			readers[path+" "+coding] = &subscriber{path: path, entries: make(map[string]string)}
		}
	}
	posts, told := 1, 0
	for step := range 40 {
		if random.IntN(4) == 0 {
			n.start(t)
		}
		some := make(map[int]string)
		for range random.IntN(3) {
			i := random.IntN(posts + 1)
			posts = max(posts, i+1)
			some[i] = fmt.Sprintf("Post %d of step %d", i, step)
		}
		n.post(t, some)
		for _, key := range slices.Sorted(maps.Keys(readers)) {
			if random.IntN(3) == 0 {
				continue // it has something else to do
			}
			path, coding, _ := strings.Cut(key, " ")
			if status, _ := readers[key].read(t, n, coding); status == http.StatusIMUsed {
				told++
			}
			_, body := ask(t, n.server, "GET", path)
			var whole feed
			if err := xml.Unmarshal([]byte(body), &whole); err != nil {
				t.Fatal(err)
			}
			if want := whole.titles(); !maps.Equal(readers[key].entries, want) {
				t.Fatalf("step %d, %s: a subscriber has\n%v\nwant\n%v", step, key, readers[key].entries, want)
			}
		}
	}
	if told < 100 {
		t.Errorf("only %d answers left out what was known", told)
	}
}

// TestDeltaByWrongClock loses no post though the clock was an hour ahead for a time.
func TestDeltaByWrongClock(t *testing.T) {
	n := newNewsroom(t)
	s := &subscriber{path: "/rss.xml", entries: make(map[string]string)}
	for i, step := range []struct {
		by     time.Duration // how the clock is set before the post
		status int           // 0 for a subscriber that does not ask
	}{
		{0, 200}, {0, 226}, {time.Hour, 226}, {0, 226}, {-time.Hour, 226}, {0, 226}, {0, 0},
		{time.Hour + time.Minute, 226}, {0, 226},
	} {
		n.clock = n.clock.Add(step.by)
		n.post(t, map[int]string{i: fmt.Sprint("Post ", i)})
		if step.status == 0 {
			continue
		}
		if status, _ := s.read(t, n, "gzip"); status != step.status || len(s.entries) != i+1 {
			t.Errorf("step %d: status %d, %d posts; want %d and %d", i, status, len(s.entries),
				step.status, i+1)
		}
	}
}

// TestDeltaAnswers says who gets a part and who the whole.
func TestDeltaAnswers(t *testing.T) {
	n := newNewsroom(t)
	for i := range 5 {
		n.post(t, map[int]string{i: fmt.Sprint("Post ", i)})
	}
	old := make(map[string]string)
	for _, path := range []string{"/atom.xml", "/rss.xml", "/feed.json"} {
		response, _ := ask(t, n.server, "GET", path, "Accept-Encoding: gzip")
		old[path] = response.Header.Get("Etag")
	}
	n.post(t, map[int]string{5: "Post 5"})
	atom, other := old["/atom.xml"], `"0123456789abcdef0123456789abcdef-0.zz"`
	current, _ := ask(t, n.server, "GET", "/atom.xml")
	now := current.Header.Get("Etag")
	tests := []struct {
		name, path, manipulations, match string
		status                           int
	}{
		{"asked for", "/atom.xml", "feed", atom, 226},
		{"RSS", "/rss.xml", "feed", old["/rss.xml"], 226},
		{"among others", "/atom.xml", "vcdiff, diffe;q=0.3, feed;q=0.5", atom, 226},
		{"capitals", "/atom.xml", "Feed", atom, 226},
		{"by the name without extension", "/feed", "feed", atom, 226},
		{"not asked for", "/atom.xml", "", atom, 200},
		{"not wanted", "/atom.xml", "feed;q=0", atom, 200},
		{"another manipulation", "/atom.xml", "vcdiff", atom, 200},
		{"a weak tag", "/atom.xml", "feed", "W/" + atom, 226},
		{"a tag that a proxy changed", "/atom.xml", "feed", strings.Replace(atom, `-gz"`, `-gzip"`, 1), 226},
		{"several tags", "/atom.xml", "feed", `"x", ` + atom, 226},
		{"no tag", "/atom.xml", "feed", "", 200},
		{"another's tag", "/atom.xml", "feed", `"x"`, 200},
		{"a tag of long ago", "/atom.xml", "feed", other, 200},
		{"what it has", "/atom.xml", "feed", now, 304},
		{"any", "/atom.xml", "feed", "*", 304},
		{"JSON", "/feed.json", "feed", old["/feed.json"], 200},
	}
	for _, tt := range tests {
		fields := []string{"A-IM: " + tt.manipulations}
		if tt.match != "" {
			fields = append(fields, "If-None-Match: "+tt.match)
		}
		for _, method := range []string{"GET", "HEAD"} {
			response, body := ask(t, n.server, method, tt.path, fields...)
			if response.StatusCode != tt.status {
				t.Errorf("%s: %s has status %d, want %d", tt.name, method, response.StatusCode, tt.status)
			}
			if method == "HEAD" {
				continue
			}
			if whole := strings.Contains(body, "Post 1"); whole != (tt.status == 200) {
				t.Errorf("%s: the whole: %v, want %v", tt.name, whole, tt.status == 200)
			}
			part := response.StatusCode == 226
			if (response.Header.Get("Im") != "") != part ||
				strings.Contains(response.Header.Get("Cache-Control"), "no-store") != part {
				t.Errorf("%s: %v", tt.name, response.Header)
			}
		}
	}
}

// TestDeltaNewsboat subscribes a reader of others' making that asks for deltas and keeps
// what it has read.
func TestDeltaNewsboat(t *testing.T) {
	program, err := exec.LookPath("newsboat")
	if err != nil {
		t.Skip("newsboat is not installed")
	}
	n := newNewsroom(t)
	dir := t.TempDir()
	for name, text := range map[string]string{"urls": n.server.URL + "/atom.xml\n", "config": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	posts := make(map[int]string)
	for i := range 20 {
		posts[i] = fmt.Sprintf("Post %d.", i)
	}
	steps := []struct {
		name    string
		posts   map[int]string
		restart bool
		status  string
		unread  int
	}{
		{"the first time", posts, false, "200", 20},
		{"the second time: it keeps no tag of the first", nil, false, "200", 20},
		{"nothing new", nil, false, "304", 20},
		{"one more", map[int]string{20: "Post 20."}, false, "226", 21},
		{"one more after a restart", map[int]string{21: "Post 21."}, true, "226", 22},
		{"two more and a changed one", map[int]string{3: "Post 3 again.", 22: "Post 22.", 23: "Post 23."},
			true, "226", 24},
		{"nothing new after a restart", nil, true, "304", 24},
	}
	for _, step := range steps {
		if len(step.posts) > 0 {
			n.post(t, step.posts)
		}
		if step.restart {
			n.start(t)
		}
		maps.Copy(posts, step.posts)
		run := exec.CommandContext(t.Context(), program, "-u", filepath.Join(dir, "urls"),
			"-C", filepath.Join(dir, "config"), "-c", filepath.Join(dir, "cache.db"),
			"-x", "reload", "print-unread")
		run.Env = append(os.Environ(), "HOME="+dir, "LC_ALL=C.UTF-8", "http_proxy=", "HTTP_PROXY=")
		out, err := run.CombinedOutput()
		if err != nil {
			t.Fatalf("newsboat: %v\n%s", err, out)
		}
		if got := n.answered(); got != step.status {
			t.Errorf("%s: newsboat was answered %s, want %s", step.name, got, step.status)
		}
		if want := fmt.Sprintf("%d unread", step.unread); !strings.Contains(string(out), want) {
			t.Errorf("%s: newsboat says %q, want %s", step.name, out, want)
		}
		kept, err := os.ReadFile(filepath.Join(dir, "cache.db"))
		if err != nil {
			t.Fatal(err)
		}
		for _, title := range posts {
			if !bytes.Contains(kept, []byte(title)) {
				t.Errorf("%s: newsboat has no %q", step.name, title)
			}
		}
	}
}
