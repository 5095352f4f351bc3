package main

import (
	"crypto/rand"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/push"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/storage"
)

// pushPath is where hubs call, below the site's URL.
const pushPath = "/websub/"

// subscriber is what lets hubs tell of changes, wired.
func (d *daemon) subscriber(
	c *config.Config, client *fetch.Client, agg *aggregate.Aggregator,
) *push.Subscriber {
	return push.New(push.Options{
		Store: d.store, Client: client, Deliver: agg.Pushed, Callback: callback(c),
		Random: rand.Reader, MaxBody: c.Fetch.MaxBody, Logger: d.log,
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

// pushStatus is what a hub does for a source.
type pushStatus struct {
	Hub   string    `json:"hub"`
	Until time.Time `json:"until,omitzero"`     // end of the lease
	Last  time.Time `json:"last_push,omitzero"` // last word of a hub
	Error string    `json:"error,omitempty"`
}

// newPushStatus is nil for a source without a subscription.
func newPushStatus(p storage.Push) *pushStatus {
	sub := p.Subscription
	if sub.Hub == "" {
		return nil
	}
	return &pushStatus{Hub: sub.Hub, Until: sub.Until, Last: p.Last, Error: sub.LastError}
}

// remark is the subscription in a few words.
func (p *pushStatus) remark() string {
	switch {
	case p == nil:
		return ""
	case p.Error != "":
		return "no push: " + p.Error
	case p.Until.IsZero():
		return "push asked for"
	}
	return "push until " + when(p.Until)
}
