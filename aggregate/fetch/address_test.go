package fetch

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// X02: what is refused and what is not.
func TestAddresses(t *testing.T) {
	t.Run("X02 addresses", func(t *testing.T) {
		g := newGuard(Options{})
		for _, host := range refusedAddresses() {
			ip := strings.Replace(strings.Trim(host, "[]"), "%25", "%", 1)
			err := g.check(netip.AddrPortFrom(netip.MustParseAddr(ip), 80))
			if !errors.Is(err, ErrPrivateAddress) {
				t.Errorf("check(%s) = %v, want ErrPrivateAddress", ip, err)
			}
		}
		for _, ip := range []string{
			"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
			"126.255.255.255", "128.0.0.0", "169.253.255.255", "172.15.255.255", "172.32.0.0",
			"192.0.1.1", "192.167.255.255", "198.17.255.255", "198.20.0.0", "223.255.255.255",
			"::ffff:8.8.8.8", "64:ff9b::808:808", "2001:200::1", "2001:4860:4860::8888",
			"2606:4700::1111", "2a00:1450::1", "3ffe::1",
		} {
			if err := g.check(netip.AddrPortFrom(netip.MustParseAddr(ip), 443)); err != nil {
				t.Errorf("check(%s) = %v, want nil", ip, err)
			}
		}
	})
}

// X03: ports, and what the operator lists.
func TestAllowed(t *testing.T) {
	networks := []netip.Prefix{
		netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00::/8"),
	}
	all := []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")}
	tests := []struct {
		name   string
		opts   Options
		target string
		want   error
	}{
		{"usual port", Options{}, "1.1.1.1:8443", nil},
		{"unusual port", Options{}, "1.1.1.1:22", ErrPort},
		{"listed port", Options{AllowPorts: []uint16{3000}}, "1.1.1.1:3000", nil},
		{"private and unusual", Options{}, "127.0.0.1:22", ErrPrivateAddress},
		{"listed port, private", Options{AllowPorts: []uint16{3000}}, "127.0.0.1:3000",
			ErrPrivateAddress},
		{"listed network, any port", Options{AllowNetworks: networks}, "10.1.2.3:3000", nil},
		{"beside the network", Options{AllowNetworks: networks}, "10.2.2.3:80", ErrPrivateAddress},
		{"mapped", Options{AllowNetworks: networks}, "[::ffff:10.1.2.3]:80", nil},
		{"behind a NAT64", Options{AllowNetworks: networks}, "[64:ff9b::10.1.2.3]:80", nil},
		{"IPv6", Options{AllowNetworks: networks}, "[fd00::1%eth0]:80", nil},
		{"all", Options{AllowNetworks: all}, "127.0.0.1:1", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := newGuard(tt.opts).control("tcp", tt.target, nil)
			if !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) {
				t.Errorf("%s: %v, want %v", tt.target, err, tt.want)
			}
		})
	}
}

// X07: a refusal says how to permit it, and not what is there.
func TestRefusedTarget(t *testing.T) {
	t.Run("X07 uniform refusals", func(t *testing.T) {
		o := serve(t, text("secret"))
		const want = "address 127.0.0.1 is private: list it in fetch.allow_networks"
		c := New(Options{})
		for _, url := range []string{o.URL, "http://127.0.0.1:1/", "http://127.0.0.1/"} {
			e := getError(t, c, Request{URL: url}, KindRefused)
			if e.Cause() != want || !errors.Is(e, ErrPrivateAddress) {
				t.Errorf("%s: %q, want %q", url, e.Cause(), want)
			}
		}
		t.Run("P69 for all that is fetched by others", func(t *testing.T) {
			req, _ := http.NewRequestWithContext(t.Context(), "POST", o.URL, nil)
			if _, err := c.Transport().RoundTrip(req); !errors.Is(err, ErrPrivateAddress) {
				t.Errorf("Transport: %v, want ErrPrivateAddress", err)
			}
		})
		if n := len(o.requests()); n != 0 {
			t.Errorf("%d requests reached the origin", n)
		}
	})
}

