// Package tags tells what a tag is and which documents are refused for theirs.
//
// A Scanner walks over the markup of an XML document, however bad, and Attrs over
// the attributes of a tag. Guard refuses a document that would cost a parser too
// much and finds its items on the way; Check does the same for what was written
// again. Nothing here allocates by the tag, changes what it is given or takes more
// than linear time. What comes back points into what was given.
package tags

import (
	"bytes"
	"iter"
)

// Kind tells what a token of an XML document is.
type Kind int

// The kinds of tokens.
const (
	Start Kind = iota
	Empty      // a start tag that ends with "/>"
	End
	Section // CDATA
	Other   // comment, processing instruction or declaration, or just "<!"
)

// Token is a piece of markup: b[Start:End] with its delimiters.
type Token struct {
	Kind       Kind
	Start, End int
	Name       []byte // of a tag, with its prefix
}

// Local is the name of a tag without its prefix.
func (t Token) Local() []byte {
	return t.Name[bytes.IndexByte(t.Name, ':')+1:]
}

// Prefix is the prefix of a tag's name with its colon; empty when there is none.
func (t Token) Prefix() []byte { return t.Name[:bytes.IndexByte(t.Name, ':')+1] }

// Scanner walks over the markup of an XML document and takes what is no markup,
// such as the "<" of "1 < 2", for text. It agrees with encoding/xml, in its
// lenient mode, on everything that encoding/xml accepts but document types. It
// allocates nothing and takes linear time: a document in which it looked for the
// ends of too many tags in vain ends for it there.
type Scanner struct {
	b   []byte
	pos int

	wasted         int  // bytes of what looked like tags and were none
	double, single int  // positions of the last quotes of either kind
	measured       bool // they have been looked for
	endless        bool // a CDATA section began that never ends
}

// Scan returns a scanner that begins at the beginning of b.
func Scan(b []byte) Scanner { return Scanner{b: b} }

// Position returns where the next token is looked for.
func (s *Scanner) Position() int { return s.pos }

// Seek makes i the place where the next token is looked for.
func (s *Scanner) Seek(i int) { s.pos = i }

// Next returns the next token, or false at the end of the document or where
// markup begins that never ends.
func (s *Scanner) Next() (t Token, ok bool) {
	for i := s.pos; ; i++ {
		if i >= len(s.b) || s.b[i] != '<' {
			next := bytes.IndexByte(s.b[min(i, len(s.b)):], '<')
			if next < 0 {
				break
			}
			i += next
		}
		if i+1 >= len(s.b) {
			break
		}
		if !s.read(i, &t) {
			continue
		}
		if t.End == 0 {
			break
		}
		s.pos = t.End
		return t, true
	}
	s.pos = len(s.b)
	return Token{}, false
}

// read reads the token at i. It is not known when the "<" is text; its end is 0
// when the document ends before the token does.
func (s *Scanner) read(i int, t *Token) (known bool) {
	switch c := s.b[i+1]; {
	case IsNameStart(c):
		return s.readStartTag(i, t)
	case c == '/':
		return s.readEndTag(i, t)
	case c == '!':
		s.readDeclaration(i, t)
		return true
	case c == '?':
		s.until(i, "<?", "?>", t)
		return true
	}
	return false
}

func (s *Scanner) readDeclaration(i int, t *Token) {
	t.Kind = Other
	switch rest := s.b[i:]; {
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		s.readSection(i, t)
	case bytes.HasPrefix(rest, []byte("<!--")):
		s.until(i, "<!--", "-->", t)
	default:
		*t = Token{Kind: Other, Start: i, End: i + 2}
	}
}

// readSection reads a CDATA section. The beginning of one that never ends is a token
// by itself, and what follows is read as if it stood outside.
func (s *Scanner) readSection(i int, t *Token) {
	const begin, end = "<![CDATA[", "]]>"
	if !s.endless {
		s.until(i, begin, end, t)
		t.Kind = Section
		s.endless = t.End == 0
	}
	if s.endless {
		*t = Token{Kind: Other, Start: i, End: i + len(begin)}
	}
}

// until reads what begins with one string and ends with another.
func (s *Scanner) until(i int, begin, end string, t *Token) {
	*t = Token{Kind: Other, Start: i}
	from := i + len(begin)
	if j := bytes.Index(s.b[from:], []byte(end)); j >= 0 {
		t.End = from + j + len(end)
	}
}

func (s *Scanner) readEndTag(i int, t *Token) (known bool) {
	*t = Token{Kind: End, Start: i}
	for j, c := range s.b[i+2:] {
		switch c {
		case '>':
			t.End = i + 2 + j + 1
			t.Name = trimSpace(s.b[i+2 : i+2+j])
			return true
		case '<':
			return false
		}
	}
	return true
}

func (s *Scanner) readStartTag(i int, t *Token) (known bool) {
	end := s.tagEnd(i)
	if end <= 0 {
		t.End = 0
		return end == 0
	}
	n := i + 1
	for n < end-1 && (s.b[n] > '>' || !endsTagName(s.b[n])) {
		n++
	}
	*t = Token{Kind: Start, Start: i, End: end, Name: s.b[i+1 : n]}
	if s.b[end-2] == '/' {
		t.Kind = Empty
	}
	return true
}

// endsTagName reports whether c can't be in the name of an element.
func endsTagName(c byte) bool { return endsName(c) || c == '"' || c == '\'' }

// Head returns a tag up to the end of its name.
func Head(tag []byte) []byte {
	n := 1
	for n < len(tag)-1 && !endsTagName(tag[n]) {
		n++
	}
	return tag[:n]
}

