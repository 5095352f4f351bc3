package session

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"testing"
	"time"
)

// The sessions kept are bounded, and those used last stay.
func TestCacheIsBounded(t *testing.T) {
	now := time.Now()
	s := New(Options{Hosts: 3, Now: func() time.Time { return now }})
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
	now = now.Add(life + time.Second)
	if _, ok := s.Get("4"); ok {
		t.Error("a session is kept beyond its time")
	}
}

// Bytes from a file that something happened to are an error or sessions, never
// worse.
func FuzzImport(f *testing.F) {
	f.Add([]byte(nil))
	f.Add([]byte(magic))
	f.Add([]byte(magic + "\x28\xb5\x2f\xfd\x04\x00\x29\x00\x00\x01a\x01\x02\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s := New(Options{})
		if err := s.Import(b); err != nil {
			return
		}
		again, err := s.Export()
		if err != nil {
			t.Fatal(err)
		}
		if s.Len() > 0 && !bytes.HasPrefix(again, []byte(magic)) {
			t.Errorf("%d sessions exported as %q", s.Len(), again)
		}
	})
}
