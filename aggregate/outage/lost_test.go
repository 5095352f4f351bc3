package outage_test

import (
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/outage"
)

// TestUnreached asks servers that are not there, or that end each connection in their
// own way.
func TestUnreached(t *testing.T) {
	tests := []struct {
		name string
		meet func(*net.TCPConn) // nil: nobody listens
		want bool
	}{
		{"P38 nobody listens", nil, true},
		{"P38 closed before a request", func(c *net.TCPConn) { c.Close() }, false},
		{"P38 closed after a request", func(c *net.TCPConn) {
			_, _ = c.Read(make([]byte, 4096))
			c.Close()
		}, false},
		{"P38 reset after a request", func(c *net.TCPConn) {
			_, _ = c.Read(make([]byte, 4096))
			_ = c.SetLinger(0)
			c.Close()
		}, false},
		{"P38 no answer in time", func(c *net.TCPConn) { _, _ = c.Read(make([]byte, 1<<20)) }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
			if err != nil {
				t.Fatal(err)
			}
			if tt.meet == nil {
				l.Close()
			}
			t.Cleanup(func() { l.Close() })
			go func() {
				for {
					c, err := l.AcceptTCP()
					if err != nil {
						return
					}
					go tt.meet(c)
				}
			}()
			c := fetch.New(fetch.Options{
				AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
				HeaderTimeout: 100 * time.Millisecond,
			})
			t.Cleanup(c.CloseIdle)
			_, err = c.Get(t.Context(), fetch.Request{URL: "http://" + l.Addr().String()})
			if err == nil {
				t.Fatal("Get: no error")
			}
			if got := outage.Unreached(err); got != tt.want {
				t.Errorf("%v: found nobody: %v, want %v", err, got, tt.want)
			}
		})
	}
}
