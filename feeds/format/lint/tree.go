package lint

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxDepth is how deep elements may nest; no feed comes near it.
const maxDepth = 200

// node is an element of a document.
type node struct {
	name     string // with the usual prefix of its namespace: "title", "atom:link", "dc:creator"
	attrs    map[string]string
	text     string // its own characters, without those of its children
	raw      []byte // its markup, tags included
	line     int
	number   int // of an item among its siblings, from 1; 0 for other elements
	items    int // children with a number
	parent   *node
	children []*node

	pieces []byte // of the text, as long as the element has not ended
}

// all are the children of a name.
func (n *node) all(name string) []*node {
	var list []*node
	for _, c := range n.children {
		if c.name == name {
			list = append(list, c)
		}
	}
	return list
}

// first is the first child of a name, nil when there is none.
func (n *node) first(name string) *node {
	if list := n.all(name); len(list) > 0 {
		return list[0]
	}
	return nil
}

func (n *node) has(name string) bool { return n.first(name) != nil }

// value is the text without space around it.
func (n *node) value() string { return strings.TrimSpace(n.text) }

// path names the element and those it is in; one of several items has its
// number.
func (n *node) path() string {
	step := n.name
	if n.number > 0 {
		step = fmt.Sprintf("%s[%d]", step, n.number)
	}
	if n.parent == nil {
		return step
	}
	return n.parent.path() + "/" + step
}

func (r *report) at(n *node, level Level, rule, format string, args ...any) {
	if len(r.findings) < maxFindings {
		r.add(level, rule, fmt.Sprintf("%s:%d", n.path(), n.line), format, args...)
	}
}

// prefix is what the elements of a namespace are usually written with.
func prefix(space string) (string, bool) {
	switch space {
	case "":
		return "", true
	case "http://www.w3.org/2005/Atom":
		return "atom:", true
	case "http://purl.org/rss/1.0/modules/content/":
		return "content:", true
	case "http://purl.org/dc/elements/1.1/":
		return "dc:", true
	case "http://purl.org/dc/terms/":
		return "dcterms:", true
	case "http://www.w3.org/XML/1998/namespace", "xml":
		return "xml:", true
	}
	if p := borrowed(space); p != "" {
		return p, true
	}
	return "ext:", strings.Contains(space, ":")
}

// borrowed is the prefix of a vocabulary that both RSS and Atom may use.
func borrowed(space string) string {
	switch space {
	case "http://search.yahoo.com/mrss/":
		return "media:"
	case "http://www.itunes.com/dtds/podcast-1.0.dtd":
		return "itunes:"
	case "https://podcastindex.org/namespace/1.0":
		return "podcast:"
	case "http://podlove.org/simple-chapters":
		return "psc:"
	case "http://www.georss.org/georss":
		return "georss:"
	case "http://www.opengis.net/gml":
		return "gml:"
	case "http://www.w3.org/2003/01/geo/wgs84_pos#":
		return "geo:"
	case "http://purl.org/syndication/thread/1.0":
		return "thr:"
	case "http://purl.org/rss/1.0/modules/slash/":
		return "slash:"
	case "http://purl.org/rss/1.0/modules/syndication/":
		return "sy:"
	case "http://purl.org/syndication/history/1.0":
		return "fh:"
	case "http://purl.org/atompub/tombstones/1.0":
		return "at:"
	}
	return ""
}

// tree reads a document into nodes. It returns nil, with a finding, when the
// document is not well-formed.
func (r *report) tree(doc []byte) *node {
	b := builder{r: r, doc: doc, dec: xml.NewDecoder(bytes.NewReader(doc))}
	for {
		b.start = b.dec.InputOffset()
		token, err := b.dec.Token()
		if errors.Is(err, io.EOF) && b.root != nil && b.open == nil {
			return b.root
		}
		if err == nil {
			err = b.take(token)
		}
		if err != nil {
			line, _ := b.dec.InputPos()
			r.add(Error, syntaxRule(err), fmt.Sprintf("document:%d", line), "not well-formed: %v", err)
			return nil
		}
	}
}

func syntaxRule(err error) string {
	if strings.Contains(err.Error(), "character entity") {
		return "UndefinedNamedEntity"
	}
	return "SAXError"
}

// builder makes a tree of the tokens of a decoder.
type builder struct {
	r     *report
	doc   []byte
	dec   *xml.Decoder
	start int64 // of the token
	root  *node
	open  *node   // the innermost element that has not ended
	begin []int64 // of the open elements
}

func (b *builder) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		return b.push(t)
	case xml.EndElement:
		b.open.text, b.open.pieces = string(b.open.pieces), nil
		b.open.raw = b.doc[b.begin[len(b.begin)-1]:b.dec.InputOffset()]
		b.open, b.begin = b.open.parent, b.begin[:len(b.begin)-1]
	case xml.CharData:
		return b.characters(t)
	case xml.Directive:
		line, _ := b.dec.InputPos()
		b.r.add(Error, "DeprecatedDTD", fmt.Sprintf("document:%d", line), "a feed has no DOCTYPE")
	}
	return nil
}

func (b *builder) push(t xml.StartElement) error {
	if b.open == nil && b.root != nil {
		return fmt.Errorf("second root element %s", t.Name.Local)
	}
	if len(b.begin) > maxDepth {
		return fmt.Errorf("elements nest deeper than %d", maxDepth)
	}
	name, err := qualified(t.Name)
	if err != nil {
		return err
	}
	line, _ := b.dec.InputPos()
	n := &node{name: name, attrs: make(map[string]string), line: line, parent: b.open}
	for _, a := range t.Attr {
		if err := n.setAttr(a); err != nil {
			return err
		}
	}
	b.attach(n)
	b.open, b.begin = n, append(b.begin, b.start)
	return nil
}

func (b *builder) attach(n *node) {
	if b.open == nil {
		b.root = n
		return
	}
	if n.name == "item" || n.name == "atom:entry" {
		b.open.items++
		n.number = b.open.items
	}
	b.open.children = append(b.open.children, n)
}

func (n *node) setAttr(a xml.Attr) error {
	if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" {
		return nil
	}
	name, err := qualified(a.Name)
	if err != nil {
		return err
	}
	if _, twice := n.attrs[name]; twice {
		return fmt.Errorf("attribute %s twice on %s", name, n.name)
	}
	n.attrs[name] = a.Value
	return nil
}

// qualified is a name with its usual prefix; encoding/xml leaves a prefix that
// was not declared in the place of the namespace.
func qualified(name xml.Name) (string, error) {
	p, known := prefix(name.Space)
	if !known {
		return "", fmt.Errorf("prefix %q is not declared", name.Space)
	}
	return p + name.Local, nil
}

func (b *builder) characters(s []byte) error {
	if b.open != nil {
		b.open.pieces = append(b.open.pieces, s...)
	} else if len(bytes.TrimSpace(bytes.TrimPrefix(s, []byte("\uFEFF")))) > 0 {
		return errors.New("text outside of the root element")
	}
	return nil
}
