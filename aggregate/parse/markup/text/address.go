package text

import (
	"strings"

	nethtml "golang.org/x/net/html"
)

// MendURL returns the address that s, which stands where a feed has one, is meant to be,
// and reports whether it was written otherwise: in quotes, as a link of HTML, escaped
// once more, or with one slash too few. It does not look whether it is an address.
func MendURL(s string) (address string, mended bool) {
	s = trimURL(s)
	address = s
	if strings.Contains(s, "&#") || strings.Contains(s, "&amp;") {
		address = unescapeAmpersands(s)
	}
	if len(address) > 2 && strings.EqualFold(address[:2], "<a") {
		address = linkOf(address)
	}
	address = twoSlashes(trimURL(unquote(address)))
	return address, address != s
}

// unescapeAmpersands decodes the references to "&" in an address, which has no other
// use for them.
func unescapeAmpersands(s string) string {
	return strings.NewReplacer("&amp;", "&", "&#38;", "&", "&#038;", "&", "&#x26;", "&").Replace(s)
}

// linkOf returns the address of the link that s, which is HTML, begins with; s when it
// begins with none.
func linkOf(s string) string {
	tokens := nethtml.NewTokenizer(strings.NewReader(s[:tagEnd(s)]))
	tokens.Next()
	for _, a := range tokens.Token().Attr {
		if a.Key == "href" {
			return a.Val
		}
	}
	return s
}

// unquote returns s without the quotes or angle brackets around it.
func unquote(s string) string {
	for _, pair := range [][2]string{{`"`, `"`}, {"'", "'"}, {"“", "”"}, {"<", ">"}} {
		inner, ok := strings.CutPrefix(s, pair[0])
		if inner, closed := strings.CutSuffix(inner, pair[1]); ok && closed {
			return inner
		}
	}
	return s
}

// twoSlashes gives an address of the web that has one slash before its host the second.
func twoSlashes(s string) string {
	scheme, rest, found := strings.Cut(s, ":/")
	if !found || !isWebScheme(scheme) || rest == "" || strings.ContainsRune(`/\?#`, rune(rest[0])) {
		return s
	}
	return scheme + "://" + rest
}
