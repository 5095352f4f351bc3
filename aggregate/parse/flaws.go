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
			code, sentence := flawWords(flaw)
			p.problem(code, "%s", sentence)
		}
	}
}

// flawWords returns the code and the sentence of a flaw.
func flawWords(f text.Flaw) (code, sentence string) {
	switch f {
	case text.BareAmpersand:
		return "bare-ampersand",
			"A & that begins no reference was read as text; XML wants it written as &amp;."
	case text.UnknownEntity:
		return "entity-unknown",
			"A reference to an entity that neither HTML nor the document knows was left as text."
	case text.BareLess:
		return "bare-less-than",
			"A < that begins no tag was read as text; XML wants it written as &lt;."
	case text.ControlCharacter:
		return "control-characters", "Control characters, which XML forbids, were left out."
	case text.WindowsCharacter:
		return "windows-characters",
			"Characters of windows-1252 stand where Unicode has control characters; they were read as Windows does."
	case text.DamagedCharacter:
		return "text-damaged",
			"A text holds U+FFFD, which stands for a character that was lost."
	case text.GarbledText:
		return "text-garbled",
			"A text was decoded in a wrong charset before it was written; it stays as it came."
	case text.UndecodableBase64:
		return "base64-broken",
			"A text is said to be in Base64 but can't be decoded; it was read as it is."
	case text.UndeclaredEntity:
		return "entity-undeclared",
			"An entity of HTML, such as &nbsp;, is used without being declared; it was resolved."
	case text.BinaryContent:
		return "content-binary", "A text holds the bytes of a file, which is no text; it was left out."
	case text.UnescapedMarkup:
		return "markup-unescaped",
			"Elements stand where the format has a text; they were read as HTML."
	}
	return guessWords(f)
}

// guessWords is flawWords for what was guessed.
func guessWords(f text.Flaw) (code, sentence string) {
	switch f {
	case text.EscapedTwice:
		return "escaped-twice",
			"A text seems to be escaped twice: it was decoded once more, unless it holds &amp;."
	case text.LostWords:
		return "words-as-markup",
			"What may have been meant as words of a title was taken for tags and left out."
	}
	return "text-repaired", "A text was repaired."
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
