// Package parse turns the bytes of a source's document into a feed.
//
// # The contract
//
// Parse takes one RSS, RDF, Atom or JSON Feed document as a server sent it and
// returns what it says, with a list of problems: everything that was guessed,
// repaired or left out, each a sentence an operator understands. A document gives
// either a feed or an error; a broken one gives as much as can be trusted. Parse
// does no input or output, keeps nothing between calls and is safe for
// concurrent use.
//
// # The layers
//
// The charset layer makes clean UTF-8 of the bytes. The guard refuses documents
// that cost too much. The repair layer mends what would stop an XML parser. The
// lift replaces bodies by short tokens and writes what gofeed would drop where
// gofeed keeps it. gofeed, the parser, reads what is left. The translation builds
// the feed from gofeed's typed originals, never from its universal feed, and puts
// the bodies back. Of a JSON Feed there is nothing to lift: jsondoc is its guard and
// its repair.
//
// Only this package imports gofeed. It is called by the feed kind of
// aggregate/source and by the inspect command.
package parse

import (
	"bytes"
	"cmp"
	"net/url"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/parse/charset"
	"github.com/coranto/coranto/aggregate/parse/markup/text"

	"github.com/coranto/coranto/aggregate/parse/markup"
)

// Limits of the number of items that are read.
const (
	defaultMaxItems = 1000
	mostItems       = 10_000
)

// Document is a source's document as it came from the wire, decompressed.
type Document struct {
	Body        []byte
	ContentType string         // the response's media type with its charset; "" when unknown
	URL         string         // Content-Location or final URL: the base of links; "" means none
	Zone        *time.Location // of dates that name no zone; nil means UTC
	MaxItems    int            // the newest items are kept; 0 means 1000, at most 10,000

	// Known reports the marks of items that need not be read again: they are left
	// out of the feed. The others are read as they would be among them, and the
	// whole document is where that can't be. nil knows none.
	Known func(Mark) bool
}

// Parse reads doc. The error wraps ErrEmpty, ErrHTML, ErrNotFeed, ErrMalformed,
// ErrHostile or ErrCharset. Problems are returned beside an error too.
func Parse(doc Document) (*Feed, []coranto.Problem, error) {
	doc.MaxItems = min(cmp.Or(max(doc.MaxItems, 0), defaultMaxItems), mostItems)
	if doc.Zone == nil {
		doc.Zone = time.UTC
	}
	p := &parser{doc: doc, base: text.ParseBase(doc.URL)}
	feed, err := p.parse()
	if err != nil {
		return nil, p.problems, err
	}
	p.complete(feed)
	feed.Problems = p.problems
	return feed, feed.problems(p.problems), nil
}

// parser is the state of one call of Parse.
type parser struct {
	doc      Document
	base     *url.URL          // nil when the document's URL is unknown
	markup   *markup.Document  // nil for JSON
	above    int               // lines of the document above what markup was given
	usual    map[string]string // prefixes of the document that have another name usually
	problems []coranto.Problem // of the document, or of the item that is being translated
}

func (p *parser) parse() (*Feed, error) {
	if len(bytes.TrimSpace(p.doc.Body)) == 0 {
		return nil, ErrEmpty
	}
	body, problems, err := charset.Decode(p.doc.Body, p.doc.ContentType)
	p.problems = problems
	if err != nil {
		return nil, err
	}
	body = p.trim(body)
	switch {
	case len(body) == 0:
		return nil, ErrEmpty
	case body[0] == '{' || body[0] == '[':
		return p.delta(func() (*Feed, error) { return p.parseJSON(body) })
	}
	return p.parseXML(body)
}

// text returns the text that s, a string of gofeed's original, stands for. kind is
// what the format says of it; the document may know better.
func (p *parser) text(s string, kind text.Kind) text.Text {
	t := p.markup.Text(s, kind)
	return p.note(t)
}

// plain is text without markup, on one line.
func (p *parser) plain(s string, kind text.Kind) string {
	line, guesses := p.text(s, kind).Line()
	p.noteFlaws(guesses)
	return line
}

// html is text as HTML with absolute URLs.
func (p *parser) html(s string, kind text.Kind) string { return p.text(s, kind).Markup() }
