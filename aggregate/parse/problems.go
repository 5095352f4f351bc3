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
	known := slices.ContainsFunc(p.problems, func(k coranto.Problem) bool { return k.Code == code })
	if !known {
		p.problems = append(p.problems, coranto.Problem{Code: code, Text: fmt.Sprintf(format, args...)})
	}
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

// problems lists what is wrong with the document, then what is wrong with its
// items, by their place. Of items that have a problem in common the first few are
// named and the others counted.
func (f *Feed) problems(document []coranto.Problem) []coranto.Problem {
	list := slices.Clone(document)
	count := map[string]int{}
	for i := range f.Items {
		for _, problem := range f.Items[i].Problems {
			if count[problem.Code]++; count[problem.Code] <= maxProblems {
				problem.Place = fmt.Sprintf("item %d", f.Items[i].Index+1)
				list = append(list, problem)
			}
		}
	}
	for _, problem := range list[len(document):] {
		if more := count[problem.Code] - maxProblems; more > 0 {
			list = append(list, coranto.Problem{Code: problem.Code, Text: fmt.Sprintf("%d more items have this problem.", more)})
			count[problem.Code] = 0
		}
	}
	return list
}
