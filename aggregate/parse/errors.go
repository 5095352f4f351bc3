package parse

import (
	"errors"

	"github.com/coranto/coranto/aggregate/parse/charset"
	"github.com/coranto/coranto/aggregate/parse/markup"
)

// Errors of a document that can't be read as a feed. Parse wraps one of them
// unless the format parser itself gave up.
var (
	// ErrEmpty reports a body without content.
	ErrEmpty = errors.New("empty body")
	// ErrHTML reports a web page where a feed was expected.
	ErrHTML = errors.New("HTML, not a feed")
	// ErrNotFeed reports a document that is neither RSS, RDF, Atom nor JSON Feed.
	ErrNotFeed = errors.New("not a feed")
	// ErrMalformed reports a feed broken beyond repair.
	ErrMalformed = errors.New("malformed feed")
)

// Errors of a document that is refused before it is parsed.
var (
	// ErrHostile reports a document over a limit of size or nesting. The error
	// that wraps it names the limit.
	ErrHostile = markup.ErrHostile
	// ErrCharset reports a charset that can't be decoded. The error that wraps it
	// names the charset.
	ErrCharset = charset.ErrUnknown
)
