package markup

import (
	"bytes"
	"iter"
)

// tokenKind tells what a token of an XML document is.
type tokenKind int

const (
	startTag tokenKind = iota
	emptyTag           // a start tag that ends with "/>"
	endTag
	cdataToken
	otherToken // comment, processing instruction or declaration
)

// token is a piece of markup: b[start:end] with its delimiters.
type token struct {
	kind       tokenKind
	start, end int
	name       []byte // of a tag, with its prefix
}

// local is the name of a tag without its prefix.
func (t token) local() []byte {
	return t.name[bytes.IndexByte(t.name, ':')+1:]
}

// scanner walks over the markup of an XML document and takes what is no markup,
// such as the "<" of "1 < 2", for text. It agrees with encoding/xml, in its
// lenient mode, on everything that encoding/xml accepts, never backtracks further
// than one tag and allocates nothing.
type scanner struct {
	b   []byte
	pos int

	double, single int  // positions of the last quotes of either kind
	measured       bool // they have been looked for
}

// next returns the next token, or false at the end of the document or where
// markup begins that never ends.
func (s *scanner) next() (token, bool) {
	for {
		i := bytes.IndexByte(s.b[s.pos:], '<')
		if i < 0 || s.pos+i+1 >= len(s.b) {
			s.pos = len(s.b)
			return token{}, false
		}
		i += s.pos
		t, known := s.read(i)
		if !known {
			s.pos = i + 1
			continue
		}
		if t.end == 0 {
			s.pos = len(s.b)
			return token{}, false
		}
		s.pos = t.end
		return t, true
	}
}

// read reads the token at i. It is not known when the "<" is text; its end is 0
// when the document ends before the token does.
func (s *scanner) read(i int) (t token, known bool) {
	switch c := s.b[i+1]; {
	case c == '!':
		return s.readDeclaration(i), true
	case c == '?':
		return s.until(otherToken, i, "?>"), true
	case c == '/':
		return s.readEndTag(i)
	case isNameStart(c):
		return s.readStartTag(i)
	}
	return token{}, false
}

func (s *scanner) readDeclaration(i int) token {
	switch rest := s.b[i:]; {
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		return s.until(cdataToken, i, "]]>")
	case bytes.HasPrefix(rest, []byte("<!--")):
		return s.until(otherToken, i, "-->")
	}
	return token{kind: otherToken, start: i, end: i + 2}
}

func (s *scanner) until(kind tokenKind, i int, end string) token {
	j := bytes.Index(s.b[i:], []byte(end))
	if j < 0 {
		return token{}
	}
	return token{kind: kind, start: i, end: i + j + len(end)}
}

func (s *scanner) readEndTag(i int) (token, bool) {
	j := bytes.IndexByte(s.b[i:], '>')
	if j < 0 {
		return token{}, true
	}
	name := bytes.TrimSpace(s.b[i+2 : i+j])
	if bytes.IndexByte(name, '<') >= 0 {
		return token{}, false
	}
	return token{kind: endTag, start: i, end: i + j + 1, name: name}, true
}

func (s *scanner) readStartTag(i int) (token, bool) {
	end := s.tagEnd(i)
	if end <= 0 {
		return token{}, end == 0
	}
	n := i + 1
	for n < end-1 && !isSpace(s.b[n]) && s.b[n] != '/' {
		n++
	}
	t := token{kind: startTag, start: i, end: end, name: s.b[i+1 : n]}
	if s.b[end-2] == '/' {
		t.kind = emptyTag
	}
	return t, true
}

// tagEnd returns the position after the ">" that ends the tag at i, 0 when there
// is none and -1 when a "<" comes first: then the tag is none.
func (s *scanner) tagEnd(i int) int {
	for j := i + 1; j < len(s.b); j++ {
		switch c := s.b[j]; c {
		case '>':
			return j + 1
		case '<':
			return -1
		case '"', '\'':
			if follows(s.b[i:j], '=') && s.closes(c, j) {
				j += 1 + bytes.IndexByte(s.b[j+1:], c)
			}
		}
	}
	return 0
}

// closes reports whether another c comes after j. Where none is near, the last one
// of the document decides, which is looked for once: documents full of opened
// quotes must not cost quadratic time.
func (s *scanner) closes(c byte, j int) bool {
	if near := s.b[j+1 : min(len(s.b), j+1+nearQuote)]; bytes.IndexByte(near, c) >= 0 {
		return true
	}
	if !s.measured {
		s.measured = true
		s.double = bytes.LastIndexByte(s.b, '"')
		s.single = bytes.LastIndexByte(s.b, '\'')
	}
	if c == '"' {
		return j < s.double
	}
	return j < s.single
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

func isNameStart(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == ':' || c >= 0x80
}

// attr is an attribute of a tag; value is as written.
type attr struct{ name, value []byte }

// attrs yields the attributes of a tag, given with its angle brackets.
func attrs(tag []byte) iter.Seq[attr] {
	return func(yield func(attr) bool) {
		b := tag[1:]
		for len(b) > 0 && !isSpace(b[0]) && b[0] != '>' {
			b = b[1:]
		}
		for {
			var a attr
			if a, b = nextAttr(b); len(a.name) == 0 || !yield(a) {
				return
			}
		}
	}
}

// nextAttr splits the first attribute off b. Its name is empty when there is none.
func nextAttr(b []byte) (attr, []byte) {
	b = bytes.TrimLeft(b, " \t\r\n/>=")
	n := bytes.IndexAny(b, "= \t\r\n/>")
	if n <= 0 {
		return attr{}, nil
	}
	a := attr{name: b[:n]}
	b = bytes.TrimLeft(b[n:], " \t\r\n")
	if len(b) > 0 && b[0] == '=' {
		a.value, b = attrValue(bytes.TrimLeft(b[1:], " \t\r\n"))
	}
	return a, b
}

// attrValue splits the value, quoted or not, off b.
func attrValue(b []byte) (value, rest []byte) {
	if len(b) > 0 && (b[0] == '"' || b[0] == '\'') {
		if end := bytes.IndexByte(b[1:], b[0]); end >= 0 {
			return b[1 : 1+end], b[2+end:]
		}
		b = b[1:]
	}
	n := bytes.IndexAny(b, " \t\r\n>")
	if n < 0 {
		return b, nil
	}
	return b[:n], b[n:]
}

// attrOf returns the value of a tag's attribute, as written; "" when the tag has
// none.
func attrOf(tag []byte, name string) string {
	if !bytes.Contains(tag, []byte(name)) {
		return ""
	}
	for a := range attrs(tag) {
		if string(a.name) == name {
			return string(a.value)
		}
	}
	return ""
}
