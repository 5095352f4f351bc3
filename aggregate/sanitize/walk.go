package sanitize

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/coranto/coranto"
)

// walker is one pass over one document.
type walker struct {
	z   *html.Tokenizer
	in  string
	pos int // of the input that was read
	pol Policy

	out   []byte
	text  line
	image coranto.Image
	shown []picture // the images written so far

	name   []byte // of the current tag, in lower case
	attrs  []attr // of the current tag
	href   string // where the current tag links to
	stack  []open
	reopen []carried // formatting that an ended paragraph leaves to the next block

	muted     int  // height of the stack above which nothing is written; 0 means none
	formula   int  // height of the stack that includes an open math element; 0 means none
	fallbacks int  // open noscript elements, which are not on the stack
	preamble  bool // the last token was <pre>, which swallows a line feed

	document open // what is open when the stack is empty
	closers  []closer
}

// open is an element whose end tag is still to come.
type open struct {
	element
	name    string // what the tags are written with; "" means they are not
	start   int    // index in out of the start tag
	content int    // index in out of the content
	spans   int    // open span elements above it that say nothing and are not on the stack
}

// carried is a formatting element that goes on in another block.
type carried struct {
	element
	tag string // the start tag as written
}

func newWalker(in string, p Policy) *walker {
	return &walker{
		z:     html.NewTokenizer(strings.NewReader(in)),
		in:    in,
		pol:   p,
		out:   make([]byte, 0, len(in)+len(in)/4),
		text:  line{buf: make([]byte, 0, len(in)/2)},
		stack: make([]open, 0, 16),
	}
}

// walk reads the whole document. It stops at the first problem that makes the
// output useless.
func (w *walker) walk() coranto.Problem {
	for {
		tt := w.z.Next()
		if tt == html.ErrorToken {
			w.popTo(0)
			return w.check()
		}
		w.pos += len(w.z.Raw())
		switch tt {
		case html.TextToken:
			w.readText()
		case html.StartTagToken, html.SelfClosingTagToken:
			w.readStart(tt == html.SelfClosingTagToken)
		case html.EndTagToken:
			w.readEnd()
		}
		if problem := w.check(); problem.Code != "" {
			return problem
		}
	}
}

// check reports what makes the output useless.
func (w *walker) check() coranto.Problem {
	switch {
	case len(w.stack) > maxDepth:
		return coranto.Problem{Code: ProblemDeep, Text: fmt.Sprintf(
			"content nested more than %d deep was kept as plain text", maxDepth)}
	case len(w.out) > w.pol.MaxOutput:
		return coranto.Problem{Code: ProblemTooLong, Text: fmt.Sprintf(
			"content of more than %d bytes was kept as plain text", w.pol.MaxOutput)}
	}
	return coranto.Problem{}
}

// readText writes the text of the current token.
func (w *walker) readText() {
	swallow := w.preamble
	w.preamble = false
	top := w.top()
	if w.muted > 0 || top.kind == media {
		return
	}
	text := w.z.Text()
	if swallow {
		text = bytes.TrimPrefix(text, []byte("\n"))
	}
	if top.structural() {
		if len(bytes.TrimSpace(text)) == 0 {
			return
		}
		w.openCell()
	}
	w.write(text)
}

// write adds text to the output and to the plain text.
func (w *walker) write(text []byte) {
	from := len(w.out)
	w.out = escape(w.out, text)
	if top := w.top(); top.tag == atom.Pre && from == top.content &&
		from < len(w.out) && w.out[from] == '\n' {
		w.out = slices.Insert(w.out, from, '\n') // parsers swallow the first one
	}
	w.text.write(text)
}

// readStart handles a start tag.
func (w *walker) readStart(selfClosing bool) {
	w.preamble = false
	tag := w.readName()
	el := lookup(tag)
	if w.sealed(el, selfClosing) {
		return
	}
	w.attrs = w.attrs[:0]
	if el.kind != drop {
		w.readAttrs()
	}
	if w.formula > 0 && w.startInFormula(el, string(w.name), selfClosing) {
		return
	}
	if el.parts() {
		w.text.space = true
	}
	switch el.kind {
	case unwrap:
	case drop:
		w.drop(tag, el, selfClosing)
	case fallback:
		w.z.NextIsNotRawText()
		w.fallbacks++
	case void:
		w.void(el)
	case image:
		w.img()
	case source:
		w.source(el)
	case frame:
		w.frame()
	case formula:
		w.math(selfClosing)
	default:
		w.open(el)
	}
}

// readName reads the name of the current tag. The tokenizer would make two
// copies of it.
func (w *walker) readName() atom.Atom {
	w.name = w.name[:0]
	for _, c := range bytes.TrimPrefix(w.z.Raw()[1:], []byte("/")) {
		switch {
		case c == ' ', c == '\t', c == '\n', c == '\f', c == '\r', c == '/', c == '>':
			return atom.Lookup(w.name)
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		}
		w.name = append(w.name, c)
	}
	return atom.Lookup(w.name)
}

// sealed reports whether a start tag is without effect because it is within an
// element whose content is not read as markup of ours.
func (w *walker) sealed(el element, selfClosing bool) bool {
	top := w.top()
	switch {
	case top.kind == media:
		return el.kind != source
	case top.kind != drop:
		return false
	}
	if el.tag == top.tag && !selfClosing {
		w.push(el, "") // so that the end tags count up
	}
	return true
}

