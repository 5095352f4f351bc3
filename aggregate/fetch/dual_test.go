//go:build linux

package fetch

import (
	"net"
	"net/netip"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// P67: origins with one kind of address, and with two of which one leads nowhere.
func TestDualStack(t *testing.T) {
	probe, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Skipf("this machine has no IPv6 loopback: %v", err)
	}
	probe.Close()
	four := serveAt(t, "127.0.0.1", text("four"))
	six := serveAt(t, "::1", text("six"))
	_, fourPort, _ := net.SplitHostPort(four.Listener.Addr().String())
	_, sixPort, _ := net.SplitHostPort(six.Listener.Addr().String())
	both := serveAt(t, "127.0.0.1", text("four"))
	_, port, _ := net.SplitHostPort(both.Listener.Addr().String())
	blackhole(t, both.Listener.Addr().(*net.TCPAddr).Port)
	tests := []struct {
		name, a, aaaa, port, want string
	}{
		{"P67 IPv4 only", "127.0.0.1", "", fourPort, "four"},
		{"P67 IPv6 only", "", "::1", sixPort, "six"},
		{"P67 both, IPv6 closed", "127.0.0.1", "::1", fourPort, "four"},
		{"P67 both, IPv4 closed", "127.0.0.1", "::1", sixPort, "six"},
		{"P67 both, IPv6 leads nowhere", "127.0.0.1", "::1", port, "four"},
	}
	loops := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			names := nameServerBoth(t, func(_ string, kind dnsmessage.Type) string {
				if kind == dnsmessage.TypeA {
					return tt.a
				}
				return tt.aaaa
			})
			c := newClient(t, Options{Resolver: names, AllowNetworks: loops})
			start := time.Now()
			resp := get(t, c, Request{URL: "http://dual.example:" + tt.port + "/"})
			if string(resp.Body) != tt.want {
				t.Errorf("body %q, want %q", resp.Body, tt.want)
			}
			// The wait for the other kind is 250 ms; the rest is for a busy machine.
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("took %v, want some 300 ms at most", took)
			}
		})
	}
	if d := newRoutes(Options{}).plainDialer(); d.FallbackDelay <= 0 || d.FallbackDelay > 300*time.Millisecond {
		t.Errorf("the other kind of address is tried after %v, want at most 300ms", d.FallbackDelay)
	}
}

// blackhole takes a port of [::1] so that connecting to it never ends: its queue of
// connections is full, and further ones get no answer.
func blackhole(t *testing.T, port int) {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET6, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
	for _, err := range []error{
		syscall.SetsockoptInt(fd, syscall.IPPROTO_IPV6, syscall.IPV6_V6ONLY, 1),
		syscall.Bind(fd, &syscall.SockaddrInet6{Port: port, Addr: netip.IPv6Loopback().As16()}),
		syscall.Listen(fd, 0),
	} {
		if err != nil {
			t.Skipf("no port that leads nowhere: %v", err)
		}
	}
	target := netip.AddrPortFrom(netip.IPv6Loopback(), uint16(port)).String()
	for range 10 {
		conn, err := net.DialTimeout("tcp", target, 50*time.Millisecond)
		if err != nil {
			return
		}
		t.Cleanup(func() { conn.Close() })
	}
	t.Skip("no port that leads nowhere: its queue does not fill")
}
