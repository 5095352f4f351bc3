// Package serve answers HTTP requests with the documents of package publish.
//
// # Contract
//
// GET, HEAD and OPTIONS only. A path names one document or none; a page without its
// last slash redirects to it, and so does a category under an earlier name. Every
// document has a strong ETag for each content coding, answers conditional requests
// and requests for ranges (RFC 9110 §13, §14), and is given in the coding that the
// client likes best of br, zstd, gzip and none. A feed is told by what is new in it to
// who asks for that (RFC 3229). What is sent depends on the path and the client's
// preferences alone: never on Host or on any forwarding field, so that no cache can be
// poisoned. An error is never sent with a status of success.
//
// "/feed" below the path of a scope is the feed in the format that the client
// accepts, or the page when it would rather have HTML. "?view=xml" shows a feed in a
// browser as plain XML.
package serve

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/publish"
	"github.com/coranto/coranto/storage"
)

// Options configures a handler. Publisher is required.
type Options struct {
	Publisher *publish.Publisher
	MaxAge    time.Duration            // for which caches may keep a document; 0 means 5 minutes
	NotFound  func(path string) []byte // HTML for a path of no document; nil means a line of text
	Problem   func(status int) []byte  // HTML for other errors; nil means a line of text
	Ready     func() error             // what /readyz asks; nil means always ready
	Logger    *slog.Logger             // nil logs nothing

	// Fresh tells for how long nothing new is expected in a category or source, and so
	// for how long caches may keep its feeds and pages, when that is longer than
	// MaxAge and up to an hour. nil means that nobody knows.
	Fresh func(feeds.Scope) time.Duration

	// Contact is a mail address or URL for /.well-known/security.txt (RFC 9116); ""
	// means that there is none.
	Contact string

	// Rate is how many answers a second a client may ask for, on average over a
	// minute, before it is told to wait; 0 means any number. Answers that it has the
	// document already are not counted, and who asks from a loopback or private
	// address is no client but a proxy.
	Rate float64

	Now coranto.Clock // nil means time.Now
}

// handler is what Handler returns.
type handler struct {
	publisher *publish.Publisher
	formats   []feeds.Format // the default first
	base      string         // of the site's URL: "" or "/planet"
	policy    policy
	notFound  func(path string) []byte
	problem   func(status int) []byte
	ready     func() error
	fresh     func(feeds.Scope) time.Duration
	throttle  *throttle
	security  []byte // of security.txt, but for its last line; nil when there is none
	now       coranto.Clock
	log       *slog.Logger
}

// Handler returns a handler for all that a publication shows its readers, and
// for the health checks /livez and /readyz.
func Handler(opts Options) http.Handler {
	h := &handler{
		publisher: opts.Publisher,
		formats:   defaultFirst(opts.Publisher.Formats()),
		policy:    newPolicy(cmp.Or(opts.MaxAge, 5*time.Minute)),
		notFound:  opts.NotFound,
		problem:   opts.Problem,
		ready:     opts.Ready,
		fresh:     opts.Fresh,
		now:       opts.Now,
		log:       cmp.Or(opts.Logger, slog.New(slog.DiscardHandler)),
	}
	if h.ready == nil {
		h.ready = func() error { return nil }
	}
	if h.fresh == nil {
		h.fresh = func(feeds.Scope) time.Duration { return 0 }
	}
	if h.now == nil {
		h.now = time.Now
	}
	h.throttle = newThrottle(opts.Rate, h.now)
	h.locate(opts.Contact)
	return h
}

// locate takes from the site's URL what depends on it.
func (h *handler) locate(contact string) {
	u, err := url.Parse(h.publisher.Site().URL)
	if err != nil {
		u = &url.URL{}
	}
	h.base = strings.TrimSuffix(u.EscapedPath(), "/")
	h.security = securityText(contact, u)
}

