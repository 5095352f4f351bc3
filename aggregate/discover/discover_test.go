package discover_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coranto/coranto/aggregate/discover"
	"github.com/coranto/coranto/aggregate/fetch"
)

const rss = `<rss version="2.0"><channel><title>News</title><link>/</link><description>d</description>
<item><title>One</title><link>/1</link></item></channel></rss>`

const emptyRSS = `<rss version="2.0"><channel><title>None yet</title></channel></rss>`

func TestP75Links(t *testing.T) {
	feed := func(href string) string { return `<link rel=alternate type=application/rss+xml href="` + href + `">` }
	tests := []struct {
		name, page string
		want       []string
	}{
		{"none", "<head><title>x</title>", nil},
		{
			"relative to the base, which may follow", feed("a.xml") + `<base href="/blog/"><base href="/no/">` + feed("/b.xml"),
			[]string{"https://a.example/blog/a.xml", "https://a.example/b.xml"},
		},
		{"relative to the page", feed("feed.xml"), []string{"https://a.example/x/feed.xml"}},
		{"a base that is none", `<base href="javascript:x">` + feed("feed.xml"), []string{"https://a.example/x/feed.xml"}},
		{
			"types and relations in any case", `<LINK REL="Alternate nofollow" TYPE="Application/Atom+XML; charset=utf-8" HREF="/a">
			<link rel=alternate type=application/feed+json href=/j><link rel=alternate type=text/xml href=/x><link rel=feed href=/f>`,
			[]string{"https://a.example/a", "https://a.example/j", "https://a.example/x", "https://a.example/f"},
		},
		{"once each, without fragments", feed("/f#a") + feed("/f"), []string{"https://a.example/f"}},
		{
			"no translations, no API, no sheets", `<link rel=alternate hreflang=de href=/de/>
			<link rel=alternate type=application/json href=/wp-json/><link rel=stylesheet type=text/xml href=/x.xsl>`, nil,
		},
		{"no comments", feed("/comments/feed") + feed("/?feed=comments-rss2"), nil},
		{"the Web only", feed("javascript:alert(1)") + feed("ftp://h/") + feed("https://me:pw@h/") + feed(""), nil},
		{"not in the body", `<body>` + feed("/f"), nil},
		{"not in a body that is not opened", `<title>x</title><p>hello` + feed("/f"), nil},
		{"not in a template, but after", `<noscript><p>x</p>` + feed("/n") + `</noscript>` + feed("/f"),
			[]string{"https://a.example/f"}},
		{"not in a script", `<script>'` + feed("/s") + `'</script><!--` + feed("/c") + `-->`, nil},
		{"elsewhere", feed("//b.example/f"), []string{"https://b.example/f"}},
	}
	for _, tt := range tests {
		t.Run("P75 "+tt.name, func(t *testing.T) {
			got := discover.Links([]byte(tt.page), "https://a.example/x/y")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
		})
	}
}

func TestP75HeaderLinks(t *testing.T) {
	values := []string{
		`</h.xml>; rel="alternate"; type="application/rss+xml", <https://hub.example/>; rel=hub`,
		`</x>; rel=alternate; type="application/rss+xml"; anchor="/other"`, `</de>; rel=alternate; hreflang=de`,
	}
	got := discover.HeaderLinks(values, "https://a.example/x/")
	if diff := cmp.Diff([]string{"https://a.example/h.xml"}, got); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}

// origin serves pages by path and query, remembers what it was asked and names
// the first page's feeds in Link headers when it is told to.
type origin struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

func serve(t *testing.T, pages map[string]string, link string) *origin {
	t.Helper()
	o := new(origin)
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		o.asked = append(o.asked, strings.TrimPrefix(r.Method, "GET")+r.URL.RequestURI())
		o.mu.Unlock()
		body, ok := pages[r.URL.RequestURI()]
		switch {
		case body == "429":
			w.WriteHeader(http.StatusTooManyRequests)
			return
		case !ok:
			http.NotFound(w, r)
			return
		}
		if link != "" {
			w.Header().Set("Link", link)
		}
		_, _ = w.Write([]byte(strings.ReplaceAll(body, "ORIGIN", o.URL)))
	}))
	t.Cleanup(o.Close)
	return o
}

