package markup

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// ResolveHTML makes the relative URLs in the attributes of s absolute. Most
// bodies have none and are returned as they are.
func ResolveHTML(base *url.URL, s string) string {
	if base == nil || !hasRelativeURL(s) {
		return s
	}
	var out strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(s))
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			return out.String()
		}
		raw := string(tokens.Raw())
		if kind == html.StartTagToken || kind == html.SelfClosingTagToken {
			raw = resolveTag(base, raw, tokens.Token())
		}
		out.WriteString(raw)
	}
}

// resolveTag returns the tag, raw as written, with absolute URLs.
func resolveTag(base *url.URL, raw string, tag html.Token) string {
	changed := false
	for i, a := range tag.Attr {
		if !isURLAttr(a.Key) || hasScheme(a.Val) {
			continue
		}
		tag.Attr[i].Val = Resolve(base, a.Val)
		changed = changed || tag.Attr[i].Val != a.Val
	}
	if !changed {
		return raw
	}
	return tag.String()
}

// hasRelativeURL reports whether an attribute of s that holds a URL may have a
// relative one. It looks at every "name=value" and takes no notice of tags.
func hasRelativeURL(s string) bool {
	for i := 0; ; {
		j := strings.IndexByte(s[i:], '=')
		if j < 0 {
			return false
		}
		i += j + 1
		if isURLAttr(nameBefore(s[:i-1])) && !hasScheme(strings.TrimLeft(s[i:], " \t\r\n\"'")) {
			return true
		}
	}
}

// nameBefore returns the attribute name that s ends with, in lower case.
func nameBefore(s string) string {
	s = strings.TrimRight(s, " \t\r\n")
	i := len(s)
	for i > 0 && s[i-1]|0x20 >= 'a' && s[i-1]|0x20 <= 'z' && len(s)-i < 12 {
		i--
	}
	return strings.ToLower(s[i:])
}

func isURLAttr(name string) bool {
	switch name {
	case "href", "src", "action", "background", "cite", "classid", "codebase", "data",
		"longdesc", "poster", "profile", "usemap":
		return true
	}
	return false
}

// hasScheme reports whether s begins with a URL scheme.
func hasScheme(s string) bool {
	i := strings.IndexByte(s, ':')
	return i > 0 && i < 32 && isScheme(s[:i])
}
