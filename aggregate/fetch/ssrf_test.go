package fetch

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/coranto/coranto"
)

// refusedAddresses are addresses that are not public (X02), as URLs hold them.
func refusedAddresses() []string {
	return []string{
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255",
		"127.0.0.1", "127.255.255.254", "168.63.129.16", "169.254.0.1", "169.254.169.254",
		"172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1",
		"192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.7",
		"203.0.113.7", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
		"[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::1%25lo]", "[100::1]", "[4000::1]", "[5f00::1]",
		"[::127.0.0.1]", "[::7f00:1]", "[::8.8.8.8]", // compatible with IPv4
		"[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]", // mapped
		"[0:0:0:0:0:ffff:a9fe:a9fe]", "[::ffff:169.254.169.254]",
		"[::ffff:0:127.0.0.1]",                                              // translated
		"[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", // behind a NAT64
		"[64:ff9b::192.168.1.1]", "[64:ff9b:1::1]", "[64:ff9b:1:7f00:0:1::]",
		"[2001::1]", "[2001:0:7f00:1::]", "[2001:0:4136:e378:8000:63bf:80ff:fffe]", // Teredo
		"[2001:1ff::1]", "[2001:db8::1]", "[3fff::1]",
		"[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2002:808:808::1]", // 6to4
		"[fc00::1]", "[fd00:ec2::254]", "[fe80::1]", "[fe80::1%25lo]", "[fec0::1]", "[ff02::1]",
	}
}

