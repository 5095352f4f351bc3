package platform

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// mediawiki runs on many hosts: a feed of all changes, of the changes of a page,
// and of what some of its special pages list.
func mediawiki(s site) []string {
	if !s.isWikimedia() && !strings.HasPrefix(s.generator, "mediawiki") {
		return nil
	}
	script := s.here("/w/index.php")
	if found := regexp.MustCompile(`"wgScript":"(/[^"]*)"`).FindSubmatch(s.page); found != nil {
		script = s.here(string(found[1]))
	}
	title := s.url.Query().Get("title")
	if s.part(0) == "wiki" && title == "" {
		title, _ = url.PathUnescape(strings.TrimPrefix(s.rest(1), "/"))
	}
	switch {
	case title == "" || title == "Main_Page":
		return one(script + "?title=Special:RecentChanges&feed=atom")
	case strings.HasPrefix(title, "Special:"):
		return one(script + "?title=" + title + "&feed=atom")
	}
	return one(script + "?title=" + url.QueryEscape(title) + "&action=history&feed=atom")
}

// isWikimedia reports hosts such as en.wikipedia.org.
func (s site) isWikimedia() bool {
	_, domain, _ := strings.Cut(s.host, ".")
	return s.at("wikidata.org", "mediawiki.org") || slices.Contains([]string{
		"wikipedia.org", "wiktionary.org", "wikinews.org", "wikibooks.org", "wikiquote.org",
		"wikisource.org", "wikiversity.org", "wikivoyage.org", "wikimedia.org",
	}, strings.TrimPrefix(domain, "m."))
}

// arxiv has a feed for each archive and subject class, and for authors.
func arxiv(s site) []string {
	if !s.at("arxiv.org") || s.part(1) == "" {
		return nil
	}
	switch s.part(0) {
	case "list", "archive":
		return one("https://rss.arxiv.org/rss/" + s.part(1))
	case "a":
		return one("https://arxiv.org/a/" + s.part(1) + ".atom")
	}
	return nil
}
