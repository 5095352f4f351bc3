package config

import (
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"golang.org/x/net/idna"

	"github.com/coranto/coranto/aggregate/fetch"
)

// hosts takes a list of "name" and "name:port".
func hosts(to *[]string) setter {
	return func(d *decoder, n ast.Node) {
		var list []string
		d.list(n, func(n ast.Node) {
			s, ok := d.scalar(n)
			if !ok {
				return
			}
			host, text, hint := checkHost(s)
			if text != "" {
				d.wrong(n, text, hint)
				return
			}
			list = append(list, host)
		})
		*to = list
	}
}

// checkHost is a host, with its port if it has one, as connections are made to it,
// or what is wrong with it and what would do.
func checkHost(s string) (normal, text, hint string) {
	const example = "for example intra.example, or intra.example:8000 for one port"
	if _, err := netip.ParsePrefix(s); err == nil {
		return "", fmt.Sprintf("%q is a network, not a host", s), "a network belongs under allow_networks"
	}
	if strings.ContainsAny(s, "/?#@\\") {
		return "", fmt.Sprintf("%q is more than a host", s), example
	}
	host, port := s, ""
	if bare := strings.Trim(s, "[]"); isAddress(bare) {
		host = bare
	} else if h, p, err := net.SplitHostPort(s); err == nil {
		host, port = h, ":"+p
		if !isReachable(p) {
			return "", fmt.Sprintf("%q has no port from 1 to 65535 after its colon", s), example
		}
	}
	switch name, ok := hostName(host); {
	case s == "":
		return "", "a host is wanted here, this is empty", example
	case strings.Contains(host, "*"):
		return "", fmt.Sprintf("%q: a star stands for nothing here", s),
			"list each host, or its network under allow_networks"
	case !ok:
		return "", fmt.Sprintf("%q is no host", s), example
	case port != "":
		return net.JoinHostPort(name, port[1:]), "", ""
	default:
		return name, "", ""
	}
}

func isAddress(s string) bool {
	ip, err := netip.ParseAddr(s)
	return err == nil && ip.Zone() == ""
}

// isReachable reports a port that something can listen on.
func isReachable(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}

// hostName is an address, or a name of letters, digits and hyphens in labels
// (RFC 1123 §2.1), in the ASCII form; underscores pass because people use them.
func hostName(s string) (string, bool) {
	if ip, err := netip.ParseAddr(s); err == nil {
		return ip.String(), ip.Zone() == ""
	}
	s = strings.ToLower(strings.TrimSuffix(s, "."))
	if strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) {
		ascii, err := idna.Lookup.ToASCII(s)
		if err != nil {
			return "", false
		}
		s = ascii
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, labelSigns) != "" {
			return "", false
		}
	}
	last := s[strings.LastIndexByte(s, '.')+1:]
	return s, len(s) <= 253 && strings.Trim(last, "0123456789") != ""
}

const labelSigns = "abcdefghijklmnopqrstuvwxyz0123456789-_"

// checkPort is what is wrong with the port of an address of the web.
func checkPort(u *url.URL) (text, hint string) {
	if _, port, found := strings.Cut(u.Host[strings.LastIndexByte(u.Host, ']')+1:], ":"); found &&
		port != "" && !isReachable(port) {
		return fmt.Sprintf("%q is no port", port), "from 1 to 65535"
	}
	return "", ""
}

// contact takes what stands in the User-Agent, within parentheses.
func contact(to *string) setter {
	return func(d *decoder, n ast.Node) {
		s, ok := d.scalar(n)
		if !ok || s == "" {
			return
		}
		if !isContact(s) {
			d.wrong(n, fmt.Sprintf("%q is neither a mail address nor the address of a page", s),
				"for example you@example.org or https://example.org/about")
			return
		}
		*to = s
	}
}

func isContact(s string) bool {
	if strings.ContainsAny(s, "()\\ ") || fetch.CheckHeader("X-Text", s) != nil {
		return false
	}
	if _, text, _ := checkAddress(s); text == "" {
		return true
	}
	s = strings.TrimPrefix(s, "mailto:")
	mailbox, err := mail.ParseAddress(s)
	return err == nil && mailbox.Address == s
}
