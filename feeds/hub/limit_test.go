package hub

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestLimiter(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l := newLimiter()
	taken := func(name string, times int) (n int) {
		for range times {
			if l.take(name, now, 1) {
				n++
			}
		}
		return n
	}
	if got := taken("a", 500); got != burst {
		t.Errorf("S48 %d at once, want %d", got, burst)
	}
	if got := taken("b", 1); got != 1 {
		t.Errorf("S48 another was refused")
	}
	now = now.Add(10 * refillTime)
	if got := taken("a", 500); got != 10 {
		t.Errorf("S48 %d after a while, want 10", got)
	}
	now = now.Add(-time.Hour)
	if got := taken("a", 1); got != 1 {
		t.Errorf("S48 a clock that was set back keeps everybody out")
	}
	for n := range 3 * mostKnown {
		l.take(fmt.Sprint("x", n), now, 1)
	}
	if len(l.full) > mostKnown+1 {
		t.Errorf("S48 %d names kept, want %d at most", len(l.full), mostKnown)
	}
}

func TestRemote(t *testing.T) {
	tests := []struct{ address, forwarded, want string }{
		{"192.0.2.1:5", "", "192.0.2.1"},
		{"192.0.2.1:5", "198.51.100.7", "192.0.2.1"},
		{"[2001:db8:1:2:3::4]:5", "", "2001:db8:1:2::/64"},
		{"[::ffff:192.0.2.1]:5", "", "192.0.2.1"},
		{"127.0.0.1:5", "", "127.0.0.1"},
		{"127.0.0.1:5", "6.6.6.6, 198.51.100.7", "198.51.100.7"},
		{"10.0.0.1:5", "2001:db8::1", "2001:db8::/64"},
		{"10.0.0.1:5", "unknown", "10.0.0.1"},
		{"@", "", "@"},
	}
	for _, tt := range tests {
		r := &http.Request{RemoteAddr: tt.address, Header: http.Header{}}
		if tt.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tt.forwarded)
		}
		if got := remote(r); got != tt.want {
			t.Errorf("S48 remote of %s for %q = %s, want %s", tt.address, tt.forwarded, got, tt.want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		field string
		want  time.Duration
	}{
		{"", 0}, {"5", 5 * time.Second}, {"-5", 0}, {"x", 0}, {"999999999", longestAsked},
		{now.Add(time.Minute).Format(http.TimeFormat), time.Minute},
		{now.Add(-time.Minute).Format(http.TimeFormat), 0},
		{now.Add(1000 * time.Hour).Format(http.TimeFormat), longestAsked},
	}
	for _, tt := range tests {
		if got := retryAfter(http.Header{"Retry-After": {tt.field}}, now); got != tt.want {
			t.Errorf("S49 Retry-After %q = %v, want %v", tt.field, got, tt.want)
		}
	}
}

// FuzzRequest looks for forms that are taken though what they ask for can't be done.
func FuzzRequest(f *testing.F) {
	f.Add("hub.mode=subscribe&hub.topic=https%3A%2F%2Fa.example%2Fatom.xml&hub.callback=http%3A%2F%2Fb.example%2F%3Fx")
	f.Add("hub.mode=unsubscribe&hub.topic=t&hub.callback=https://[::1]:80/&hub.lease_seconds=18446744073709551615")
	f.Add("hub.mode=subscribe&hub.topic=t&hub.callback=http://h/%0d%0aX:y&hub.secret=%00")
	f.Fuzz(func(t *testing.T, form string) {
		r, no := parseRequest([]byte(form))
		if no != nil {
			if no.status/100 != 4 || no.why == "" || strings.ContainsAny(no.why, "\r\n") {
				t.Errorf("refused with %d %q", no.status, no.why)
			}
			return
		}
		target := asking(&question{request: r}, "challenge", time.Hour)
		u, err := url.Parse(target)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			t.Fatalf("callback %q is asked at %q: %v", r.callback, target, err)
		}
		if !strings.HasPrefix(target, r.callback) {
			t.Errorf("%q does not keep the callback %q", target, r.callback)
		}
		if _, err := http.NewRequest(http.MethodGet, target, http.NoBody); err != nil {
			t.Errorf("callback %q can't be asked: %v", r.callback, err)
		}
		if len(r.secret) > maxSecret || r.lease < 0 || len(r.topic) > maxURL {
			t.Errorf("taken beyond the bounds: %+v", r)
		}
		sub := subscription{Topic: r.topic, Callback: r.callback, Secret: r.secret}
		if again, err := decodeSubscription(sub.name(), sub.encode()); err != nil || again != sub {
			t.Errorf("stored as %+v, want %+v: %v", again, sub, err)
		}
	})
}
