package serve

import (
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/coranto/coranto/feeds/publish"
)

// notModified reports whether a request says that the client has the document
// already (RFC 9110 §13.2.2: If-None-Match goes before If-Modified-Since). A
// date that is none, or that comes twice, is ignored.
func notModified(h http.Header, e *publish.Edition) bool {
	if tags := h["If-None-Match"]; tags != nil {
		for tag := range entityTags(tags) {
			if matches(tag, e) {
				return true
			}
		}
		return false
	}
	since := h["If-Modified-Since"]
	if len(since) != 1 || e.Modified.IsZero() {
		return false
	}
	t, err := http.ParseTime(since[0])
	return err == nil && !e.Modified.Truncate(time.Second).After(t)
}

// matches compares an entity tag with a document, weakly (RFC 9110 §8.8.3.2). The
// document's tag in any coding matches, as does one to which a proxy has added the name
// of its own coding ("…-gzip"): the client has the same text.
func matches(tag entityTag, e *publish.Edition) bool {
	suffix, ok := strings.CutPrefix(tag.opaque, e.ETag)
	return tag.any || ok && (suffix == "" || suffix[0] == '-')
}

// unmet reports whether a request is to be done only in a state that a document is not
// in (RFC 9110 §13.1.1, §13.1.4). The comparison is strong: of the very bytes that would
// be sent. If-Match goes before If-Unmodified-Since.
func unmet(h http.Header, e *publish.Edition, coding publish.Coding) bool {
	if tags := h["If-Match"]; tags != nil {
		for tag := range entityTags(tags) {
			if tag.any || !tag.weak && e.Tag(coding) == `"`+tag.opaque+`"` {
				return false
			}
		}
		return true
	}
	since := h["If-Unmodified-Since"]
	if len(since) != 1 || e.Modified.IsZero() {
		return false
	}
	t, err := http.ParseTime(since[0])
	return err == nil && e.Modified.Truncate(time.Second).After(t)
}

// entityTag is an element of If-Match or If-None-Match.
type entityTag struct {
	opaque string // without quotes
	weak   bool
	any    bool // it is "*", which stands for every tag
}

// entityTags yields the elements of lists of entity tags, each up to the first that is
// none.
func entityTags(lists []string) iter.Seq[entityTag] {
	return func(yield func(entityTag) bool) {
		for _, list := range lists {
			for {
				tag, rest, ok := cutTag(list)
				if !ok {
					break
				}
				if !yield(tag) {
					return
				}
				list = rest
			}
		}
	}
}

// cutTag takes the first element off a list.
func cutTag(list string) (tag entityTag, rest string, ok bool) {
	list = strings.TrimLeft(list, " \t,")
	if rest, ok := strings.CutPrefix(list, "*"); ok {
		return entityTag{any: true}, rest, true
	}
	list, tag.weak = strings.CutPrefix(list, "W/")
	list, ok = strings.CutPrefix(list, `"`)
	if !ok {
		return tag, "", false
	}
	tag.opaque, rest, ok = strings.Cut(list, `"`)
	return tag, rest, ok
}
