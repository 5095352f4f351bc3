package serve

import (
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
		for _, list := range tags {
			if matches(list, e.ETag) {
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

// matches compares a list of entity tags with a document, weakly (RFC 9110
// §8.8.3.2). The document's tag in any coding matches, as does one to which a
// proxy has added the name of its own coding ("…-gzip"): the client has the same
// text.
func matches(list, etag string) bool {
	for {
		list = strings.TrimLeft(list, " \t,")
		if strings.HasPrefix(list, "*") {
			return true
		}
		rest, ok := strings.CutPrefix(strings.TrimPrefix(list, "W/"), `"`)
		if !ok {
			return false
		}
		tag, rest, ok := strings.Cut(rest, `"`)
		if !ok {
			return false
		}
		if suffix, ok := strings.CutPrefix(tag, etag); ok && (suffix == "" || suffix[0] == '-') {
			return true
		}
		list = rest
	}
}
