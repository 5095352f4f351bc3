package text

import (
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// ParseBase returns the URL that relative references are resolved against, or
// nil when s is no web address.
func ParseBase(s string) *url.URL {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || !isWebScheme(u.Scheme) {
		return nil
	}
	return u
}

func isWebScheme(scheme string) bool {
	return strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")
}

// IsWebURL reports whether s is an absolute http or https URL with a host.
func IsWebURL(s string) bool {
	scheme, rest, found := strings.Cut(s, "://")
	return found && isWebScheme(scheme) && rest != "" && !strings.ContainsAny(s, " \t\r\n<>") &&
		!strings.ContainsRune("/?#:", rune(rest[0]))
}

// Resolve returns s as an absolute URL (RFC 3986 §5). It returns s, trimmed and
// with what a URL can't hold percent-encoded, when there is no base.
func Resolve(base *url.URL, s string) string {
	s = trimURL(s)
	if s == "" || isFinal(s) {
		return s
	}
	u, err := resolve(base, s)
	if err != nil {
		return s
	}
	return asciiURL(u) + emptyFragment(s)
}

func resolve(base *url.URL, s string) (*url.URL, error) {
	u, err := url.Parse(encodeURL(s))
	if err == nil && u.Scheme == "" && base != nil {
		u = base.ResolveReference(u)
	}
	return u, err
}

// emptyFragment returns the "#" that s ends with, which a url.URL does not keep.
func emptyFragment(s string) string {
	if strings.IndexByte(s, '#') == len(s)-1 {
		return "#"
	}
	return ""
}

// WebURL is Resolve for what must be an http or https URL. Other schemes can't be
// fetched and may be dangerous: for them it returns "", and so it does for an address
// without a host, or with one that can't be. Without a base a relative reference is
// returned as it is.
func WebURL(base *url.URL, s string) string {
	s = trimURL(s)
	if s == "" || isFinal(s) {
		return s
	}
	u, err := resolve(base, s)
	if err != nil || u.Scheme != "" && (!isWebScheme(u.Scheme) || u.Hostname() == "") {
		return ""
	}
	return asciiURL(u) + emptyFragment(s)
}

// trimURL removes what surrounds a URL without being seen.
func trimURL(s string) string {
	return strings.Trim(strings.TrimSpace(s), " \t\r\n\u00a0\u200b\ufeff")
}

// unsafe are the characters of ASCII that a URL can't hold (RFC 3986 §2).
const unsafe = "\"<>\\^`{|}"

// isFinal reports whether s is an absolute web address in which nothing has to be
// encoded.
func isFinal(s string) bool {
	if !IsWebURL(s) || !isPlainASCII(s) || strings.ContainsAny(s, unsafe) {
		return false
	}
	_, rest, _ := strings.Cut(s, "://")
	host := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		host = rest[:end]
	}
	return isHost(host) && (strings.IndexByte(s, '%') < 0 || encodePercent(s) == s)
}

// isHost reports whether s is a name, with a port or without, of letters that need no
// further look.
func isHost(s string) bool {
	name, port, _ := strings.Cut(s, ":")
	for i := range len(name) {
		c := name[i]
		if c|0x20 < 'a' && (c < '0' || c > '9') && c != '.' && c != '-' || c|0x20 > 'z' {
			return false
		}
	}
	return name != "" && strings.Trim(port, "0123456789") == ""
}

// asciiURL writes u in the characters that RFC 3986 knows: hosts in Punycode, all
// else percent-encoded.
func asciiURL(u *url.URL) string {
	if !isPlainASCII(u.Host) {
		if host, err := idna.Lookup.ToASCII(u.Hostname()); err == nil {
			u.Host = strings.Replace(u.Host, u.Hostname(), host, 1)
		}
	}
	if !isPlainASCII(u.RawQuery) || strings.ContainsAny(u.RawQuery, unsafe) {
		u.RawQuery = escapeQuery(u.RawQuery)
	}
	return u.String()
}

func escapeQuery(s string) string {
	var out strings.Builder
	for i := range len(s) {
		if s[i] > ' ' && s[i] < 0x7f && strings.IndexByte(unsafe, s[i]) < 0 {
			out.WriteByte(s[i])
		} else {
			fmt.Fprintf(&out, "%%%02X", s[i])
		}
	}
	return out.String()
}

// isScheme reports whether s could be the scheme of a URL.
func isScheme(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		letter := c >= 'a' && c <= 'z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789+-.", rune(s[i]))) {
			return false
		}
	}
	return s != ""
}

func isPlainASCII(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// encodeURL percent-encodes blanks and each "%" that encodes nothing, removes the
// line breaks that templates leave inside URLs and reads "http:\\host" as browsers
// do.
func encodeURL(s string) string {
	if strings.ContainsAny(s, "\t\r\n") {
		s = strings.NewReplacer("\t", "", "\r", "", "\n", "").Replace(s)
	}
	if scheme, rest, found := strings.Cut(s, `:\\`); found && isWebScheme(scheme) {
		s = scheme + "://" + strings.ReplaceAll(rest, `\`, "/")
	}
	return encodePercent(strings.ReplaceAll(s, " ", "%20"))
}

// encodePercent percent-encodes each "%" of s that no two hexadecimal digits
// follow.
func encodePercent(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	var out strings.Builder
	for i := range len(s) {
		out.WriteByte(s[i])
		if s[i] == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2])) {
			out.WriteString("25")
		}
	}
	return out.String()
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }
