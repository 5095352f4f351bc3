package markup

import (
	"bytes"
	"strings"

	"github.com/coranto/coranto/aggregate/parse/markup/tags"
	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

// Root is the vocabulary of a document, as its root element shows it.
type Root int

// The vocabularies of documents.
const (
	RootNone Root = iota // none that we know
	RootRSS              // RSS 0.9x and 2.0
	RootRDF              // RSS 0.90 and 1.0
	RootAtom
	RootHTML

	rootEntry   // an Atom entry document (RFC 4287 §2), wrapped into a feed
	rootChannel // RSS without its rss element, wrapped into one
)

// rootWindow is how far into a document its root element may begin.
const rootWindow = 256 << 10

// prolog is what precedes the root element.
type prolog struct {
	root     Root
	start    int            // of the root element
	entities *text.Entities // declared by the document type; nil when none are
	junk     bool           // text or elements stood before the root
}

// readProlog looks for the root element. It reads the document type for entities
// and forgets it: nothing external is ever loaded.
func readProlog(b []byte) prolog {
	window := b[:min(len(b), rootWindow)]
	var p prolog
	typed := false
	s := tags.Scan(window)
	for {
		t, ok := s.Next()
		if !ok {
			return p
		}
		switch t.Kind {
		case tags.Other:
			if !typed && isDoctype(window[t.Start:]) { // there is one, and no more
				typed = true
				s.Seek(p.readDoctype(window, t.Start))
			}
		case tags.Start, tags.Empty:
			kind := kindOfRoot(t)
			if kind == RootHTML && !p.junk {
				p.root = RootHTML
			}
			inPage := p.root == RootHTML && !isDeclared(window[t.Start:t.End])
			if kind == RootNone || kind == RootHTML || inPage {
				p.junk = true
				continue
			}
			p.root, p.start = kind, t.Start
			return p
		}
	}
}

// isDeclared reports whether a tag says which format begins here: inside a web page
// only such an element is a feed's root.
func isDeclared(tag []byte) bool {
	return bytes.Contains(tag, []byte("version=")) || bytes.Contains(tag, []byte("xmlns"))
}

func kindOfRoot(t tags.Token) Root {
	switch strings.ToLower(string(t.Local())) {
	case "rss":
		return RootRSS
	case "rdf":
		return RootRDF
	case "feed":
		return RootAtom
	case "entry":
		return rootEntry
	case "channel":
		return rootChannel
	case "html":
		return RootHTML
	}
	return RootNone
}

func isDoctype(b []byte) bool {
	return len(b) > 9 && bytes.EqualFold(b[:9], []byte("<!doctype"))
}

// readDoctype reads the entities of the document type declaration at i and
// returns where it ends.
func (p *prolog) readDoctype(b []byte, i int) int {
	end := bytes.IndexByte(b[i:], '>')
	if end >= 0 && bytes.Contains(b[i:i+end], []byte("DTD RSS 0.91")) { // Netscape's
		p.entities = text.HTMLEntities()
	}
	subset := bytes.IndexByte(b[i:], '[')
	if subset >= 0 && subset < end {
		length := bytes.Index(b[i+subset:], []byte("]>"))
		if length < 0 {
			length = bytes.IndexByte(b[i+subset:], ']')
		}
		if length < 0 {
			return len(b)
		}
		p.entities = text.ReadEntities(string(b[i+subset+1 : i+subset+length]))
		end = subset + length + bytes.IndexByte(b[i+subset+length:], '>')
	}
	if end < 0 {
		return len(b)
	}
	return i + end + 1
}
