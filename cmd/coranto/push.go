package main

import (
	"crypto/rand"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/push"
	"github.com/coranto/coranto/cmd/coranto/config"
)

// pushPath is where hubs call, below the site's URL.
const pushPath = "/websub/"

// subscriber is what lets hubs tell of changes, wired.
func (d *daemon) subscriber(
	c *config.Config, client *fetch.Client, agg *aggregate.Aggregator,
) *push.Subscriber {
	return push.New(push.Options{
		Store: d.store, Client: client, Deliver: agg.Pushed, Callback: callback(c),
		Random: rand.Reader, MaxBody: c.Fetch.MaxBody, NoSHA1: !c.Push.SHA1,
		Logger: d.log,
	})
}

// callback is the URL below which hubs find us, "" when none can: the operator wants
// none, or has named no address that the world can reach.
func callback(c *config.Config) string {
	u, err := url.Parse(c.Site.URL)
	if err != nil || !c.Fetch.Push || !reachable(u.Hostname()) {
		return ""
	}
	u.RawQuery, u.Fragment = "", ""
	return u.JoinPath(pushPath).String()
}

// reachable reports whether a host may be one that everybody can reach.
func reachable(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsGlobalUnicast() && !ip.IsPrivate()
	}
	return strings.Contains(host, ".") && !strings.HasSuffix(host, ".localhost")
}

// withCallback puts the callback of hubs in front of what readers see. A proxy may
// have taken the site's own path off.
func withCallback(c *config.Config, hubs, readers http.Handler) http.Handler {
	base := ""
	if u, err := url.Parse(c.Site.URL); err == nil {
		base = strings.TrimSuffix(u.Path, "/")
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(strings.TrimPrefix(r.URL.Path, base), pushPath) {
			hubs.ServeHTTP(w, r)
			return
		}
		readers.ServeHTTP(w, r)
	})
}
