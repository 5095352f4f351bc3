package serve_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/format"
	"github.com/coranto/coranto/feeds/publish"
	"github.com/coranto/coranto/feeds/serve"
	"github.com/coranto/coranto/feeds/site"
	"github.com/coranto/coranto/storage"
	"github.com/coranto/coranto/storage/bolt"
)

// newPublisher publishes 30 items of one source in the category go. change is made to
// what the operator says.
func newPublisher(t testing.TB, change ...func(*feeds.Site)) (*publish.Publisher, *site.Pages) {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 3, 2, 10, 0, 0, 500, time.UTC) }
	store, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	source := coranto.Source{ID: "gopher", URL: "https://gopher.example/feed",
		Categories: []coranto.Slug{"go"}}
	if err := store.UpsertSources(t.Context(), []coranto.Source{source}, nil); err != nil {
		t.Fatal(err)
	}
	visit := storage.Visit{Source: source.ID}
	former := visit
	for n := range 30 {
		link := fmt.Sprintf("https://gopher.example/%d", n)
		visit.Items = append(visit.Items, coranto.Item{
			ID: coranto.NewItemID(source.ID, link), Source: source.ID, GUID: link, Link: link,
			Title:     fmt.Sprint("Post ", n),
			Content:   content(n),
			Published: now().Add(-time.Duration(n+1) * time.Hour), Categories: []coranto.Slug{"go"},
		})
	}
	// The first item was in another category before.
	former.Items = slices.Clone(visit.Items[:1])
	former.Items[0].Categories = []coranto.Slug{"former"}
	for _, v := range []storage.Visit{former, visit} {
		if _, err := store.Commit(t.Context(), []storage.Visit{v}); err != nil {
			t.Fatal(err)
		}
	}
	about := feeds.Site{URL: "https://news.example/planet/",
		Categories: []coranto.Category{{Slug: "go"}}}
	for _, f := range change {
		f(&about)
	}
	reader := feeds.NewReader(store, about)
	pages, err := site.New(reader, format.All())
	if err != nil {
		t.Fatal(err)
	}
	return publish.New(publish.Options{Store: store, Reader: reader, Formats: format.All(),
		Pages: pages.Page}), pages
}

// content is a text of 2 KB that can be compressed as well as most can.
func content(n int) string {
	var b strings.Builder
	for i := range 50 {
		fmt.Fprintf(&b, "<p>Words of post %d, %x and %x.</p>\n", n, i*n*7919, (i+n)*104729)
	}
	return b.String()
}

func newHandler(t testing.TB) http.Handler {
	t.Helper()
	publisher, pages := newPublisher(t)
	return serve.Handler(serve.Options{Publisher: publisher, NotFound: pages.NotFound,
		Problem: pages.Problem})
}

// ask sends a request over loopback; fields are "Name: value".
func ask(t testing.TB, server *httptest.Server, method, path string,
	fields ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "identity")
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		switch {
		case name == "Host":
			r.Host = value
		case name == "Accept-Encoding":
			r.Header.Set(name, value)
		default:
			r.Header.Add(name, value)
		}
	}
	response, err := server.Client().Transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func newServer(t testing.TB) *httptest.Server {
	t.Helper()
	return newServerOf(t, newHandler(t))
}

func newServerOf(t testing.TB, h http.Handler) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.Config = serve.NewServer(h, nil)
	server.Start()
	t.Cleanup(server.Close)
	return server
}

func TestStatus(t *testing.T) {
	server := newServer(t)
	tests := []struct {
		method, path string
		status       int
		field        string // "Name: value" that the answer has
	}{
		{"GET", "/", 200, "Content-Type: text/html; charset=utf-8"},
		{"HEAD", "/", 200, "Content-Type: text/html; charset=utf-8"},
		{"GET", "/category/go/atom.xml", 200, "Content-Type: application/atom+xml; charset=utf-8"},
		{"GET", "/category/go/rss.xml", 200, "Content-Type: application/rss+xml; charset=utf-8"},
		{"GET", "/category/go/feed.json", 200, "Content-Type: application/feed+json"},
		{"GET", "/opml.xml", 200, "Content-Type: text/x-opml; charset=utf-8"},
		{"GET", "/style.css", 200, "Content-Type: text/css; charset=utf-8"},
		{"GET", "/planet/category/go/atom.xml", 200, "Access-Control-Allow-Origin: *"},
		{"GET", "/category/go", 308, "Location: /planet/category/go/"},
		{"GET", "/category/go?x=1", 308, "Location: /planet/category/go/"},
		{"GET", "/subscribe", 308, "Location: /planet/subscribe/"},
		{"GET", "/category/none", 404, "Content-Type: text/html; charset=utf-8"},
		{"GET", "/category/none/atom.xml", 404, "Cache-Control: no-store"},
		{"GET", "/category/former/", 410, "Content-Type: text/html; charset=utf-8"},
		{"GET", "/category/former/rss.xml", 410, "Cache-Control: no-store"},
		{"GET", "/category/former/feed", 410, "Vary: Accept, Accept-Encoding"},
		{"GET", "//evil.example/", 404, ""},
		{"GET", "//evil.example", 404, ""},
		{"GET", "/%2e%2e/etc/passwd", 404, ""},
		{"GET", "/category%2fgo/", 404, ""},
		{"GET", "/.git/config", 404, ""},
		{"GET", "/\x7f", 404, ""},
		{"POST", "/", 405, "Allow: GET, HEAD, OPTIONS"},
		{"DELETE", "/category/go/atom.xml", 405, "Allow: GET, HEAD, OPTIONS"},
		{"OPTIONS", "/atom.xml", 204, "Allow: GET, HEAD, OPTIONS"},
		{"GET", "/livez", 200, "Cache-Control: no-store"},
		{"GET", "/readyz", 200, "Cache-Control: no-store"},
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			response, body := ask(t, server, tt.method, strings.ReplaceAll(tt.path, "\x7f", "%7f"))
			if response.StatusCode != tt.status {
				t.Errorf("status %d, want %d", response.StatusCode, tt.status)
			}
			name, want, _ := strings.Cut(tt.field, ": ")
			if got := response.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
			if response.Header.Get("X-Content-Type-Options") != "nosniff" && tt.status != 308 &&
				tt.status != 204 {
				t.Error("no nosniff")
			}
			if (tt.method == "HEAD" || tt.status == 204) != (body == "") {
				t.Errorf("%d bytes of body", len(body))
			}
		})
	}
}