// refusedSpellings are other ways to write such addresses and names that lead
// to them (X05).
func refusedSpellings() []string {
	return []string{
		"localhost", "LOCALHOST", "localhost.", "LocalHost.", "127.0.0.1.", "127.0.0.1..",
		"127.1", "127.0.1", "0", "0.", "2130706433", "2130706433.", "0x7f.1", "0x7f000001",
		"0X7F.0.0.1", "0x7f.0x0.0x0.0x1", "0177.0.0.1", "0177.0.0.01", "017700000001",
		"127.0.0.0x1", "127.0.0.01", "127.00.0.1", "000127.0.0.1", "127.0.0.1.0x0",
		"\uff11\uff12\uff17.0.0.1", "\uff11\uff12\uff17\uff0e\uff10\uff0e\uff10\uff0e\uff11",
		"127\u30020\u30020\u30021", "127\uff610\uff610\uff611", "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460",
		"\U0001d7cf\U0001d7d0\U0001d7d5.0.0.1", "127.0.0.\u00ad1", "\u24c1ocalhost",
		"\uff4cocalhost", "local\u200bhost", "localho\u017ft",
		"127.0.0.1.nip.example", "127-0-0-1.nip.example", "7f000001.nip.example",
		"10.0.0.1.nip.example", "169.254.169.254.nip.example", "www.169-254-169-254.nip.example.",
		"%31%32%37.0.0.1", "127%2e0%2e0%2e1", "%6cocalhost", "127.0.0.1%00", "127.0.0.1%00.example",
		"127.0.0.1%2f", "127.0.0.1%23.example", "127.0.0.1%20",
		`127.0.0.1\`, `127.0.0.1\@feeds.example`, `a@127.0.0.1\@b`, `feeds.example\@127.0.0.1`,
		"a@127.0.0.1", "a:b@127.0.0.1", "feeds.example@127.0.0.1", "feeds.example:80@127.0.0.1",
		"feeds.example%40127.0.0.1", "feeds.example%23@127.0.0.1",
		"[::ffff:0x7f.1]", "[127.0.0.1]", "[::1%25]", "[::ffff:127.0.0.1%25lo]", "[v1.127.0.0.1]",
	}
}

func refusedHosts() []string { return append(refusedAddresses(), refusedSpellings()...) }

// nipAnswer is what a name server says whose names hold their addresses:
// 10.0.0.1.nip.example, 10-0-0-1.nip.example, 0a000001.nip.example. Whatever else
// it is asked for is this machine.
func nipAnswer(name string) string {
	name, _, _ = strings.Cut(strings.TrimPrefix(name, "www."), ".nip.")
	if raw, err := hex.DecodeString(name); err == nil && len(raw) == 4 {
		return netip.AddrFrom4([4]byte(raw)).String()
	}
	if ip, err := netip.ParseAddr(strings.ReplaceAll(name, "-", ".")); err == nil {
		return ip.String()
	}
	return "127.0.0.1"
}

// door is a listener that counts who comes.
type door struct {
	net.Listener
	came atomic.Int32
}

// Accept implements net.Listener.
func (d *door) Accept() (net.Conn, error) {
	conn, err := d.Listener.Accept()
	if err == nil {
		d.came.Add(1)
	}
	return conn, err
}

func (d *door) port() string { return portOf(d.Addr()) }

func portOf(a net.Addr) string { return fmt.Sprint(a.(*net.TCPAddr).Port) }

// serveDoor is an HTTP server behind a door.
func serveDoor(t *testing.T, h http.HandlerFunc) *door {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	d := &door{Listener: s.Listener}
	s.Listener = d
	s.Start()
	t.Cleanup(s.Close)
	return d
}

// closedPort is one at which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	return portOf(l.Addr())
}

// outing is one way by which a source could lead us to a host.
type outing struct {
	name  string
	opts  Options
	hosts []string
	reach func(c *Client, n int, host, port string) error
}

// outings are all ways, with what stands at their ends.
func outings(t *testing.T, proxy, socks *door, names *net.Resolver) []outing {
	t.Helper()
	redirecting := serveDoor(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", r.URL.Query().Get("to"))
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	first := redirecting.Addr().String()
	from := func(target string) string { return "http://" + first + "/?to=" + url.QueryEscape(target) }
	get := func(scheme string) func(*Client, int, string, string) error {
		return func(c *Client, _ int, host, port string) error {
			_, err := c.Get(t.Context(), Request{URL: scheme + host + ":" + port + "/"})
			return err
		}
	}
	byName := func(c *Client, n int, _, port string) error {
		_, err := c.Get(t.Context(), Request{URL: fmt.Sprintf("http://row%d.example:%s/", n, port)})
		return err
	}
	overUDP, overTCP := rowServer(t)
	redirects := Options{Resolver: names, AllowHosts: []string{first}}
	byProxy := Options{Resolver: names, Proxy: "http://" + proxy.Addr().String()}
	bySOCKS := Options{Resolver: names, Proxy: "socks5://" + socks.Addr().String()}
	viaUDP, viaTCP, rowsByProxy := Options{Resolver: overUDP}, Options{Resolver: overTCP}, byProxy
	rowsByProxy.Resolver = overUDP
	form := url.Values{"hub.mode": {"subscribe"}}
	return []outing{
		{"X01 X05 asked directly", Options{Resolver: names}, refusedHosts(), get("http://")},
		{"X01 X05 by a redirect", redirects, refusedHosts(), func(c *Client, _ int, host, port string) error {
			_, err := c.Get(t.Context(), Request{URL: from("http://" + host + ":" + port + "/")})
			return err
		}},
		{"X01 X02 by a name server's answer", viaUDP, refusedAddresses(), byName},
		{"X01 X02 by a name server's answer over TCP", viaTCP, refusedAddresses(), byName},
		{"X06 X02 by a name server's answer, behind a proxy", rowsByProxy, refusedAddresses(), byName},
		{"X06 X05 through a proxy", byProxy, refusedHosts(), get("http://")},
		{"X06 X05 through a tunnel", byProxy, refusedHosts(), get("https://")},
		{"X06 X05 through SOCKS5", bySOCKS, refusedHosts(), get("http://")},
		{"X04 X05 as a hub", Options{Resolver: names}, refusedHosts(), func(c *Client, _ int, host, port string) error {
			return c.Post(t.Context(), "http://"+host+":"+port+"/", form, coranto.Source{})
		}},
		{"X04 X05 by a hub's redirect", redirects, refusedHosts(), func(c *Client, _ int, host, port string) error {
			return c.Post(t.Context(), from("http://"+host+":"+port+"/"), form, coranto.Source{})
		}},
		{"X04 X05 by the transport of others", Options{Resolver: names}, refusedHosts(), func(c *Client, _ int, host, port string) error {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+host+":"+port+"/", nil)
			if err != nil {
				return &Error{Kind: KindRequest, Err: errors.New("malformed URL")}
			}
			res, err := c.Transport().RoundTrip(req)
			if err == nil {
				res.Body.Close()
				return nil
			}
			kind, why := classify(err)
			return &Error{Kind: kind, Err: why}
		}},
	}
}

// TestSSRF is the table of X02 and X05, each row each way: nobody is connected
// to, and the error does not tell whether somebody is there (X07).
func TestSSRF(t *testing.T) {
	if n := len(refusedHosts()); n < 60 {
		t.Fatalf("%d hosts, want at least 60", n)
	}
	target := serveDoor(t, text("secret"))
	closed := closedPort(t)
	proxy := serveDoor(t, forward("", ""))
	server := serveSOCKS(t, "", "")
	socks := &door{Listener: server.listener}
	names := nameServer(t, nipAnswer)
	var ports []uint16
	for _, port := range []string{target.port(), closed} {
		ports = append(ports, netip.MustParseAddrPort("127.0.0.1:"+port).Port())
	}
	for _, way := range outings(t, proxy, socks, names) {
		t.Run(way.name, func(t *testing.T) {
			way.opts.AllowPorts = ports // so that the address alone decides
			c := New(way.opts)
			defer c.CloseIdle()
			for n, host := range way.hosts {
				open := refusal(t, host, way.reach(c, n, host, target.port()))
				none := refusal(t, host, way.reach(c, n, host, closed))
				if got := strings.ReplaceAll(none, closed, target.port()); got != open {
					t.Errorf("X07 %s: %q where somebody listens, %q where nobody does", host, open, got)
				}
			}
			if n := target.came.Load(); n != 0 {
				t.Errorf("%d connections reached the target", n)
			}
			if n := proxy.came.Load() + server.came.Load(); n != 0 {
				t.Errorf("%d connections reached a proxy", n)
			}
		})
	}
	t.Run("X02 each way leads somewhere where it may", func(t *testing.T) {
		for _, way := range outings(t, proxy, socks, names) {
			met := func() int32 { return target.came.Load() + proxy.came.Load() + server.came.Load() }
			before := met()
			way.opts.AllowNetworks = loopback()
			c := New(way.opts)
			for n, host := range way.hosts {
				if host == "127.0.0.1" {
					_ = way.reach(c, n, host, target.port())
				}
			}
			c.CloseIdle()
			if met() == before {
				t.Errorf("%s: nobody came to the target or to the proxy", way.name)
			}
		}
	})
}

// refusal is why a host was not asked: because of its address, of its name or
// of the URL it stands in.
func refusal(t *testing.T, host string, err error) string {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Errorf("%s: %v, want an error", host, err)
		return ""
	}
	switch e.Kind {
	case KindRefused, KindDNS, KindRequest, KindRedirect:
	default:
		t.Errorf("%s: %v (%s), want a refusal", host, e, e.Kind)
	}
	if slices.Contains(refusedAddresses(), host) && !errors.Is(e, ErrPrivateAddress) {
		t.Errorf("%s: %v, want ErrPrivateAddress", host, e)
	}
	return e.Cause()
}

// rowServer answers for row7.example with the seventh refused address, by
// datagrams and by streams.
func rowServer(t *testing.T) (overUDP, overTCP *net.Resolver) {
	t.Helper()
	answer := func(name string) string {
		var n int
		if _, err := fmt.Sscanf(name, "row%d.", &n); err != nil || n >= len(refusedAddresses()) {
			return ""
		}
		host, _, _ := strings.Cut(strings.Trim(refusedAddresses()[n], "[]"), "%")
		return host
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go answerStream(conn, answer)
		}
	}()
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", l.Addr().String())
	}
	return nameServer(t, answer), &net.Resolver{PreferGo: true, Dial: dial}
}

// answerStream serves one connection to a name server (RFC 1035 §4.2.2).
func answerStream(conn net.Conn, answer func(string) string) {
	defer conn.Close()
	for {
		var size uint16
		if binary.Read(conn, binary.BigEndian, &size) != nil {
			return
		}
		packet := make([]byte, size)
		if _, err := io.ReadFull(conn, packet); err != nil {
			return
		}
		reply := resolve(packet, anyKind(answer))
		if reply == nil {
			return
		}
		reply = append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...)
		if _, err := conn.Write(reply); err != nil {
			return
		}
	}
}
