// Package lint checks feeds as the W3C Feed Validation Service does, so that
// what is published can be checked without it: RSS 2.0, Atom (RFC 4287), JSON
// Feed 1.1 and OPML 2.0. A finding carries the name that the service gives its
// rule, under which https://validator.w3.org/feed/docs/ explains it.
//
// The package reads bytes from outside: any input gives findings, never a
// panic. It knows nothing of how feeds are made here, or it would repeat the
// mistakes it looks for.
package lint

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Level says how bad a finding is.
type Level string

// The levels. Readers choke on an error, some readers misbehave on a warning,
// and a hint is advice.
const (
	Error   Level = "error"
	Warning Level = "warning"
	Hint    Level = "hint"
)

// Finding is one thing that is wrong in a document.
type Finding struct {
	Level Level
	Rule  string // the validator's name of the rule: "SelfDoesntMatchLocation"
	Place string // where: "rss/channel/item[2]/guid:41", with the line
	Line  int    // from 1; 0 when it is not known
	Text  string // what is wrong, for people
}

// String is the finding on one line.
func (f Finding) String() string {
	return fmt.Sprintf("%s %s at %s: %s", f.Level, f.Rule, f.Place, f.Text)
}

// maxFindings is where the list of a document ends; nobody reads more.
const maxFindings = 1000

// Check lists what is wrong in a document, in its order; nil when all is well.
// The media type tells JSON from XML; "" means to look at the document. selfURL
// is where the document is published; "" means unknown, and the self link is
// only checked to be there.
func Check(doc []byte, mediaType, selfURL string) []Finding {
	r := &report{self: selfURL}
	if strings.Contains(mediaType, "json") || (mediaType == "" && looksJSON(doc)) {
		r.jsonFeed(doc)
	} else {
		r.xml(doc)
	}
	return r.findings
}

// Worst keeps the findings that are at least as bad as level.
func Worst(findings []Finding, level Level) []Finding {
	order := []Level{Error, Warning, Hint}
	return slices.DeleteFunc(slices.Clone(findings), func(f Finding) bool {
		return slices.Index(order, f.Level) > slices.Index(order, level)
	})
}

func looksJSON(doc []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(doc), []byte("{"))
}

// report gathers findings.
type report struct {
	self       string
	findings   []Finding
	extensions map[string]rule // what extensionRules made; nil before
	lines      map[string]int  // on which the objects of a JSON document begin, by place
}

func (r *report) add(level Level, rule, place, format string, args ...any) {
	if line := r.lines[place]; line > 0 {
		place = fmt.Sprintf("%s:%d", place, line)
	}
	if len(r.findings) < maxFindings {
		r.findings = append(r.findings, Finding{
			level, rule, place, lineOf(place), fmt.Sprintf(format, args...),
		})
	}
}

// mostBytes is where validators stop to read.
const mostBytes = 5_000_000

func (r *report) xml(doc []byte) {
	if len(doc) > mostBytes {
		r.add(Error, "ValidatorLimit", "document:1", "%d bytes are more than validators read", len(doc))
	}
	root := r.tree(doc)
	if root == nil {
		return
	}
	switch root.name {
	case "rss":
		r.rss(root)
	case "atom:feed":
		r.atom(root)
	case "opml":
		r.opml(root)
	default:
		r.at(root, Error, "UndefinedElement", "%s is the root of no feed", root.name)
	}
	slices.SortStableFunc(r.findings, func(a, b Finding) int {
		return cmp.Compare(a.Line, b.Line)
	})
}

// lineOf is the line at the end of a place, 0 when it has none.
func lineOf(place string) int {
	line, err := strconv.Atoi(place[strings.LastIndexByte(place, ':')+1:])
	if err != nil {
		return 0
	}
	return line
}
