package fetch

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/coranto/coranto"
)

// ErrProxy reports a proxy that is not one. Errors that wrap it don't say what it
// is, because a password may be in it.
var ErrProxy = errors.New("not the address of a proxy")

// CheckProxy reports whether s may stand for a proxy in an Access or in Options:
// an http, https or socks5 URL, or one of the words for none and for that of the
// environment. The error wraps ErrProxy.
func CheckProxy(s string) error {
	if s == coranto.ProxyNone || s == coranto.ProxyEnvironment {
		return nil
	}
	_, err := parseProxy(s)
	return err
}

func parseProxy(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Hostname() == "":
		return nil, ErrProxy
	case !slices.Contains([]string{"http", "https", "socks5"}, u.Scheme):
		return nil, fmt.Errorf("%w: use http, https or socks5", ErrProxy)
	case u.Path != "" && u.Path != "/" || u.RawQuery != "":
		return nil, fmt.Errorf("%w: it has a path", ErrProxy)
	}
	return u, nil
}

// proxyFor is the proxy by which u is asked, nil for none; own is the source's
// own setting, which comes before that for all.
func (c *Client) proxyFor(own string, u *url.URL) (*url.URL, error) {
	switch p := cmp.Or(own, c.opts.Proxy); p {
	case "", coranto.ProxyNone:
		return nil, nil
	case coranto.ProxyEnvironment:
		if c.opts.Environment == nil {
			return nil, nil
		}
		p, err := c.opts.Environment(u)
		if err != nil {
			return nil, ErrProxy // its own text may hold the password
		}
		return p, nil
	default:
		return parseProxy(p)
	}
}

// throughProxy leads a transport through a proxy, which may be anywhere: the
// operator named it. TLS with the proxy itself is always verified, whatever holds
// for the origins behind it.
func (r *routes) throughProxy(t *http.Transport, proxy string) {
	u, err := url.Parse(proxy)
	if err != nil {
		t.Proxy = func(*http.Request) (*url.URL, error) { return nil, ErrProxy }
		return
	}
	plain := r.plainDialer()
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		return r.dial(ctx, plain, network, address)
	}
	if u.Scheme == "https" {
		port := cmp.Or(u.Port(), "443")
		u.Scheme, u.Host = "http", net.JoinHostPort(u.Hostname(), port)
		dial = r.secureDial(u.Hostname())
	}
	t.DialContext = dial
	t.Proxy = http.ProxyURL(u)
	t.OnProxyConnectResponse = func(
		_ context.Context, _ *url.URL, _ *http.Request, res *http.Response,
	) error {
		if res.StatusCode == http.StatusOK {
			return nil
		}
		return &net.OpError{Op: opProxy, Net: "tcp", Err: errors.New(res.Status)}
	}
}

// secureDial connects to a proxy that speaks TLS.
func (r *routes) secureDial(host string) func(context.Context, string, string) (net.Conn, error) {
	plain := r.plainDialer()
	config := r.tls(route{}, r.opts.RootCAs)
	config.ServerName = host
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		raw, err := r.dial(ctx, plain, network, address)
		if err != nil {
			return nil, err
		}
		ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		conn := tls.Client(raw, config)
		if err := conn.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, raw.Close())
		}
		return conn, nil
	}
}

// The operations that net/http names when a proxy is to blame.
const (
	opProxy = "proxyconnect"
	opSOCKS = "socks connect"
)

// proxyFault is what a proxy did wrong; nil when err is not about one.
func proxyFault(err error) error {
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == opProxy || op.Op == opSOCKS) {
		return op.Err
	}
	return nil
}
