package fetch

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// newTransport is the one connection to the outside. The limits not named in
// the options are those that no honest origin comes near.
func newTransport(opts Options) *http.Transport {
	sessions := opts.Sessions
	if sessions == nil {
		sessions = tls.NewLRUClientSessionCache(2048)
	}
	return &http.Transport{
		DialContext: dialer(newGuard(opts), opts.Resolver),
		TLSClientConfig: &tls.Config{
			RootCAs:            opts.RootCAs,
			ClientSessionCache: sessions,
			MinVersion:         tls.VersionTLS12,
			// A handshake is most of what a visit costs. Without the hybrid
			// key exchange, which is for secrets that must last, it costs a
			// third less.
			CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384},
		},
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  opts.HeaderTimeout,
		MaxResponseHeaderBytes: 64 << 10,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // bodies are decoded here, with limits
		MaxIdleConns:           512,  // an idle one costs a descriptor and some 20 KB
		MaxIdleConnsPerHost:    opts.PerHost,
		IdleConnTimeout:        90 * time.Second,
	}
}

// dialer connects to checked addresses; to hosts that the operator named, to any.
func dialer(g *guard, names *net.Resolver) func(context.Context, string, string) (net.Conn, error) {
	unchecked := &net.Dialer{Timeout: 10 * time.Second, Resolver: names}
	checked := *unchecked
	checked.Control = g.control
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if g.listed(address) {
			return unchecked.DialContext(ctx, network, address)
		}
		return checked.DialContext(ctx, network, address)
	}
}