// TestFields checks what comes with a feed, a page and an item's page.
func TestFields(t *testing.T) {
	server := newServer(t)
	tests := []struct {
		path string
		want map[string]string // "" means absent
	}{
		{"/category/go/atom.xml", map[string]string{
			"Cache-Control": "public, max-age=300, stale-while-revalidate=600, " +
				"stale-if-error=604800",
			"Vary":                        "Accept-Encoding",
			"Link":                        `<https://news.example/planet/category/go/atom.xml>; rel="self"`,
			"Last-Modified":               "Mon, 02 Mar 2026 10:00:00 GMT",
			"Access-Control-Allow-Origin": "*", "Content-Security-Policy": "", "X-Robots-Tag": "",
		}},
		{"/", map[string]string{
			"Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
			"Content-Security-Policy": "default-src 'none'; style-src 'self'; " +
				"img-src 'self' https: http: data:; media-src https: http:; " +
				"frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
			"Access-Control-Allow-Origin": "", "Link": "", "X-Robots-Tag": "",
		}},
		{feeds.ItemPath(coranto.NewItemID("gopher", "https://gopher.example/3")),
			map[string]string{"X-Robots-Tag": "noindex"}},
	}
	for _, tt := range tests {
		response, body := ask(t, server, "GET", tt.path, "Host: evil.example",
			"X-Forwarded-Host: evil.example")
		for name, want := range tt.want {
			if got := strings.Join(response.Header.Values(name), "; "); got != want {
				t.Errorf("%s: %s: %q, want %q", tt.path, name, got, want)
			}
		}
		if strings.Contains(body+fmt.Sprint(response.Header), "evil.example") {
			t.Errorf("%s repeats the request's host", tt.path)
		}
	}
}

// TestHead compares HEAD with GET, field by field.
func TestHead(t *testing.T) {
	server := newServer(t)
	for _, coding := range []string{"identity", "gzip", "br", "zstd"} {
		get, _ := ask(t, server, "GET", "/atom.xml", "Accept-Encoding: "+coding)
		head, body := ask(t, server, "HEAD", "/atom.xml", "Accept-Encoding: "+coding)
		get.Header.Del("Date")
		head.Header.Del("Date")
		if body != "" || fmt.Sprint(get.Header) != fmt.Sprint(head.Header) {
			t.Errorf("%s: HEAD has %v\nGET has %v", coding, head.Header, get.Header)
		}
		if head.Header.Get("Content-Length") == "" {
			t.Errorf("%s: no Content-Length", coding)
		}
	}
}

func TestProblems(t *testing.T) {
	publisher, pages := newPublisher(t)
	ready := func() error { return errors.New("not yet") }
	closed := closedStore(t)
	broken := publish.New(publish.Options{
		Store: closed, Reader: feeds.NewReader(closed, feeds.Site{}),
		Formats: format.All(), Pages: pages.Page,
	})
	tests := []struct {
		name   string
		opts   serve.Options
		path   string
		status int
		body   string // what it holds
	}{
		{"no page", serve.Options{Publisher: publisher}, "/none/", 404, "not found\n"},
		{"a page", serve.Options{Publisher: publisher, NotFound: pages.NotFound}, "/none/", 404, "<"},
		{"store closed", serve.Options{Publisher: broken, Problem: pages.Problem}, "/atom.xml", 500, "<"},
		{"not ready", serve.Options{Publisher: publisher, Ready: ready}, "/readyz", 503, "not ready\n"},
		{"not ready but alive", serve.Options{Publisher: publisher, Ready: ready}, "/livez", 200, "ok\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			r := httptest.NewRequestWithContext(t.Context(), "GET", tt.path, nil)
			serve.Handler(tt.opts).ServeHTTP(w, r)
			if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.body) {
				t.Errorf("got %d %q, want %d and %q", w.Code, w.Body, tt.status, tt.body)
			}
			if cache := w.Header().Get("Cache-Control"); cache != "no-store" {
				t.Errorf("Cache-Control: %s, want no-store", cache)
			}
		})
	}
}

func closedStore(t *testing.T) storage.Store {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "closed.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return store
}

func TestClientThatWentAway(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	newHandler(t).ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "/atom.xml", nil))
	if w.Code != 200 {
		t.Errorf("status %d, want the document that was made all the same", w.Code)
	}
}
