package discover_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/coranto/coranto/aggregate/discover"
	"github.com/coranto/coranto/aggregate/fetch"
)

const rss = `<rss version="2.0"><channel><title>News</title><link>/</link><description>d</description>
<item><title>One</title><link>/1</link></item></channel></rss>`

func TestLinks(t *testing.T) {
	page := `<html><head><base href="/blog/"><link rel="alternate" type="application/rss+xml" href="feed.xml">
		<link rel=ALTERNATE type="application/atom+xml; charset=utf-8" href="https://b.example/atom#top">
		<link rel="alternate" type="application/rss+xml" href="/blog/feed.xml">
		<link rel="alternate" hreflang="de" href="/de/"><link rel="alternate" type="application/rss+xml" href="/comments/feed">
		<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)"></head>
		<body><link rel="alternate" type="application/rss+xml" href="/in-body.xml"></body></html>`
	want := []string{"https://a.example/blog/feed.xml", "https://b.example/atom"}
	if diff := cmp.Diff(want, discover.Links([]byte(page), "https://a.example/x")); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}

func TestFind(t *testing.T) {
	tests := []struct {
		name  string
		pages map[string]string
		path  string
		want  string // path of the first candidate
		err   error
	}{
		{name: "the feed itself", pages: map[string]string{"/f": rss}, path: "/f", want: "/f"},
		{
			name:  "named by the page",
			pages: map[string]string{"/": `<link rel=alternate type=application/rss+xml href=/deep/feed>`, "/deep/feed": rss},
			path:  "/", want: "/deep/feed",
		},
		{name: "where feeds usually are", pages: map[string]string{"/": "<p>hello", "/rss.xml": rss}, path: "/", want: "/rss.xml"},
		{
			name:  "a link that leads nowhere",
			pages: map[string]string{"/": `<link rel=alternate type=application/rss+xml href=/gone>`, "/feed": rss},
			path:  "/", want: "/feed",
		},
		{name: "none", pages: map[string]string{"/": "<p>hello"}, path: "/", err: discover.ErrNoFeed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, ok := tt.pages[r.URL.Path]
				if !ok {
					http.NotFound(w, r)
					return
				}
				_, _ = w.Write([]byte(body))
			}))
			defer origin.Close()
			client := fetch.New(fetch.Options{AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
			found, err := discover.Find(t.Context(), client, origin.URL+tt.path)
			if !errors.Is(err, tt.err) {
				t.Fatalf("error = %v, want %v", err, tt.err)
			}
			if tt.want != "" && found[0].URL != origin.URL+tt.want {
				t.Errorf("found %s, want %s", found[0].URL, origin.URL+tt.want)
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
			client := fetch.New(fetch.Options{
				AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
			})
			found, err := discover.Find(t.Context(), client, origin.URL+"/f")
			if err != nil {
				t.Fatal(err)
			}
			if found[0].URL != origin.URL+tt.want {
				t.Errorf("found %s, want %s", found[0].URL, origin.URL+tt.want)
			}
		})
	}
}
