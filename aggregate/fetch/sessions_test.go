package fetch

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/coranto/coranto/aggregate/fetch/session"
)

// P61: a session outlives the client, for as long as it is good.
func TestSessionsAfterRestart(t *testing.T) {
	o, roots := secureOrigin(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.TLS.DidResume)
	})
	now := time.Now()
	clock := func() time.Time { return now }
	ask := func(s *session.Cache) string {
		c := newClient(t, Options{RootCAs: roots, Sessions: s})
		defer c.CloseIdle()
		return string(get(t, c, Request{URL: o.URL}).Body)
	}
	first := session.New(session.Options{Now: clock})
	if got := ask(first); got != "false" {
		t.Errorf("first visit resumed: %s", got)
	}
	kept, err := first.Export()
	if err != nil || first.Len() != 1 {
		t.Fatalf("%d sessions, error %v; want 1", first.Len(), err)
	}
	for _, tt := range []struct {
		name  string
		after time.Duration
		want  string
	}{
		{"P61 after a restart", time.Minute, "true"},
		{"P61 after a day", 24 * time.Hour, "true"},
		{"P61 after eight days", 8 * 24 * time.Hour, "false"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			now = now.Add(tt.after)
			defer func() { now = now.Add(-tt.after) }()
			second := session.New(session.Options{Now: clock})
			if err := second.Import(kept); err != nil {
				t.Fatal(err)
			}
			if got := ask(second); got != tt.want {
				t.Errorf("resumed: %s, want %s", got, tt.want)
			}
		})
	}
}

// A damaged file is refused.
func TestSessionsDamaged(t *testing.T) {
	o, roots := secureOrigin(t, func(http.ResponseWriter, *http.Request) {})
	s := session.New(session.Options{})
	c := newClient(t, Options{RootCAs: roots, Sessions: s})
	get(t, c, Request{URL: o.URL})
	kept, err := s.Export()
	if err != nil {
		t.Fatal(err)
	}
	const header = len("coranto-tls\x01") // alone, it says that there are none
	for i := range len(kept) {
		damaged := bytes.Clone(kept)
		damaged[i] ^= 0x10
		other := session.New(session.Options{})
		// The bit of byte 16 has no meaning (RFC 8878 §3.1.1.1.1.3).
		if err := other.Import(damaged); i != 16 && (err == nil || other.Len() > 0) {
			t.Errorf("byte %d changed: %d sessions, error %v", i, other.Len(), err)
		}
		other = session.New(session.Options{})
		if err := other.Import(kept[:i]); i != header && err == nil || other.Len() > 0 {
			t.Errorf("cut at %d: %d sessions, error %v", i, other.Len(), err)
		}
	}
	if empty, err := session.New(session.Options{}).Export(); err != nil || len(empty) > 0 {
		t.Errorf("no sessions are %q, error %v; want nothing", empty, err)
	}
}