// drop leaves out an element with its content. One that is never closed would
// take the rest of the document along: then only code goes.
func (w *walker) drop(tag atom.Atom, el element, selfClosing bool) {
	if selfClosing && !el.raw() {
		return
	}
	if el.tag == atom.Script || el.tag == atom.Style || w.closes(tag) {
		w.mute(el)
		return
	}
	w.z.NextIsNotRawText()
}

// closer is where the next end tag of an element is; -1 when none is left.
type closer struct {
	tag atom.Atom
	at  int
}

// closes reports whether an end tag follows somewhere. It remembers what it
// finds, so that a document is searched once for each element.
func (w *walker) closes(tag atom.Atom) bool {
	i := slices.IndexFunc(w.closers, func(c closer) bool { return c.tag == tag })
	if i < 0 {
		i = len(w.closers)
		w.closers = append(w.closers, closer{tag, 0})
	}
	c := &w.closers[i]
	if c.at >= 0 && c.at < w.pos {
		c.at = nextEnd(w.in, w.pos, tag.String())
	}
	return c.at >= 0
}

// nextEnd is the index of the first end tag with this name from i on, or -1.
func nextEnd(s string, i int, name string) int {
	for {
		slash := strings.Index(s[i:], "</")
		if slash < 0 {
			return -1
		}
		i += slash + len("</")
		rest := s[i:]
		if len(rest) > len(name) && strings.EqualFold(rest[:len(name)], name) &&
			strings.IndexByte(" \t\n\f\r/>", rest[len(name)]) >= 0 {
			return i
		}
	}
}

// mute opens an element that nothing is written of.
func (w *walker) mute(el element) {
	w.push(el, "")
	if w.muted == 0 {
		w.muted = len(w.stack)
	}
}

// void writes an element without content.
func (w *walker) void(el element) {
	if w.structural() {
		return
	}
	if el.tag == atom.Hr {
		w.endParagraph()
	}
	if w.muted == 0 {
		w.out = append(w.out, '<')
		w.out = append(w.out, el.tag.String()...)
		w.out = append(w.out, '>')
	}
	w.resume()
}

// open begins an element with content.
func (w *walker) open(el element) {
	if el.tag == atom.A {
		w.href = link(w.attr("href"), w.pol.Base)
	}
	if el.kind != part && w.structural() && !w.bare(el) {
		w.openCell()
	}
	if !w.ending(el) {
		return
	}
	switch {
	case w.hidden():
		w.mute(el)
		w.reopen = w.reopen[:0]
	case el.kind == media:
		w.media(el)
	case w.bare(el):
		if el.tag == atom.Span {
			w.spans(1)
		}
	default:
		w.begin(el)
		w.resume()
		w.preamble = el.tag == atom.Pre
	}
}

// bare reports whether the tags of a phrase element would say nothing.
func (w *walker) bare(el element) bool {
	switch el.tag {
	case atom.A:
		return w.href == ""
	case atom.Span:
		return !w.anyGlobal()
	}
	return false
}

// begin writes a start tag with its attributes.
func (w *walker) begin(el element) {
	start := len(w.out)
	name := el.tag.String()
	if w.muted == 0 {
		w.out = append(w.out, '<')
		w.out = append(w.out, name...)
		w.writeAttrs(el)
		w.out = append(w.out, '>')
	}
	if el.tag == atom.Col {
		return
	}
	w.push(el, name)
	w.stack[len(w.stack)-1].start = start
}

// push puts an element whose start tag was written, if any, on the stack.
func (w *walker) push(el element, name string) {
	w.stack = append(w.stack, open{element: el, name: name, start: len(w.out), content: len(w.out)})
}

// readEnd handles an end tag.
func (w *walker) readEnd() {
	w.preamble = false
	el := lookup(w.readName())
	if top := w.top(); top.kind == drop || top.kind == media {
		if top.tag == el.tag {
			w.popTo(len(w.stack) - 1)
		}
		return
	}
	if w.formula > 0 && w.endInFormula(el, string(w.name)) {
		return
	}
	if el.parts() {
		w.text.space = true
	}
	if el.tag == atom.Br {
		w.void(el) // as browsers do
		return
	}
	switch {
	case el.kind == unwrap:
	case el.kind == fallback:
		w.fallbacks = max(w.fallbacks-1, 0)
	case el.tag == atom.Span && w.spans(0) > 0:
		w.spans(-1)
	default:
		if i := w.find(el); i >= 0 {
			w.popTo(i)
		}
	}
}

// popTo ends the elements above the given height of the stack.
func (w *walker) popTo(height int) {
	for len(w.stack) > height {
		w.pop()
	}
}

func (w *walker) pop() {
	n := len(w.stack)
	o := w.stack[n-1]
	w.stack = w.stack[:n-1]
	switch {
	case w.muted > 0 || o.name == "":
	case w.empty(o):
		w.out = w.out[:o.start]
	default:
		w.out = append(w.out, "</"...)
		w.out = append(w.out, o.name...)
		w.out = append(w.out, '>')
	}
	if w.muted == n {
		w.muted = 0
	}
	if w.formula == n {
		w.formula = 0
	}
	if o.parts() {
		w.text.space = true
	}
}

// empty reports whether the element that ends is better left out.
func (w *walker) empty(o open) bool {
	content := w.out[o.content:]
	switch {
	case o.tag == atom.Picture:
		return onlySources(content)
	case o.kind == media:
		return !bytes.Contains(w.out[o.start:], []byte(` src="`))
	}
	return len(content) == 0 && o.removable()
}
