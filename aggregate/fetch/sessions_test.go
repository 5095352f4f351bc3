package fetch

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"net/http"
	"testing"
	"time"
)

// P61: a session outlives the client, for as long as it is good.
func TestSessionsAfterRestart(t *testing.T) {
	o, roots := secureOrigin(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.TLS.DidResume)
	})
	now := time.Now()
	clock := func() time.Time { return now }
	ask := func(s *Sessions) string {
		c := newClient(t, Options{RootCAs: roots, Sessions: s})
		defer c.CloseIdle()
		return string(get(t, c, Request{URL: o.URL}).Body)
	}
	first := NewSessions(SessionOptions{Now: clock})
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
			second := NewSessions(SessionOptions{Now: clock})
			if err := second.Import(kept); err != nil {
				t.Fatal(err)
			}
			if got := ask(second); got != tt.want {
				t.Errorf("resumed: %s, want %s", got, tt.want)
			}
		})
	}
}

// The sessions kept are bounded, and those used last stay.
func TestSessionsAreBounded(t *testing.T) {
	now := time.Now()
	s := NewSessions(SessionOptions{Hosts: 3, Now: func() time.Time { return now }})
	for i := range 5 {
		s.Put(fmt.Sprint(i), new(tls.ClientSessionState))
		s.Get("0")
	}
	for host, want := range map[string]bool{"0": true, "1": false, "2": false, "3": true, "4": true} {
		if _, ok := s.Get(host); ok != want {
			t.Errorf("host %s kept: %v, want %v", host, ok, want)
		}
	}
	s.Put("0", nil)
	if _, ok := s.Get("0"); ok || s.Len() != 2 {
		t.Errorf("%d sessions, the forgotten one among them: %v", s.Len(), ok)
	}
	now = now.Add(sessionLife + time.Second)
	if _, ok := s.Get("4"); ok {
		t.Error("a session is kept beyond its time")
	}
}

// Bytes from a file that something happened to are an error or sessions, never
// worse.
func FuzzSessionsImport(f *testing.F) {
	f.Add([]byte(nil))
	f.Add([]byte(sessionsMagic))
	f.Add([]byte(sessionsMagic + "\x28\xb5\x2f\xfd\x04\x00\x29\x00\x00\x01a\x01\x02\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s := NewSessions(SessionOptions{})
		if err := s.Import(b); err != nil {
			return
		}
		again, err := s.Export()
		if err != nil {
			t.Fatal(err)
		}
		if s.Len() > 0 && !bytes.HasPrefix(again, []byte(sessionsMagic)) {
			t.Errorf("%d sessions exported as %q", s.Len(), again)
		}
	})
}

// A damaged file is refused.
func TestSessionsDamaged(t *testing.T) {
	o, roots := secureOrigin(t, func(http.ResponseWriter, *http.Request) {})
	s := NewSessions(SessionOptions{})
	c := newClient(t, Options{RootCAs: roots, Sessions: s})
	get(t, c, Request{URL: o.URL})
	kept, err := s.Export()
	if err != nil {
		t.Fatal(err)
	}
	for i := range len(kept) {
		damaged := bytes.Clone(kept)
		damaged[i] ^= 0x10
		other := NewSessions(SessionOptions{})
		// The bit of byte 16 has no meaning (RFC 8878 §3.1.1.1.1.3).
		if err := other.Import(damaged); i != 16 && (err == nil || other.Len() > 0) {
			t.Errorf("byte %d changed: %d sessions, error %v", i, other.Len(), err)
		}
		other = NewSessions(SessionOptions{})
		if err := other.Import(kept[:i]); i != len(sessionsMagic) && err == nil || other.Len() > 0 {
			t.Errorf("cut at %d: %d sessions, error %v", i, other.Len(), err)
		}
	}
	if empty, err := NewSessions(SessionOptions{}).Export(); err != nil || len(empty) > 0 {
		t.Errorf("no sessions are %q, error %v; want nothing", empty, err)
	}
}
