package lint

import (
	"bytes"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// isFeedType reports whether a media type is that of a feed in XML.
func isFeedType(s string) bool {
	switch s {
	case "application/atom+xml", "application/rss+xml", "application/rdf+xml":
		return true
	}
	return false
}

// permanent checks an id: it is compared character by character for ever (RFC 4287
// §4.2.6.1), so that another spelling of the same address is another id.
func permanent(r *report, n *node) {
	value := n.value()
	switch {
	case !IsIRI(value):
		r.iriValue(n, n.name, value)
	case !IsID(value):
		r.at(n, Error, invalid(value, "InvalidFullLink"), "%s is no id that every reader takes: %s",
			n.name, excerpt(value))
	case !isCanonical(value):
		r.at(n, Hint, "NonCanonicalURI", "%s has a more usual spelling: %s", n.name, excerpt(value))
	}
	if !KnownScheme(value) {
		r.at(n, Hint, "SchemeNotIANARegistered", "nobody knows the scheme of %s", excerpt(value))
	}
}

// isCanonical reports whether an address is spelled as RFC 3986 §6.2.2 prefers.
func isCanonical(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return true
	}
	port := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	clean := path.Clean("/" + u.Path)
	if strings.HasSuffix(u.Path, "/") && clean != "/" {
		clean += "/"
	}
	return u.Host == strings.ToLower(u.Host) && u.Path == clean && (u.Port() == "" || u.Port() != port)
}

// plausible checks a date that is well-formed: nothing on the web is older.
func plausible(r *report, n *node) {
	t, err := time.Parse(time.RFC3339, n.text)
	if err != nil {
		t, _, err = mailDate(n.value())
	}
	if err == nil && t.Year() < 1990 {
		r.at(n, Warning, "ImplausibleDate", "%s is before the web: %s", n.name, excerpt(n.text))
	}
}

func empty(r *report, n *node) {
	if n.value() != "" {
		r.at(n, Error, "UnexpectedText", "%s holds text: %s", n.name, excerpt(n.text))
	}
}

// deletedEntry checks RFC 6721 §3.
func deletedEntry(r *report, n *node) {
	if v, ok := r.attribute(n, "ref"); ok {
		r.iriValue(n, "ref of "+n.name, v)
		same := func(e *node) bool {
			id := e.first("atom:id")
			return id != nil && id.value() == v
		}
		if slices.ContainsFunc(n.parent.all("atom:entry"), same) {
			r.at(n, Error, "DeletedEntry", "%s is deleted, and is there", excerpt(v))
		}
	}
	if v, ok := r.attribute(n, "when"); ok {
		if _, err := time.Parse(time.RFC3339, v); err != nil {
			r.at(n, Error, "InvalidRFC3339Date", "when of %s is no date: %s", n.name, excerpt(v))
		}
	}
}

// historyRels are the links between the documents of a feed (RFC 5005).
func historyRels() []string {
	return []string{"current", "prev-archive", "next-archive", "first", "last", "previous", "next"}
}

func relsOf(n *node) (rels []string) {
	for _, l := range n.all("atom:link") {
		rels = append(rels, rel(l))
	}
	return rels
}

// history checks RFC 5005: archived documents lead to others and to the feed, complete
// feeds have no others.
func (r *report) history(root *node) {
	rels := relsOf(root)
	if n := root.first("fh:archive"); n != nil {
		if !slices.Contains(rels, "current") {
			r.at(n, Warning, "MissingCurrentInArchive", "an archived document lacks the link rel=current")
		}
		if !slices.Contains(rels, "prev-archive") && !slices.Contains(rels, "next-archive") {
			r.at(n, Warning, "ArchiveIncomplete", "an archived document leads to no other")
		}
	}
	n := root.first("fh:complete")
	if n == nil {
		return
	}
	for _, l := range root.all("atom:link") {
		switch v := rel(l); {
		case v == "current" && r.self != "" && l.attrs["href"] != r.self:
			r.at(l, Error, "CurrentNotSelfInCompleteFeed", "current of a complete feed is another")
		case v != "current" && slices.Contains(historyRels(), v):
			r.at(l, Error, "FeedRelInCompleteFeed", "a complete feed has the link rel=%s", v)
		}
	}
}

