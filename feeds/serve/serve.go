// Package serve answers HTTP requests with the documents of package publish.
//
// # Contract
//
// GET and HEAD only. A path names one document or none; a page without its last
// slash redirects to it. Every document has a strong ETag for each content
// coding, answers conditional requests (RFC 9110 §13), and is given in the
// coding that the client likes best of br, zstd, gzip and none. What is sent
// depends on the path and the client's preferences alone: never on Host or on
// any forwarding field, so that no cache can be poisoned.
//
// "/feed" below the path of a scope is the feed in the format that the client
// accepts, or the page when it would rather have HTML.
package serve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/publish"
)

// Paths of the health checks.
const (
	livePath  = "/livez"
	readyPath = "/readyz"
)

// Options configures a handler. Publisher is required.
type Options struct {
	Publisher *publish.Publisher
	MaxAge    time.Duration            // for which caches may keep a document; 0 means 5 minutes
	NotFound  func(path string) []byte // HTML for a path of no document; nil means a line of text
	Problem   func(status int) []byte  // HTML for other errors; nil means a line of text
	Ready     func() error             // what /readyz asks; nil means always ready
	Logger    *slog.Logger             // nil logs nothing
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
		log:       cmp.Or(opts.Logger, slog.New(slog.DiscardHandler)),
	}
	if u, err := url.Parse(opts.Publisher.Site().URL); err == nil {
		h.base = strings.TrimSuffix(u.EscapedPath(), "/")
	}
	if h.ready == nil {
		h.ready = func() error { return nil }
	}
	return h
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
	switch {
	case r.Method == http.MethodOptions:
		h.options(w)
		return
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", allowed)
		h.fail(w, r, http.StatusMethodNotAllowed)
		return
	case r.URL.Path == livePath:
		plain(w, http.StatusOK, "ok")
		return
	case r.URL.Path == readyPath:
		h.health(w)
		return
	}
	path, ok := h.path(r.URL)
	if !ok {
		h.fail(w, r, http.StatusNotFound)
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
// in an unusual way is nobody's, so that no document has two addresses.
func (h *handler) path(u *url.URL) (path string, ok bool) {
	path = u.Path
	if rest, ok := strings.CutPrefix(path, h.base+"/"); ok {
		path = "/" + rest
	}
	return path, u.RawPath == "" && !strings.Contains(path, "//")
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

// redirect leads to another path of ours.
func (h *handler) redirect(w http.ResponseWriter, r *http.Request, status int, path string) {
	h.policy.brief(w.Header(), false)
	http.Redirect(w, r, h.base+(&url.URL{Path: path}).EscapedPath(), status)
}

// send answers with a document, or tells that the client has it.
func (h *handler) send(w http.ResponseWriter, r *http.Request, e *publish.Edition) {
	coding, ok := chooseCoding(r.Header["Accept-Encoding"], len(e.Body))
	if !ok {
		h.fail(w, r, http.StatusNotAcceptable)
		return
	}
	header := w.Header()
	e.SetValidators(header, coding)
	if notModified(r.Header, e) {
		h.policy.brief(header, isOpen(e))
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.policy.full(header, isOpen(e))
	e.SetRepresentation(header, coding)
	if e.NoIndex {
		header["X-Robots-Tag"] = h.policy.noIndex
	}
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		// The client's going away is no error of ours.
		_, _ = w.Write(e.Bytes(coding))
	}
}

// lose answers a request for a document that there is not, or not now.
func (h *handler) lose(w http.ResponseWriter, r *http.Request, path string, err error) {
	switch {
	case errors.Is(err, feeds.ErrNotFound) && h.publisher.Gone(r.Context(), path):
		h.fail(w, r, http.StatusGone)
	case errors.Is(err, feeds.ErrNotFound):
		h.fail(w, r, http.StatusNotFound)
	case r.Context().Err() != nil:
		// Nobody is there to read an answer.
	default:
		h.log.Error("document could not be made", "url", path, "err", err)
		w.Header().Set("Retry-After", "60")
		h.fail(w, r, http.StatusInternalServerError)
	}
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
	if body == nil {
		plain(w, status, strings.ToLower(http.StatusText(status)))
		return
	}
	header := w.Header()
	h.policy.full(header, false)
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// options answers OPTIONS, and so what a browser asks before it sends a
// conditional request from another site.
func (h *handler) options(w http.ResponseWriter) {
	header := w.Header()
	h.policy.brief(header, true)
	header.Set("Allow", allowed)
	header.Set("Access-Control-Allow-Methods", allowed)
	header.Set("Access-Control-Allow-Headers", "If-None-Match, If-Modified-Since")
	w.WriteHeader(http.StatusNoContent)
}

func (h *handler) health(w http.ResponseWriter) {
	if err := h.ready(); err != nil {
		h.log.Warn("not ready", "err", err)
		plain(w, http.StatusServiceUnavailable, "not ready")
		return
	}
	plain(w, http.StatusOK, "ready")
}

// plain answers with one line of text that nobody keeps.
func plain(w http.ResponseWriter, status int, line string) {
	header := w.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, fmt.Sprintln(line))
}