// X03: a host may be listed by name, alone or with a port.
func TestAllowHosts(t *testing.T) {
	t.Run("X03 hosts", func(t *testing.T) {
		o := serve(t, text("feed"))
		port := o.URL[strings.LastIndexByte(o.URL, ':'):]
		names := nameServer(t, func(string) string { return "127.0.0.1" })
		tests := []struct {
			hosts []string
			ok    bool
		}{
			{nil, false}, {[]string{"intra.example"}, true}, {[]string{"INTRA.example" + port}, true},
			{[]string{"intra.example:1"}, false}, {[]string{"example"}, false},
		}
		for _, tt := range tests {
			c := New(Options{AllowHosts: tt.hosts, Resolver: names})
			_, err := c.Get(t.Context(), Request{URL: "http://Intra.example" + port})
			if (err == nil) != tt.ok {
				t.Errorf("AllowHosts %q: %v, want ok %v", tt.hosts, err, tt.ok)
			}
			c.CloseIdle()
		}
	})
}

// X01, B39: a name that leads elsewhere the second time.
func TestRebinding(t *testing.T) {
	t.Run("B39 second answer", func(t *testing.T) {
		o := serveAt(t, "127.0.0.1", text("public"))
		port := o.URL[strings.LastIndexByte(o.URL, ':'):]
		var asked atomic.Int32
		names := nameServer(t, func(string) string {
			if asked.Add(1) <= 2 { // once for each kind of address
				return "127.0.0.1"
			}
			return "127.0.0.2"
		})
		c := newClient(t, Options{Resolver: names,
			AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
		url := "http://rebind.example" + port
		get(t, c, Request{URL: url})
		c.CloseIdle()
		for range 3 {
			if e := getError(t, c, Request{URL: url}, KindRefused); !errors.Is(e, ErrPrivateAddress) {
				t.Errorf("second answer: %v, want ErrPrivateAddress", e)
			}
		}
	})
}

func TestUnknownHost(t *testing.T) {
	c := New(Options{Resolver: nameServer(t, func(string) string { return "" })})
	e := getError(t, c, Request{URL: "http://nowhere.example/"}, KindDNS)
	if want := "no such host: nowhere.example"; e.Cause() != want {
		t.Errorf("cause %q, want %q", e.Cause(), want)
	}
}

// nameServer is a resolver that asks a name server on this machine. It answers for
// each question with an address where it is of the right kind, or with none for "".
func nameServer(t *testing.T, answer func(name string) string) *net.Resolver {
	t.Helper()
	return nameServerBoth(t, anyKind(answer))
}

// anyKind answers both kinds of questions alike.
func anyKind(answer func(string) string) func(string, dnsmessage.Type) string {
	return func(name string, _ dnsmessage.Type) string { return answer(name) }
}

// nameServerBoth tells the kinds of questions apart.
func nameServerBoth(t *testing.T, answer func(name string, kind dnsmessage.Type) string) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			if reply := resolve(buf[:n], answer); reply != nil {
				_, _ = conn.WriteTo(reply, from)
			}
		}
	}()
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}
	return &net.Resolver{PreferGo: true, Dial: dial}
}

func resolve(packet []byte, answer func(string, dnsmessage.Type) string) []byte {
	var m dnsmessage.Message
	if m.Unpack(packet) != nil || len(m.Questions) != 1 {
		return nil
	}
	m.Response, m.Authoritative, m.Additionals = true, true, nil
	q := m.Questions[0]
	head := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}
	if ip, err := netip.ParseAddr(answer(q.Name.String(), q.Type)); err == nil {
		switch {
		case q.Type == dnsmessage.TypeA && ip.Is4():
			m.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.AResource{A: ip.As4()}}}
		case q.Type == dnsmessage.TypeAAAA && ip.Is6():
			m.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.AAAAResource{AAAA: ip.As16()}}}
		}
	}
	reply, err := m.Pack()
	if err != nil {
		return nil
	}
	return reply
}
