package main

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// heldPaper is a paper on an address of its own that tells when it is asked, and
// answers as often as it is let.
func heldPaper(t *testing.T, host string) (url string, asked chan struct{}, let chan struct{}) {
	asked, let = make(chan struct{}), make(chan struct{})
	origin := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case asked <- struct{}{}:
		case <-r.Context().Done():
			return
		}
		select {
		case <-let:
		case <-r.Context().Done():
			return
		}
		_, _ = io.WriteString(w, paper)
	}))
	l, err := net.Listen("tcp", host+":0")
	if err != nil {
		t.Fatal(err)
	}
	_ = origin.Listener.Close()
	origin.Listener = l
	origin.Start()
	t.Cleanup(origin.Close)
	return origin.URL, asked, let
}

// While the server is at a source, a command that wants it visited gets the report of
// that visit, and those of the others at once.
func TestFetchServed(t *testing.T) {
	t.Parallel()
	slow, slowAsked, letSlow := heldPaper(t, "127.0.0.1")
	quick, quickAsked, letQuick := heldPaper(t, "127.0.0.2")
	o := reader(t, "listen: 127.0.0.1:0\nadmin: off\nsources:\n"+
		"  - {id: slow, url: "+slow+"}\n  - {id: quick, url: "+quick+"}\n")
	_, errOut, stop := o.start("serve")
	defer stop()
	o.hears(errOut, "serving", 1)
	<-slowAsked
	<-quickAsked
	letQuick <- struct{}{}
	out, fetchErr, ended := o.start("fetch", "--force")
	<-quickAsked // the round has begun: it is asked for a second time
	letSlow <- struct{}{}
	letQuick <- struct{}{}
	o.hears(out, "2 sources:", 1)
	if code := ended(); code != exitOK || strings.Contains(out.String(), "another node") {
		t.Errorf("fetch: exit code %d\n%s%s", code, out.String(), fetchErr.String())
	}
}

// TestOperatorListenerChangesNothing holds that what changes something goes through the
// socket of the file's owner alone.
func TestOperatorListenerChangesNothing(t *testing.T) {
	t.Parallel()
	address, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	o := reader(t, "listen: 127.0.0.1:0\nadmin: "+address+"\n")
	_, errOut, stop := o.start("serve")
	defer stop()
	o.hears(errOut, "serving", 1)
	tests := []struct {
		path string
		want int
	}{
		{"status", http.StatusOK}, {"livez", http.StatusNoContent}, {"readyz", http.StatusNoContent},
		{"revisit", http.StatusNotFound}, {"decree", http.StatusNotFound}, {"fetch", http.StatusNotFound},
		{"backup", http.StatusNotFound}, {"check", http.StatusNotFound}, {"inspect", http.StatusNotFound},
	}
	for _, tt := range tests {
		if got, _ := o.browse("http://" + address + "/" + tt.path); got != tt.want {
			t.Errorf("GET /%s: %d, want %d", tt.path, got, tt.want)
		}
		res, err := http.Post("http://"+address+"/"+tt.path, "application/json", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusNotFound && res.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("POST /%s: %d, want it refused", tt.path, res.StatusCode)
		}
	}
}
