package fetch

import (
	"encoding/pem"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/hosts"
)

// sea is all hosts at once: a proxy that answers for each of them and remembers what
// it was asked.
type sea struct {
	*httptest.Server
	mu    sync.Mutex
	asked []*http.Request
}

// newSea leads each address in leads to the next one.
func newSea(t *testing.T, leads map[string]string) *sea {
	t.Helper()
	s := new(sea)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asked = append(s.asked, r)
		if to := leads[r.URL.String()]; to != "" {
			redirectTo(307, to)(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// P53: what only the source's own host may see is dropped where scheme, host or port
// changes, and does not come back when the redirects do.
func TestHopsDropSecrets(t *testing.T) {
	const a = "http://a.example/1"
	tests := []struct {
		name string
		hops []string
		kept []bool // of each request
	}{
		{"P53 the same host", []string{a, "http://a.example/2"}, []bool{true, true}},
		{"P53 the same host with its usual port", []string{a, "http://a.example:80/2"}, []bool{true, true}},
		{"P53 the same host in capitals", []string{a, "http://A.EXAMPLE/2"}, []bool{true, true}},
		{"P53 from a host to one below it", []string{a, "http://sub.a.example/1"}, []bool{true, false}},
		{"P53 from a host to the one above it", []string{a, "http://example/1"}, []bool{true, false}},
		{"P53 another host", []string{a, "http://b.example/1"}, []bool{true, false}},
		{"P53 another port", []string{a, "http://a.example:8080/1"}, []bool{true, false}},
		{"P53 the root's dot, which may name another", []string{a, "http://a.example./1"}, []bool{true, false}},
		{"P53 there and back", []string{a, "http://b.example/1", "http://a.example/2"}, []bool{true, false, false}},
		{"P53 below and back", []string{a, "http://sub.a.example/1", "http://a.example/2", "http://a.example/3"},
			[]bool{true, false, false, false}},
		{"P53 another port and back", []string{a, "http://a.example:8080/1", "http://a.example/2"},
			[]bool{true, false, false}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			leads := make(map[string]string)
			for i, from := range tt.hops[:len(tt.hops)-1] {
				leads[from] = tt.hops[i+1]
			}
			s := newSea(t, leads)
			c := newClient(t, Options{Proxy: s.URL, AllowHosts: []string{
				"a.example", "a.example.", "sub.a.example", "b.example", "example",
			}})
			get(t, c, Request{
				URL: a, Header: http.Header{"X-Once": {"o"}},
				Access: coranto.Access{
					Headers: map[string]string{"X-Key": "k"}, Cookies: "s=1", User: "u", Password: "p",
				},
			})
			if len(s.asked) != len(tt.hops) {
				t.Fatalf("%d requests, want %d", len(s.asked), len(tt.hops))
			}
			for i, r := range s.asked {
				for _, name := range []string{"Authorization", "Cookie", "X-Key", "X-Once"} {
					if got := r.Header.Get(name); (got != "") != tt.kept[i] {
						t.Errorf("%s to %s: %q, want it kept: %v", name, r.URL, got, tt.kept[i])
					}
				}
				if r.Referer() != "" {
					t.Errorf("Referer %q to %s, want none", r.Referer(), r.URL)
				}
			}
		})
	}
	t.Run("P53 from http to https on the same host and port", func(t *testing.T) {
		u, err := url.Parse("http://a.example:443/")
		if err != nil {
			t.Fatal(err)
		}
		next, err := url.Parse("https://a.example:443/")
		if err != nil || sameOrigin(u, next) {
			t.Errorf("%s and %s count as one origin, error %v", u, next, err)
		}
	})
}

// P36, P53: each hop is asked for in its host's queue.
func TestHopsAsTheirHosts(t *testing.T) {
	t.Run("P36 P53 the third host wants to be left alone", func(t *testing.T) {
		s := newSea(t, map[string]string{
			"http://a.example/": "http://b.example/", "http://b.example/": "http://C.example./",
		})
		c := newClient(t, Options{Proxy: s.URL, AllowHosts: []string{"a.example", "b.example"}})
		now := c.opts.Now()
		c.Hosts().Ask("c.example", now.Add(hosts.Quiet), now)
		if e := getError(t, c, Request{URL: "http://a.example/"}, KindWait); e.URL != "http://C.example./" {
			t.Errorf("refused by %s, want the third host", e.URL)
		}
		if len(s.asked) != 2 {
			t.Errorf("%d requests, want 2", len(s.asked))
		}
	})
}

// P68: what is posted on behalf of a source goes by its proxy, and without its secrets.
func TestPostGoesTheSourcesWay(t *testing.T) {
	secret := coranto.Access{
		UserAgent: "U", Headers: map[string]string{"X-Key": "k"}, Cookies: "s=1", User: "u", Password: "p",
	}
	form := url.Values{"hub.topic": {"t"}}
	for _, hub := range []string{"http://hub.example/", "http://a.example/hub"} {
		t.Run("P68 X08 to "+hub, func(t *testing.T) {
			own, all := newSea(t, nil), newSea(t, nil)
			c := newClient(t, Options{Proxy: all.URL, AllowHosts: []string{"hub.example", "a.example"}})
			src := coranto.Source{URL: "http://a.example/feed", Access: secret}
			src.Access.Proxy = own.URL
			if err := c.Post(t.Context(), hub, form, src); err != nil {
				t.Fatal(err)
			}
			if len(own.asked) != 1 || len(all.asked) != 0 {
				t.Fatalf("%d requests by the source's proxy and %d by that for all, want 1 and 0",
					len(own.asked), len(all.asked))
			}
			h := own.asked[0].Header
			for _, name := range []string{"Authorization", "Cookie", "X-Key"} {
				if h.Get(name) != "" {
					t.Errorf("%s: %q was sent to the hub", name, h.Get(name))
				}
			}
			if agent := h.Get("User-Agent"); !slices.Equal(c.header["User-Agent"], []string{agent}) {
				t.Errorf("User-Agent %q, want the client's", agent)
			}
		})
	}
}

// P66, P68: a source's trust holds for its own scheme, host and port, whoever is asked.
func TestPostTrust(t *testing.T) {
	hub := httptest.NewUnstartedServer(text(""))
	hub.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	hub.StartTLS()
	defer hub.Close()
	cert := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: hub.Certificate().Raw}))
	for _, tt := range []struct {
		name    string
		src     coranto.Source
		trusted bool
	}{
		{"P66 nobody's", coranto.Source{}, false},
		{"P66 a hub of the source's host", coranto.Source{URL: hub.URL + "/f", Access: coranto.Access{CA: cert}}, true},
		{"P66 a hub elsewhere", coranto.Source{URL: "https://a.example/f", Access: coranto.Access{CA: cert}}, false},
		{"P66 unverified, elsewhere",
			coranto.Source{URL: "https://a.example/f", Access: coranto.Access{Insecure: true}}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var e *Error
			err := newClient(t, Options{}).Post(t.Context(), hub.URL, url.Values{"a": {"b"}}, tt.src)
			if errors.As(err, &e) == tt.trusted || e != nil && e.Kind != KindTLS {
				t.Errorf("error %v, want it trusted: %v", err, tt.trusted)
			}
		})
	}
}
