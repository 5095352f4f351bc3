package lint

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// extensionRules are those of the elements for podcasts, media, places and
// discussions, in an item or an entry. A document has many, so they are made once
// for it.
func (r *report) extensionRules() map[string]rule {
	if r.extensions == nil {
		r.extensions = newExtensionRules()
	}
	return r.extensions
}

func newExtensionRules() map[string]rule {
	return map[string]rule{
		"itunes:author":      one(notBlank, noHTML, atMost(255)),
		"itunes:block":       one(word("InvalidYesNo", "yes", "no")),
		"itunes:duration":    one(playTime),
		"itunes:episode":     one(count),
		"itunes:episodeType": one(word("InvalidEpisodeType", "full", "trailer", "bonus")),
		"itunes:explicit":    one(word("InvalidTrueFalse", "true", "false")),
		"itunes:image":       one(addressed("href")),
		"itunes:keywords":    one(noHTML, atMost(255), keywords),
		"itunes:season":      one(count),
		"itunes:subtitle":    one(noHTML, atMost(255)),
		"itunes:summary":     one(noHTML, atMost(4000)),
		"itunes:title":       one(noHTML),
		"podcast:chapters":   one(addressed("url"), typed),
		"podcast:person":     some(notBlank, noHTML),
		"podcast:soundbite":  some(numbered("startTime", "duration")),
		"podcast:transcript": some(addressed("url"), typed),
		"podcast:value":      some(holds("podcast:valueRecipient")),
		"psc:chapters":       one(holds("psc:chapter")),
		"media:group":        some(mediaGroup),
		"media:content":      some(mediaFile),
		"media:thumbnail":    some(addressed("url"), sized),
		"media:player":       some(addressed("url"), sized),
		"media:restriction":  some(attributed("relationship", "allow", "deny")),
		"georss:point":       one(places(2, 2)),
		"georss:line":        one(places(4, most)),
		"georss:polygon":     one(places(8, most)),
		"geo:lat":            one(number),
		"geo:long":           one(number),
		"slash:comments":     one(whole),
		"thr:total":          one(whole),
		"thr:in-reply-to":    some(referring),
	}
}

// knownNames are the elements of a namespace whose names validators know; nil when they
// look into none.
func knownNames(prefix string) []string {
	switch prefix {
	case "itunes":
		return strings.Fields("author block category duration episode episodeType explicit image " +
			"keywords name email owner season subtitle summary title type new-feed-url complete")
	case "media":
		return strings.Fields("category copyright credit description keywords hash player rating " +
			"restriction text title thumbnail content group adult")
	case "georss":
		return strings.Fields("point line polygon where elev floor radius featureName featureTypeTag " +
			"relationshipTag")
	}
	return nil
}

// isUnknown reports elements whose namespace is known and does not have them.
func isUnknown(name string) bool {
	prefix, local, _ := strings.Cut(name, ":")
	names := knownNames(prefix)
	return names != nil && !slices.Contains(names, local)
}

// most is more than any list has.
const most = 1 << 20

var playTimeForm = regexp.MustCompile(`^(\d+|\d+:[0-5]\d|\d+:[0-5]\d:[0-5]\d)$`)

func playTime(r *report, n *node) {
	if !playTimeForm.MatchString(n.value()) {
		r.at(n, Error, "InvalidDuration", "%s is no duration: %s", n.name, excerpt(n.text))
	}
}

// atMost checks the number of characters.
func atMost(most int) check {
	return func(r *report, n *node) {
		if size := utf8.RuneCountInString(n.value()); size > most {
			r.at(n, Error, "TooLong", "%s has %d characters, of at most %d", n.name, size, most)
		}
	}
}

func keywords(r *report, n *node) {
	if v := n.value(); strings.Contains(v, " ") && !strings.Contains(v, ",") {
		r.at(n, Warning, "InvalidKeywords", "keywords are parted by commas: %s", excerpt(v))
	}
}

// word checks an element that holds one of a few words.
func word(rule string, words ...string) check {
	return func(r *report, n *node) {
		if !slices.Contains(words, n.value()) {
			r.at(n, Error, rule, "%s is none of %s: %s", n.name, strings.Join(words, ", "), excerpt(n.text))
		}
	}
}

