package parse

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

// note records what was wrong with t, and returns it.
func (p *parser) note(t text.Text) text.Text {
	if t.Cut {
		p.problem("text-cut", "A text was longer than %d bytes and was cut.", text.MaxLength)
	}
	p.noteFlaws(t.Flaws)
	return t
}

func (p *parser) noteFlaws(flaws text.Flaw) {
	for flaw := text.Flaw(1); flaw <= flaws; flaw <<= 1 {
		if flaws&flaw != 0 {
			code, sentence := flaw.Words()
			p.problem(code, "%s", sentence)
		}
	}
}

// trim removes what may stand before a document without being part of it.
func (p *parser) trim(body []byte) []byte {
	trimmed := bytes.TrimLeft(body, " \t\r\n\ufeff")
	before := body[:len(body)-len(trimmed)]
	p.above = bytes.Count(before, []byte("\n"))
	if bytes.Contains(before, []byte("\ufeff")) {
		p.problem("mark-repeated", "A second byte order mark stands before the document and was ignored.")
	}
	if len(bytes.Trim(before, "\ufeff")) > 0 && bytes.HasPrefix(trimmed, []byte("<?xml")) {
		p.problem("blank-before-declaration",
			"White space stands before the XML declaration, which strict readers refuse.")
	}
	return trimmed
}

// noteRepair records that the parser could not read the skeleton as it was. The
// markup layer knows the usual reasons; any other is told by its place alone.
func (p *parser) noteRepair(err error) {
	if len(p.markup.Notes()) > 0 {
		return
	}
	problem := coranto.Problem{
		Code: "repaired",
		Text: "The document is not well-formed XML here; it was read as far as it can be understood.",
	}
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		if item := p.markup.ItemOnLine(syntax.Line); item > 0 {
			problem.Place = fmt.Sprintf("item %d", item)
		}
	}
	if problem.Place == "" {
		problem.Text = "The document is not well-formed XML; it was read as far as it can be understood."
	}
	p.problems = append(p.problems, problem)
}

// takeNotes records what the markup layer met, with the items that have it.
func (p *parser) takeNotes(feed *Feed) {
	whole := p.markup.Items() == len(feed.Items) // the items of the skeleton are those of the feed
	for _, n := range p.markup.Notes() {
		problem := coranto.Problem{Code: n.Code, Text: n.Text}
		if whole && n.Item > 0 && n.Item <= len(feed.Items) {
			feed.Items[n.Item-1].add(problem)
			continue
		}
		if hasProblem(p.problems, n.Code) {
			continue
		}
		if line := p.markup.Line(n); line > 0 {
			problem.Place = fmt.Sprintf("line %d", line+p.above)
		}
		p.add(problem)
	}
	if p.markup.Unclosed > 0 && !p.markup.Truncated {
		p.add(coranto.Problem{
			Code: "loose-markup", Place: fmt.Sprintf("line %d", p.markup.LooseLine()+p.above),
			Text: fmt.Sprintf(
				"The document has %d places where an element is not opened or closed as it should; this is the first.",
				p.markup.Unclosed),
		})
	}
}

// add records a problem unless one of its kind is known.
func (p *parser) add(problem coranto.Problem) { p.problems = addProblem(p.problems, problem) }

// add records a problem of the item unless one of its kind is known.
func (it *Item) add(problem coranto.Problem) { it.Problems = addProblem(it.Problems, problem) }

func addProblem(list []coranto.Problem, problem coranto.Problem) []coranto.Problem {
	if hasProblem(list, problem.Code) {
		return list
	}
	return append(list, problem)
}
