package platform

import (
	"regexp"
	"slices"
)

// remedy is what to do about a platform that has no feeds.
func remedy(s site) string {
	switch {
	case s.at("podcasts.apple.com", "itunes.apple.com"):
		return applePodcasts(s)
	case s.at("open.spotify.com", "podcasters.spotify.com", "music.amazon.com", "audible.com"):
		return "it does not say where a show's feed is: look for RSS on the show's own site"
	case s.at("news.ycombinator.com") && s.part(0) == "user":
		return "Hacker News has no feeds of people: its front page has one"
	}
	for _, silent := range []struct {
		name  string
		hosts []string
	}{
		{"Facebook", []string{"facebook.com", "fb.com"}},
		{"Instagram", []string{"instagram.com"}},
		{"LinkedIn", []string{"linkedin.com"}},
		{"Threads", []string{"threads.net", "threads.com"}},
		{"TikTok", []string{"tiktok.com"}},
		{"Twitch", []string{"twitch.tv"}},
		{"X", []string{"x.com", "twitter.com", "mobile.twitter.com"}},
	} {
		if slices.Contains(silent.hosts, s.host) {
			return silent.name + " has no feeds: look for the author's own site"
		}
	}
	return ""
}

// applePodcasts keeps the address of a show's feed in its directory, not in its
// pages.
func applePodcasts(s site) string {
	const say = "Apple Podcasts does not say where a show's feed is: "
	for _, part := range s.path {
		if found := regexp.MustCompile(`^id([0-9]+)$`).FindStringSubmatch(part); found != nil {
			return say + "https://itunes.apple.com/lookup?id=" + found[1] +
				" has it as feedUrl, or look for RSS on the show's own site"
		}
	}
	return say + "look for RSS on the show's own site"
}
