package serve

import (
	"bytes"
	"net/http"

	"github.com/coranto/coranto/feeds/publish"
)

// sendRanges answers with the ranges of a document in a coding that a request names
// (RFC 9110 §14), unless If-Range says that the client has other bytes. The header has
// the fields of the whole; net/http knows the rest. Other conditions were looked at.
func sendRanges(
	w http.ResponseWriter, r *http.Request, e *publish.Edition, coding publish.Coding,
) {
	asked := &http.Request{Method: r.Method, Header: http.Header{
		"Range": r.Header["Range"], "If-Range": r.Header["If-Range"],
	}}
	whole := w.Header()["Content-Length"]
	delete(w.Header(), "Content-Length")
	body := bytes.NewReader(e.Bytes(coding))
	http.ServeContent(&rangeWriter{w, whole}, asked, "", e.Modified, body)
}

// rangeWriter gives an answer that turns out to be the whole its length, which
// net/http leaves out of one with a coding.
type rangeWriter struct {
	http.ResponseWriter
	whole []string
}

// WriteHeader implements http.ResponseWriter.
func (w *rangeWriter) WriteHeader(status int) {
	if status == http.StatusOK {
		w.Header()["Content-Length"] = w.whole
	}
	w.ResponseWriter.WriteHeader(status)
}
