// Package charset makes UTF-8 of the bytes of a feed, whose labels are often wrong.
// It decides by the bytes first, then by the labels, and reports what it guessed
// or lost: text is never garbled silently.
//
// # The order
//
// A byte order mark or the pattern of null bytes shows UTF-16 and UTF-32. Bytes
// that are UTF-8, but for a few, are UTF-8 whatever the labels say, unless they are
// in one of the 7-bit codings of East Asia. What is left is read as the HTTP
// charset or the XML declaration says, if the result looks like text of a language
// that is written with it; a charset that servers name by default comes last. If
// no label does, the charset whose letters look most like a language's is taken,
// and that is a problem. Control characters pass through.
package charset

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/coranto/coranto"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// ErrUnknown reports a charset that can't be decoded. The error that wraps it names
// the charset.
var ErrUnknown = errors.New("unknown charset")

// Decode returns body as UTF-8 without a byte order mark, with the problems that
// it met. contentType is the media type of the response, "" when unknown. A body
// in clean UTF-8 is returned as it is, not copied.
func Decode(body []byte, contentType string) ([]byte, []coranto.Problem, error) {
	var d decoder
	clean, err := d.decode(body, contentType)
	return clean, d.problems, err
}

// decoder collects the problems of one document.
type decoder struct{ problems []coranto.Problem }

func (d *decoder) problem(code, format string, args ...any) {
	d.problems = append(d.problems, coranto.Problem{Code: code, Text: fmt.Sprintf(format, args...)})
}

func (d *decoder) decode(body []byte, contentType string) ([]byte, error) {
	l := charsetLabels(body, contentType)
	if coding, name := wideCharset(body, l); coding != nil {
		return d.accept(transcode(body, coding, name)), nil
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	if utf8.Valid(body) {
		return d.decodeValid(body, l)
	}
	return d.decodeLegacy(body, l)
}

// decodeValid reads a body that is valid UTF-8. It is UTF-8 whatever the labels
// say, unless it is in one of the 7-bit codings, which are ASCII on the wire.
func (d *decoder) decodeValid(body []byte, l labels) ([]byte, error) {
	for _, label := range l.stated {
		if isUTF7(label) {
			return nil, fmt.Errorf("%w: %s", ErrUnknown, label)
		}
	}
	if a, ok := readSevenBit(body, l); ok {
		return d.accept(a), nil
	}
	if label := l.first(); label != "" && !isASCII(body) {
		if _, name := findCharset(label); name != "utf-8" {
			d.problem("charset-mislabeled", "The document is in UTF-8 although it is labeled %q.", label)
		}
	}
	return body, nil
}

// decodeLegacy reads a body that is not valid UTF-8.
func (d *decoder) decodeLegacy(body []byte, l labels) ([]byte, error) {
	if a, ok := repairUTF8(body, l.says("utf-8")); ok {
		return d.accept(a), nil
	}
	s := newSample(body)
	if a, ok := readLabeled(body, l, s); ok {
		return d.accept(a), nil
	}
	if label := l.unknown(); label != "" && bytes.IndexByte(body, '<') < 0 {
		return nil, fmt.Errorf("%w: %s", ErrUnknown, label)
	}
	name, _ := s.detect()
	a, _ := try(body, name)
	a.guessed = true
	return d.accept(a), nil
}

// readLabeled reads the body as the labels say, as far as they can be believed.
func readLabeled(body []byte, l labels, s sample) (attempt, bool) {
	var best attempt
	bestScore, found := 0.0, false
	for _, label := range l.inOrder() {
		a, ok := try(body, label)
		if !ok || !a.good() {
			continue
		}
		score := s.score(a.name)
		if found && score <= bestScore+clearlyBetter {
			continue
		}
		a.mislabeled = found
		best, bestScore, found = a, score, true
	}
	if !found || bestScore >= certain || bestScore >= certainHan && isEastAsian(best.name) {
		return best, found
	}
	best.doubtful = bestScore < doubtful && !isEastAsian(best.name) || bestScore < 0
	_, score := s.detect()
	return best, score < plausible || score < bestScore+s.margin()
}

// attempt is a body read in one charset.
type attempt struct {
	body []byte
	name string
	lost int // runs of bytes that mean nothing in it
	wide int // characters that are not ASCII

	joined     int  // surrogate pairs that became one character
	mixed      int  // bytes that were read as windows-1252
	doubtful   bool // it hardly looks like text
	mislabeled bool // another label names another charset
	guessed    bool // no label says so
}

// good reports whether so little was lost that the charset may be right: one bad
// byte must not cost the feed.
func (a attempt) good() bool { return a.lost <= 2 || a.lost*8 <= a.wide }

// try reads a body as a label says. Text of UTF-8 is not read this way.
func try(body []byte, label string) (attempt, bool) {
	coding, name := findCharset(label)
	if coding == nil || coding == encoding.Nop {
		return attempt{}, false
	}
	return transcode(body, coding, name), true
}

func transcode(body []byte, coding encoding.Encoding, name string) attempt {
	clean, err := coding.NewDecoder().Bytes(body)
	if err != nil {
		clean = bytes.ToValidUTF8(body, replacement)
	}
	if coding == charmap.Windows1258 {
		clean = norm.NFC.Bytes(clean) // It writes tones as characters of their own.
	}
	return attempt{
		body: clean, name: name,
		lost: bytes.Count(clean, replacement), wide: wideRunes(clean),
	}
}

// accept records what was guessed or lost in a and returns its body.
func (d *decoder) accept(a attempt) []byte {
	if a.guessed {
		d.problem("charset-guessed",
			"The document does not say its charset, or says a wrong one; it was read as %s.", a.name)
	}
	if a.mislabeled {
		d.problem("charset-mislabeled",
			"The document's labels name different charsets; it was read as %s.", a.name)
	}
	if a.doubtful {
		d.problem("charset-doubtful",
			"The document is labeled %s, but hardly looks like text that way.", a.name)
	}
	if a.joined > 0 {
		d.problem("surrogates-joined",
			"%d characters in the document were encoded in halves and have been joined.", a.joined)
	}
	if a.mixed > 0 {
		d.problem("charset-mixed",
			"%d characters in the document are in windows-1252, not in UTF-8 as the rest.", a.mixed)
	}
	if a.lost > 0 {
		d.problem("unicode-replaced",
			"%d places in the document are not valid %s; each became U+FFFD.", a.lost, a.name)
	}
	return a.body
}

// wideRunes counts the characters of b that are not ASCII.
func wideRunes(b []byte) int {
	n := 0
	for _, c := range b {
		if c >= 0xc0 {
			n++
		}
	}
	return n
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
