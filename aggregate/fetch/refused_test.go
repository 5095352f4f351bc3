package fetch

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"testing"
)

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
