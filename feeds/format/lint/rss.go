package lint

import (
	"maps"
	"strconv"
	"strings"
)

// rss checks RSS 2.0 as https://www.rssboard.org/rss-specification and the RSS
// Profile describe it.
func (r *report) rss(root *node) {
	if v, ok := r.attribute(root, "version"); ok && v != "2.0" && v != "0.91" && v != "0.92" {
		r.at(root, Error, "InvalidRSSVersion", "version is %q, not 2.0", v)
	}
	r.children(root, map[string]rule{"channel": must()}, "")
	channel := root.first("channel")
	if channel == nil {
		return
	}
	r.children(channel, channelRules(), "")
	r.selfLink(channel, "MissingAtomSelfLink")
	r.order(channel, "item", Warning, "MisplacedItem")
	if !channel.has("language") && !channel.has("dc:language") {
		r.at(channel, Hint, "MissingDCLanguage", "channel does not name its language")
	}
	r.image(channel)
	r.show(channel)
	guids := make(map[string]bool)
	for _, item := range channel.all("item") {
		r.rssItem(item, guids)
	}
}

func channelRules() map[string]rule {
	return map[string]rule{
		"title":          must(notBlank, noHTML),
		"link":           must(uri),
		"description":    must(noHTML),
		"language":       one(languageCode),
		"copyright":      one(noHTML),
		"managingEditor": one(address),
		"webMaster":      one(address),
		"pubDate":        one(mailed),
		"lastBuildDate":  one(mailed),
		"category":       some(notBlank, noHTML),
		"generator":      one(notBlank),
		"docs":           one(uri),
		"cloud":          one(),
		"ttl":            one(count),
		"image":          one(channelImage),
		"rating":         one(),
		"textInput":      one(),
		"skipHours":      one(),
		"skipDays":       one(),
		"item":           some(),
		"atom:link":      some(link),

		"sy:updatePeriod":    one(word("InvalidUpdatePeriod", "hourly", "daily", "weekly", "monthly", "yearly")),
		"sy:updateFrequency": one(count),
		"fh:archive":         one(empty),
		"fh:complete":        one(empty),
	}
}

func (r *report) itemRules() map[string]rule {
	rules := map[string]rule{
		"title":            one(notBlank, noHTML),
		"link":             one(uri),
		"description":      one(isHTML),
		"author":           one(address),
		"category":         some(notBlank, noHTML),
		"comments":         one(uri),
		"enclosure":        some(enclosure),
		"guid":             one(guid),
		"pubDate":          one(mailed, plausible),
		"source":           one(rssSource),
		"content:encoded":  one(isHTML),
		"dc:creator":       some(notBlank),
		"dc:rights":        one(noHTML),
		"dc:language":      one(languageCode),
		"dcterms:modified": one(stamped),
		"atom:link":        some(link),
	}
	maps.Copy(rules, r.extensionRules())
	return rules
}

func (r *report) rssItem(item *node, guids map[string]bool) {
	r.children(item, r.itemRules(), "")
	if !item.has("title") && !item.has("description") {
		r.at(item, Error, "ItemMustContainTitleOrDescription", "item has neither")
	}
	if g := item.first("guid"); g == nil {
		r.at(item, Warning, "MissingGuid", "item has no guid")
	} else {
		r.unique(g, Error, "DuplicateValue", guids)
	}
	if len(item.all("enclosure")) > 1 {
		r.at(item, Warning, "DuplicateEnclosure", "readers take one enclosure of an item")
	}
	if item.has("content:encoded") && !r.before(item, "description", "content:encoded") {
		r.at(item, Warning, "NeedDescriptionBeforeContent", "no description before content:encoded")
	}
	for _, pair := range [][2]string{
		{"author", "dc:creator"}, {"source", "dc:source"}, {"category", "dc:subject"},
		{"pubDate", "dc:date"}, {"guid", "atom:id"}, {"pubDate", "atom:published"},
	} {
		if item.has(pair[0]) && item.has(pair[1]) {
			r.at(item, Warning, "DuplicateItemSemantics", "%s and %s say the same", pair[0], pair[1])
		}
	}
}

// before reports whether one child comes before another.
func (r *report) before(n *node, first, second string) bool {
	a, b := n.first(first), n.first(second)
	for _, c := range n.children {
		if c == a || c == b {
			return c == a
		}
	}
	return false
}

// ownMetadata reports whether an element belongs to the format, whose last kind of child
// is given: where extensions stand is no matter.
func ownMetadata(name, last string) bool {
	if strings.HasPrefix(last, "atom:") {
		return strings.HasPrefix(name, "atom:")
	}
	return !strings.Contains(name, ":") || name == "atom:link"
}

// order reports children of n that come after one of the last kind.
func (r *report) order(n *node, last string, level Level, rule string) {
	begun := false
	for _, c := range n.children {
		if begun && c.name != last && ownMetadata(c.name, last) {
			r.at(c, level, rule, "%s comes after the first %s", c.name, last)
		}
		begun = begun || c.name == last
	}
}

func mailed(r *report, n *node) {
	_, day, err := mailDate(n.value())
	switch {
	case err != nil:
		r.at(n, Error, "InvalidRFC2822Date", "%s is no date: %s", n.name, excerpt(n.text))
	case !day:
		r.at(n, Error, "IncorrectDOW", "%s has the wrong weekday: %s", n.name, excerpt(n.text))
	}
}

func channelImage(r *report, n *node) {
	r.children(n, map[string]rule{
		"url": must(uri), "title": must(notBlank, noHTML), "link": must(uri),
		"width": one(count), "height": one(count), "description": one(noHTML),
	}, "")
}

func guid(r *report, n *node) {
	value := n.value()
	switch permanent, given := n.attrs["isPermaLink"]; {
	case given && permanent != "true" && permanent != "false":
		r.at(n, Error, "InvalidBooleanAttribute", "isPermaLink is %q", permanent)
	case permanent == "false":
		if _, err := strconv.Atoi(value); err == nil && len(value) < 9 {
			r.at(n, Warning, "NotSufficientlyUnique", "guid is only a number: %s", value)
		}
	case !isURI(value):
		r.at(n, Error, "InvalidHttpGUID", "guid is no address, but a permalink: %s", excerpt(value))
	case strings.HasPrefix(value, "tag:") || strings.HasPrefix(value, "urn:uuid:"):
		r.at(n, Error, "InvalidPermalink", "guid is an address that opens nothing: %s", excerpt(value))
	}
	notBlank(r, n)
}

func enclosure(r *report, n *node) {
	if v, ok := r.attribute(n, "url"); ok && (!isURI(v) || !strings.HasPrefix(v, "http")) {
		r.at(n, Error, "InvalidURLAttribute", "enclosure has no http address: %s", excerpt(v))
	}
	if v, ok := r.attribute(n, "length"); ok {
		if size, err := strconv.ParseInt(v, 10, 64); err != nil || size < 0 {
			r.at(n, Error, "InvalidIntegerAttribute", "length of enclosure is %s", excerpt(v))
		}
	}
	if v, ok := r.attribute(n, "type"); ok && !IsMediaType(v) {
		r.at(n, Error, "InvalidMIMEAttribute", "type of enclosure is %s", excerpt(v))
	}
}

func rssSource(r *report, n *node) {
	noHTML(r, n)
	if v, ok := r.attribute(n, "url"); ok {
		r.uriValue(n, "url of source", v)
	}
}
