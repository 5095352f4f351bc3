package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"sync"

	"github.com/coranto/coranto/feeds"
)

// Edition is a document ready to be delivered: with its validators and, made
// when first asked for, its copies in content codings. It never changes.
type Edition struct {
	feeds.Document

	coders *coders
	fields fields
	coded  [codings]coded
}

// fields are the values of header fields, made once.
type fields struct {
	contentType, lastModified, link []string
	etag                            [codings][]string
}

// coded is the document in one coding.
type coded struct {
	once   sync.Once
	body   []byte
	length []string
}

// newEdition completes a document. links are the values of its Link field.
func newEdition(doc *feeds.Document, coders *coders, links []string) *Edition {
	sum := sha256.Sum256(doc.Body)
	e := &Edition{Document: *doc, coders: coders}
	e.ETag = hex.EncodeToString(sum[:16])
	e.fields.contentType = []string{doc.MediaType}
	e.fields.link = links
	if !doc.Modified.IsZero() {
		e.fields.lastModified = []string{doc.Modified.UTC().Format(http.TimeFormat)}
	}
	for c := range codings {
		e.fields.etag[c] = []string{`"` + e.ETag + c.suffix() + `"`}
	}
	return e
}

// Bytes is the body in a coding. It is the cache's own: the caller must not
// change it.
func (e *Edition) Bytes(c Coding) []byte { return e.in(c).body }

// SetValidators sets the fields that a 304 shares with a 200: ETag,
// Last-Modified and Link. The ETag is strong and differs between codings (RFC
// 9110 §8.8.3.3).
func (e *Edition) SetValidators(h http.Header, c Coding) {
	h["Etag"] = e.fields.etag[c]
	if e.fields.lastModified != nil {
		h["Last-Modified"] = e.fields.lastModified
	}
	if e.fields.link != nil {
		h["Link"] = e.fields.link
	}
}

// SetRepresentation sets the fields that describe the body in a coding:
// Content-Type, Content-Length and Content-Encoding.
func (e *Edition) SetRepresentation(h http.Header, c Coding) {
	h["Content-Type"] = e.fields.contentType
	h["Content-Length"] = e.in(c).length
	if c != Identity {
		h["Content-Encoding"] = e.coders.names[c]
	}
}

func (e *Edition) in(c Coding) *coded {
	twin := &e.coded[c]
	twin.once.Do(func() {
		twin.body = e.coders.encode(c, e.Body)
		twin.length = []string{strconv.Itoa(len(twin.body))}
	})
	return twin
}

// cost is what an edition is counted as: its body and as much again, for its
// coded copies and all that surrounds it.
func (e *Edition) cost() int64 { return 2*int64(len(e.Body)) + 1024 }
