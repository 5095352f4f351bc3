package lint

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// object is a JSON object with its place in the document.
type object struct {
	place  string
	fields map[string]any
}

func (o object) str(name string) string {
	s, _ := o.fields[name].(string)
	return s
}

func (o object) has(name string) bool { return o.fields[name] != nil }

// jsonFeed checks JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).
func (r *report) jsonFeed(doc []byte) {
	feed := object{place: "feed"}
	if err := json.Unmarshal(doc, &feed.fields); err != nil {
		r.add(Error, "InvalidJSON", "document", "not a JSON object: %v", err)
		return
	}
	r.lines = linesOf(doc)
	r.fields(feed, feedFields())
	if !strings.HasPrefix(feed.str("version"), "https://jsonfeed.org/version/1") {
		r.add(Error, "InvalidVersion", feed.place, "version is %s", excerpt(feed.str("version")))
	}
	if r.self != "" && feed.str("feed_url") != r.self {
		r.add(Warning, "SelfDoesntMatchLocation", feed.place, "feed_url is %s, published at %s",
			excerpt(feed.str("feed_url")), r.self)
	}
	if next := feed.str("next_url"); next != "" && next == feed.str("feed_url") {
		r.add(Error, "InvalidNextURL", feed.place, "next_url is the feed itself")
	}
	if _, list := feed.fields["items"].([]any); !list {
		r.add(Error, "MissingElement", feed.place, "feed lacks the array items")
	}
	ids := make(map[string]bool)
	for _, item := range r.objects(feed, "items") {
		r.jsonItem(item, ids)
	}
}

// form checks a value of a field.
type form func(r *report, o object, name string)

func feedFields() map[string]form {
	return map[string]form{
		"version": text, "title": requiredText, "home_page_url": webAddress, "feed_url": webAddress,
		"description": text, "user_comment": text, "next_url": webAddress, "icon": webAddress,
		"favicon": webAddress, "author": anything, "authors": people, "language": languageField,
		"expired": anything, "hubs": anything, "items": anything,
	}
}

func itemFields() map[string]form {
	return map[string]form{
		"id": requiredText, "url": webAddress, "external_url": webAddress, "title": text,
		"content_html": htmlField, "content_text": text, "summary": text, "image": webAddress,
		"banner_image": webAddress, "date_published": dateField, "date_modified": dateField,
		"author": anything, "authors": people, "tags": tagList, "language": languageField,
		"attachments": attachments,
	}
}

// fields checks each field in its form. Extensions begin with an underscore.
func (r *report) fields(o object, forms map[string]form) {
	for _, name := range slices.Sorted(maps.Keys(o.fields)) {
		if forms[name] == nil && !strings.HasPrefix(name, "_") {
			r.add(Warning, "UndefinedElement", o.place, "%s is no field of JSON Feed 1.1", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(forms)) {
		forms[name](r, o, name)
	}
}

func (r *report) jsonItem(item object, ids map[string]bool) {
	r.fields(item, itemFields())
	if !item.has("content_html") && !item.has("content_text") {
		r.add(Error, "MissingTextualContent", item.place, "neither content_html nor content_text")
	}
	if id := item.str("id"); ids[id] {
		r.add(Error, "DuplicateEntries", item.place, "id is there twice: %s", excerpt(id))
	} else {
		ids[id] = true
	}
}

// objects are those in an array, each with its place.
func (r *report) objects(o object, name string) []object {
	array, _ := o.fields[name].([]any)
	var list []object
	for i, v := range array {
		place := fmt.Sprintf("%s/%s[%d]", o.place, name, i+1)
		fields, ok := v.(map[string]any)
		if !ok {
			r.add(Error, "InvalidJSON", place, "not an object")
		}
		list = append(list, object{place, fields})
	}
	return list
}

func anything(*report, object, string) {}

func text(r *report, o object, name string) {
	s, ok := o.fields[name].(string)
	if !ok && o.has(name) {
		r.add(Error, "InvalidJSON", o.place, "%s is no string", name)
	}
	if c, bad := badCharacter(s); bad {
		r.add(Warning, "BadCharacters", o.place, "%s holds %U", name, c)
	}
}

func requiredText(r *report, o object, name string) {
	text(r, o, name)
	if strings.TrimSpace(o.str(name)) == "" {
		r.add(Error, "MissingElement", o.place, "%s is missing or empty", name)
	}
}

func webAddress(r *report, o object, name string) {
	text(r, o, name)
	if o.has(name) && !isURI(o.str(name)) {
		r.add(Error, "InvalidFullLink", o.place, "%s is no full address: %s", name, excerpt(o.str(name)))
	}
}

func htmlField(r *report, o object, name string) {
	text(r, o, name)
	if ref := relativeReference(o.str(name)); ref != "" {
		r.add(Warning, "ContainsRelRef", o.place, "%s refers to %s", name, excerpt(ref))
	}
}

func dateField(r *report, o object, name string) {
	if _, err := time.Parse(time.RFC3339, o.str(name)); o.has(name) && err != nil {
		r.add(Error, "InvalidRFC3339Date", o.place, "%s is no date: %s", name, excerpt(o.str(name)))
	}
}

func languageField(r *report, o object, name string) {
	if o.has(name) && !KnownLanguage(o.str(name)) {
		r.add(Error, "InvalidLanguage", o.place, "%s is no language: %s", name, excerpt(o.str(name)))
	}
}

func tagList(r *report, o object, name string) {
	array, ok := o.fields[name].([]any)
	if o.has(name) && !ok {
		r.add(Error, "InvalidJSON", o.place, "%s is no array", name)
	}
	for _, v := range array {
		if s, ok := v.(string); !ok || strings.TrimSpace(s) == "" {
			r.add(Error, "InvalidJSON", o.place, "a tag is empty or no string")
		}
	}
}

func people(r *report, o object, name string) {
	for _, p := range r.objects(o, name) {
		r.fields(p, map[string]form{"name": text, "url": webAddress, "avatar": webAddress})
		if !p.has("name") && !p.has("url") && !p.has("avatar") {
			r.add(Error, "MissingElement", p.place, "an author has no name, url or avatar")
		}
	}
}

func attachments(r *report, o object, name string) {
	for _, a := range r.objects(o, name) {
		r.fields(a, map[string]form{
			"url": webAddress, "mime_type": requiredText, "title": text,
			"size_in_bytes": amount, "duration_in_seconds": amount,
		})
		if !a.has("url") {
			r.add(Error, "MissingAttribute", a.place, "an attachment has no url")
		}
		if !IsMediaType(a.str("mime_type")) {
			r.add(Error, "InvalidMIMEType", a.place, "mime_type is %s", excerpt(a.str("mime_type")))
		}
	}
}

func amount(r *report, o object, name string) {
	if v, ok := o.fields[name].(float64); o.has(name) && (!ok || v < 0) {
		r.add(Error, "InvalidNonNegativeInteger", o.place, "%s is %v", name, o.fields[name])
	}
}
