// Package host names hosts, so that all who count, queue or compare by host mean
// the same one by the same name, however an address spells it.
//
// It never changes what is requested: names and keys are for maps alone.
package host

import (
	"net/netip"
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// Name is the host of a URL: lower case, in ASCII (RFC 5891), without the dot of the
// root, and with its port where that is not the usual one of the scheme. It is ""
// when the URL has no host.
func Name(u *url.URL) string {
	name := ascii(u.Hostname())
	if strings.Contains(name, ":") {
		name = "[" + name + "]"
	}
	switch port := u.Port(); {
	case port == "", u.Scheme == "http" && port == "80", u.Scheme == "https" && port == "443":
		return name
	default:
		return name + ":" + port
	}
}

// Of is the Name of the host of an address; the address itself when it has none.
func Of(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return Name(u)
	}
	return address
}

// Lane is whom an address belongs to, as far as names tell: the domain that can be
// registered, whatever stands before it and whatever the port. Domains below which
// a host lets others register (the private part of the public suffix list) count as
// suffixes. A host without such a domain, an IP address or a single label, is its own
// lane, and so is each port of it: there, ports are what tells services apart.
func Lane(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	name := ascii(u.Hostname())
	if _, err := netip.ParseAddr(name); err == nil {
		return Name(u)
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(name)
	if err != nil {
		return Name(u)
	}
	return domain
}

// Key is the same for addresses that are requested alike: of the same scheme, Name,
// path and query. What URLs call equivalent beyond that (RFC 3986 §6.2.2.2) is left
// apart, because servers do.
func Key(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	key := u.Scheme + "://" + Name(u) + path
	if u.RawQuery != "" || u.ForceQuery {
		key += "?" + u.RawQuery
	}
	return key
}

// ascii is a name without what makes no difference. A name that can't be turned into
// ASCII stays as it is: nobody will find it.
func ascii(name string) string {
	name = strings.TrimRight(name, ".")
	if strings.ContainsFunc(name, func(r rune) bool { return r >= utf8.RuneSelf }) {
		if plain, err := idna.Lookup.ToASCII(name); err == nil {
			return strings.TrimRight(plain, ".")
		}
	}
	return strings.ToLower(name)
}

// IsWeb reports whether a text is meant as an address on the web: http or https.
func IsWeb(text string) bool {
	return strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")
}
