package hub

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/internal/host"
)

// soon is when to ask again what could not be taken for the moment.
const soon = 10 * time.Second

// ServeHTTP takes the requests of subscribers (WebSub §5.1): 202 means that the callback
// is going to be asked, another status comes with a line that says why not.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	no := h.read(w, r)
	if no == nil {
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "the callback is going to be asked\n")
		return
	}
	if no.status == http.StatusMethodNotAllowed {
		header.Set("Allow", http.MethodPost)
	}
	if no.after > 0 {
		header.Set("Retry-After", strconv.Itoa(int(no.after/time.Second)))
	}
	w.WriteHeader(no.status)
	_, _ = fmt.Fprintln(w, no.why)
}

// read takes one request, or says why not.
func (h *Hub) read(w http.ResponseWriter, r *http.Request) *refusal {
	if r.Method != http.MethodPost {
		return refuse(http.StatusMethodNotAllowed,
			"this is a WebSub hub: feed readers subscribe here by POST")
	}
	if !h.limits.take("from "+remote(r), h.now(), 1) {
		return later(http.StatusTooManyRequests, time.Minute, "too many requests")
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return refuse(http.StatusUnsupportedMediaType,
			"a form is wanted: application/x-www-form-urlencoded")
	}
	form, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return refuse(http.StatusRequestEntityTooLarge, "the form is longer than %d bytes", maxForm)
	case err != nil:
		return refuse(http.StatusBadRequest, "the form did not come whole")
	}
	req, no := parseRequest(form)
	if no != nil {
		return no
	}
	return h.consider(r, req)
}

// consider decides whether a request is going to be put to its callback.
func (h *Hub) consider(r *http.Request, req request) *refusal {
	path, ok := h.topicPath(req.topic)
	if !ok {
		return refuse(http.StatusNotFound, "hub.topic must be a feed of %s by its own address, as in "+
			"its link with rel=self", h.opts.Publisher.Site().URL)
	}
	q := &question{request: req, path: path, lane: host.Lane(req.callback)}
	if req.mode == modeSubscribe {
		doc, err := h.opts.Publisher.Get(r.Context(), path)
		switch {
		case errors.Is(err, feeds.ErrNotFound):
			return refuse(http.StatusNotFound, "there is no such feed")
		case err != nil:
			return later(http.StatusServiceUnavailable, soon, "the feed can't be read now")
		}
		q.has = hashOf(doc.Body)
	}
	return h.enter(q)
}

// topicPath is the path of the document that a topic names: of a feed, if it is
// published. A topic is the feed's own address to the letter.
func (h *Hub) topicPath(topic string) (path string, ok bool) {
	site := h.opts.Publisher.Site()
	rest, ok := strings.CutPrefix(topic, site.URL)
	if !ok || site.URL == "" {
		return "", false
	}
	dir, file := "", rest
	if i := strings.LastIndexByte(rest, '/'); i >= 0 {
		dir, file = rest[:i+1], rest[i+1:]
	}
	isFeed := slices.ContainsFunc(h.opts.Publisher.Formats(), func(f feeds.Format) bool {
		return f.File == file
	})
	return "/" + rest, isFeed && isScope(dir)
}

// isScope reports whether a folder is the one of a scope: "", "category/go/",
// "source/go-blog/".
func isScope(dir string) bool {
	if dir == "" {
		return true
	}
	kind, name, _ := strings.Cut(dir, "/")
	name, closed := strings.CutSuffix(name, "/")
	return (kind == "category" || kind == "source") && closed && name != "" &&
		!strings.ContainsAny(name, "/?#%")
}