// tagEnd returns the position after the ">" that ends the tag at i, 0 when there
// is none and -1 when a "<" comes first: then the tag is none.
func (s *Scanner) tagEnd(i int) int {
	for j := i + 1; j < len(s.b); j++ {
		c := s.b[j]
		if c > '>' { // no letter needs a closer look
			continue
		}
		switch c {
		case '>':
			return j + 1
		case '<':
			return s.noTag(j - i)
		case '"', '\'':
			if follows(s.b[i:j], '=') {
				j += s.quoted(c, j)
			}
		}
	}
	return 0
}

// noTag gives up a tag after some bytes. What is given up may begin again with the
// next "<" and reach as far, so that there must be an end to it.
func (s *Scanner) noTag(after int) int {
	if s.wasted += after; s.wasted > 4*len(s.b)+1<<16 {
		return 0
	}
	return -1
}

// strained reports whether more was looked at in vain than any document has where
// quotes hide nothing.
func (s *Scanner) strained() bool { return s.wasted > 2*len(s.b)+1<<16 }

// quoted returns how far after j the next c is, 0 when there is none. Where none is
// near, the last one of the document decides, which is looked for once: documents
// full of opened quotes must not cost quadratic time.
func (s *Scanner) quoted(c byte, j int) int {
	rest := s.b[j+1:]
	if near := bytes.IndexByte(rest[:min(len(rest), nearQuote)], c); near >= 0 {
		return near + 1
	}
	if !s.measured {
		s.measured = true
		s.double = bytes.LastIndexByte(s.b, '"')
		s.single = bytes.LastIndexByte(s.b, '\'')
	}
	if c == '"' && j >= s.double || c == '\'' && j >= s.single {
		return 0
	}
	return bytes.IndexByte(rest, c) + 1
}

// Unquoted reports whether a value of tag, which s has read, begins with a quote that
// nothing closes: written before other quotes it would be closed by theirs.
func (s *Scanner) Unquoted(tag []byte) bool {
	for j := 0; s.measured && j < len(tag); j++ {
		if c := tag[j]; c != '"' && c != '\'' || !follows(tag[:j], '=') {
			continue
		}
		next := bytes.IndexByte(tag[j+1:], tag[j])
		if next < 0 {
			return true
		}
		j += next + 1
	}
	return false
}

// nearQuote is how far away a closing quote usually is at most.
const nearQuote = 512

// follows reports whether c is the last byte of b that is no space.
func follows(b []byte, c byte) bool {
	for i := len(b) - 1; i >= 0; i-- {
		if !isSpace(b[i]) {
			return b[i] == c
		}
	}
	return false
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// trimSpace is bytes.TrimSpace for the white space of XML.
func trimSpace(b []byte) []byte {
	b = skipSpace(b)
	for len(b) > 0 && isSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

// IsDeclaration reports whether a token is an XML declaration.
func IsDeclaration(token []byte) bool {
	return len(token) > 6 && string(token[:5]) == "<?xml" && isSpace(token[5])
}

// IsNameStart reports whether the name of an element may begin with c.
func IsNameStart(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == ':' || c >= 0x80
}

// Attr is an attribute of a tag; value is as written.
type Attr struct {
	Name, Value []byte
	Bare        bool // the value is not in quotes
}

// Attrs yields the attributes of a tag, given with its angle brackets.
func Attrs(tag []byte) iter.Seq[Attr] {
	return func(yield func(Attr) bool) {
		b := tag[1:]
		for len(b) > 0 && !endsTagName(b[0]) {
			b = b[1:]
		}
		for {
			var a Attr
			if a, b = nextAttr(b); len(a.Name) == 0 || !yield(a) {
				return
			}
		}
	}
}

// nextAttr splits the first attribute off b. Its name is empty when there is none.
func nextAttr(b []byte) (Attr, []byte) {
	for len(b) > 0 && endsName(b[0]) {
		if b[0] == '=' { // a value without a name
			_, b = attrValue(skipSpace(b[1:]))
			continue
		}
		b = b[1:]
	}
	n := 0
	for n < len(b) && !endsName(b[n]) {
		n++
	}
	if n == 0 || n == len(b) {
		return Attr{}, nil
	}
	a := Attr{Name: b[:n]}
	if b = skipSpace(b[n:]); len(b) > 0 && b[0] == '=' {
		b = skipSpace(b[1:])
		a.Bare = len(b) > 0 && b[0] != '"' && b[0] != '\''
		a.Value, b = attrValue(b)
	}
	return a, b
}

// endsName reports whether c can't be in the name of an attribute.
func endsName(c byte) bool { return c == '=' || c == '/' || c == '>' || isSpace(c) }

func skipSpace(b []byte) []byte {
	for len(b) > 0 && isSpace(b[0]) {
		b = b[1:]
	}
	return b
}

// attrValue splits the value, quoted or not, off b.
func attrValue(b []byte) (value, rest []byte) {
	if len(b) > 0 && (b[0] == '"' || b[0] == '\'') {
		if end := bytes.IndexByte(b[1:], b[0]); end >= 0 {
			return b[1 : 1+end], b[2+end:]
		}
		b = b[1:]
	}
	for n, c := range b {
		if c == '>' || isSpace(c) {
			return b[:n], b[n:]
		}
	}
	return b, nil
}

// AttrOf returns the value of a tag's attribute, as written; "" when the tag has
// none.
func AttrOf(tag []byte, name string) string {
	if !bytes.Contains(tag, []byte(name)) {
		return ""
	}
	for a := range Attrs(tag) {
		if string(a.Name) == name {
			return string(a.Value)
		}
	}
	return ""
}
