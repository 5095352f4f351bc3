// Package fetch is the only HTTP client of this program for anything outside
// of it: source feeds, pages, and through Transport whatever else must talk
// outward.
//
// It is polite: it sends back the validators it was given and asks each host
// for one thing at a time. It is careful: every address is checked when it is
// dialed, so that no name, redirect or second answer of a name server leads
// into a private network, and every size and duration has a limit. It never
// tries again by itself, except on a kept connection that turns out to be
// closed; when to come back is the schedule's matter. A host that asked to be left
// alone is asked for nothing until then, by nobody and at no hop of a redirect.
//
// A client hands over bytes and facts. What a body means, and what of it is
// kept, is for those who called. The package imports the words of the program,
// the names and the memory of hosts, and nothing else of it.
package fetch

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/hosts"
)

// Options configures a Client. The zero value is ready for use; each field
// says what its zero means.
type Options struct {
	// UserAgent is sent with every request; "" means this program's name,
	// version and home page. Contact, when set, is added to it: an address at
	// which the author of a source finds the operator.
	UserAgent string
	Contact   string

	Timeout       time.Duration // of a whole exchange, redirects and body included; 0 means 30s
	NameTimeout   time.Duration // for the name server's answer; 0 means 5s
	HeaderTimeout time.Duration // from the request sent to the answer's headers; 0 means 15s
	IdleTimeout   time.Duration // between two pieces of a body; 0 means 10s

	PerHost     int           // requests in flight to one host and port; 0 means 1
	PagesAtOnce int           // requests with Page set to one host and port; 0 means 2
	PageSpacing time.Duration // between the starts of two of them; 0 means 1s

	MaxBody    int64 // bytes of a body after decoding; 0 means 15 MiB
	MaxEncoded int64 // bytes of a coded body before decoding; 0 means 10 MiB

	// Private addresses are refused unless they lie in AllowNetworks, and ports
	// other than 80, 443, 8080 and 8443 unless they are in AllowPorts. What is
	// named here is permitted on any port: an address in AllowNetworks, and a
	// host of AllowHosts ("name" or, for that port only, "name:port") with
	// whatever address it has. nil allows nothing.
	AllowNetworks []netip.Prefix
	AllowHosts    []string
	AllowPorts    []uint16

	// Proxy is that of all requests whose Access names no other: an http, https
	// or socks5 URL, or coranto.ProxyEnvironment; "" means none. A proxy may be at
	// any address, the hosts asked through it may not: their names are resolved
	// and checked here first. Environment is what ProxyEnvironment stands for: the
	// proxy for a URL, nil for none; itself nil means that there never is one.
	Proxy       string
	Environment func(*url.URL) (*url.URL, error)

	Resolver *net.Resolver          // nil means the system's
	RootCAs  *x509.CertPool         // nil means the system's
	Sessions tls.ClientSessionCache // TLS sessions to resume; nil means a new session.Cache

	// Hosts knows which hosts asked to be left alone, and is told of those that do;
	// nil means a new memory of them.
	Hosts *hosts.Memory

	Now    coranto.Clock // nil means time.Now
	Logger *slog.Logger  // a line per exchange at Debug; nil means silence
}

// Client fetches. It is safe for concurrent use, and one is meant to serve the
// whole program: connections are kept and shared.
type Client struct {
	opts     Options
	header   http.Header // of every request; never changed
	routes   *routes
	gate     *gate
	pages    *gate // of requests with Page set
	decoders *decoders
}

// New returns a client with the given options.
func New(opts Options) *Client {
	opts.Timeout = cmp.Or(opts.Timeout, 30*time.Second)
	opts.NameTimeout = cmp.Or(opts.NameTimeout, 5*time.Second)
	opts.HeaderTimeout = cmp.Or(opts.HeaderTimeout, 15*time.Second)
	opts.IdleTimeout = cmp.Or(opts.IdleTimeout, 10*time.Second)
	opts.PerHost = max(opts.PerHost, 1)
	opts.PagesAtOnce = cmp.Or(opts.PagesAtOnce, 2)
	opts.PageSpacing = cmp.Or(opts.PageSpacing, time.Second)
	opts.MaxBody = cmp.Or(opts.MaxBody, 15<<20)
	opts.MaxEncoded = cmp.Or(opts.MaxEncoded, 10<<20)
	opts.Logger = cmp.Or(opts.Logger, slog.New(slog.DiscardHandler))
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Hosts == nil {
		opts.Hosts = hosts.New()
	}
	return &Client{
		opts: opts,
		header: http.Header{
			"Accept":          {acceptFeeds},
			"Accept-Encoding": {"gzip, br, zstd"},
			"User-Agent":      {userAgent(opts)},
		},
		routes:   newRoutes(opts),
		gate:     newGate(opts.PerHost, 0),
		pages:    newGate(opts.PagesAtOnce, opts.PageSpacing),
		decoders: newDecoders(),
	}
}

// Get fetches one URL, following redirects. A 304 is a response with
// NotModified set, not an error. Every error is an *Error, also when ctx ended.
//
// The call first waits for the host's turn, which the timeout does not count. When the
// host of a hop is to be left alone, nobody is asked and the error is of KindWait.
func (c *Client) Get(ctx context.Context, req Request) (*Response, error) {
	start := c.opts.Now()
	resp, err := c.get(ctx, req)
	took := c.opts.Now().Sub(start)
	if err != nil {
		c.opts.Logger.DebugContext(ctx, "fetched", "url", plainURL(req.URL), "took", took, "err", err)
		return nil, err
	}
	resp.Took = took
	c.opts.Logger.LogAttrs(ctx, slog.LevelDebug, "fetched", slog.String("url", resp.URL),
		slog.Duration("took", took), slog.Int("status", resp.Status))
	return resp, nil
}

// Hosts is what this client knows of hosts. Whoever knows more of them may add it.
func (c *Client) Hosts() *hosts.Memory { return c.opts.Hosts }

// Transport is the connection to the outside that Get uses, for others that must
// talk outward. It checks addresses and ports, limits headers, takes the proxy and
// leaves hosts alone alike; turns, whole timeouts, redirects and bodies are up to
// them. Its errors are those of net/http, of which ErrPrivateAddress and ErrPort can be
// asked, and an *Error of KindWait.
func (c *Client) Transport() http.RoundTripper { return outward{c} }

// CloseIdle closes the connections that are kept but not in use.
func (c *Client) CloseIdle() { c.routes.closeIdle() }

func (c *Client) get(ctx context.Context, req Request) (*Response, error) {
	u, err := req.parse()
	if err != nil {
		return nil, &Error{URL: plainURL(req.URL), Kind: KindRequest, Err: err}
	}
	x := &exchange{
		walk: walk{client: c, gate: c.gate}, req: req, resp: &Response{Requested: req.URL}, own: true,
	}
	if req.Page {
		x.gate, x.spacing = c.pages, max(c.pages.spacing, req.Spacing)
	}
	return x.follow(ctx, u)
}

// userAgent names the program and where its operator is found.
func userAgent(opts Options) string {
	if opts.UserAgent != "" && opts.Contact == "" {
		return opts.UserAgent
	}
	if opts.UserAgent != "" {
		return opts.UserAgent + " (" + opts.Contact + ")"
	}
	about := "+" + coranto.HomeURL
	if opts.Contact != "" {
		about += "; " + opts.Contact
	}
	return "Coranto/" + coranto.Version + " (" + about + ")"
}

// hostPort is where a URL is asked: its lower-case host and its port.
func hostPort(u *url.URL) string {
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "https":
		port = "443"
	default:
		port = "80"
	}
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}
