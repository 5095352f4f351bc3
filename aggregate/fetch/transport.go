package fetch

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/fetch/session"
	"github.com/coranto/coranto/internal/host"
)

// route is what a request asks of a transport: requests with equal routes share
// connections. The zero route is that of a source without settings of its own.
type route struct {
	proxy    string // URL, with its credentials; "" means none
	ca       string // certificates in PEM, trusted besides the usual
	insecure bool   // certificates are not verified
	http1    bool
	patience time.Duration // for the headers of an answer; 0 means the client's
}

// maxRoutes is how many transports are kept, besides that of the zero route.
const maxRoutes = 64

// routes are the connections to the outside: a transport for each route in use,
// the least recently used ones forgotten.
type routes struct {
	opts  Options
	guard *guard
	main  *http.Transport // of the zero route

	mu     sync.Mutex
	others map[route]*way
	taken  uint64 // counts uses
}

type way struct {
	*http.Transport
	used uint64
}

func newRoutes(opts Options) *routes {
	if opts.Sessions == nil {
		opts.Sessions = session.New(session.Options{Now: opts.Now})
	}
	r := &routes{opts: opts, guard: newGuard(opts), others: make(map[route]*way)}
	r.main = r.transport(route{}, opts.RootCAs)
	return r
}

// by returns the transport of a route. The error says that its certificates are
// none.
func (r *routes) by(rt route) (*http.Transport, error) {
	if rt == (route{}) {
		return r.main, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.taken++
	if w := r.others[rt]; w != nil {
		w.used = r.taken
		return w.Transport, nil
	}
	roots, err := trusted(r.opts.RootCAs, rt.ca)
	if err != nil {
		return nil, err
	}
	if len(r.others) >= maxRoutes {
		r.forgetOldest()
	}
	w := &way{r.transport(rt, roots), r.taken}
	r.others[rt] = w
	return w.Transport, nil
}

// forgetOldest closes the idle connections of a route; what is under way ends
// well and then finds no place to be kept.
func (r *routes) forgetOldest() {
	var oldest route
	least := r.taken
	for rt, w := range r.others {
		if w.used < least {
			oldest, least = rt, w.used
		}
	}
	r.others[oldest].CloseIdleConnections()
	delete(r.others, oldest)
}

func (r *routes) closeIdle() {
	r.main.CloseIdleConnections()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range r.others {
		w.CloseIdleConnections()
	}
}

// errAuthority reports certificates that can't be read.
var errAuthority = errors.New("no certificate in PEM form")

// CheckAuthority reports whether a text holds certificates that can be trusted,
// in PEM form.
func CheckAuthority(pem string) error {
	_, err := trusted(x509.NewCertPool(), pem)
	return err
}

// trusted adds certificates to a pool; nil is the system's.
func trusted(pool *x509.CertPool, pem string) (*x509.CertPool, error) {
	if pem == "" {
		return pool, nil
	}
	if pool == nil {
		system, err := x509.SystemCertPool()
		if err != nil {
			return nil, err
		}
		pool = system
	}
	pool = pool.Clone()
	if !pool.AppendCertsFromPEM([]byte(pem)) {
		return nil, errAuthority
	}
	return pool, nil
}

// transport makes the connection to the outside for one route. The limits not
// named in the options are those that no honest origin comes near.
func (r *routes) transport(rt route, roots *x509.CertPool) *http.Transport {
	t := &http.Transport{
		DialContext:            r.dialer(),
		TLSClientConfig:        r.tls(rt, roots),
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  max(r.opts.HeaderTimeout, rt.patience),
		MaxResponseHeaderBytes: 64 << 10,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // bodies are decoded here, with limits
		MaxIdleConns:           512,  // an idle one costs a descriptor and some 20 KB
		MaxIdleConnsPerHost:    r.opts.PerHost,
		IdleConnTimeout:        90 * time.Second,
	}
	if rt.http1 {
		t.Protocols = new(http.Protocols)
		t.Protocols.SetHTTP1(true)
	}
	if rt.proxy != "" {
		r.throughProxy(t, rt.proxy)
	}
	return t
}

func (r *routes) tls(rt route, roots *x509.CertPool) *tls.Config {
	return &tls.Config{
		RootCAs:            roots,
		InsecureSkipVerify: rt.insecure,
		ClientSessionCache: trustedSessions(r.opts.Sessions, rt),
		MinVersion:         tls.VersionTLS12,
		// A handshake is most of what a visit costs. Without the hybrid
		// key exchange, which is for secrets that must last, it costs a
		// third less.
		CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384},
	}
}

