package parse

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
)

// parseBase returns the URL that relative references are resolved against, or
// nil when s is no web address.
func parseBase(s string) *url.URL {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || !isWebScheme(u.Scheme) {
		return nil
	}
	return u
}

func isWebScheme(scheme string) bool {
	return strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")
}

// isWebURL reports whether s is an absolute http or https URL.
func isWebURL(s string) bool {
	scheme, rest, found := strings.Cut(s, "://")
	return found && isWebScheme(scheme) && rest != "" && !strings.ContainsAny(s, " \t\r\n<>")
}

// resolve returns s as an absolute URL (RFC 3986 §5). It returns s, trimmed and
// with what a URL can't hold percent-encoded, when there is no base.
func resolve(base *url.URL, s string) string {
	s = strings.TrimSpace(s)
	if s == "" || isWebURL(s) && isPlainASCII(s) {
		return s
	}
	u, err := url.Parse(encodeURL(s))
	if err != nil {
		return s
	}
	if u.Scheme == "" && base != nil {
		return base.ResolveReference(u).String()
	}
	return u.String()
}

// webURL returns s as an absolute http or https URL and "" when it is none:
// other schemes can't be fetched and may be dangerous. Without a base a relative
// reference is returned as it is.
func (p *parser) webURL(s string) string {
	s = resolve(p.base, s)
	if scheme, _, found := strings.Cut(s, ":"); found && !isWebScheme(scheme) && isScheme(scheme) {
		return ""
	}
	return s
}

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

// encodeURL percent-encodes blanks and removes the line breaks that templates
// leave inside URLs.
func encodeURL(s string) string {
	if strings.ContainsAny(s, "\t\r\n") {
		s = strings.NewReplacer("\t", "", "\r", "", "\n", "").Replace(s)
	}
	return strings.ReplaceAll(s, " ", "%20")
}

func (p *parser) atomLinks(links []*atom.Link) []Link {
	var list []Link
	for _, l := range links {
		mediaType := l.Type
		if l.Rel == "self" {
			mediaType = cmp.Or(mediaType, "application/atom+xml")
		}
		list = p.addLink(list, Link{
			Rel: l.Rel, Href: l.Href, Type: mediaType, Hreflang: l.Hreflang, Title: foldSpace(l.Title),
		})
	}
	return list
}

// atomExtensionLinks reads Atom link elements inside another format.
func (p *parser) atomExtensionLinks(list []Link, x ext.Extensions) []Link {
	for _, e := range atomExtensions(x, "link") {
		rel := e.Attrs["rel"]
		if rel == "" {
			rel = "alternate"
		}
		list = p.addLink(list, Link{
			Rel: rel, Href: e.Attrs["href"], Type: e.Attrs["type"],
			Hreflang: e.Attrs["hreflang"], Title: foldSpace(e.Attrs["title"]),
		})
	}
	return list
}

// addLink appends l with its href made absolute, unless it is no web address or
// already listed.
func (p *parser) addLink(list []Link, l Link) []Link {
	l.Href = p.webURL(l.Href)
	l.Rel = strings.TrimPrefix(strings.TrimSpace(l.Rel), "http://www.iana.org/assignments/relation/")
	if l.Href == "" {
		return list
	}
	for _, known := range list {
		if known.Href == l.Href && known.Rel == l.Rel {
			return list
		}
	}
	return append(list, l)
}

// pickLink returns the page among links: an alternate in HTML, then one of
// unknown type, then any alternate.
func pickLink(links []Link) string {
	best, rank := "", 0
	for _, l := range links {
		if r := linkRank(l); r > rank {
			best, rank = l.Href, r
		}
	}
	return best
}

func linkRank(l Link) int {
	switch {
	case l.Rel != "alternate" && l.Rel != "":
		return 0
	case strings.HasPrefix(l.Type, "text/html"), strings.Contains(l.Type, "xhtml"):
		return 3
	case l.Type == "":
		return 2
	}
	return 1
}

// firstRel returns the first link with the relation rel.
func firstRel(links []Link, rel string) string {
	for _, l := range links {
		if l.Rel == rel {
			return l.Href
		}
	}
	return ""
}

// allRel returns every link with the relation rel.
func allRel(links []Link, rel string) []string {
	var found []string
	for _, l := range links {
		if l.Rel == rel {
			found = append(found, l.Href)
		}
	}
	return found
}
