package fetch

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

// refusedHosts are private addresses, and spellings of them, as URLs hold them.
func refusedHosts() []string {
	return []string{
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255",
		"127.0.0.1", "127.255.255.254", "168.63.129.16", "169.254.0.1", "169.254.169.254",
		"172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1",
		"192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.7",
		"203.0.113.7", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
		"[::]", "[::1]", "[::127.0.0.1]", "[::8.8.8.8]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]",
		"[::ffff:7f00:1]", "[0:0:0:0:0:ffff:a9fe:a9fe]", "[::ffff:0:127.0.0.1]",
		"[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b::192.168.1.1]", "[64:ff9b:1::1]",
		"[100::1]", "[2001::1]", "[2001:0:7f00:1::]", "[2001:db8::1]", "[2002:7f00:1::]",
		"[2002:808:808::1]", "[3fff::1]", "[4000::1]", "[5f00::1]", "[fc00::1]", "[fd00:ec2::254]",
		"[fe80::1]", "[fe80::1%25lo]", "[fec0::1]", "[ff02::1]",
		"localhost", "LOCALHOST", "localhost.", "127.0.0.1.", "127.1", "127.0.1", "0",
		"2130706433", "0x7f.1", "0x7f000001", "0X7F.0.0.1", "0177.0.0.1", "017700000001",
		"127.0.0.0x1", "127.0.0.01", "\uff11\uff12\uff17.0.0.1", "127\u30020\u30020\u30021",
		"\u2460\u2461\u2466.\u24ea.\u24ea.\u2460", "\u24c1ocalhost", "127.0.0.1.nip.example",
		"%31%32%37.0.0.1", "127%2e0%2e0%2e1",
	}
}

// X05: each way by which a source could lead us into a private network, with each
// spelling of an address there. Nothing is sent to it, nor to a proxy.
func TestRefusedHosts(t *testing.T) {
	if n := len(refusedHosts()); n < 60 {
		t.Fatalf("%d hosts, want at least 60", n)
	}
	names := nameServer(t, func(string) string { return "127.0.0.1" })
	proxy := serve(t, text("through"))
	socks := serveSOCKS(t, "", "")
	ways := []struct {
		name string
		opts Options
		url  func(t *testing.T, host string) (url string, allowed []string)
	}{
		{"X01 asked directly", Options{}, func(_ *testing.T, host string) (string, []string) {
			return "http://" + host + "/", nil
		}},
		{"X01 by a redirect", Options{}, func(t *testing.T, host string) (string, []string) {
			o := serve(t, redirectTo(302, "http://"+host+"/"))
			return o.URL, []string{o.Listener.Addr().String()}
		}},
		{"X06 through a proxy", Options{Proxy: proxy.URL}, func(_ *testing.T, host string) (string, []string) {
			return "http://" + host + "/", nil
		}},
		{"X06 through a tunnel", Options{Proxy: proxy.URL}, func(_ *testing.T, host string) (string, []string) {
			return "https://" + host + "/", nil
		}},
		{"X06 through SOCKS", Options{Proxy: "socks5://" + socks.addr}, func(_ *testing.T, host string) (string, []string) {
			return "https://" + host + "/", nil
		}},
	}
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			for _, host := range refusedHosts() {
				opts := way.opts
				opts.Resolver = names
				url, allowed := way.url(t, host)
				opts.AllowHosts = allowed
				refused(t, New(opts), url)
			}
			if n := len(proxy.requests()) + int(socks.asked.Load()); n != 0 {
				t.Errorf("%d requests reached a proxy", n)
			}
		})
	}
	t.Run("X01 by an answer of the name server", func(t *testing.T) {
		for _, host := range refusedHosts() {
			ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
			if err != nil {
				continue
			}
			names := nameServer(t, func(string) string { return ip.String() })
			refused(t, New(Options{Resolver: names}), "http://feeds.example/")
			refused(t, New(Options{Resolver: names, Proxy: proxy.URL}), "http://feeds.example/")
		}
		if n := len(proxy.requests()); n != 0 {
			t.Errorf("%d requests reached the proxy", n)
		}
	})
}

// refused asks for a URL that must lead nowhere: as an address that is refused,
// a name without an address or a URL that is none.
func refused(t *testing.T, c *Client, url string) {
	t.Helper()
	defer c.CloseIdle()
	resp, err := c.Get(t.Context(), Request{URL: url})
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("Get(%s) = %+v, want an error", url, resp)
	}
	switch e.Kind {
	case KindRefused, KindDNS, KindRequest, KindRedirect:
	default:
		t.Errorf("Get(%s): %v (%s), want a refusal", url, e, e.Kind)
	}
}

// X06: what is public, or the operator listed, does go through the proxy.
func TestThroughProxy(t *testing.T) {
	proxy := serve(t, text("through"))
	names := nameServer(t, func(name string) string {
		return map[string]string{"public.example.": "8.8.8.8", "intra.example.": "10.0.0.1"}[name]
	})
	tests := []struct {
		name, url string
		opts      Options
		kind      Kind // "" when it goes through
	}{
		{"X06 public", "http://public.example/", Options{}, ""},
		{"X06 private", "http://intra.example/", Options{}, KindRefused},
		{"X06 listed host", "http://intra.example/", Options{AllowHosts: []string{"intra.example"}}, ""},
		{"X06 listed network", "http://intra.example/",
			Options{AllowNetworks: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}, ""},
		{"X03 port", "http://public.example:22/", Options{}, KindRefused},
		{"X06 unknown name", "http://nowhere.example/", Options{}, KindDNS},
		{"X06 the proxy itself", proxy.URL, Options{}, KindRefused},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.opts.Proxy, tt.opts.Resolver = proxy.URL, names
			c := New(tt.opts)
			defer c.CloseIdle()
			if tt.kind != "" {
				getError(t, c, Request{URL: tt.url}, tt.kind)
				return
			}
			if resp := get(t, c, Request{URL: tt.url}); string(resp.Body) != "through" {
				t.Errorf("body %q, want the proxy's", resp.Body)
			}
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tt.url, nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := c.Transport().RoundTrip(req)
			if err != nil {
				t.Fatalf("Transport: %v", err)
			}
			res.Body.Close()
		})
	}
}

// X01, B39: a name that is public for the check and private a moment later never
// reaches the private address, and one with both is not asked at all by a proxy.
func TestAlternatingName(t *testing.T) {
	secret := serveAt(t, "127.0.0.2", text("secret"))
	_, port, err := net.SplitHostPort(secret.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	public := []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	t.Run("B39 name with two addresses", func(t *testing.T) {
		turn := false
		names := nameServer(t, func(string) string {
			turn = !turn
			if turn {
				return "127.0.0.2"
			}
			return "127.0.0.1"
		})
		c := New(Options{Resolver: names, AllowNetworks: public})
		defer c.CloseIdle()
		for range 10 {
			_, _ = c.Get(t.Context(), Request{URL: "http://two.example:" + port})
		}
	})
	t.Run("B39 AAAA of a NAT64", func(t *testing.T) {
		names := nameServer(t, func(string) string { return "64:ff9b::7f00:2" })
		e := getError(t, New(Options{Resolver: names}), Request{URL: "http://six.example:" + port}, KindRefused)
		if !errors.Is(e, ErrPrivateAddress) {
			t.Errorf("%v, want ErrPrivateAddress", e)
		}
	})
	if n := len(secret.requests()); n != 0 {
		t.Errorf("%d requests reached the private address", n)
	}
}
