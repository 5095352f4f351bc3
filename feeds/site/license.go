package site

import (
	"net/url"
	"strings"
)

// licenseName is what people call the licence at an address: the Creative
// Commons licences by their abbreviation, any other by host and path.
func licenseName(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	host := strings.TrimPrefix(u.Hostname(), "www.")
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if host != "creativecommons.org" || len(parts) < 3 {
		return strings.TrimSuffix(host+u.Path, "/")
	}
	switch kind, name := parts[0], strings.ToUpper(parts[1]); {
	case kind == "licenses":
		return "CC " + name + " " + parts[2]
	case name == "ZERO":
		return "CC0 " + parts[2]
	}
	return "Public Domain Mark " + parts[2]
}
