package fetch

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// guard decides which addresses and ports may be dialed. It sees the address
// itself, after the name server answered and right before the connection is
// made: a name that resolves to something else the second time gains nothing.
type guard struct {
	refused  []netip.Prefix
	networks []netip.Prefix
	hosts    []string
	ports    []uint16
}

func newGuard(opts Options) *guard {
	g := &guard{
		refused:  refusedNetworks(),
		networks: opts.AllowNetworks,
		ports:    append([]uint16{80, 443, 8080, 8443}, opts.AllowPorts...),
	}
	for _, host := range opts.AllowHosts {
		g.hosts = append(g.hosts, strings.ToLower(host))
	}
	return g
}

// control is a net.Dialer's: it is called with the address of the connection
// about to be made, once for each address tried.
func (g *guard) control(_, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return &cause{"address " + address + " is not understood", ErrPrivateAddress}
	}
	return g.check(target)
}

// check names the setting that would permit what it refuses. It says nothing
// of what answers there: all refusals of one address read alike.
func (g *guard) check(target netip.AddrPort) error {
	ip := target.Addr().WithZone("")
	real := embedded(ip)
	if contains(g.networks, ip) || contains(g.networks, real) {
		return nil
	}
	if !g.public(real) {
		text := fmt.Sprintf("address %v is private: list it in fetch.allow_networks", real)
		return &cause{text, ErrPrivateAddress}
	}
	if !slices.Contains(g.ports, target.Port()) {
		text := fmt.Sprintf("port %d is not allowed: list it in fetch.allow_ports", target.Port())
		return &cause{text, ErrPort}
	}
	return nil
}

// listed reports whether the operator named a host, given as host:port, so that
// its address need not be checked.
func (g *guard) listed(address string) bool {
	address = strings.ToLower(address)
	host, _, err := net.SplitHostPort(address)
	return err == nil && (slices.Contains(g.hosts, host) || slices.Contains(g.hosts, address))
}

// reachable resolves the host of a URL that a proxy will connect to, and checks
// each of its addresses (X06): the dialer sees only the proxy's.
func (g *guard) reachable(ctx context.Context, names *net.Resolver, u *url.URL) error {
	address := hostPort(u)
	if g.listed(address) {
		return nil
	}
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if host, err = asciiHost(host); err != nil {
		return err
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return err
	}
	addresses, err := names.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return err
	}
	for _, ip := range addresses {
		if err := g.check(netip.AddrPortFrom(ip, uint16(port))); err != nil {
			return err
		}
	}
	return nil
}

// spelled refuses hosts that are numbers and yet no address as it is usually
// written (X05): what they mean depends on who is asked.
func (g *guard) spelled(u *url.URL) error {
	host, err := asciiHost(u.Hostname())
	if err != nil {
		return &cause{fmt.Sprintf("host %q is no name", u.Hostname()), ErrPrivateAddress}
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return nil
	}
	host = strings.TrimRight(host, ".")
	last := host[strings.LastIndexByte(host, '.')+1:]
	digits := strings.TrimLeft(strings.TrimPrefix(last, "0x"), "0123456789")
	if digits == "" || strings.HasPrefix(last, "0x") && strings.Trim(digits, "0123456789abcdef") == "" {
		return &cause{fmt.Sprintf("host %q is a number: write the address in full", host), ErrPrivateAddress}
	}
	return nil
}

// asciiHost is a host as net/http asks for it.
func asciiHost(host string) (string, error) {
	if strings.ContainsFunc(host, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return idna.Lookup.ToASCII(host)
	}
	return strings.ToLower(host), nil
}

func (g *guard) public(ip netip.Addr) bool {
	if ip.Is6() && !netip.MustParsePrefix("2000::/3").Contains(ip) {
		return false // the only block from which global addresses are given (RFC 4291 §2.4)
	}
	return ip.IsValid() && !contains(g.refused, ip)
}

// embedded is the IPv4 address that an IPv6 address stands for: mapped (RFC 4291
// §2.5.5.2) or behind the well-known prefix of a NAT64 (RFC 6052 §2.1), on
// whose networks every public IPv4 host looks so. Other addresses are
// themselves. What a 6to4 or a Teredo address embeds is not asked: both are
// refused as a whole, as nothing public answers there any more.
func embedded(ip netip.Addr) netip.Addr {
	ip = ip.Unmap()
	if !netip.MustParsePrefix("64:ff9b::/96").Contains(ip) {
		return ip
	}
	raw := ip.As16()
	return netip.AddrFrom4([4]byte(raw[12:]))
}

func contains(networks []netip.Prefix, ip netip.Addr) bool {
	return slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// refusedNetworks are the blocks that are not public, after the registries of
// RFC 6890; of IPv6 only those inside 2000::/3.
func refusedNetworks() []netip.Prefix {
	var list []netip.Prefix
	for _, s := range []string{
		"0.0.0.0/8",        // this network
		"10.0.0.0/8",       // private
		"100.64.0.0/10",    // shared by carriers
		"127.0.0.0/8",      // loopback
		"168.63.129.16/32", // Azure's wire server
		"169.254.0.0/16",   // link-local, metadata of clouds
		"172.16.0.0/12",    // private
		"192.0.0.0/24",     // protocol assignments, metadata of Oracle
		"192.0.2.0/24",     // documentation
		"192.88.99.0/24",   // 6to4 relays
		"192.168.0.0/16",   // private
		"198.18.0.0/15",    // benchmarks
		"198.51.100.0/24",  // documentation
		"203.0.113.0/24",   // documentation
		"224.0.0.0/4",      // multicast
		"240.0.0.0/4",      // reserved, broadcast
		"2001::/23",        // protocol assignments, Teredo
		"2001:db8::/32",    // documentation
		"2002::/16",        // 6to4
		"3fff::/20",        // documentation
	} {
		list = append(list, netip.MustParsePrefix(s))
	}
	return list
}