// defaultFirst puts Atom first: it says most.
func defaultFirst(formats []feeds.Format) []feeds.Format {
	formats = slices.Clone(formats)
	slices.SortStableFunc(formats, func(a, b feeds.Format) int {
		return cmp.Compare(rank(a), rank(b))
	})
	return formats
}

func rank(f feeds.Format) int {
	if f.Name == "atom" {
		return 0
	}
	return 1
}

// ServeHTTP implements http.Handler.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, ok := h.path(r.URL)
	switch {
	case !h.throttle.admit(r) && !isHealth(path):
		w.Header().Set("Retry-After", "60")
		// A page for people would cost more than what was asked for.
		plain(w, http.StatusTooManyRequests, "too many requests: please wait a minute")
	case r.Method == http.MethodOptions:
		h.options(w)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", allowed)
		h.fail(w, r, http.StatusMethodNotAllowed)
	case !ok:
		h.fail(w, r, http.StatusNotFound)
	default:
		h.get(w, r, path)
	}
}

// get answers a request for what is at a path.
func (h *handler) get(w http.ResponseWriter, r *http.Request, path string) {
	if h.own(w, r, path) {
		return
	}
	if scope, ok := strings.CutSuffix(path, "/feed"); ok && len(h.formats) > 0 {
		h.negotiated(w, r, scope+"/")
		return
	}
	edition, err := h.publisher.Get(r.Context(), path)
	switch {
	case err == nil:
		h.send(w, r, edition)
	case errors.Is(err, feeds.ErrNotFound) && h.isPage(r.Context(), path+"/"):
		h.redirect(w, r, http.StatusPermanentRedirect, path+"/")
	default:
		h.lose(w, r, path, err)
	}
}

// path is the document's path that a URL asks for. One that had to be escaped
// in an unusual way is nobody's, so that no document has two addresses; and so is one
// with a name that begins with a dot, but for what is well known.
func (h *handler) path(u *url.URL) (path string, ok bool) {
	path = u.Path
	if rest, ok := strings.CutPrefix(path, h.base+"/"); ok {
		path = "/" + rest
	}
	hidden := strings.Contains(path, "/.") && path != securityPath
	return path, u.RawPath == "" && !hidden && !strings.Contains(path, "//")
}

// isPage reports whether there is a page at a path. The names of pages have no
// dot.
func (h *handler) isPage(ctx context.Context, path string) bool {
	if strings.Contains(path, ".") || strings.HasSuffix(path, "//") {
		return false
	}
	_, err := h.publisher.Get(ctx, path)
	return err == nil
}

// isGone reports whether there was a document at a path, or a page but for its slash.
func (h *handler) isGone(ctx context.Context, path string) bool {
	return h.publisher.Gone(ctx, path) || h.publisher.Gone(ctx, strings.TrimSuffix(path, "/")+"/")
}

// redirect leads to another path of ours. Scripts of other sites may follow to feeds.
func (h *handler) redirect(w http.ResponseWriter, r *http.Request, status int, path string) {
	h.policy.full(w.Header(), false, h.policy.freshFor(0))
	if !strings.HasSuffix(path, "/") {
		h.policy.brief(w.Header(), true, h.policy.freshFor(0))
	}
	http.Redirect(w, r, h.base+(&url.URL{Path: path}).EscapedPath(), status)
}

// send answers with a document, or tells that the client has it.
func (h *handler) send(w http.ResponseWriter, r *http.Request, e *publish.Edition) {
	coding, ok := chooseCoding(r.Header["Accept-Encoding"], len(e.Body))
	switch {
	case !ok:
		h.fail(w, r, http.StatusNotAcceptable)
		return
	case unmet(r.Header, e, coding):
		h.fail(w, r, http.StatusPreconditionFailed)
		return
	}
	header := w.Header()
	e.SetValidators(header, coding)
	open := isOpen(e)
	if notModified(r.Header, e) {
		h.throttle.forgive(r)
		h.policy.brief(header, open, h.policy.freshFor(h.freshFor(e)))
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.policy.full(header, open, h.policy.freshFor(h.freshFor(e)))
	if delta, base := h.delta(r, e); delta != nil {
		h.sendDelta(w, r, delta, base)
		return
	}
	header["Accept-Ranges"] = h.policy.ranges
	h.represent(header, r.URL, e, coding)
	if r.Method == http.MethodGet && r.Header["Range"] != nil {
		sendRanges(w, r, e, coding)
		return
	}
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		// The client's going away is no error of ours.
		_, _ = w.Write(e.Bytes(coding))
	}
}

