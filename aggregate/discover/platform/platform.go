// Package platform knows where the services and programs that publish much of
// the Web keep the feeds of a page: an address in, addresses of feeds out.
//
// Each platform is one small rule in one list. A rule for a service knows its
// host and needs the address alone; a rule for a program that runs anywhere
// waits for the page, which shows what made it. The rules only say where to
// look: whether a feed is there, and is one, is for the caller to find out.
//
// The package does no input or output and imports nothing of this program.
package platform

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
)

// Feeds are the addresses at which the feeds of a page are, likeliest first;
// none when the page is of no platform that is known. page is its HTML, and nil
// when it was not fetched: some addresses say enough without. They are absolute
// web addresses.
func Feeds(address string, page []byte) []string {
	s, ok := parse(address, page)
	if !ok {
		return nil
	}
	var feeds []string
	for _, r := range rules() {
		for _, feed := range r.feeds(s) {
			if !slices.Contains(feeds, feed) {
				feeds = append(feeds, feed)
			}
		}
	}
	return feeds
}

// Remedy is one sentence for an address of a platform that has no feeds: what to
// do instead. It is "" for any other.
func Remedy(address string) string {
	s, ok := parse(address, nil)
	if !ok {
		return ""
	}
	return remedy(s)
}

// rule is what is known of one platform.
type rule struct {
	name  string
	feeds func(site) []string
}

// rules are all of them. The order matters only for addresses that two of them
// claim.
func rules() []rule {
	return []rule{
		// Video, sound and pictures
		{"YouTube", youtube}, {"Vimeo", vimeo}, {"SoundCloud", soundcloud}, {"Odysee", odysee},
		{"PeerTube", peertube}, {"Flickr", flickr}, {"Letterboxd", letterboxd}, {"Steam", steam},
		// Source code
		{"GitHub", github}, {"GitHub Gist", gist}, {"GitLab", gitlab}, {"Gitea", gitea},
		{"SourceHut", sourcehut}, {"SourceForge", sourceforge},
		// People and communities
		{"Mastodon", mastodon}, {"Bluesky", bluesky}, {"Reddit", reddit}, {"Lemmy", lemmy},
		{"Hacker News", hackernews}, {"Lobsters", lobsters}, {"Stack Exchange", stackexchange},
		{"Discourse", discourse}, {"phpBB", phpbb},
		// Blogs and newsletters
		{"Medium", medium}, {"Substack", substack}, {"WordPress", wordpress}, {"Blogger", blogger},
		{"Tumblr", tumblr}, {"DEV", dev}, {"subdomains", subdomains}, {"generators", generators},
		// References
		{"MediaWiki", mediawiki}, {"arXiv", arxiv},
	}
}

// site is an address as rules look at it.
type site struct {
	url  *url.URL
	host string   // lower case, without www. and m.
	path []string // its segments, encoded as they were given
	page []byte   // nil when not fetched

	generator string // what the page says made it, in lower case; "" when it doesn't
}

// parse takes an address apart. One that is a feed's already leads nowhere else.
func parse(address string, page []byte) (site, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return site{}, false
	}
	host := strings.ToLower(u.Hostname())
	host = strings.TrimPrefix(strings.TrimPrefix(host, "www."), "m.")
	s := site{url: u, host: host, page: page}
	for part := range strings.SplitSeq(u.EscapedPath(), "/") {
		if part != "" && part != ".." && part != "." {
			s.path = append(s.path, part)
		}
	}
	s.generator = generator(page)
	return s, !s.isFeed()
}

// isFeed reports an address with the ending of a feed's.
func (s site) isFeed() bool {
	last := s.last()
	for _, end := range []string{".rss", ".atom", ".rdf", "feed.xml", "rss.xml", "atom.xml"} {
		if strings.HasSuffix(last, end) {
			return true
		}
	}
	return false
}

// at reports whether the host is one of some.
func (s site) at(hosts ...string) bool { return slices.Contains(hosts, s.host) }

// below is the name that the site has below a domain: "go" of go.example.com.
// It is "" elsewhere.
func (s site) below(domain string) string {
	name, ok := strings.CutSuffix(s.host, "."+domain)
	if !ok || strings.Contains(name, ".") {
		return ""
	}
	return name
}

// part is a segment of the path, "" behind its end.
func (s site) part(i int) string {
	if i >= len(s.path) {
		return ""
	}
	return s.path[i]
}

// last is the last segment of the path.
func (s site) last() string { return s.part(max(0, len(s.path)-1)) }

// rest is the path from a segment on, with a slash before each.
func (s site) rest(i int) string {
	if i >= len(s.path) {
		return ""
	}
	return "/" + strings.Join(s.path[i:], "/")
}

// here is an address on the site's own origin: a path, maybe with a query.
func (s site) here(path string) string { return s.url.Scheme + "://" + s.url.Host + path }

// shows reports whether the page was fetched and holds a text.
func (s site) shows(text string) bool { return bytes.Contains(s.page, []byte(text)) }

// one is a list of one address.
func one(address string) []string { return []string{address} }
