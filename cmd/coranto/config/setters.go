package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"golang.org/x/text/language"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
)

// setter decodes a value into where it belongs.
type setter = func(d *decoder, n ast.Node)

func text(to *string) setter {
	return func(d *decoder, n ast.Node) {
		if s, ok := d.scalar(n); ok {
			*to = s
		}
	}
}

func boolean(to *bool) setter {
	return func(d *decoder, n ast.Node) {
		s, ok := d.scalar(n)
		if !ok {
			return
		}
		switch strings.ToLower(s) {
		case "true", "yes", "on":
			*to = true
		case "false", "no", "off":
			*to = false
		default:
			d.wrong(n, fmt.Sprintf("%q is neither true nor false", s), "write true or false")
		}
	}
}

func integer(to *int, least, most int) setter {
	return func(d *decoder, n ast.Node) {
		if v, ok := d.integer(n, least, most); ok {
			*to = v
		}
	}
}

// orOff takes a number, or "off" for 0.
func orOff(to *int, least, most int) setter {
	return func(d *decoder, n ast.Node) {
		if isOff(n) {
			*to = 0
			return
		}
		integer(to, least, most)(d, n)
	}
}

// shortest and longest are the bounds of an interval between visits.
const (
	shortest = 10 * time.Second
	longest  = 30 * 24 * time.Hour
)

// interval takes a duration, with d for days, or "auto".
func interval(to *time.Duration) setter {
	return duration(to, shortest, longest, "auto")
}

func duration(to *time.Duration, least, most time.Duration, zero string) setter {
	return func(d *decoder, n ast.Node) {
		s, ok := d.scalar(n)
		if !ok {
			return
		}
		if zero != "" && s == zero {
			*to = 0
			return
		}
		v, err := parseDuration(s)
		if err != nil {
			d.wrong(n, fmt.Sprintf("%q is no duration", s), "write a number with a unit: 30s, 15m, 2h, 1d")
			return
		}
		if v < least || v > most {
			d.wrong(n, fmt.Sprintf("%s is out of range", s), fmt.Sprintf("from %s to %s", least, most))
			return
		}
		*to = v
	}
}

func parseDuration(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		v, err := strconv.ParseFloat(days, 64)
		return time.Duration(v * float64(24*time.Hour)), err
	}
	return time.ParseDuration(s)
}

func address(to *string) setter {
	return func(d *decoder, n ast.Node) {
		s, ok := d.scalar(n)
		if !ok {
			return
		}
		if _, port, err := net.SplitHostPort(s); err != nil || !isPort(port) {
			d.wrong(n, fmt.Sprintf("%q is no address to listen on", s),
				"write host:port, or :8080 for all hosts")
			return
		}
		*to = s
	}
}

// adminAddress also takes "off", or what other programs call it.
func adminAddress(to *string) setter {
	set := address(to)
	return func(d *decoder, n ast.Node) {
		if isOff(n) {
			*to = ""
			return
		}
		set(d, n)
	}
}

// isOff reports whether a value is "off", or what other programs call it.
func isOff(n ast.Node) bool {
	switch n.(type) {
	case *ast.StringNode, *ast.BoolNode:
		return slices.Contains([]string{"off", "no", "false"}, strings.ToLower(n.GetToken().Value))
	}
	return false
}

func isPort(s string) bool {
	_, err := strconv.ParseUint(s, 10, 16)
	return err == nil
}

// webAddress takes an absolute http or https URL.
func webAddress(to *string) setter {
	return func(d *decoder, n ast.Node) {
		s, ok := d.scalar(n)
		if !ok {
			return
		}
		normal, text, hint := checkAddress(s)
		if text != "" {
			d.wrong(n, text, hint)
			return
		}
		*to = normal
	}
}

// Address checks that an address may stand in the file, and is it as the file's
// reader would have it: two that mean the same are equal. The error says what
// would do, and no password.
func Address(s string) (string, error) {
	normal, text, hint := checkAddress(ofFeed(strings.TrimSpace(s)))
	if text != "" {
		return "", fmt.Errorf("%s (%s)", HidePassword(text), hint)
	}
	return normal, nil
}

// ofFeed is an address without the scheme that browsers once handed to feed readers:
// feed://example.org/x is http, feed:https://example.org/x what stands behind.
func ofFeed(s string) string {
	scheme, rest, _ := strings.Cut(s, ":")
	switch {
	case !strings.EqualFold(scheme, "feed"):
		return s
	case strings.HasPrefix(rest, "//"):
		return "http:" + rest
	}
	return rest
}

