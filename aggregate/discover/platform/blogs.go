package platform

import (
	"net/url"
	"strings"
)

// medium has feeds for people, publications and tags, and on the hosts of
// others.
func medium(s site) []string {
	const feed = "https://medium.com/feed/"
	switch {
	case s.below("medium.com") != "":
		return one(s.here("/feed"))
	case s.host != "medium.com":
		if s.shows(`content="com.medium.reader"`) {
			return one(s.here("/feed"))
		}
		return nil
	case s.part(0) == "tag" && s.part(1) != "":
		return one(feed + "tag/" + s.part(1))
	case s.part(1) == "tagged" && s.part(2) != "":
		return one(feed + s.part(0) + "/tagged/" + s.part(2))
	case s.part(0) != "" && s.part(0) != "feed":
		return one(feed + s.part(0))
	}
	return nil
}

// substack also runs on the hosts of others.
func substack(s site) []string {
	switch {
	case s.at("open.substack.com") && s.part(0) == "pub" && s.part(1) != "":
		return one("https://" + s.part(1) + ".substack.com/feed")
	case s.at("open.substack.com"):
		return nil
	case s.below("substack.com") != "", s.host != "substack.com" && s.shows("substackcdn.com"):
		return one(s.here("/feed"))
	}
	return nil
}

// wordpress runs on many hosts, maybe below a folder, which the addresses of its
// style sheets tell.
func wordpress(s site) []string {
	base := "/"
	switch {
	case s.below("wordpress.com") != "":
	case s.shows("/wp-content/"):
		base = s.folder("/wp-content/")
	case strings.HasPrefix(s.generator, "wordpress"):
	default:
		return nil
	}
	return []string{s.here(base + "feed/"), s.here(base + "?feed=rss2")}
}

// folder is the path up to where the page has a file of its own host below a
// name; "/" when it is not said.
func (s site) folder(name string) string {
	before, _, _ := strings.Cut(string(s.page), name)
	before = before[strings.LastIndexAny(before, "\"'(= \n")+1:]
	u, err := url.Parse(before)
	if err != nil || u.Host != "" && u.Host != s.url.Host || u.RawQuery != "" {
		return "/"
	}
	return "/" + strings.TrimPrefix(strings.TrimSuffix(u.EscapedPath(), "/")+"/", "/")
}

func blogger(s site) []string {
	if !strings.Contains(s.host, ".blogspot.") && s.generator != "blogger" {
		return nil
	}
	feed := s.here("/feeds/posts/default")
	if s.part(0) == "search" && s.part(1) == "label" && s.part(2) != "" {
		return one(feed + "/-/" + s.part(2))
	}
	return one(feed)
}

// tumblr also runs on the hosts of others.
func tumblr(s site) []string {
	home := s.here("")
	switch {
	case s.host == "tumblr.com":
		name := s.part(0)
		if name == "blog" {
			name = strings.TrimPrefix(s.rest(1), "/view")
			name, _, _ = strings.Cut(strings.TrimPrefix(name, "/"), "/")
		}
		if name == "" || name == "explore" || name == "dashboard" || name == "tagged" {
			return nil
		}
		return one("https://" + name + ".tumblr.com/rss")
	case s.below("tumblr.com") == "" && !s.shows("assets.tumblr.com"):
		return nil
	case s.part(0) == "tagged" && s.part(1) != "":
		return one(home + "/tagged/" + s.part(1) + "/rss")
	}
	return one(home + "/rss")
}

func dev(s site) []string {
	switch {
	case !s.at("dev.to"), s.part(0) == "feed":
		return nil
	case s.part(0) == "":
		return one("https://dev.to/feed")
	case s.part(0) == "t" && s.part(1) != "":
		return one("https://dev.to/feed/tag/" + s.part(1))
	}
	return one("https://dev.to/feed/" + s.part(0))
}

// subdomains are services that give each blog a name below their own and keep
// its feed in one place.
func subdomains(s site) []string {
	for _, service := range []struct{ domain, path string }{
		{"bearblog.dev", "/feed/"},
		{"ghost.io", "/rss/"},
		{"hashnode.dev", "/rss.xml"},
		{"livejournal.com", "/data/atom"},
		{"micro.blog", "/feed.xml"},
		{"dreamwidth.org", "/data/atom"},
		{"hatenablog.com", "/feed"},
	} {
		if s.below(service.domain) != "" {
			return one(s.here(service.path))
		}
	}
	return nil
}

// generators are programs that name themselves in their pages and keep the
// site's feed in one place.
func generators(s site) []string {
	for _, program := range []struct{ name, path string }{
		{"docusaurus", "/blog/rss.xml"},
		{"drupal", "/rss.xml"},
		{"eleventy", "/feed/feed.xml"},
		{"ghost", "/rss/"},
		{"hexo", "/atom.xml"},
		{"hugo", "/index.xml"},
		{"jekyll", "/feed.xml"},
		{"joomla", "/?format=feed&type=rss"},
		{"wix.com", "/blog-feed.xml"},
		{"zola", "/atom.xml"},
	} {
		if strings.HasPrefix(s.generator, program.name) {
			return one(s.here(program.path))
		}
	}
	return nil
}
