package platform

import (
	"net/url"
	"regexp"
	"strings"
)

// mastodon is also what speaks its way: Misskey, Pleroma and Pixelfed. Somebody
// of another host has the feed there. On hosts that are not known it waits for
// the page: others write people with an @ too.
func mastodon(s site) []string {
	known := s.shows("application/activity+json") || s.at("mastodon.social", "mastodon.online",
		"fosstodon.org", "hachyderm.io", "infosec.exchange", "mas.to", "mstdn.social", "chaos.social")
	name, isName := strings.CutPrefix(s.part(0), "@")
	switch {
	case !known || s.elsewhere():
		return nil
	case isName && name != "":
		name, home, away := strings.Cut(name, "@")
		if away {
			return one("https://" + home + "/@" + name + ".rss")
		}
		if s.shows("isskey") {
			return one(s.here("/@" + name + ".atom"))
		}
		return one(s.here("/@" + name + ".rss"))
	case s.part(0) == "users" && s.part(1) != "":
		feed := s.here("/users/" + s.part(1))
		return []string{feed + ".rss", feed + ".atom"}
	}
	return nil
}

// elsewhere reports services that write people with an @ and have rules of their
// own.
func (s site) elsewhere() bool {
	return s.shows(`content="PeerTube"`) ||
		s.at("youtube.com", "medium.com", "odysee.com", "substack.com")
}

func bluesky(s site) []string {
	if !s.at("bsky.app") || s.part(0) != "profile" || s.part(1) == "" {
		return nil
	}
	return one("https://bsky.app/profile/" + s.part(1) + "/rss")
}

// reddit has a feed behind every list: the address with .rss at its end.
func reddit(s site) []string {
	if !s.at("reddit.com", "old.reddit.com", "new.reddit.com", "np.reddit.com") {
		return nil
	}
	path := s.rest(0)
	switch s.part(0) {
	case "u":
		path = "/user" + s.rest(1)
	case "r", "user", "":
	default:
		return nil
	}
	feed := "https://www.reddit.com" + path + "/.rss"
	if t := s.url.Query().Get("t"); t != "" {
		feed += "?t=" + url.QueryEscape(t)
	}
	return one(feed)
}

// lemmy runs on many hosts. What belongs to another one has its feed there.
func lemmy(s site) []string {
	known := strings.HasPrefix(s.host, "lemmy.") || s.shows("lemmyConfig") ||
		s.at("programming.dev", "beehaw.org", "feddit.org")
	if !known {
		return nil
	}
	kind, name := s.part(0), s.part(1)
	switch {
	case (kind == "c" || kind == "u") && name != "":
		name, home, away := strings.Cut(name, "@")
		if away {
			return one("https://" + home + "/feeds/" + kind + "/" + name + ".xml")
		}
		return one(s.here("/feeds/" + kind + "/" + name + ".xml"))
	case kind == "":
		return []string{s.here("/feeds/local.xml"), s.here("/feeds/all.xml")}
	}
	return nil
}

func hackernews(s site) []string {
	if !s.at("news.ycombinator.com") || s.part(0) != "" && s.part(0) != "news" {
		return nil
	}
	return one("https://news.ycombinator.com/rss")
}

func lobsters(s site) []string {
	switch {
	case !s.at("lobste.rs"):
		return nil
	case s.part(0) == "":
		return one("https://lobste.rs/rss")
	case s.part(0) == "t" && s.part(1) != "":
		return one("https://lobste.rs/t/" + s.part(1) + ".rss")
	}
	return nil
}

// stackexchange is Stack Overflow and its siblings.
func stackexchange(s site) []string {
	if s.below("stackexchange.com") == "" && !s.at("stackoverflow.com", "superuser.com",
		"serverfault.com", "askubuntu.com", "mathoverflow.net") {
		return nil
	}
	isNumber := regexp.MustCompile(`^[0-9]+$`)
	kind, id := s.part(0), s.part(1)
	switch {
	case kind == "questions" && id == "tagged" && s.part(2) != "":
		return one(s.here("/feeds/tag?tagnames=" + s.part(2) + "&sort=newest"))
	case kind == "questions" && isNumber.MatchString(id):
		return one(s.here("/feeds/question/" + id))
	case kind == "users" && isNumber.MatchString(id):
		return one(s.here("/feeds/user/" + id))
	case kind == "", kind == "questions" && id == "":
		return one(s.here("/feeds"))
	}
	return nil
}

// discourse runs on many hosts: its lists, categories, tags and topics have a
// feed each, at their address with .rss.
func discourse(s site) []string {
	if !strings.HasPrefix(s.generator, "discourse") {
		return nil
	}
	switch s.part(0) {
	case "c", "t", "tag":
		return one(s.here(s.rest(0) + ".rss"))
	case "latest", "top", "posts":
		return one(s.here("/" + s.part(0) + ".rss"))
	case "":
		return []string{s.here("/latest.rss"), s.here("/posts.rss")}
	}
	return nil
}

// phpbb runs on many hosts, often below a folder. Its feeds may be switched off.
func phpbb(s site) []string {
	if !s.shows(`id="phpbb"`) {
		return nil
	}
	base := s.here("/")
	if dir := s.url.EscapedPath(); strings.Contains(dir, "/") {
		base = s.here(dir[:strings.LastIndex(dir, "/")+1])
	}
	query := s.url.Query()
	for _, kind := range []struct{ key, name string }{{"t", "topic"}, {"f", "forum"}} {
		if id := query.Get(kind.key); id != "" && strings.Trim(id, "0123456789") == "" {
			return []string{
				base + "app.php/feed/" + kind.name + "/" + id, base + "feed.php?" + kind.key + "=" + id,
			}
		}
	}
	return []string{base + "app.php/feed", base + "feed.php"}
}