func newClient(t *testing.T) *fetch.Client {
	t.Helper()
	client := fetch.New(fetch.Options{AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(client.CloseIdle)
	return client
}

// TestP75Find follows whole searches: what is proposed, and what the origin was
// asked on the way, in order.
func TestP75Find(t *testing.T) {
	const link = `<link rel=alternate type=application/rss+xml href=`
	const wordpress = `<meta name=generator content="WordPress 6">`
	tests := []struct {
		name, address string
		pages         map[string]string
		header        string
		want          []string
		asked         []string
	}{
		{
			name: "the feed itself", address: "/f", pages: map[string]string{"/f": rss},
			want: []string{"/f"}, asked: []string{"/f"},
		},
		{
			name: "named by the head", address: "/", pages: map[string]string{"/": link + "/deep/feed>", "/deep/feed": rss},
			want: []string{"/deep/feed"}, asked: []string{"/", "/deep/feed"},
		},
		{
			name: "named by the head, then by the header", address: "/", header: `</h>; rel=alternate; type=application/rss+xml`,
			pages: map[string]string{"/": link + "/a>", "/a": rss, "/h": rss},
			want:  []string{"/a", "/h"}, asked: []string{"/", "/a", "/h"},
		},
		{
			name: "named by the header alone", address: "/x.pdf", header: `<h>; rel=feed`,
			pages: map[string]string{"/x.pdf": "%PDF", "/h": rss}, want: []string{"/h"}, asked: []string{"/x.pdf", "/h"},
		},
		{
			name: "no more of a kind than four", address: "/",
			pages: map[string]string{
				"/": link + "/1>" + link + "/2>" + link + "/3>" + link + "/4>" + link + "/5>", "/5": rss, "/feed": rss,
			},
			want: []string{"/feed"}, asked: []string{"/", "/1", "/2", "/3", "/4", "/feed", "/atom.xml", "/rss.xml", "/index.xml"},
		},
		{
			name: "where its program keeps feeds", address: "/blog/post",
			pages: map[string]string{"/blog/post": `<img src="/blog/wp-content/x.png">`, "/blog/feed/": rss},
			want:  []string{"/blog/feed/"}, asked: []string{"/blog/post", "/blog/feed/", "/blog/?feed=rss2"},
		},
		{
			name: "a link that leads nowhere, then the program", address: "/",
			pages: map[string]string{"/": wordpress + link + "/gone>", "/?feed=rss2": rss},
			want:  []string{"/?feed=rss2"}, asked: []string{"/", "/gone", "/feed/", "/?feed=rss2"},
		},
		{
			name: "named by the text", address: "/show",
			pages: map[string]string{"/show": `<body><a href=/pod.xml>RSS</a>`, "/pod.xml": rss},
			want:  []string{"/pod.xml"}, asked: []string{"/show", "/pod.xml"},
		},
		{
			name: "where feeds usually are", address: "/", pages: map[string]string{"/": "<p>hello", "/rss.xml": rss},
			want: []string{"/rss.xml"}, asked: []string{"/", "/feed", "/atom.xml", "/rss.xml", "/index.xml"},
		},
		{
			name: "where feeds of a folder usually are", address: "/blog/", pages: map[string]string{"/blog/": "<p>", "/blog/index.xml": rss},
			want: []string{"/blog/index.xml"}, asked: []string{"/blog/", "/blog/feed", "/blog/index.xml", "/feed", "/rss.xml"},
		},
		{
			name: "one with items before one without", address: "/",
			pages: map[string]string{"/": link + "/a>" + link + "/b>", "/a": emptyRSS, "/b": rss},
			want:  []string{"/b", "/a"}, asked: []string{"/", "/a", "/b"},
		},
		{
			name: "none that was asked before", address: "/feed", pages: map[string]string{"/feed": link + "/feed>" + link + "/a>", "/a": rss},
			want: []string{"/a"}, asked: []string{"/feed", "/a"},
		},
		{
			name: "what a feed calls itself proves nothing", address: "/",
			pages: map[string]string{
				"/": link + "/f>", "/f": `<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><id>urn:x</id>
				<link rel="self" href="https://other.example/f"/><updated>2026-01-01T00:00:00Z</updated></feed>`,
			},
			want: []string{"/f"}, asked: []string{"/", "/f"},
		},
	}
	for _, tt := range tests {
		t.Run("P75 "+tt.name, func(t *testing.T) {
			o := serve(t, tt.pages, tt.header)
			found, err := discover.Find(t.Context(), newClient(t), o.URL+tt.address)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range found {
				got = append(got, strings.TrimPrefix(c.URL, o.URL))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.asked, o.asked); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
		})
	}
}

// TestP75FindElsewhere shows that a feed on another host is looked at last.
func TestP75FindElsewhere(t *testing.T) {
	other := serve(t, map[string]string{"/show": rss}, "")
	o := serve(t, map[string]string{"/": `<a href="` + other.URL + `/show">RSS</a>`}, "")
	found, err := discover.Find(t.Context(), newClient(t), o.URL+"/")
	if err != nil {
		t.Fatal(err)
	}
	if found[0].URL != other.URL+"/show" || len(o.asked) != 5 {
		t.Errorf("found %s after asking %q, want %s/show after four guesses", found[0].URL, o.asked, other.URL)
	}
}

func TestP75FindNothing(t *testing.T) {
	tests := []struct {
		name, address string
		pages         map[string]string
		err           error  // nil means the client's
		remedy        string // part of it
		asked         int
	}{
		{"a page without", "/", map[string]string{"/": "<p>hello"}, discover.ErrNoFeed, "called RSS", 5},
		{"no page", "/", nil, nil, "", 1},
		{"an origin that wants to rest", "/", map[string]string{"/": "<p>", "/feed": "429"}, nil, "", 2},
		{"a platform without feeds", "https://podcasts.apple.com/us/podcast/x/id42", nil, discover.ErrNoFeed, "lookup?id=42", 0},
	}
	for _, tt := range tests {
		t.Run("P75 "+tt.name, func(t *testing.T) {
			o := serve(t, tt.pages, "")
			address := tt.address
			if strings.HasPrefix(address, "/") {
				address = o.URL + address
			}
			_, err := discover.Find(t.Context(), newClient(t), address)
			var client *fetch.Error
			if tt.err != nil && !errors.Is(err, tt.err) || tt.err == nil && !errors.As(err, &client) {
				t.Fatalf("error = %v, want %v", err, tt.err)
			}
			var none *discover.Error
			if errors.As(err, &none) && !strings.Contains(none.Remedy, tt.remedy) {
				t.Errorf("remedy = %q, want one with %q", none.Remedy, tt.remedy)
			}
			if len(o.asked) != tt.asked || slices.Contains(o.asked, "/robots.txt") {
				t.Errorf("asked %q, want %d requests", o.asked, tt.asked)
			}
		})
	}
}

// TestFindAfterRedirect shows that only a permanent redirect changes the address
// that is proposed.
func TestFindAfterRedirect(t *testing.T) {
	tests := []struct {
		name string
		code int
		want string
	}{
		{"temporary", http.StatusFound, "/f"},
		{"permanent", http.StatusMovedPermanently, "/moved"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			mux := http.NewServeMux()
			mux.Handle("/f", http.RedirectHandler("/moved", tt.code))
			mux.HandleFunc("/moved", func(w http.ResponseWriter, _ *http.Request) {
				_, _ = w.Write([]byte(rss))
			})
			origin := httptest.NewServer(mux)
			defer origin.Close()
			found, err := discover.Find(t.Context(), newClient(t), origin.URL+"/f")
			if err != nil {
				t.Fatal(err)
			}
			if found[0].URL != origin.URL+tt.want {
				t.Errorf("found %s, want %s", found[0].URL, origin.URL+tt.want)
			}
		})
	}
}

func FuzzLinks(f *testing.F) {
	f.Add([]byte(`<base href=//x/><link rel=alternate type=text/xml href=a>`), `</a>; rel=feed`)
	f.Fuzz(func(t *testing.T, page []byte, header string) {
		const address = "https://a.example/x"
		for _, link := range append(discover.Links(page, address), discover.HeaderLinks([]string{header}, address)...) {
			if !strings.HasPrefix(link, "http://") && !strings.HasPrefix(link, "https://") {
				t.Errorf("%q is no web address", link)
			}
		}
	})
}
