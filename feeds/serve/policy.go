package serve

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/coranto/coranto/feeds/publish"
)

const allowed = "GET, HEAD, OPTIONS"

// The pages have no script and load nothing but our stylesheet and the images
// and media that items name.
const contentSecurity = "default-src 'none'; style-src 'self'; " +
	"img-src 'self' https: http: data:; media-src https: http:; " +
	"frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// staleFor is how long a cache may give an old copy while we can't be reached.
const staleFor = 7 * 24 * time.Hour

// maxFresh is the longest time, in minutes, for which a cache may keep what changes.
const maxFresh = 60

// policy holds the values of the fields that don't depend on the document, made
// once.
type policy struct {
	least time.Duration
	cache [maxFresh + 1][]string // by minutes, the first for least

	none, delta, manipulation, vary, nosniff, referrer, security, opener, origin, expose,
	noIndex, ranges, xml []string
}

func newPolicy(least time.Duration) policy {
	p := policy{
		least:        least,
		none:         []string{"no-store"},
		delta:        []string{"no-store, im"},
		manipulation: []string{manipulation},
		vary:         []string{"Accept-Encoding"},
		nosniff:      []string{"nosniff"},
		referrer:     []string{"no-referrer"},
		security:     []string{contentSecurity},
		opener:       []string{"same-origin"},
		origin:       []string{"*"},
		expose:       []string{"ETag, Last-Modified, Link"},
		noIndex:      []string{"noindex"},
		ranges:       []string{"bytes"},
		xml:          []string{"application/xml; charset=utf-8"},
	}
	for m := range p.cache {
		p.cache[m] = []string{cacheFor(time.Duration(m) * time.Minute)}
	}
	p.cache[0] = []string{cacheFor(least)}
	return p
}

// cacheFor is the value of Cache-Control for what may be kept for a time.
func cacheFor(d time.Duration) string {
	seconds := int(d / time.Second)
	return fmt.Sprintf("public, max-age=%d, stale-while-revalidate=%d, stale-if-error=%d",
		seconds, 2*seconds, int(staleFor/time.Second))
}

// freshFor is the value of Cache-Control for what is expected to stay as it is for a
// time: in whole minutes, not less than the policy's least, and not above maxFresh.
func (p *policy) freshFor(d time.Duration) []string {
	if d < p.least+time.Minute {
		return p.cache[0]
	}
	return p.cache[min(int(d/time.Minute), maxFresh)]
}

// isOpen reports whether a document is data for programs, which scripts of other
// sites may read. All else is what a browser shows.
func isOpen(e *publish.Edition) bool {
	for _, shown := range []string{"text/html", "text/css", "image/"} {
		if strings.HasPrefix(e.MediaType, shown) {
			return false
		}
	}
	return true
}

// brief sets what every answer has, a 304 too (RFC 9110 §15.4.5).
func (p *policy) brief(h http.Header, open bool, cache []string) {
	h["Cache-Control"] = cache
	if h["Vary"] == nil {
		h["Vary"] = p.vary
	}
	if open {
		h["Access-Control-Allow-Origin"] = p.origin
		h["Access-Control-Expose-Headers"] = p.expose
	}
}

// full also sets what a browser needs to know of a body.
func (p *policy) full(h http.Header, open bool, cache []string) {
	p.brief(h, open, cache)
	h["X-Content-Type-Options"] = p.nosniff
	if open {
		return
	}
	h["Referrer-Policy"] = p.referrer
	h["Content-Security-Policy"] = p.security
	h["Cross-Origin-Opener-Policy"] = p.opener
}
