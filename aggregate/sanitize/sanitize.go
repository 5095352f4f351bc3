// Package sanitize turns the markup of strangers into markup we are willing to
// publish: safe wherever a reader puts it, balanced, absolute, quiet. It is the
// one place where that is decided; whatever is published as HTML came out of
// HTML, and whatever is published as text came out of Text or Line.
//
// # How it works
//
// HTML walks the tokens of golang.org/x/net/html once, with its own stack of
// open elements, and writes the elements, attributes and schemes of a fixed
// list as it goes. What is on no list is not written: there is nothing to
// forget. The stack follows the rules by which browsers end elements on their
// own (HTML §13.2.6), so the output means the same to every parser: parsed
// again it has the tree it was written from, and HTML(HTML(x)) is HTML(x).
// Walking tokens rather than a parsed tree is deliberate: html.Parse takes
// longer than the whole walk, and 100 KB of misnested formatting make it
// allocate half a gigabyte, because it clones open formatting elements into
// every block. Here an element of the input gives at most five of the output.
//
// # What is kept
//
// Paragraphs, headings, lists, quotations, tables, figures, phrase elements,
// ruby, MathML, pictures, video and audio with their controls, and the players
// of a few large sites in a sandbox; any other iframe becomes a visible link.
// Sections and their like become div, font and its like are unwrapped. Scripts,
// styles, SVG, form controls, comments and hidden elements go with their
// content. Every URL is absolute; links lose tracking parameters and gain a rel
// that says we don't vouch for them; images load late and without a referrer;
// invisible images, which only count readers, go.
package sanitize

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/coranto/coranto"
)

// Codes of the problems that HTML reports.
const (
	ProblemCut     = "content-cut"       // the end of the input was not read
	ProblemDeep    = "content-too-deep"  // nested too deeply: kept as plain paragraphs
	ProblemTooLong = "content-too-large" // the output would be: kept as plain paragraphs
)

const (
	maxBytes = 1 << 20 // of input and of output, unless the policy says otherwise
	maxDepth = 512     // open elements
)

// Policy says what HTML keeps. The zero value is ready for use.
type Policy struct {
	// Base is what relative URLs are resolved against, and where links to a
	// fragment lead: the page that the markup is from. Nil leaves only absolute
	// URLs.
	Base *url.URL
	// KeepClasses are the class names that survive. Empty means none.
	KeepClasses []string
	MaxInput    int // bytes of markup that are read; 0 means 1 MiB
	MaxOutput   int // bytes of Result.HTML; 0 means 1 MiB
}

// Result is what HTML made of its input.
type Result struct {
	HTML     string            // safe, balanced, the same after a second pass
	Text     string            // its whole plain text on one line, as Line makes it
	Image    coranto.Image     // its first picture that is no icon or emoji; URL is http or https
	Problems []coranto.Problem // what was lost, other than by the rules
}

// HTML makes markup safe in one pass. Text without markup stays text: it is
// escaped and not wrapped in a paragraph. Markup that is nested more than 512
// deep, or that would grow over the policy's limit, gives its plain text in
// paragraphs and a problem; nothing makes it give nothing.
func HTML(in string, p Policy) Result {
	p.MaxInput = cmp.Or(p.MaxInput, maxBytes)
	p.MaxOutput = cmp.Or(p.MaxOutput, maxBytes)
	var res Result
	if len(in) > p.MaxInput {
		res.Problems = append(res.Problems, coranto.Problem{Code: ProblemCut, Text: fmt.Sprintf(
			"content of %d bytes was cut after %d", len(in), p.MaxInput)})
		in = cut(in, p.MaxInput)
	}
	if !strings.ContainsAny(in, "<&") && len(in) <= p.MaxOutput/utf8.UTFMax {
		res.HTML, res.Text = string(trim(escape(nil, newlines(in)))), Line(in)
		return res
	}
	w := newWalker(in, p)
	if problem := w.walk(); problem.Code != "" {
		res.Problems = append(res.Problems, problem)
		res.HTML, res.Text = plain(in, p.MaxOutput)
		return res
	}
	res.HTML, res.Text, res.Image = string(trim(w.out)), string(w.text.buf), w.image
	return res
}

// cut is the beginning of s, at most limit bytes long, without half a character
// or half a tag.
func cut(s string, limit int) string {
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	s = s[:limit]
	if tag := strings.LastIndexByte(s, '<'); tag > strings.LastIndexByte(s, '>') {
		s = s[:tag]
	}
	return s
}

// trim leaves out the white space around a document, which means nothing.
func trim(out []byte) []byte { return bytes.Trim(out, " \t\n") }

// newlines gives text the line ends that the tokenizer gives to markup.
func newlines(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
}

// plain is the text of markup as escaped paragraphs of at most limit bytes, and
// as one line.
func plain(in string, limit int) (markup, text string) {
	const around, growth = len("<p></p>"), len("&amp;") // what escaping a byte may give
	var out []byte
	var lines []string
	for _, line := range paragraphs(in, limit) {
		room := limit - len(out) - around
		if room < growth {
			break
		}
		if len(line)*growth > room {
			line = cut(line+" ", min(len(line), room/growth))
		}
		out = append(out, "<p>"...)
		out = escape(out, line)
		out = append(out, "</p>"...)
		lines = append(lines, line)
	}
	return string(out), strings.Join(lines, " ")
}
