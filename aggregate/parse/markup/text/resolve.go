package text

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// ResolveHTML makes the relative URLs in the attributes of s absolute. Most
// bodies have none and are returned as they are, and so is all of a body but the
// tags that have some.
func ResolveHTML(base *url.URL, s string) string {
	if base == nil || !hasRelativeURL(s) {
		return s
	}
	var out strings.Builder
	copied := 0
	for start, end := nextTag(s, 0); start >= 0; start, end = nextTag(s, end) {
		tag := s[start:end]
		if !hasRelativeURL(tag) {
			continue
		}
		tokens := html.NewTokenizer(strings.NewReader(tag))
		tokens.Next()
		out.WriteString(s[copied:start])
		out.WriteString(resolveTag(base, tag, tokens.Token()))
		copied = end
	}
	out.WriteString(s[copied:])
	return out.String()
}

// nextTag returns where the next start tag of s from i on begins and ends, as HTML
// sees it; a negative start when there is none. What is in a comment, a script or a
// style sheet is no tag.
func nextTag(s string, i int) (start, end int) {
	for {
		j := strings.IndexByte(s[i:], '<')
		if j < 0 {
			return -1, 0
		}
		i += j
		switch rest := s[i:]; {
		case strings.HasPrefix(rest, "<!--"):
			i += skipTo(rest, "-->")
		case len(rest) < 2 || rest[1]|0x20 < 'a' || rest[1]|0x20 > 'z':
			i++
		default:
			end := tagEnd(rest)
			if raw := rawElement(rest[1:end]); raw != "" {
				i += skipTo(rest, "</"+raw)
				continue
			}
			return i, i + end
		}
	}
}

// skipTo returns the end of what s begins with: behind the first mark, in any case
// of letters, or the end of s.
func skipTo(s, mark string) int {
	for i := 0; i+len(mark) <= len(s); i++ {
		if strings.EqualFold(s[i:i+len(mark)], mark) {
			return i + len(mark)
		}
	}
	return len(s)
}

// rawElement returns the name of an element whose content is no markup, given its
// tag without the angle bracket; "" for any other.
func rawElement(tag string) string {
	for _, name := range []string{"script", "style"} {
		if len(tag) > len(name) && strings.EqualFold(tag[:len(name)], name) &&
			strings.IndexByte(" \t\r\n/>", tag[len(name)]) >= 0 {
			return name
		}
	}
	return ""
}

// tagEnd returns the length of the tag that s begins with. A quote hides ">" only
// where a value begins with it.
func tagEnd(s string) int {
	var quote byte
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '>':
			return i + 1
		case (c == '"' || c == '\'') && strings.HasSuffix(strings.TrimRight(s[:i], " \t\r\n"), "="):
			quote = c
		}
	}
	return len(s)
}

// resolveTag returns the tag, raw as written, with absolute URLs.
func resolveTag(base *url.URL, raw string, tag html.Token) string {
	changed := false
	for i, a := range tag.Attr {
		switch {
		case a.Key == "srcset":
			tag.Attr[i].Val = resolveSet(base, a.Val)
		case isURLAttr(a.Key) && !hasScheme(a.Val):
			tag.Attr[i].Val = Resolve(base, a.Val)
		}
		changed = changed || tag.Attr[i].Val != a.Val
	}
	if !changed {
		return raw
	}
	return tag.String()
}

// resolveSet makes the URLs of a srcset absolute: each ends at white space, and its
// descriptors at a comma.
func resolveSet(base *url.URL, set string) string {
	var out []string
	for set = strings.TrimLeft(set, ", \t\r\n"); set != ""; {
		n := strings.IndexAny(set, " \t\r\n")
		if n < 0 {
			n = len(set)
		}
		address, rest := set[:n], set[n:]
		descriptor := ""
		if trimmed := strings.TrimRight(address, ","); trimmed != address {
			address = trimmed
		} else {
			descriptor, rest, _ = strings.Cut(rest, ",")
		}
		out = append(out, strings.TrimSpace(Resolve(base, address)+" "+strings.TrimSpace(descriptor)))
		set = strings.TrimLeft(rest, ", \t\r\n")
	}
	return strings.Join(out, ", ")
}

// hasRelativeURL reports whether an attribute of s that holds a URL may have a
// relative one. It looks at every "name=value" and takes no notice of tags.
func hasRelativeURL(s string) bool {
	sets := 0 // where the last srcset ends
	for i := 0; ; {
		j := strings.IndexByte(s[i:], '=')
		if j < 0 {
			return false
		}
		i += j + 1
		name, value := nameBefore(s[:i-1]), strings.TrimLeft(s[i:], " \t\r\n\"'")
		switch {
		case isURLAttr(name) && !hasScheme(value):
			return true
		case name == "srcset":
			if i < sets { // in another one: nobody writes so, and none is read twice
				return true
			}
			set := setValue(value)
			if hasRelativeInSet(set) {
				return true
			}
			sets = len(s) - len(value) + len(set)
		}
	}
}

// setValue returns the srcset that s begins with.
func setValue(s string) string {
	if end := strings.IndexAny(s, "\"'>"); end >= 0 {
		return s[:end]
	}
	return s
}

// hasRelativeInSet reports whether a srcset may have a relative URL.
func hasRelativeInSet(set string) bool {
	for candidate := range strings.SplitSeq(set, ", ") {
		if candidate = strings.TrimSpace(candidate); candidate != "" && !hasScheme(candidate) {
			return true
		}
	}
	return false
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
	i := strings.IndexByte(s[:min(len(s), 32)], ':')
	return i > 0 && isScheme(s[:i])
}
