package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/term"
)

// TestRemedies shows what a newcomer is told when an address can't be read: what
// happened and what to do.
func TestRemedies(t *testing.T) {
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := map[string]int{"/401": 401, "/404": 404, "/429": 429, "/503": 503}[r.URL.Path]
		if status >= 429 {
			w.Header().Set("Retry-After", "120")
		}
		if status == 0 {
			_, _ = io.WriteString(w, "<html><body>hello")
			return
		}
		w.WriteHeader(status)
	}))
	defer origin.Close()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	tests := []struct {
		name, address, cause, remedy string
	}{
		{"P41 credentials", origin.URL + "/401", "401 Unauthorized", "user: and password:"},
		{"P41 not found", origin.URL + "/404", "404 Not Found", "look for a link"},
		{"P35 asked to wait", origin.URL + "/429", "429 Too Many Requests", "left alone for 2m0s"},
		{"P35 busy", origin.URL + "/503", "503 Service Unavailable", "left alone for 2m0s"},
		{"P42 no feed", origin.URL + "/", "no feed found", "give the feed's own address"},
		{"nobody there", closed.URL, "connection refused", "in a browser"},
		{"X02 private", "http://10.0.0.1/", "is private", "fetch.allow_networks"},
		{"X03 port", "http://192.0.43.8:25/", "port 25 is not allowed", "fetch.allow_ports"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOperator(t, "")
			var out, errOut transcript
			args := []string{"--config", o.path(config.DefaultName), "add", tt.address}
			code := run(t.Context(), args, term.Output{Writer: &out}, term.Output{Writer: &errOut})
			if got := errOut.String(); code != exitFailure ||
				!strings.Contains(got, tt.cause) || !strings.Contains(got, tt.remedy) {
				t.Errorf("exit code %d, says %q; want %q and %q", code, got, tt.cause, tt.remedy)
			}
		})
	}
}

// TestPatience shows that nobody waits long without a word.
func TestPatience(t *testing.T) {
	release := make(chan struct{})
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		<-release
		w.WriteHeader(http.StatusNotFound)
	}))
	defer origin.Close()
	o := newOperator(t, "")
	_, errOut, stop := o.start("add", origin.URL+"/feed")
	o.hears(errOut, "the site is slow", 1)
	close(release)
	if code := stop(); code == exitOK {
		t.Errorf("exit code %d, want another one", code)
	}
}
