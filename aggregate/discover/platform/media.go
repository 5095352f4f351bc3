package platform

import (
	"net/url"
	"regexp"
	"strings"
)

// youtube has a feed for each channel, by its id, and for each playlist. The id
// stands in the page of a handle, of a name and of a video.
func youtube(s site) []string {
	if !s.at("youtube.com", "music.youtube.com") || s.part(0) == "feeds" {
		return nil
	}
	const feed = "https://www.youtube.com/feeds/videos.xml?"
	list := s.url.Query().Get("list")
	switch {
	case isPlaylist(list):
		return one(feed + "playlist_id=" + url.QueryEscape(list))
	case s.part(0) == "channel" && channelID().MatchString(s.part(1)):
		return one(feed + "channel_id=" + s.part(1))
	}
	if id := shownChannel(s.page); id != "" {
		return one(feed + "channel_id=" + id)
	}
	if s.part(0) == "user" && s.part(1) != "" {
		return one(feed + "user=" + s.part(1))
	}
	return nil
}

// isPlaylist tells lists that somebody made from those that are mixed for one
// viewer.
func isPlaylist(id string) bool {
	for _, kind := range []string{"PL", "UU", "FL", "OL"} {
		if strings.HasPrefix(id, kind) {
			return true
		}
	}
	return false
}

func channelID() *regexp.Regexp { return regexp.MustCompile(`^UC[A-Za-z0-9_-]{22}$`) }

// shownChannel is the id of the channel that a page is about, surest sign first:
// pages name other channels too.
func shownChannel(page []byte) string {
	const id = `(UC[A-Za-z0-9_-]{22})`
	for _, sign := range []string{
		`feeds/videos\.xml\?channel_id=` + id,
		`rel="canonical" href="https://www\.youtube\.com/channel/` + id,
		`"externalId":"` + id + `"`,
		`itemprop="(?:identifier|channelId)" content="` + id + `"`,
		`"channelId":"` + id + `"`,
	} {
		if found := regexp.MustCompile(sign).FindSubmatch(page); found != nil {
			return string(found[1])
		}
	}
	return ""
}

// vimeo has feeds for users, channels and groups.
func vimeo(s site) []string {
	name := s.part(0)
	switch {
	case !s.at("vimeo.com"), name == "", strings.Trim(name, "0123456789") == "": // a video
		return nil
	case name == "channels" || name == "groups":
		if s.part(1) == "" {
			return nil
		}
		return one("https://vimeo.com/" + name + "/" + s.part(1) + "/videos/rss")
	}
	return one("https://vimeo.com/" + name + "/videos/rss")
}

// soundcloud knows users by a number that stands in the page.
func soundcloud(s site) []string {
	if !s.at("soundcloud.com") {
		return nil
	}
	found := regexp.MustCompile(`soundcloud:(?://)?users:([0-9]+)`).FindSubmatch(s.page)
	if found == nil {
		return nil
	}
	id := string(found[1])
	return one("https://feeds.soundcloud.com/users/soundcloud:users:" + id + "/sounds.rss")
}

func odysee(s site) []string {
	if !s.at("odysee.com") || !strings.HasPrefix(s.part(0), "@") {
		return nil
	}
	return one("https://odysee.com/$/rss/" + s.part(0))
}

// peertube runs on many hosts.
func peertube(s site) []string {
	if !s.shows(`content="PeerTube"`) {
		return nil
	}
	kind, name := s.part(0), s.part(1)
	switch {
	case kind == "c" || kind == "video-channels":
		return one(s.here("/feeds/videos.xml?videoChannelName=" + name))
	case kind == "a" || kind == "accounts":
		return one(s.here("/feeds/videos.xml?accountName=" + name))
	case strings.HasPrefix(kind, "@"):
		return []string{
			s.here("/feeds/videos.xml?videoChannelName=" + kind[1:]),
			s.here("/feeds/videos.xml?accountName=" + kind[1:]),
		}
	}
	return one(s.here("/feeds/videos.xml?sort=-publishedAt&isLocal=true"))
}

// flickr knows people and groups by ids such as 1234@N01, which the page shows
// where the address has a name.
func flickr(s site) []string {
	kind, id := s.part(0), s.part(1)
	if !s.at("flickr.com") || kind != "photos" && kind != "people" && kind != "groups" || id == "" {
		return nil
	}
	isID := regexp.MustCompile(`^[0-9]+(@|%40)N[0-9]+$`)
	if !isID.MatchString(id) {
		found := regexp.MustCompile(`"(?:nsid|ownerNsid)":"([0-9]+@N[0-9]+)"`).FindSubmatch(s.page)
		if found == nil {
			return nil
		}
		id = string(found[1])
	}
	feed := "photos_public.gne"
	if kind == "groups" {
		feed = "groups_pool.gne"
	}
	id = strings.ReplaceAll(id, "%40", "@")
	return one("https://www.flickr.com/services/feeds/" + feed + "?id=" + id + "&format=atom")
}

func letterboxd(s site) []string {
	if !s.at("letterboxd.com") || len(s.path) != 1 {
		return nil
	}
	return one("https://letterboxd.com/" + s.part(0) + "/rss/")
}

func steam(s site) []string {
	if !s.at("store.steampowered.com") || s.part(0) != "app" || s.part(1) == "" {
		return nil
	}
	return one("https://store.steampowered.com/feeds/news/app/" + s.part(1) + "/")
}
