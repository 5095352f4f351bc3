package config

import (
	"net/netip"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// Hub is the WebSub hub for what is published, and what hubs elsewhere are told.
type Hub struct {
	Enabled       HubMode
	Lease         time.Duration // granted to who asks for none
	MaxLease      time.Duration // granted at most
	AllowNetworks []netip.Prefix
	AllowPorts    []uint16
	Ping          []string // hubs elsewhere
}

// HubMode says whether there is a hub.
type HubMode string

// The modes of a hub.
const (
	HubAuto HubMode = "auto" // where the site has an address that everybody can reach
	HubOn   HubMode = "true"
	HubOff  HubMode = "false"
)

func hubKeys(h *Hub) []key {
	const longest = 365 * 24 * time.Hour
	return []key{
		{"enabled", "auto, true or false", "auto",
			"Whether readers may subscribe, at /hub below site.url. auto means where everybody can reach that.",
			choice(&h.Enabled, HubAuto, HubOn, HubOff), nil},
		{"lease", "duration", "10d", "For which a subscription lasts that does not say.",
			duration(&h.Lease, time.Hour, longest, ""), nil},
		{"max_lease", "duration", "30d", "For which one lasts at most.",
			duration(&h.MaxLease, time.Hour, longest, ""), nil},
		{"allow_networks", "list of networks", "none",
			"Private networks in which subscribers may be. Anybody can have us call there then, " +
				"so these are not the ones of fetch.allow_networks.",
			networks(&h.AllowNetworks), nil},
		{"allow_ports", "list of ports", "none",
			"Ports at which subscribers may be, besides 80, 443, 8080 and 8443.",
			ports(&h.AllowPorts), nil},
		{"ping", "list of addresses", "none",
			"Hubs elsewhere that are told of changes too. Feeds name them, so readers may subscribe there.",
			addresses(&h.Ping), nil},
	}
}

func addresses(to *[]string) setter {
	return func(d *decoder, n ast.Node) {
		var list []string
		d.list(n, func(n ast.Node) {
			var one string
			if webAddress(&one)(d, n); one != "" {
				list = append(list, one)
			}
		})
		*to = list
	}
}
