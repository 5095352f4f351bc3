package main

import (
	"crypto/rand"
	"net/url"

	"github.com/coranto/coranto/aggregate"
	"github.com/coranto/coranto/aggregate/fetch"
	"github.com/coranto/coranto/aggregate/push"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/hubs"
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
	if err != nil || !c.Fetch.Push || !hubs.Reachable(u.Hostname()) {
		return ""
	}
	u.RawQuery, u.Fragment = "", ""
	return u.JoinPath(pushPath).String()
}
