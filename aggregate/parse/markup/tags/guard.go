package tags

import (
	"bytes"
	"errors"
	"fmt"
)

// ErrHostile reports a document over a limit of size or nesting. The error that wraps
// it names the limit.
var ErrHostile = errors.New("hostile document")

// Limits of a document. gofeed recurses once per nested element, until the stack
// of the process overflows, and its pull parser copies all namespace bindings
// for each tag that declares one.
const (
	maxDepth    = 256
	maxXMLNS    = 64      // declarations in one tag
	maxBindings = 2 << 20 // bindings in scope, summed over the tags that declare one
	maxTokens   = 2 << 20
	maxTag      = 4 << 20

	// Elements and attributes of a skeleton: each costs a parser some hundred bytes.
	headParts = 60_000 // of the feed
	itemParts = 200    // of an item, on average
	maxParts  = 500_000

	maxLoose      = 10_000 // items that can't be told apart
	maxAttributes = 100
	maxName       = 1 << 10
)

// Guard refuses a document that would cost the parser too much. It runs before
// anything else looks at the markup, in one pass and in constant memory but for
// the items that it finds on its way, nil when they can't be told apart. The error
// wraps ErrHostile and names the limit.
func Guard(b []byte) ([]Span, error) {
	g := guardState{scanner: Scan(b), splitter: splitter{begin: -1}}
	for {
		t, ok := g.scanner.Next()
		if !ok {
			return g.end()
		}
		if err := g.take(t); err != nil {
			return nil, err
		}
	}
}

// end refuses documents with more items than anyone will read, which nobody can
// shorten without reading them.
func (g *guardState) end() ([]Span, error) {
	if g.scanner.strained() {
		return nil, hostile("quotes in which tags begin over and over")
	}
	items := g.splitter.found(g.depth)
	if items == nil && g.splitter.count > maxLoose {
		return nil, hostile("more than %d items that are not closed as they should be", maxLoose)
	}
	return items, nil
}

type guardState struct {
	scanner  Scanner
	splitter splitter
	tokens   int
	depth    int
	declared [maxDepth + 1]int // namespaces declared by the open element of a depth
	inScope  int
	bindings int
}

func (g *guardState) take(t Token) error {
	if g.tokens++; g.tokens > maxTokens {
		return hostile("more than %d tags", maxTokens)
	}
	switch t.Kind {
	case End:
		if g.depth > 0 {
			g.inScope -= g.declared[g.depth]
			g.depth--
			g.splitter.close(t, g.depth)
		}
	case Start, Empty:
		return g.open(t)
	}
	return nil
}

func (g *guardState) open(t Token) error {
	if len(t.Name) > maxName {
		return hostile("an element name longer than %d bytes", maxName)
	}
	if t.End-t.Start > maxTag {
		return hostile("a tag longer than %d bytes", maxTag)
	}
	declared, err := countDeclared(g.scanner.b[t.Start:t.End], len(t.Name))
	if err != nil {
		return err
	}
	if declared > 0 {
		g.bindings += g.inScope + declared
	}
	if g.bindings > maxBindings {
		return hostile("more than %d namespace bindings", maxBindings)
	}
	g.splitter.open(t, g.depth)
	if t.Kind == Empty {
		return nil
	}
	if g.depth++; g.depth > maxDepth {
		return hostile("elements nested more than %d deep", maxDepth)
	}
	g.declared[g.depth] = declared
	g.inScope += declared
	return nil
}

// countDeclared counts the namespaces that a tag with a name of some length
// declares, and checks the number of its attributes.
func countDeclared(tag []byte, name int) (int, error) {
	if len(tag) <= name+len("< a>") { // most tags have no attributes
		return 0, nil
	}
	if len(tag) > len(" a")*maxAttributes && hasMoreAttrs(tag, maxAttributes) {
		return 0, hostile("more than %d attributes in one tag", maxAttributes)
	}
	declared := bytes.Count(tag, []byte("xmlns"))
	if declared > maxXMLNS {
		return 0, hostile("more than %d namespaces declared in one tag", maxXMLNS)
	}
	return declared, nil
}

func hasMoreAttrs(tag []byte, most int) bool {
	for range Attrs(tag) {
		if most--; most < 0 {
			return true
		}
	}
	return false
}

// Check refuses what is left of a document with some items when it would cost a parser
// too much memory: the elements and attributes that there may be are some for the
// feed and some for each item. Its depth is measured once more: rewriting it must
// not have made elements that the guard has not seen. The error wraps ErrHostile.
func Check(b []byte, items int) error {
	if deepest(b) > maxDepth+8 {
		return hostile("elements nested more than %d deep", maxDepth)
	}
	allowed := min(maxParts, headParts+itemParts*items)
	elements := bytes.Count(b, []byte("<")) - bytes.Count(b, []byte("</"))
	if elements+bytes.Count(b, []byte("=")) > allowed {
		return hostile("more than %d elements and attributes to read", allowed)
	}
	return nil
}

// deepest returns how many elements of b are open at most.
func deepest(b []byte) int {
	s := Scan(b)
	depth, most := 0, 0
	for {
		t, ok := s.Next()
		if !ok {
			return most
		}
		switch t.Kind {
		case Start:
			depth++
			most = max(most, depth)
		case End:
			depth--
		}
	}
}

func hostile(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrHostile, fmt.Sprintf(format, args...))
}
