package serve

import (
	"errors"
	"net/http"

	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/feeds/publish"
)

// manipulation is the name of the instance manipulation that leaves out of a feed the
// entries that a client has seen. It is used as RFC 3229 says, but not registered.
const manipulation = "feed"

// delta is what a client that asks for no more has not seen of a feed, and the ETag of
// what it has, as it sent it; nil when it is given the whole.
func (h *handler) delta(r *http.Request, e *publish.Edition) (*publish.Edition, string) {
	if len(e.Marks) == 0 || !wantsDelta(r.Header) {
		return nil, ""
	}
	mark, base := seen(r.Header)
	if base == "" {
		return nil, ""
	}
	d, err := h.publisher.Delta(r.Context(), e, mark)
	if err != nil {
		if !errors.Is(err, publish.ErrNoDelta) && r.Context().Err() == nil {
			h.log.Warn("the whole is sent for what is new", "url", e.Path, "err", err)
		}
		return nil, ""
	}
	return d, base
}

// wantsDelta reads A-IM (RFC 3229 §10.5.3), which has weights as Accept-Encoding has.
func wantsDelta(h http.Header) bool {
	for name, q := range weighted(h["A-Im"]) {
		if name == manipulation && q > 0 {
			return true
		}
	}
	return false
}

// seen is what a client has seen, by the ETag among those that it names that tells of
// most, and that ETag.
func seen(h http.Header) (mark feeds.Mark, base string) {
	for tag := range entityTags(h["If-None-Match"]) {
		if m, ok := publish.SeenBy(tag.opaque); ok && !m.Within(mark) {
			mark, base = m, `"`+tag.opaque+`"`
		}
	}
	return mark, base
}

// sendDelta answers with a part of a feed. The header has the validators of the whole,
// which the client has after this. Only a cache that knows of deltas may keep the
// answer (RFC 3229 §10.4): any other would take the part for the whole.
func (h *handler) sendDelta(
	w http.ResponseWriter, r *http.Request, d *publish.Edition, base string,
) {
	coding, ok := chooseCoding(r.Header["Accept-Encoding"], len(d.Body))
	if !ok {
		h.fail(w, r, http.StatusNotAcceptable)
		return
	}
	header := w.Header()
	d.SetValidators(header, coding)
	h.represent(header, r.URL, d, coding)
	header["Cache-Control"] = h.policy.delta
	header["Im"] = h.policy.manipulation
	header["Delta-Base"] = []string{base}
	w.WriteHeader(http.StatusIMUsed)
	if r.Method == http.MethodGet {
		_, _ = w.Write(d.Bytes(coding))
	}
}