func (r *report) historyInEntry(e *node) {
	for _, l := range e.all("atom:link") {
		if slices.Contains(historyRels(), rel(l)) {
			r.at(l, Warning, "FeedHistoryRelInEntry", "rel=%s is for feeds, not entries", rel(l))
		}
	}
}

// image checks what the image of a channel must repeat, and its size.
func (r *report) image(channel *node) {
	image := channel.first("image")
	if image == nil {
		return
	}
	same := func(name, rule string) {
		mine, its := image.first(name), channel.first(name)
		if mine != nil && its != nil && mine.value() != its.value() {
			r.at(mine, Warning, rule, "%s of the image is not that of the channel", name)
		}
	}
	same("title", "ImageTitleDoesntMatch")
	same("link", "ImageLinkDoesntMatch")
	if u := image.first("url"); u != nil {
		switch strings.ToLower(path.Ext(u.value())) {
		case ".gif", ".jpg", ".jpeg", ".png":
		default:
			r.at(u, Warning, "ImageUrlFormat", "an image is GIF, JPEG or PNG: %s", excerpt(u.value()))
		}
	}
	for name, most := range map[string]int{"width": 144, "height": 400} {
		n := image.first(name)
		if n == nil {
			continue
		}
		if size, err := strconv.Atoi(n.value()); err == nil && size > most {
			r.at(n, Error, "Invalid"+strings.ToUpper(name[:1])+name[1:], "%s is more than %d", name, most)
		}
	}
}

// show checks what directories of podcasts require of a channel some of whose items have
// elements of itunes.
func (r *report) show(channel *node) {
	inItems := false
	for _, item := range channel.all("item") {
		for _, c := range item.children {
			inItems = inItems || strings.HasPrefix(c.name, "itunes:")
		}
	}
	if !inItems {
		return
	}
	for _, name := range []string{"language", "itunes:category", "itunes:explicit"} {
		if !channel.has(name) {
			r.at(channel, Warning, "MissingItunesElement", "a channel of episodes lacks %s", name)
		}
	}
	owner := channel.first("itunes:owner")
	if owner == nil || !owner.has("itunes:email") {
		r.at(channel, Warning, "MissingItunesEmail", "a channel of episodes lacks the owner's mail address")
	}
}

// ContentType checks the Content-Type that a document came with over HTTP.
func ContentType(doc []byte, contentType string) []Finding {
	r := &report{}
	mediaType, params, _ := strings.Cut(strings.ToLower(contentType), ";")
	mediaType = strings.TrimSpace(mediaType)
	wanted := wantedType(doc)
	switch {
	case mediaType == wanted:
	case wanted == "application/feed+json" && mediaType == "application/json",
		wanted != "application/feed+json" && (mediaType == "application/xml" || mediaType == "text/xml"):
		r.add(Hint, "NonSpecificMediaType", "document:1", "%s says less than %s", mediaType, wanted)
	default:
		r.add(Warning, "UnexpectedContentType", "document:1", "sent as %s, not %s", excerpt(mediaType), wanted)
	}
	if _, charset, ok := strings.Cut(params, "charset="); ok {
		charset, _, _ = strings.Cut(strings.Trim(strings.TrimSpace(charset), `"'`), ";")
		if wanted != "application/feed+json" && charset != "utf-8" && !bytes.Contains(doc[:min(len(doc), 100)], []byte(charset)) {
			r.add(Warning, "EncodingMismatch", "document:1", "sent as %s, which is not what it declares", charset)
		}
	}
	return r.findings
}

// wantedType is the media type that a document should be sent with.
func wantedType(doc []byte) string {
	start := doc[:min(len(doc), 1024)]
	switch {
	case looksJSON(doc):
		return "application/feed+json"
	case bytes.Contains(start, []byte("<opml")):
		return "text/x-opml"
	case bytes.Contains(start, []byte("<rss")):
		return "application/rss+xml"
	}
	return "application/atom+xml"
}
