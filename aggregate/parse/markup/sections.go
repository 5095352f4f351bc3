package markup

import (
	"bytes"
	"regexp"

	"github.com/coranto/coranto/aggregate/parse/markup/tags"
)

const (
	sectionBegin = "<![CDATA["
	sectionEnd   = "]]>"
)

// itemEnd is where no text goes on: an item ends, and another one or nothing follows.
var itemEnd = regexp.MustCompile(`</(?:item|entry)>\s*<(?:item|entry|/channel|/feed|/rss)[\s>]`)

// closeSections closes the CDATA sections of body that end with "]]" or not at all,
// and would go on through the rest of their item up to the end of the next section.
// at is the place of the first of them in what it returns, 0 when there is none; most
// documents have none and come back as they are. A section is closed where its
// element is, if that is clear.
func closeSections(body []byte) (closed []byte, at int) {
	// The first byte of what is looked for should be rare: "!" rather than "<".
	loose := bytes.Contains(body, []byte("]]</"))
	if !loose && bytes.Count(body, []byte(sectionBegin[1:])) <= bytes.Count(body, []byte(sectionEnd)) {
		return body, 0
	}
	c := sections{body: body, end: -1, boundary: -1}
	for c.next() {
		if at == 0 {
			at = c.pos
		}
	}
	if at == 0 {
		return body, 0
	}
	return append(c.out, body[c.copied:]...), at
}

// sections walks over the CDATA sections of a body. It looks at nothing twice: what was
// found ahead is kept until the walk is there.
type sections struct {
	body     []byte
	pos      int    // where the walk is
	end      int    // of the next section that is closed; len(body) when there is none
	boundary int    // the next item that ends; len(body) when there is none
	out      []byte // body[:copied] with the ends that were missing
	copied   int
}

// next moves on behind the next section that is not closed, and closes it.
func (c *sections) next() bool {
	for {
		i := bytes.Index(c.body[c.pos:], []byte(sectionBegin))
		if i < 0 {
			return false
		}
		begin := c.pos + i
		c.pos = begin + len(sectionBegin)
		if c.end < c.pos {
			c.end = c.find(sectionEnd)
		}
		if c.close(begin) {
			return true
		}
		if c.end == len(c.body) {
			return false
		}
		c.pos = c.end
	}
}

// close closes the section at begin, if it is not closed in its element: the end tag
// follows something like the end of a section, or another section or item begins
// behind it.
func (c *sections) close(begin int) bool {
	name := elementBefore(c.body[:begin])
	if name == "" {
		return false
	}
	text := c.body[c.pos:c.end]
	i := bytes.Index(text, []byte("</"+name+">"))
	if i < 0 {
		return false
	}
	inner := text[:i]
	rest := bytes.TrimRight(inner, " \t\r\n]>")
	half := bytes.HasPrefix(inner[len(rest):], []byte("]]"))
	closed := !half && c.end < len(c.body)
	if closed && !bytes.Contains(text[i:], []byte(sectionBegin)) && !c.isBoundary(c.pos+i) {
		return false
	}
	if len(bytes.TrimSpace(inner[len(rest):])) > 1 { // what is left of the end
		inner = rest
	}
	c.out = append(append(c.out, c.body[c.copied:c.pos+len(inner)]...), sectionEnd...)
	c.pos += i
	c.copied = c.pos
	return true
}

// isBoundary reports whether an item ends behind i, before the section does.
func (c *sections) isBoundary(i int) bool {
	if c.boundary < i {
		c.boundary = len(c.body)
		if found := itemEnd.FindIndex(c.body[i:]); found != nil {
			c.boundary = i + found[0]
		}
	}
	return c.boundary < c.end
}

// find returns where s is next, the length of the body when it is nowhere.
func (c *sections) find(s string) int {
	if i := bytes.Index(c.body[c.pos:], []byte(s)); i >= 0 {
		return c.pos + i
	}
	return len(c.body)
}

// elementBefore returns the name of the element whose start tag b ends with, white
// space aside.
func elementBefore(b []byte) string {
	b = bytes.TrimRight(b[max(0, len(b)-longestTag):], " \t\r\n")
	i := bytes.LastIndexByte(b, '<')
	if i < 0 || i+1 == len(b) || b[len(b)-1] != '>' || !tags.IsNameStart(b[i+1]) {
		return ""
	}
	return string(tags.Head(b[i:])[1:])
}

// longestTag is how long a tag before a section is at most.
const longestTag = 1 << 10
