package hubs_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/hubs"
)

func TestReachable(t *testing.T) {
	tests := map[string]bool{
		"news.example.org": true, "News.Example.Org.": true, "192.0.2.7": true, "2001:db8::1": true,
		"": false, "localhost": false, "a.localhost": false, "nas": false, "nas.local": false,
		"planet.internal": false, "planet.test": false, "planet.home.arpa": false,
		"127.0.0.1": false, "::1": false, "10.1.2.3": false, "192.168.1.9": false, "fd00::1": false,
		"169.254.1.1": false, "0.0.0.0": false,
	}
	for name, want := range tests {
		if got := hubs.Reachable(name); got != want {
			t.Errorf("S48 Reachable(%q) = %v, want %v", name, got, want)
		}
	}
}

// S47: feeds name the hubs that there are, ours first; files name ours only if the
// operator says that a server runs beside them.
func TestNamedHubs(t *testing.T) {
	const own, other = "https://news.example.org/planet/hub", "https://hub.example.net/"
	tests := []struct {
		name          string
		site          string
		mode          config.HubMode
		ping          []string
		server, files []string
	}{
		{"S47 public", "https://news.example.org/planet/", config.HubAuto, nil, []string{own}, nil},
		{"S47 public, and one elsewhere", "https://news.example.org/planet/", config.HubAuto,
			[]string{other}, []string{own, other}, []string{other}},
		{"S47 on", "https://news.example.org/planet", config.HubOn, nil, []string{own}, []string{own}},
		{"S47 off", "https://news.example.org/planet/", config.HubOff, []string{other},
			[]string{other}, []string{other}},
		{"S47 at home", "http://nas.local:8080/", config.HubAuto, nil, nil, nil},
		{"S47 no address", "", config.HubOn, nil, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var c config.Config
			c.Site.URL, c.Hub.Enabled, c.Hub.Ping = tt.site, tt.mode, tt.ping
			if got := hubs.OfServer(&c); !slices.Equal(got, tt.server) {
				t.Errorf("a server names %q, want %q", got, tt.server)
			}
			if got := hubs.OfFiles(&c); !slices.Equal(got, tt.files) {
				t.Errorf("files name %q, want %q", got, tt.files)
			}
		})
	}
}

func TestFront(t *testing.T) {
	says := func(text string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) })
	}
	front := hubs.Front("https://news.example.org/planet/", says("readers"), map[string]http.Handler{
		hubs.Path: says("hub"), "/websub/": says("told"), "/nobody": nil,
	})
	tests := map[string]string{
		"/hub": "hub", "/planet/hub": "hub", "/hub/": "readers", "/hubs": "readers", "/": "readers",
		"/planet/websub/x": "told", "/websub/": "told", "/websub": "readers", "/nobody": "readers",
	}
	for path, want := range tests {
		w := httptest.NewRecorder()
		front.ServeHTTP(w, httptest.NewRequest(http.MethodPost, path, http.NoBody))
		if got := w.Body.String(); got != want {
			t.Errorf("%s went to %q, want %q", path, got, want)
		}
	}
}