// checkAddress is the address in its usual form, or what is wrong with it and
// what would do.
func checkAddress(s string) (normal, text, hint string) {
	u, err := url.Parse(s)
	switch {
	case err == nil && u.User != nil:
		return "", "an address with a password in it ends up in logs and feeds",
			"leave out what stands before the @"
	case err != nil || u.Host == "" && u.Scheme == "":
		return "", fmt.Sprintf("%q is no absolute address", s), "begin with https:// or http://"
	case u.Scheme != "http" && u.Scheme != "https":
		return "", fmt.Sprintf("%q can't be fetched by %q", s, u.Scheme), "use https:// or http://"
	case u.Hostname() == "":
		return "", fmt.Sprintf("%q has no host", s), "write it whole: https://example.org/feed"
	}
	if text, hint := checkPort(u); text != "" {
		return "", text, hint
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String(), "", ""
}

func languageTag(to *string) setter {
	return func(d *decoder, n ast.Node) {
		s, ok := d.scalar(n)
		if !ok {
			return
		}
		if _, err := language.Parse(s); err != nil {
			d.wrong(n, fmt.Sprintf("%q is no language tag", s), "for example en, zh-CN, pt-BR")
			return
		}
		*to = s
	}
}

func zone(to **time.Location) setter {
	return func(d *decoder, n ast.Node) {
		name := "UTC"
		zoneName(&name)(d, n)
		if loc, err := time.LoadLocation(name); err == nil {
			*to = loc
		}
	}
}

func zoneName(to *string) setter {
	return func(d *decoder, n ast.Node) {
		s, ok := d.scalar(n)
		if !ok {
			return
		}
		// The zone of this machine would give other bytes on another one.
		if _, err := time.LoadLocation(s); err != nil || s == "Local" {
			d.wrong(n, fmt.Sprintf("%q is no time zone", s), "for example UTC, Europe/Berlin, Asia/Shanghai")
			return
		}
		*to = s
	}
}

func day(to *string) setter {
	return func(d *decoder, n ast.Node) {
		s, ok := d.scalar(n)
		if !ok {
			return
		}
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			d.wrong(n, fmt.Sprintf("%q is no day", s), "write YYYY-MM-DD")
			return
		}
		*to = s
	}
}

func choice[T ~string](to *T, values ...T) setter {
	return func(d *decoder, n ast.Node) {
		s, ok := d.scalar(n)
		if !ok {
			return
		}
		if !slices.Contains(values, T(s)) {
			d.wrong(n, fmt.Sprintf("%q is not known here", s), fmt.Sprintf("one of %v", values))
			return
		}
		*to = T(s)
	}
}

// engine takes the one engine that there is.
func engine(to *string) setter {
	return func(d *decoder, n ast.Node) {
		s, ok := d.scalar(n)
		if !ok {
			return
		}
		if s != "bolt" {
			d.wrong(n, fmt.Sprintf("storage %q is not understood by this version", s),
				"bolt is, or leave the key out")
			return
		}
		*to = s
	}
}

// republish takes how much is published again. What is only planned is refused
// rather than passed over.
func republish(to *coranto.Republish) setter {
	set := choice(to, coranto.RepublishAsGiven, coranto.RepublishExcerpt, coranto.RepublishTitle)
	return func(d *decoder, n ast.Node) {
		if s, ok := n.(*ast.StringNode); ok && s.Value == string(coranto.RepublishFull) {
			d.wrong(n, "republish: full is not understood by this version",
				"full text is not fetched by this version; use as-given")
			return
		}
		set(d, n)
	}
}

// credit takes a template or "off".
func credit(s *feeds.Site) setter {
	return func(d *decoder, n ast.Node) {
		value, ok := d.scalar(n)
		if !ok {
			return
		}
		if value == "off" || value == "false" {
			s.NoCredit = true
			return
		}
		s.Credit = value
	}
}

func megabytes(to *int64) setter {
	return func(d *decoder, n ast.Node) {
		if v, ok := d.integer(n, 1, 1024); ok {
			*to = int64(v) << 20
		}
	}
}

func sourceID(to *coranto.SourceID) setter {
	return func(d *decoder, n ast.Node) {
		if s, ok := d.scalar(n); ok {
			if _, err := coranto.ParseSlug(s); err != nil {
				d.wrong(n, fmt.Sprintf("%q can't be an id", s), "use 1 to 64 of a–z, 0–9 and -")
				return
			}
			*to = coranto.SourceID(s)
		}
	}
}

func slugs(to *[]coranto.Slug) setter {
	return func(d *decoder, n ast.Node) {
		var list []coranto.Slug
		d.list(n, func(n ast.Node) {
			s, ok := d.scalar(n)
			if !ok {
				return
			}
			slug, err := coranto.ParseSlug(s)
			if err != nil {
				d.wrong(n, fmt.Sprintf("%q can't be a category's name in addresses", s),
					"use a–z, 0–9 and -; its title stands under categories:")
				return
			}
			list = append(list, slug)
		})
		slices.Sort(list)
		*to = slices.Compact(list)
	}
}

func words(to *[]string) setter {
	return func(d *decoder, n ast.Node) {
		var list []string
		d.list(n, func(n ast.Node) {
			if s, ok := d.scalar(n); ok && s != "" {
				list = append(list, s)
			}
		})
		*to = list
	}
}

func networks(to *[]netip.Prefix) setter {
	return func(d *decoder, n ast.Node) {
		var list []netip.Prefix
		d.list(n, func(n ast.Node) {
			s, ok := d.scalar(n)
			if !ok {
				return
			}
			prefix, err := parsePrefix(s)
			if err != nil {
				hint := "for example 127.0.0.0/8, 10.1.2.3 or fd00::/8"
				if _, text, _ := checkHost(s); text == "" {
					hint = "a host belongs under allow_hosts"
				}
				d.wrong(n, fmt.Sprintf("%q is no network", s), hint)
				return
			}
			if prefix.Addr().Is4In6() {
				d.wrong(n, fmt.Sprintf("no connection is made to %q", s), "write it as an IPv4 network")
				return
			}
			list = append(list, prefix)
		})
		*to = list
	}
}

func parsePrefix(s string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(s); err == nil && addr.Zone() == "" {
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	return netip.ParsePrefix(s)
}

func ports(to *[]uint16) setter {
	return func(d *decoder, n ast.Node) {
		var list []uint16
		d.list(n, func(n ast.Node) {
			if v, ok := d.integer(n, 1, 65535); ok {
				list = append(list, uint16(v))
			}
		})
		*to = list
	}
}
