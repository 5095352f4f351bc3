// Package hubs wires what tells readers of changes: the WebSub hub for the feeds that a
// server publishes, and the pings to hubs elsewhere.
//
// Strangers name the callbacks of the hub. So it has a client of its own: with the
// networks and ports that the file allows for subscribers rather than those for
// sources, and with its own memory of hosts, so that no subscriber can have a source's
// host left alone. Hubs elsewhere are the operator's word, and asked like sources.
package hubs

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"

	"golang.org/x/net/http/httpproxy"

	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/show"
	"github.com/coranto/coranto/feeds/hub"
	"github.com/coranto/coranto/feeds/hub/ping"
	"github.com/coranto/coranto/feeds/publish"
	"github.com/coranto/coranto/storage"
)

// Path is where subscribers ask, below the site's URL.
const Path = "/hub"

// OfServer lists the hubs that the feeds of a server name: its own first.
func OfServer(c *config.Config) []string {
	u, err := url.Parse(c.Site.URL)
	auto := c.Hub.Enabled == config.HubAuto && err == nil && Reachable(u.Hostname())
	return of(c, auto || c.Hub.Enabled == config.HubOn)
}

// OfFiles lists the hubs that feeds in files name. Whether a server runs beside the
// files, only the operator can say.
func OfFiles(c *config.Config) []string { return of(c, c.Hub.Enabled == config.HubOn) }

func of(c *config.Config, own bool) []string {
	var list []string
	if own && c.Site.URL != "" {
		list = append(list, strings.TrimSuffix(c.Site.URL, "/")+Path)
	}
	return append(list, c.Hub.Ping...)
}

// Reachable reports whether a host may be one that everybody can reach: a public
// address, or a name with a dot that is not of those set apart for private networks and
// tests (RFC 2606, RFC 6761, RFC 6762, RFC 8375, and "internal").
func Reachable(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsGlobalUnicast() && !ip.IsPrivate()
	}
	switch host[strings.LastIndexByte(host, '.')+1:] {
	case host, "localhost", "local", "internal", "invalid", "test":
		return false
	}
	return !strings.HasSuffix(host, ".home.arpa")
}

// Front puts handlers before what readers see, at paths below the site's URL. One that
// ends in a slash stands for all below it, and nil for nobody. A proxy may have taken
// the site's own path off.
func Front(site string, readers http.Handler, at map[string]http.Handler) http.Handler {
	base := ""
	if u, err := url.Parse(site); err == nil {
		base = strings.TrimSuffix(u.Path, "/")
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(r.URL.Path, base)
		for place, handler := range at {
			below := strings.HasSuffix(place, "/") && strings.HasPrefix(path, place)
			if handler != nil && (below || path == place) {
				handler.ServeHTTP(w, r)
				return
			}
		}
		readers.ServeHTTP(w, r)
	})
}

// Hub tells readers of changes while Run runs. A nil Hub has no status.
type Hub struct {
	own    *hub.Hub     // nil when readers can't subscribe here
	pings  *ping.Pinger // nil without hubs elsewhere
	client *fetch.Client
}

// New returns the hub of a server. out is the client for what the operator names. No
// other process has the store open.
func New(
	c *config.Config, store storage.Store, p *publish.Publisher, out *fetch.Client, log *slog.Logger,
) *Hub {
	h := &Hub{client: fetch.New(fetch.Options{
		Timeout: c.Fetch.Timeout, PerHost: 4,
		AllowNetworks: c.Hub.AllowNetworks, AllowPorts: c.Hub.AllowPorts,
		Proxy: c.Fetch.Proxy, Environment: httpproxy.FromEnvironment().ProxyFunc(),
		Logger: log,
	})}
	if len(OfServer(c)) > len(c.Hub.Ping) {
		h.own = hub.New(hub.Options{
			Store: store, Publisher: p, Random: rand.Reader, Sole: true,
			Transport: discreet{h.client.Transport()}, UserAgent: c.Fetch.UserAgent,
			Lease: c.Hub.Lease, MaxLease: c.Hub.MaxLease, Logger: log,
		})
	}
	if len(c.Hub.Ping) > 0 {
		h.pings = ping.New(ping.Options{
			Store: store, Publisher: p, Transport: out.Transport(), Hubs: c.Hub.Ping,
			UserAgent: c.Fetch.UserAgent, Logger: log,
		})
	}
	return h
}

// discreet makes requests whose errors don't tell the address: the path of a callback
// is its subscriber's secret, and errors are logged.
type discreet struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (d discreet) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := d.RoundTripper.RoundTrip(r)
	var told *fetch.Error
	if errors.As(err, &told) {
		return nil, errors.New(told.Cause())
	}
	return res, err
}

// Run delivers and pings until ctx ends.
func (h *Hub) Run(ctx context.Context) {
	defer h.client.CloseIdle()
	var work sync.WaitGroup
	if h.own != nil {
		work.Go(func() { h.own.Run(ctx) })
	}
	if h.pings != nil {
		work.Go(func() { h.pings.Run(ctx) })
	}
	work.Wait()
}

// Handler takes the requests of subscribers; nil when they can't subscribe here.
func (h *Hub) Handler() http.Handler {
	if h.own == nil {
		return nil
	}
	return h.own
}

// Status is how it is doing; nil when readers can't subscribe here.
func (h *Hub) Status() *show.Hub {
	if h == nil || h.own == nil {
		return nil
	}
	s := h.own.Status()
	return &show.Hub{
		Subscriptions: s.Subscriptions, Topics: s.Topics, Owed: s.Owed, Failing: s.Failing,
	}
}
