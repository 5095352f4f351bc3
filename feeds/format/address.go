package format

import (
	"path"
	"regexp"
	"strings"

	"github.com/coranto/coranto/feeds/format/lint"
)

// address is s as a URI (RFC 3986): http or https with a host, and every
// character that a URI cannot hold percent-encoded. It is "" for anything else, and for
// one that is longer than servers take (RFC 9110 §4.1).
func address(s string) string {
	s = strings.TrimSpace(s)
	scheme, rest, ok := strings.Cut(s, "://")
	scheme = strings.ToLower(scheme)
	host := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		host = rest[:i]
	}
	if !ok || (scheme != "http" && scheme != "https") || !isHost(host) {
		return ""
	}
	if s = scheme + "://" + host + encode(rest[len(host):]); len(s) > longestAddress {
		return ""
	}
	return s
}

// longestAddress is how many bytes an address has at most.
const longestAddress = 4096

// canonical is an address in the one form that an id must have: two that differ
// only in spelling are two ids (RFC 4287 §4.2.6.1).
func canonical(address string) string {
	if address == "" {
		return ""
	}
	scheme, rest, _ := strings.Cut(address, "://")
	i := strings.IndexAny(rest, "/?#")
	if i < 0 {
		return scheme + "://" + strings.ToLower(rest) + "/"
	}
	slash := ""
	if rest[i] != '/' {
		slash = "/"
	}
	return scheme + "://" + strings.ToLower(rest[:i]) + slash + rest[i:]
}

// isHost reports whether the part between // and the path is one: ASCII letters
// of host names, port and user. RSS can't hold the brackets of an IPv6 address.
func isHost(s string) bool {
	if s == "" {
		return false
	}
	for i := range len(s) {
		if !isURIByte(s[i]) {
			return false
		}
	}
	return true
}

// encode percent-encodes what a path, query or fragment cannot hold.
func encode(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(s))
	fragment := false
	for i := range len(s) {
		c := s[i]
		keep := isURIByte(c) || (c == '#' && !fragment) || (c == '%' && isEscape(s[i:]))
		fragment = fragment || c == '#'
		if keep {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

func isURIByte(c byte) bool {
	return isAlphanumeric(c) || strings.IndexByte("/-._?=&;:@+$!~*'(),", c) >= 0
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}

func isEscape(s string) bool {
	return len(s) >= 3 && isHex(s[1]) && isHex(s[2])
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'F' || 'a' <= c && c <= 'f'
}

var mailbox = regexp.MustCompile(`^[\w+.'-]+@([A-Za-z0-9-]+\.)+[A-Za-z0-9-]+$`)

// email is s when it is an address that Atom can carry (RFC 4287 §3.2.3), else "".
func email(s string) string {
	s = strings.TrimPrefix(strings.TrimSpace(s), "mailto:")
	if !mailbox.MatchString(s) {
		return ""
	}
	return s
}

// mediaType is the type of an enclosure, which every format requires: as given,
// else guessed from the name of the file. The tables of package mime differ
// from machine to machine, so they are not asked.
func mediaType(given, url string) string {
	if given = strings.TrimSpace(given); lint.IsMediaType(given) {
		return given
	}
	if i := strings.IndexAny(url, "?#"); i >= 0 {
		url = url[:i]
	}
	switch strings.ToLower(path.Ext(url)) {
	case ".mp3":
		return "audio/mpeg"
	case ".m4a":
		return "audio/mp4"
	case ".ogg", ".oga", ".opus":
		return "audio/ogg"
	case ".mp4", ".m4v":
		return "video/mp4"
	case ".webm":
		return "video/webm"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".png":
		return "image/png"
	case ".gif":
		return "image/gif"
	case ".webp":
		return "image/webp"
	case ".pdf":
		return "application/pdf"
	}
	return "application/octet-stream"
}
