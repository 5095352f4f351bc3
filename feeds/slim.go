package feeds

import (
	"strings"

	"github.com/coranto/coranto"
)

// documentBytes is how much the entries of a document may take as XML, so that with all
// that is around them it stays below 5,000,000 bytes: validators and readers refuse more.
const documentBytes = 3_000_000

// slimSummary is how many bytes of its summary an entry keeps that gives up its content.
const slimSummary = 1000

// slimmed takes the content of the last entries when all of it would make too large a
// document: their summaries and links stay. Which ones depends on the entries alone.
func slimmed(entries []Entry) []Entry {
	size := 0
	for i := range entries {
		e := &entries[i]
		if size+weight(e) > documentBytes {
			cut(&e.Item, coranto.RepublishExcerpt)
			e.Summary = excerpt(e.Summary, slimSummary)
		}
		size += weight(e)
	}
	return entries
}

// excerpt is the beginning of a text of at most so many bytes.
func excerpt(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// weight is about how many bytes an entry takes as XML.
func weight(e *Entry) int {
	size := 2*escaped(e.Title) + 2*escaped(e.Summary) + escaped(e.Content) + escaped(e.CreditHTML)
	for name, value := range e.Members {
		size += len(name) + len(value)
	}
	return size + weightOf(e.Extensions)
}

func weightOf(list []coranto.Extension) (size int) {
	for _, e := range list {
		size += 2*len(e.Name) + escaped(e.Value) + weightOf(e.Children)
		for name, value := range e.Attrs {
			size += len(name) + escaped(value)
		}
	}
	return size
}

// escaped is how many bytes a text takes with its markup escaped.
func escaped(s string) int {
	return len(s) + 4*(strings.Count(s, "<")+strings.Count(s, ">")+strings.Count(s, "&"))
}