// freshFor is for how long nothing new is expected in a document.
func (h *handler) freshFor(e *publish.Edition) time.Duration {
	if e.Scope.By == storage.All {
		return 0 // somewhere there is always something new
	}
	return h.fresh(e.Scope)
}

// represent sets the fields that describe what is sent. A browser that is asked to
// view XML shows it, and neither runs nor loads what is in it.
func (h *handler) represent(
	header http.Header, u *url.URL, e *publish.Edition, coding publish.Coding,
) {
	e.SetRepresentation(header, coding)
	if e.NoIndex {
		header["X-Robots-Tag"] = h.policy.noIndex
	}
	if u.RawQuery != "" && strings.Contains(e.MediaType, "xml") && u.Query().Get("view") == "xml" {
		header["Content-Type"] = h.policy.xml
		header["Content-Security-Policy"] = h.policy.security
	}
}

// lose answers a request for a document that there is not, or not now.
func (h *handler) lose(w http.ResponseWriter, r *http.Request, path string, err error) {
	unknown := errors.Is(err, feeds.ErrNotFound)
	status, elsewhere := 0, ""
	if unknown {
		status, elsewhere = h.elsewhere(r.Context(), path)
	}
	switch {
	case status != 0:
		h.redirect(w, r, status, elsewhere)
	case unknown && h.isGone(r.Context(), path):
		h.fail(w, r, http.StatusGone)
	case unknown:
		h.fail(w, r, http.StatusNotFound)
	case r.Context().Err() != nil:
		// Nobody is there to read an answer.
	default:
		h.log.Error("document could not be made", "url", path, "err", err)
		w.Header().Set("Retry-After", "60")
		h.fail(w, r, http.StatusInternalServerError)
	}
}

// elsewhere is where a path without a document leads, for good or for now; a status of
// 0 means nowhere.
func (h *handler) elsewhere(ctx context.Context, path string) (status int, to string) {
	if to, ok := h.publisher.Moved(path); ok {
		return http.StatusPermanentRedirect, to
	}
	if to, ok := h.publisher.Coming(ctx, path); ok {
		return http.StatusTemporaryRedirect, to
	}
	return 0, ""
}

// fail answers with an error status and a page for people.
func (h *handler) fail(w http.ResponseWriter, r *http.Request, status int) {
	var body []byte
	switch {
	case status == http.StatusNotFound && h.notFound != nil:
		body = h.notFound(r.URL.Path)
	case h.problem != nil:
		body = h.problem(status)
	}
	header := w.Header()
	for _, name := range []string{"Etag", "Last-Modified", "Link", "Content-Location"} {
		delete(header, name)
	}
	if body == nil {
		plain(w, status, strings.ToLower(http.StatusText(status)))
		return
	}
	h.policy.full(header, false, h.policy.none)
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// options answers OPTIONS, and so what a browser asks before it sends a
// conditional request from another site.
func (h *handler) options(w http.ResponseWriter) {
	header := w.Header()
	h.policy.brief(header, true, h.policy.freshFor(0))
	header.Set("Allow", allowed)
	header.Set("Access-Control-Allow-Methods", allowed)
	header.Set("Access-Control-Allow-Headers",
		"A-IM, If-Match, If-Modified-Since, If-None-Match, If-Range, If-Unmodified-Since, Range")
	header.Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
}
