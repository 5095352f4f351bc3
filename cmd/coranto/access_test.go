package main

import (
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/cmd/coranto/sessions"
	"github.com/coranto/coranto/cmd/coranto/term"
)

// private is an origin that answers over TLS to whoever has the password, and
// notes how it was asked.
type private struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string // per request: the header of the source, and whether the session was resumed
}

func servePrivate(t *testing.T) *private {
	t.Helper()
	p := new(private)
	p.Server = httptest.NewUnstartedServer(p)
	p.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	p.StartTLS()
	t.Cleanup(p.Close)
	return p
}

func (p *private) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	user, password, _ := r.BasicAuth()
	p.mu.Lock()
	p.asked = append(p.asked, fmt.Sprint(r.Header.Get("X-Key"), " ", r.Header.Get("If-None-Match"), " ",
		r.TLS.DidResume))
	p.mu.Unlock()
	if user != "me" || password != "canary" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	w.Header().Set("Etag", `"a"`)
	_, _ = io.WriteString(w, `<rss version="2.0"><channel><title>Private</title><link>https://p.example/</link>`+
		`<item><title>One</title><guid>1</guid><link>https://p.example/1</link></item></channel></rss>`)
}

// A source behind a password, of an authority of its own: it is read, its session is
// resumed by the next run, new settings drop its validators (P07), and nothing that
// is printed shows a secret (A12).
func TestPrivateSource(t *testing.T) {
	p := servePrivate(t)
	o := newOperator(t, "")
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.Certificate().Raw})
	if err := os.WriteFile(o.path("ca.pem"), ca, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(o.path("secret"), []byte("canary\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	source := fmt.Sprintf("  - {id: p, url: %s/, user: me, password_file: secret, ca: ca.pem, "+
		"headers: {X-Key: canary1}}\n", p.URL)
	o.edit("sources:\n", "sources:\n"+source)
	var shown transcript
	run := func(code int, args ...string) string {
		var out transcript
		args = append([]string{"--config", o.path("coranto.yaml"), "--log-level", "debug"}, args...)
		both := term.Output{Writer: io.MultiWriter(&out, &shown)}
		if got := run(t.Context(), args, both, both); got != code {
			t.Fatalf("%v: exit code %d, want %d: %s", args, got, code, &out)
		}
		return out.String()
	}
	run(exitOK, "fetch", "--force")
	run(exitOK, "fetch", "--force")
	o.edit("X-Key: canary1", "X-Key: canary2")
	run(exitOK, "fetch", "--force")
	want := []string{"canary1  false", `canary1 "a" true`, "canary2  true"}
	if fmt.Sprint(p.asked) != fmt.Sprint(want) {
		t.Errorf("asked %q, want %q", p.asked, want)
	}
	info, err := os.Stat(o.path("data/" + sessions.Name))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("sessions kept as %v, error %v; want mode 0600", info, err)
	}

	o.edit("ca: ca.pem", "insecure: true")
	o.edit("password_file: secret", "password: wrong-canary")
	out := run(exitPartial, "fetch", "--force")
	if !strings.Contains(out, "credentials are missing or wrong") || !strings.Contains(out, "is not verified") {
		t.Errorf("fetch says %s, want a word of credentials and of trust (P66)", out)
	}
	if out := run(exitOK, "status"); !strings.Contains(out, "certificate not verified") {
		t.Errorf("status says %s, want that the certificate is not verified (P66)", out)
	}
	run(exitOK, "inspect", "p")
	run(exitOK, "inspect", "p", "--json")
	run(exitOK, "status", "--json")
	if strings.Contains(shown.String(), "canary") {
		t.Errorf("a secret is shown:\n%s", shown.String())
	}
}

// A server keeps the TLS sessions when it stops, and takes what was kept before.
func TestServerKeepsSessions(t *testing.T) {
	o := newOperator(t, "")
	if err := os.MkdirAll(o.path("data"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(o.path("data/"+sessions.Name), []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := o.session(t.Context(), new(transcript))
	c, err := s.read()
	if err != nil {
		t.Fatal(err)
	}
	c.Data, c.Listen, c.Admin = o.path("data"), "127.0.0.1:0", ""
	d, err := s.newDaemon(c)
	if err != nil {
		t.Fatal(err)
	}
	if s.tls == nil || s.tls.Len() != 0 {
		t.Errorf("sessions %v from a damaged file, want none", s.tls)
	}
	before, after := s.client(c).Hosts(), s.client(c).Hosts()
	if before != after {
		t.Error("P36 what hosts asked for is forgotten when the file is read again")
	}
	p := servePrivate(t)
	_, err = s.client(c).Get(t.Context(), fetch.Request{URL: p.URL, Access: coranto.Access{Insecure: true}})
	if fetchErr := new(fetch.Error); !errors.As(err, &fetchErr) || fetchErr.Status != http.StatusUnauthorized {
		t.Errorf("Get = %v, want a 401", err)
	}
	if err := d.close(); err != nil {
		t.Error(err)
	}
	if next := sessions.Open(c.Data, s.log); next.Len() != 1 {
		t.Errorf("%d sessions after a restart, want 1", next.Len())
	}
}
