package sanitize

import (
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// URL is raw as an absolute http or https URL that is safe to publish, or ""
// when it can't be one. It reads URLs as browsers do: control characters and
// surrounding white space are dropped, backslashes are slashes, what RFC 3986
// doesn't allow is percent-encoded, international host names become ASCII
// (RFC 5891). A relative reference is resolved against base; without a base it
// gives "". A user name and password are dropped: they are nobody's to publish.
func URL(raw string, base *url.URL) string {
	if plainURL(raw) {
		return raw
	}
	if base != nil && rooted(raw) && plainBase(base) {
		return base.Scheme + "://" + base.Host + raw
	}
	raw = strings.TrimSpace(strings.Map(printable, raw))
	if raw == "" {
		return ""
	}
	u, err := url.Parse(encodeURL(raw))
	if err != nil {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	host, ok := asciiHost(u.Host)
	if !ok || u.Hostname() == "" {
		return ""
	}
	u.Host, u.User = host, nil
	return u.String()
}

// printable drops control characters and keeps the rest, for strings.Map.
func printable(r rune) rune {
	if unicode.IsControl(r) || r == 0xFEFF {
		return -1
	}
	return r
}

// plainURL reports whether s is an http or https URL that URL would not change.
// It is what nearly every URL of a feed is, and needs no memory to find out.
func plainURL(s string) bool {
	rest, ok := strings.CutPrefix(s, "https://")
	if !ok {
		if rest, ok = strings.CutPrefix(s, "http://"); !ok {
			return false
		}
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	return end > 0 && plainHost(rest[:end]) && plainPath(rest[end:])
}

// rooted reports whether s is a reference to a path of the same host that is
// encoded.
func rooted(s string) bool {
	return strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//") && plainPath(s)
}

// plainBase reports whether base is one that plainURL would accept.
func plainBase(base *url.URL) bool {
	return (base.Scheme == "https" || base.Scheme == "http") && base.Host != "" &&
		plainHost(base.Host)
}

// plainHost reports whether s is a lower-case host name without a port.
func plainHost(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

// plainPath reports whether s, the part of a URL after its host, is encoded and
// without dot segments.
func plainPath(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c == '%' && !escapeAt(s, i), c == '#' && i == len(s)-1:
			return false
		case c == '#' && strings.IndexByte(s[i+1:], '#') >= 0:
			return false
		case c == '/' && i+1 < len(s) && s[i+1] == '.':
			return false
		case c != '%' && c != '#' && !plainByte(c):
			return false
		}
	}
	return true
}

// plainByte reports whether c stands for itself after the host of a URL
// (RFC 3986 §3.3, §3.4).
func plainByte(c byte) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		return true
	}
	return strings.IndexByte("-._~!$&'()*+,;=:@/?", c) >= 0
}

// encodeURL percent-encodes what may not stand in a URL and mends lone percent
// signs. Non-ASCII is encoded everywhere; url.Parse decodes it in the host.
func encodeURL(s string) string {
	var b strings.Builder
	query, fragment := false, false
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '\\' && !query && !fragment:
			b.WriteByte('/')
		case c == '%' && !escapeAt(s, i), c == '#' && fragment, mustEncode(c):
			b.WriteByte('%')
			b.WriteByte("0123456789ABCDEF"[c>>4])
			b.WriteByte("0123456789ABCDEF"[c&15])
		default:
			b.WriteByte(c)
		}
		query = query || c == '?'
		fragment = fragment || c == '#'
	}
	return b.String()
}

// mustEncode reports whether c is allowed nowhere in a URL.
func mustEncode(c byte) bool {
	return c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0
}

// escapeAt reports whether an escape like %2F begins at s[i].
func escapeAt(s string, i int) bool {
	return i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// asciiHost is a host and port in lower-case ASCII.
func asciiHost(host string) (string, bool) {
	for i := range len(host) {
		if host[i] >= 0x80 {
			return internationalHost(host)
		}
	}
	host = strings.ToLower(host)
	for i := range len(host) {
		if !plainHost(host[i:i+1]) && strings.IndexByte("_:[]", host[i]) < 0 {
			return "", false
		}
	}
	return host, true
}

// internationalHost is a host with non-ASCII letters as browsers look it up.
func internationalHost(host string) (string, bool) {
	name, port, found := strings.Cut(host, ":")
	name, err := idna.Lookup.ToASCII(name)
	if err != nil || name == "" {
		return "", false
	}
	if found {
		name += ":" + port
	}
	return name, true
}

// link is the target of a link: what URL makes of it without the parameters
// that only track readers, or a mailto or tel address; "" when it is neither.
func link(raw string, base *url.URL) string {
	if plainURL(raw) {
		return untrack(raw)
	}
	raw = strings.TrimSpace(strings.Map(printable, raw))
	scheme, rest, found := strings.Cut(raw, ":")
	if found && (strings.EqualFold(scheme, "mailto") || strings.EqualFold(scheme, "tel")) {
		if rest == "" {
			return ""
		}
		return strings.ToLower(scheme) + ":" + encodeURL(rest)
	}
	return untrack(URL(raw, base))
}

// untrack drops the tracking parameters of a URL's query; all else stays byte
// for byte.
func untrack(s string) string {
	before, rest, found := strings.Cut(s, "?")
	if !found || strings.IndexByte(before, '#') >= 0 {
		return s
	}
	query, fragment, hasFragment := strings.Cut(rest, "#")
	if !anyTracker(query) {
		return s
	}
	var kept []string
	for param := range strings.SplitSeq(query, "&") {
		if !tracker(param) {
			kept = append(kept, param)
		}
	}
	if len(kept) > 0 {
		before += "?" + strings.Join(kept, "&")
	}
	if hasFragment {
		before += "#" + fragment
	}
	return before
}

func anyTracker(query string) bool {
	for param := range strings.SplitSeq(query, "&") {
		if tracker(param) {
			return true
		}
	}
	return false
}

// tracker reports whether a parameter of a query only tells the publisher where
// the reader came from.
func tracker(param string) bool {
	name, _, _ := strings.Cut(param, "=")
	name = strings.ToLower(name)
	if strings.HasPrefix(name, "utm_") {
		return true
	}
	switch name {
	case "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "yclid", "msclkid", "twclid",
		"ttclid", "igshid", "mc_cid", "mc_eid", "_hsenc", "_hsmi", "__hssc", "__hstc", "__hsfp",
		"spm", "spm_id_from", "mkt_tok", "vero_id", "oly_enc_id", "oly_anon_id", "_openstat",
		"wt_mc", "wickedid", "rb_clickid", "s_cid", "ml_subscriber", "ml_subscriber_hash":
		return true
	}
	return false
}
