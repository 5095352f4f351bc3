// Package markup makes an XML feed fit for a strict parser, whatever its author
// did.
//
// Read refuses a document that would cost too much and finds its root element and
// its items. Lift writes a skeleton of those that are wanted: balanced,
// well-formed, and short, because each long or difficult text is replaced by a
// token. A parser reads the skeleton; Text gives back what a token stands for. So a
// parser can't misread what it does not see: naked markup, the type of a text, ids
// that must not change, relative URLs below an xml:base.
//
// The package knows the vocabularies of RSS and Atom only as far as it must: which
// elements hold texts and items. What a tag is and what is refused it leaves to tags,
// what characters mean to text.
package markup

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/coranto/coranto/aggregate/parse/markup/tags"
	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

// ErrHostile reports a document over a limit of size or nesting. The error that wraps
// it names the limit.
var ErrHostile = tags.ErrHostile

// Document is an XML document that Read prepared.
type Document struct {
	Root       Root
	Skeleton   []byte            // written by Lift
	Base       *url.URL          // of relative references; nil when unknown
	Language   string            // of the root element; "" when it does not say
	Namespaces map[string]string // that the root element declares, by prefix; nil when there is none
	Junk       bool              // something stood before the root element
	Renamed    bool              // the namespace of Atom was misspelt
	Unclosed   int               // elements not closed, or closed but not open; set by Lift
	Truncated  bool              // it ended early; the skeleton ends with the last whole item

	source   []byte      // from the root element on
	split    []tags.Span // the items in source; nil when they can't be told apart
	parts    []text.Written
	items    []tags.Span    // in Skeleton
	entities *text.Entities // the document's own

	body    []byte   // what Read was given
	before  []remark // of what precedes the root element
	outside []remark // of what is in no item
	remarks []remark // of the items, in their order
	deep    bool     // more elements are open at once than a parser is given; set by Lift
	looseAt int      // in source, of the first that Unclosed counts; negative when there is none
}

// Read prepares body, which must be UTF-8. base is its own URL, nil when unknown.
// The error wraps ErrHostile. A body that is no feed is no error; its Root says so.
func Read(body []byte, base *url.URL) (*Document, error) {
	body, unclosed := closeSections(body)
	items, err := tags.Guard(body)
	if err != nil {
		return nil, err
	}
	head := readProlog(body)
	d := &Document{
		Root: head.root, Junk: head.junk, Base: base, entities: head.entities, body: body, looseAt: -1,
	}
	if d.Root == RootNone || d.Root == RootHTML {
		return d, nil
	}
	d.Junk = d.remarkBefore(body[:head.start]) || d.Junk
	whole := d.wrap(body[head.start:])
	d.readRoot()
	if unclosed > head.start {
		d.before = append(d.before, remark{"section-unclosed", 0, unclosed + len(d.source) - len(body)})
	}
	if whole && len(items) > 0 && items[0].Start > head.start {
		d.split = shift(items, len(d.source)-len(body))
	}
	return d, nil
}

func shift(items []tags.Span, by int) []tags.Span {
	for i := range items {
		items[i].Start += by
		items[i].End += by
	}
	return items
}

// wrap gives documents that lack their outermost elements them, and corrects the
// namespace of Atom where it is misspelt. It reports whether only the root's tag was
// written again, if anything.
func (d *Document) wrap(body []byte) (whole bool) {
	switch {
	case d.Root == rootEntry:
		d.Root = RootAtom
		d.remarkAbove("entry-alone")
		d.source = enclose(`<feed xmlns="`+atomNamespace+`">`, body, "</feed>")
	case d.Root == rootChannel:
		d.Root = RootRSS
		d.remarkAbove("rss-missing")
		d.source = enclose("<rss>", body, "</rss>")
	case d.Root == RootRSS && lacksChannel(body):
		d.remarkAbove("channel-missing")
		tag, rest, _ := rootTag(body)
		inner, end := rest, []byte(nil)
		if i := bytes.LastIndex(rest, []byte("</rss>")); i >= 0 {
			inner, end = rest[:i], append([]byte("</channel>"), rest[i:]...)
		}
		d.source = bytes.Join([][]byte{tag, []byte("<channel>"), inner, end}, nil)
	default:
		d.source, d.Renamed = fixNamespaces(body, d.Root, d.entities)
		return true
	}
	return false
}

// lacksChannel reports whether what describes an RSS feed and its items stand in its
// root element.
func lacksChannel(body []byte) bool {
	s := tags.Scan(body)
	root, _ := s.Next()
	for root.Kind == tags.Start {
		t, ok := s.Next()
		if !ok || t.Kind == tags.End {
			return false
		}
		if t.Kind == tags.Start {
			return tags.Lower(t.Local()) != "channel" && !hasTag(body, "channel")
		}
	}
	return false
}

// hasTag reports whether something in body looks like the tag of an element.
func hasTag(body []byte, name string) bool {
	upper := strings.ToUpper(name)
	for _, written := range []string{"<" + name, ":" + name, "<" + upper, "<" + upper[:1] + name[1:]} {
		if bytes.Contains(body, []byte(written)) {
			return true
		}
	}
	return false
}

func enclose(before string, body []byte, after string) []byte {
	return bytes.Join([][]byte{[]byte(before), body, []byte(after)}, nil)
}

// Loose returns the document as it is without the namespaces that may hide its
// elements.
func (d *Document) Loose() *Document {
	loose := &Document{
		Root: d.Root, Junk: d.Junk, Base: d.Base, entities: d.entities,
		Language: d.Language, Namespaces: d.Namespaces, body: d.body, before: d.before, looseAt: -1,
	}
	loose.source = dropNamespaces(d.source, d.Root)
	return loose
}

// HasEntries reports whether there are entries of Atom in the source.
func (d *Document) HasEntries() bool { return bytes.Contains(d.source, []byte("<entry")) }

// HasItems reports whether there are items in the source, readable or not.
func (d *Document) HasItems() bool {
	for _, tag := range []string{"<item", "<entry", ":item", ":entry"} {
		if bytes.Contains(d.source, []byte(tag)) {
			return true
		}
	}
	return false
}
