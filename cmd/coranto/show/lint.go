package show

import (
	"cmp"
	"fmt"

	"github.com/coranto/coranto/cmd/coranto/term"
	"github.com/coranto/coranto/feeds/format/lint"
)

// Lint is what is wrong in documents.
type Lint struct {
	Documents []Linted `json:"documents"`
}

// Linted is what is wrong in one.
type Linted struct {
	Name     string    `json:"name"` // a file or an address
	Findings []Finding `json:"findings"`
}

// Finding is one thing that is wrong.
type Finding struct {
	Level string `json:"level"` // error, warning or hint
	Rule  string `json:"rule"`  // as the W3C validator calls it
	Line  int    `json:"line,omitempty"`
	Place string `json:"place"`
	Text  string `json:"text"`
}

// NewLinted shows the findings of a document.
func NewLinted(name string, findings []lint.Finding) Linted {
	l := Linted{Name: name, Findings: []Finding{}}
	for _, f := range findings {
		l.Findings = append(l.Findings, Finding{string(f.Level), f.Rule, f.Line, f.Place, f.Text})
	}
	return l
}

// Failed reports whether there are errors.
func (l Lint) Failed() bool { return l.count("error") > 0 }

func (l Lint) count(level string) (n int) {
	for _, doc := range l.Documents {
		for _, f := range doc.Findings {
			if f.Level == level {
				n++
			}
		}
	}
	return n
}

// Text implements View: a line for each finding, as compilers have them, then the sum.
func (l Lint) Text(out term.Output) error {
	for _, doc := range l.Documents {
		for _, f := range doc.Findings {
			_, err := fmt.Fprintf(out, "%s:%d: %s: %s (%s)\n", doc.Name, cmp.Or(f.Line, 1), f.Level, f.Text, f.Rule)
			if err != nil {
				return err
			}
		}
	}
	_, err := fmt.Fprintf(out, "%s: %s, %s, %s\n", Plural(len(l.Documents), "document"),
		Plural(l.count("error"), "error"), Plural(l.count("warning"), "warning"), Plural(l.count("hint"), "hint"))
	return err
}
