package robots

import (
	"net/url"
	"strings"
	"time"
)

// Rules are what an origin allows one crawler. The zero value allows everything.
type Rules struct {
	Delay   time.Duration // between two requests, as Crawl-delay asks; 0 to a minute
	Assumed bool          // nobody could be asked, so that nothing is allowed

	list []rule
}

// rule is a line of a group, its pattern normalized.
type rule struct {
	pattern string // from "/" on; "*" stands for any octets, a "$" at the end for the end
	allow   bool
}

// String is the rule as a line of a file; "" for the zero rule's pattern.
func (r rule) String() string {
	switch {
	case r.pattern == "":
		return ""
	case r.allow:
		return "Allow: " + r.pattern
	}
	return "Disallow: " + r.pattern
}

// nothing is what an origin allows that can't be asked.
func nothing() Rules { return Rules{Assumed: true, list: []rule{{pattern: "/"}}} }

// Allow reports whether a page may be fetched: the rule with the longest
// matching pattern says so, and of two as long the one that allows (RFC 9309
// §2.2.2). The robots.txt itself always may.
func (r Rules) Allow(page string) bool {
	_, allowed := r.Match(page)
	return allowed
}

// Match is Allow with the line that decided, its pattern normalized: "" when no
// line is about the page.
func (r Rules) Match(page string) (line string, allowed bool) {
	u, err := url.Parse(page)
	if err != nil {
		return "", false
	}
	path := normalPath(u)
	if path == "/robots.txt" {
		return "", true
	}
	longest := rule{allow: true}
	for _, rule := range r.list {
		n, most := len(rule.pattern), len(longest.pattern)
		if n < most || n == most && longest.allow || !matches(rule.pattern, path) {
			continue
		}
		longest = rule
	}
	return longest.String(), longest.allow
}

// size is about how many bytes the rules take in memory.
func (r Rules) size() int {
	const each = 24 // of a rule besides its pattern
	n := 0
	for _, rule := range r.list {
		n += each + len(rule.pattern)
	}
	return n
}

// matches reports whether a path begins with what a pattern describes. It takes
// time in proportion to the path, as each "*" takes as little as it can.
func matches(pattern, path string) bool {
	pattern, anchored := strings.CutSuffix(pattern, "$")
	part, rest, more := strings.Cut(pattern, "*")
	path, ok := strings.CutPrefix(path, part)
	for ok && more {
		part, rest, more = strings.Cut(rest, "*")
		if !more && anchored {
			return strings.HasSuffix(path, part)
		}
		_, path, ok = strings.Cut(path, part)
	}
	return ok && (!anchored || path == "")
}

// normalPath is the path and query of an address as patterns are compared with.
func normalPath(u *url.URL) string {
	path := u.EscapedPath()
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	if u.RawQuery != "" || u.ForceQuery {
		path += "?" + u.RawQuery
	}
	return normal(path, false)
}

// normalPattern is a pattern in the form of normalPath. One that begins with
// neither "/" nor "*" was meant to begin with "/".
func normalPattern(value string) string {
	if !strings.HasPrefix(value, "/") && !strings.HasPrefix(value, "*") {
		value = "/" + value
	}
	return normal(value, true)
}

// normal writes octets as RFC 9309 §2.2.2 compares them: percent-encoded outside
// of ASCII, decoded where they need no encoding, with upper-case digits. A "*"
// or "$" that means itself is encoded; in a pattern they have a meaning. In the
// query ":" and "/" are as good encoded as not.
func normal(s string, pattern bool) string {
	var b strings.Builder
	b.Grow(len(s))
	query := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		encoded := false
		if v, ok := unhex(s[i:]); ok {
			c, encoded = v, true
			i += 2
		}
		special := c == '*' || c == '$'
		meant := pattern && !encoded && (c == '*' || c == '$' && i == len(s)-1)
		query = query || c == '?' && !encoded
		switch {
		case meant, isUnreserved(c), query && (c == ':' || c == '/'):
			b.WriteByte(c)
		case encoded, special, c <= ' ', c >= 0x7f:
			escape(&b, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// unhex is the octet that a text begins with when it begins with %XX.
func unhex(s string) (byte, bool) {
	if len(s) < 3 || s[0] != '%' {
		return 0, false
	}
	high, low := strings.IndexByte(digits, upper(s[1])), strings.IndexByte(digits, upper(s[2]))
	if high < 0 || low < 0 {
		return 0, false
	}
	return byte(high<<4 | low), true
}

const digits = "0123456789ABCDEF"

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

func escape(b *strings.Builder, c byte) {
	b.WriteByte('%')
	b.WriteByte(digits[c>>4])
	b.WriteByte(digits[c&15])
}

// isUnreserved reports what never needs encoding (RFC 3986 §2.3).
func isUnreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		strings.IndexByte("-._~", c) >= 0
}