// dialer connects to checked addresses; to hosts that the operator named, to any.
func (r *routes) dialer() func(context.Context, string, string) (net.Conn, error) {
	unchecked := r.plainDialer()
	checked := *unchecked
	checked.Control = r.guard.control
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if r.guard.listed(address) {
			return r.dial(ctx, unchecked, network, address)
		}
		return r.dial(ctx, &checked, network, address)
	}
}

// dial connects, and gives up where the name server says nothing.
func (r *routes) dial(ctx context.Context, d *net.Dialer, network, address string) (net.Conn, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	silent := &net.DNSError{Err: "no answer", Name: address, IsTimeout: true}
	var patience *time.Timer
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSStart: func(info httptrace.DNSStartInfo) {
			silent.Name = info.Host
			patience = time.AfterFunc(r.opts.NameTimeout, func() { cancel(silent) })
		},
		DNSDone: func(httptrace.DNSDoneInfo) { patience.Stop() },
	})
	conn, err := d.DialContext(ctx, network, address)
	if err != nil && errors.Is(context.Cause(ctx), silent) {
		return nil, silent
	}
	return conn, err
}

// plainDialer asks for both kinds of address at once and tries the second kind
// soon after the first (RFC 8305 §5).
func (r *routes) plainDialer() *net.Dialer {
	return &net.Dialer{
		Timeout: 10 * time.Second, FallbackDelay: 250 * time.Millisecond, Resolver: r.opts.Resolver,
	}
}

// way returns the transport by which u is asked, and checks u where the transport
// can't: behind a proxy. own means that u is at the host that the source named,
// which alone may be trusted without a usual certificate.
func (c *Client) way(
	ctx context.Context, a coranto.Access, u *url.URL, own bool,
) (*http.Transport, error) {
	if err := c.routes.guard.spelled(u); err != nil {
		return nil, err
	}
	proxy, err := c.proxyFor(a.Proxy, u)
	if err != nil {
		return nil, err
	}
	rt := route{http1: a.HTTP1}
	if proxy != nil {
		rt.proxy = proxy.String()
		ctx, cancel := context.WithTimeout(ctx, c.opts.NameTimeout)
		defer cancel()
		if err := c.routes.guard.reachable(ctx, c.opts.Resolver, u); err != nil {
			return nil, err
		}
	}
	if own && u.Scheme == "https" {
		rt.ca, rt.insecure = a.CA, a.Insecure
	}
	if a.Timeout > c.opts.HeaderTimeout {
		rt.patience = a.Timeout
	}
	return c.routes.by(rt)
}

// outward is the way out for those who ask by themselves.
type outward struct{ client *Client }

// RoundTrip implements http.RoundTripper.
func (o outward) RoundTrip(req *http.Request) (*http.Response, error) {
	way, err := o.way(req)
	if err != nil {
		if req.Body != nil {
			_ = req.Body.Close() // nothing was written to anybody
		}
		return nil, err
	}
	res, err := way.RoundTrip(req)
	if err == nil {
		o.client.heed(host.Name(req.URL), res)
	}
	return res, err
}

func (o outward) way(req *http.Request) (*http.Transport, error) {
	if err := o.client.open(host.Name(req.URL), time.Time{}); err != nil {
		return nil, failure(req.Context(), req.URL, err)
	}
	return o.client.way(req.Context(), coranto.Access{}, req.URL, true)
}

// trustedSessions are the sessions of a route: one that began under other
// terms of trust is none.
func trustedSessions(all tls.ClientSessionCache, rt route) tls.ClientSessionCache {
	if rt.ca == "" && !rt.insecure {
		return all
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%t %s", rt.insecure, rt.ca))
	return termedSessions{all, hex.EncodeToString(sum[:8]) + " "}
}

type termedSessions struct {
	all    tls.ClientSessionCache
	prefix string
}

// Get implements tls.ClientSessionCache.
func (s termedSessions) Get(host string) (*tls.ClientSessionState, bool) {
	return s.all.Get(s.prefix + host)
}

// Put implements tls.ClientSessionCache.
func (s termedSessions) Put(host string, state *tls.ClientSessionState) {
	s.all.Put(s.prefix+host, state)
}
