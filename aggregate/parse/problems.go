package parse

import (
	"fmt"
	"slices"

	"github.com/coranto/coranto"
)

// maxProblems is how many items are named that have one problem in common.
const maxProblems = 10

// problem records something an operator should know of the item that is being
// translated, or of the document. A kind of problem is recorded once for each.
func (p *parser) problem(code, format string, args ...any) {
	if !hasProblem(p.problems, code) {
		p.problems = append(p.problems, coranto.Problem{Code: code, Text: fmt.Sprintf(format, args...)})
	}
}

func hasProblem(list []coranto.Problem, code string) bool {
	for i := range list {
		if list[i].Code == code {
			return true
		}
	}
	return false
}

// item translates item i of the document, with the problems that are its own.
func (p *parser) item(i int, translate func() Item) Item {
	document := p.problems
	p.problems = nil
	item := translate()
	item.Index, item.Problems = i, p.problems
	p.problems = document
	return item
}

// problems lists what is wrong with the document and with its items.
func (f *Feed) problems(document []coranto.Problem) []coranto.Problem {
	items := make([][]coranto.Problem, f.Extent())
	for i := range f.Items {
		items[f.Items[i].Index] = f.Items[i].Problems
	}
	return ListProblems(document, items)
}

// Extent is how many items the document has, as far as is known: more than any
// Item.Index.
func (f *Feed) Extent() int {
	if n := len(f.Items); n > 0 {
		return max(len(f.Marks), f.Items[n-1].Index+1)
	}
	return len(f.Marks)
}

// ListProblems lists what is wrong with a document, then what is wrong with its
// items, given in its order, with their places. Of items that have a problem in
// common the first few are named and the others counted.
func ListProblems(document []coranto.Problem, items [][]coranto.Problem) []coranto.Problem {
	list := slices.Clone(document)
	count := map[string]int{}
	var codes []string
	for i, problems := range items {
		for _, problem := range problems {
			if count[problem.Code]++; count[problem.Code] <= maxProblems {
				problem.Place = fmt.Sprintf("item %d", i+1)
				list = append(list, problem)
			}
			if count[problem.Code] == maxProblems+1 {
				codes = append(codes, problem.Code)
			}
		}
	}
	for _, code := range codes {
		list = append(list, coranto.Problem{
			Code: code, Text: fmt.Sprintf("%d more items have this problem.", count[code]-maxProblems),
		})
	}
	return list
}
