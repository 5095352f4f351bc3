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
//
// Its ETag is a hash of its bytes. That of a feed from which single entries can be
// asked goes on with "-" and the greatest of Marks: who names it again says what it has
// seen, to every machine that publishes the same store. Each coding adds a suffix of its
// own, because it has other bytes (RFC 9110 §8.8.3.3).
type Edition struct {
	feeds.Document

	Scope feeds.Scope // what a feed or list shows; zero for documents of no category or source

	coders *coders
	fields fields
	coded  [codings]coded
	newest feeds.Mark // greatest of Marks
	deltas deltas
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
	e := &Edition{Document: *doc, coders: coders}
	e.Scope, _ = cutScope(doc.Path)
	for _, m := range doc.Marks {
		e.newest = e.newest.Max(m)
	}
	e.ETag = tagOf(doc.Body, e.newest)
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

// hashSize is the length of the hash in an ETag.
const hashSize = 32

func tagOf(body []byte, newest feeds.Mark) string {
	sum := sha256.Sum256(body)
	tag := hex.EncodeToString(sum[:hashSize/2])
	if newest != (feeds.Mark{}) {
		tag += "-" + writeMark(newest)
	}
	return tag
}

// Bytes is the body in a coding. It is the cache's own: the caller must not
// change it.
func (e *Edition) Bytes(c Coding) []byte { return e.in(c).body }

// Tag is the ETag in a coding, with its quotes.
func (e *Edition) Tag(c Coding) string { return e.fields.etag[c][0] }

// SetValidators sets the fields that a 304 shares with a 200: ETag,
// Last-Modified and Link.
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
// coded copies and all that surrounds it; and once more, for its deltas.
func (e *Edition) cost() int64 {
	times := int64(2)
	if len(e.Marks) > 0 {
		times = 3
	}
	return times*int64(len(e.Body)) + 1024
}
