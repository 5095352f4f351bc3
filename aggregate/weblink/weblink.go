// Package weblink reads the Link header (RFC 8288), by which a response names
// what belongs to it: feeds, hubs, the address it should be known by. It also reads
// the link elements by which the head of an HTML page does.
//
// It takes values as they were sent and returns what they say; broken ones give
// what stands before the break. Nothing in it asks whether a target is to be
// trusted.
package weblink

import (
	"net/url"
	"slices"
	"strings"
)

// maxLinks is how many links of a response are read.
const maxLinks = 100

// Link is one link of a header.
type Link struct {
	Target string   // as written, maybe relative to the response's URL
	Rel    []string // relation types, in lower case
	Type   string   // media type in lower case, without parameters; "" when not said
	Title  string

	// Anchor is what the link is from, when that is not the response itself: a
	// link of something else, which says nothing of the response.
	Anchor string
}

// Is reports whether the link has a relation type, and is the response's own.
func (l Link) Is(rel string) bool { return l.Anchor == "" && slices.Contains(l.Rel, rel) }

// Resolve is the target as an absolute web address without a fragment, "" when
// it is none. base is the URL of the response.
func (l Link) Resolve(base *url.URL) string {
	u, err := base.Parse(l.Target)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String()
}

// Parse reads the values of all Link headers of a response, in order, at most a
// hundred links.
func Parse(values []string) []Link {
	var links []Link
	for _, value := range values {
		rest := value
		for len(links) < maxLinks {
			_, after, found := strings.Cut(rest, "<")
			if !found {
				break
			}
			target, params, closed := strings.Cut(after, ">")
			if !closed {
				break
			}
			link := Link{Target: strings.TrimSpace(target)}
			rest = link.params(params)
			links = append(links, link)
		}
	}
	return links
}

// params reads the parameters of a link, and returns what follows the comma
// behind them. The first of a name counts (RFC 8288 §3.3, §3.4.1).
func (l *Link) params(s string) (rest string) {
	seen := make(map[string]bool)
	for {
		s = strings.TrimLeft(s, " \t")
		if s == "" || s[0] == ',' {
			return s
		}
		s = strings.TrimLeft(s, "; \t")
		end := strings.IndexAny(s, "=;,")
		if end < 0 {
			return ""
		}
		name := strings.ToLower(strings.TrimSpace(s[:end]))
		value := ""
		s = s[end:]
		if s[0] == '=' {
			value, s = scalar(strings.TrimLeft(s[1:], " \t"))
		}
		if !seen[name] {
			seen[name] = true
			l.set(name, value)
		}
	}
}

func (l *Link) set(name, value string) {
	switch name {
	case "rel":
		l.Rel = strings.Fields(strings.ToLower(value))
	case "type":
		kind, _, _ := strings.Cut(strings.ToLower(value), ";")
		l.Type = strings.TrimSpace(kind)
	case "title":
		l.Title = value
	case "anchor":
		l.Anchor = value
	}
}

// scalar is the token or quoted string (RFC 9110 §5.6.4) that s begins with, and
// what follows it.
func scalar(s string) (value, rest string) {
	if !strings.HasPrefix(s, `"`) {
		end := strings.IndexAny(s, ";,")
		if end < 0 {
			end = len(s)
		}
		return strings.TrimSpace(s[:end]), s[end:]
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			rest := s[i+1:]
			if end := strings.IndexAny(rest, ";,"); end >= 0 {
				return b.String(), rest[end:]
			}
			return b.String(), ""
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), ""
}
