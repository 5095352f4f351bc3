package markup

import (
	"bytes"
	"strings"
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
	start    int       // of the root element
	entities *entities // declared by the document type; nil when none are
	junk     bool      // text or elements stood before the root
}

// readProlog looks for the root element. It reads the document type for entities
// and forgets it: nothing external is ever loaded.
func readProlog(b []byte) prolog {
	window := b[:min(len(b), rootWindow)]
	var p prolog
	typed := false
	s := scanner{b: window}
	for {
		t, ok := s.next()
		if !ok {
			return p
		}
		switch t.kind {
		case otherToken:
			if !typed && isDoctype(window[t.start:]) { // there is one, and no more
				typed = true
				s.pos = p.readDoctype(window, t.start)
			}
		case startTag, emptyTag:
			kind := kindOfRoot(t)
			if kind == RootHTML && !p.junk {
				p.root = RootHTML
			}
			inPage := p.root == RootHTML && !isDeclared(window[t.start:t.end])
			if kind == RootNone || kind == RootHTML || inPage {
				p.junk = true
				continue
			}
			p.root, p.start = kind, t.start
			return p
		}
	}
}

// isDeclared reports whether a tag says which format begins here: inside a web page
// only such an element is a feed's root.
func isDeclared(tag []byte) bool {
	return bytes.Contains(tag, []byte("version=")) || bytes.Contains(tag, []byte("xmlns"))
}

func kindOfRoot(t token) Root {
	switch strings.ToLower(string(t.local())) {
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
	subset := bytes.IndexByte(b[i:], '[')
	if subset >= 0 && subset < end {
		length := bytes.Index(b[i+subset:], []byte("]>"))
		if length < 0 {
			length = bytes.IndexByte(b[i+subset:], ']')
		}
		if length < 0 {
			return len(b)
		}
		p.entities = internalEntities(string(b[i+subset+1 : i+subset+length]))
		end = subset + length + bytes.IndexByte(b[i+subset+length:], '>')
	}
	if end < 0 {
		return len(b)
	}
	return i + end + 1
}

// Limits of the entities that a document may declare for itself.
const (
	maxEntities    = 300
	maxEntityValue = 1 << 10
)

// internalEntities reads the general entities of an internal subset. An entity
// that refers to another is left out, so that none can grow; parameter and
// external entities are left out too.
func internalEntities(subset string) *entities {
	values := map[string]string{}
	for _, declaration := range strings.Split(subset, "<!ENTITY")[1:] {
		fields := strings.Fields(declaration)
		if len(fields) < 2 || fields[0] == "%" || len(values) >= maxEntities {
			continue
		}
		_, rest, _ := strings.Cut(declaration, fields[0])
		rest = strings.TrimSpace(rest)
		if rest == "" || rest[0] != '"' && rest[0] != '\'' {
			continue
		}
		value, _, closed := strings.Cut(rest[1:], rest[:1])
		if !closed || len(value) > maxEntityValue || hasGeneralReference(value) {
			continue
		}
		values[fields[0]] = decodeEntities(value, nil)
	}
	return &entities{values: values, budget: maxExpanded}
}

// hasGeneralReference reports whether s refers to an entity other than by number.
func hasGeneralReference(s string) bool {
	return strings.Count(s, "&") > strings.Count(s, "&#")
}