// attributed checks an attribute that must be there and be one of a few words.
func attributed(name string, words ...string) check {
	return func(r *report, n *node) {
		if v, ok := r.attribute(n, name); ok && !slices.Contains(words, v) {
			r.at(n, Error, "InvalidAttribute", "%s of %s is %s", name, n.name, excerpt(v))
		}
	}
}

// addressed checks an attribute that must be there and be an address.
func addressed(name string) check {
	return func(r *report, n *node) {
		if v, ok := r.attribute(n, name); ok {
			r.uriValue(n, name+" of "+n.name, v)
		}
	}
}

func typed(r *report, n *node) {
	if v, ok := r.attribute(n, "type"); ok && !IsMediaType(v) {
		r.at(n, Error, "InvalidMIMEAttribute", "type of %s is %s", n.name, excerpt(v))
	}
}

// numbered checks attributes that must be there and be numbers.
func numbered(names ...string) check {
	return func(r *report, n *node) {
		for _, name := range names {
			v, ok := r.attribute(n, name)
			if _, err := strconv.ParseFloat(v, 64); ok && err != nil {
				r.at(n, Error, "InvalidFloat", "%s of %s is %s", name, n.name, excerpt(v))
			}
		}
	}
}

// holds checks that an element is not without the children it is there for.
func holds(child string) check {
	return func(r *report, n *node) {
		if !n.has(child) {
			r.at(n, Error, "MissingElement", "%s lacks %s", n.name, child)
		}
	}
}

func mediaGroup(r *report, n *node) {
	if len(n.all("media:content")) < 2 {
		r.at(n, Error, "MediaGroupWithoutAlternatives", "media:group is not of several media:content")
	}
	r.children(n, r.extensionRules(), "")
}

func mediaFile(r *report, n *node) {
	if _, ok := n.attrs["url"]; !ok && !n.has("media:player") {
		r.at(n, Error, "MissingAttribute", "media:content has neither url nor media:player")
	}
	if v, ok := n.attrs["url"]; ok {
		r.uriValue(n, "url of media:content", v)
	}
	if v, ok := n.attrs["type"]; ok && !IsMediaType(v) {
		r.at(n, Error, "InvalidMIMEAttribute", "type of media:content is %s", excerpt(v))
	}
	for name, words := range map[string][]string{
		"medium":     {"image", "audio", "video", "document", "executable"},
		"isDefault":  {"true", "false"},
		"expression": {"sample", "full", "nonstop"},
	} {
		if v, ok := n.attrs[name]; ok && !slices.Contains(words, v) {
			r.at(n, Error, "InvalidMediaAttribute", "%s of media:content is %s", name, excerpt(v))
		}
	}
	sized(r, n)
	r.children(n, r.extensionRules(), "")
}

// sized checks the sizes of a picture or film that are given.
func sized(r *report, n *node) {
	for _, name := range []string{"width", "height"} {
		v, given := n.attrs[name]
		if size, err := strconv.Atoi(v); given && (err != nil || size <= 0) {
			r.at(n, Error, "InvalidPositiveInteger", "%s of %s is %s", name, n.name, excerpt(v))
		}
	}
}

// places checks a list of latitudes and longitudes by their number and size.
func places(fewest, most int) check {
	return func(r *report, n *node) {
		list := strings.Fields(n.text)
		bad := len(list) < fewest || len(list) > most || len(list)%2 != 0
		for i, s := range list {
			v, err := strconv.ParseFloat(s, 64)
			farthest := []float64{90, 180}[i%2]
			bad = bad || err != nil || v < -farthest || v > farthest
		}
		if bad {
			r.at(n, Error, "InvalidCoordList", "%s is no list of places: %s", n.name, excerpt(n.text))
		}
	}
}

func number(r *report, n *node) {
	if _, err := strconv.ParseFloat(n.value(), 64); err != nil {
		r.at(n, Error, "InvalidFloat", "%s is no number: %s", n.name, excerpt(n.text))
	}
}

func whole(r *report, n *node) {
	if v, err := strconv.Atoi(n.value()); err != nil || v < 0 {
		r.at(n, Error, "InvalidNonNegativeInteger", "%s is no number: %s", n.name, excerpt(n.text))
	}
}

// referring checks RFC 4685 §3: ref is an IRI.
func referring(r *report, n *node) {
	if v, ok := n.attrs["ref"]; ok {
		r.iriValue(n, "ref", v)
	}
}
