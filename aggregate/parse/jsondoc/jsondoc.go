// Package jsondoc prepares JSON Feed documents for a decoder, and reads of them what
// gofeed's decoder drops.
//
// # The contract
//
// Values go in, values come out: every function takes a document as clean UTF-8,
// never changes it, keeps nothing between calls and is safe for concurrent use. What
// was mended or left out comes back as problems, one of a kind, without a place. An
// error wraps markup.ErrHostile, except for Fix's, which is the decoder's.
//
// # The order
//
// Prepare comes first: it refuses what would cost too much, and all others rely on
// its limits. Split takes the items apart, so that those that are not wanted need
// not be decoded. Check bounds what is left. Fix is for a document that the decoder
// refuses all the same. Hubs and Members read beside the decoder. Prepare, Split and
// Check only follow strings and brackets; whether the document is valid JSON they
// leave to the decoder.
package jsondoc

import (
	"bytes"
	"fmt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/parse/markup"
)

// Prepared is a document fit to be decoded.
type Prepared struct {
	Body      []byte            // what was given, when nothing had to be mended
	Truncated bool              // the document ended early; Body has its whole items
	Problems  []coranto.Problem // of the document
}

// Prepare refuses a document that would cost the decoder too much, and mends what it
// can't read: control characters inside strings, and an early end, before which the
// document is cut behind the last whole object of the feed's list. The error wraps
// markup.ErrHostile and names the limit.
func Prepare(b []byte) (Prepared, error) {
	s, err := scanDocument(b)
	if err != nil {
		return Prepared{}, err
	}
	doc := Prepared{Body: b, Truncated: len(s.open) > 0 && s.lastItem > 0}
	if doc.Truncated {
		doc.Body = append(bytes.Clone(b[:s.lastItem]), "]}"...)
	}
	if s.raw || s.long {
		var m mender
		doc.Body = m.mend(doc.Body)
		doc.Problems = m.problems
	}
	return doc, nil
}

// Check refuses a document that has too many values. It is for what is left when the
// items that are too many have been dropped. The error wraps markup.ErrHostile.
func Check(b []byte) error {
	if len(b) < 2*maxValues {
		return nil
	}
	values := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			if end := stringEnd(b, i); end > 0 {
				i = end - 1
			}
		case '{', '[', ',':
			if values++; values > maxValues {
				return hostile("more than %d values to read", maxValues)
			}
		}
	}
	return nil
}

func hostile(format string, args ...any) error {
	return fmt.Errorf("%w: %s", markup.ErrHostile, fmt.Sprintf(format, args...))
}
