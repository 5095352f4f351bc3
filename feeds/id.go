package feeds

import (
	"strings"

	"github.com/coranto/coranto/feeds/format/lint"
)

// longestID is how many bytes an id has at most. Ids are in every document several
// times, and no honest one is longer.
const longestID = 4096

// IsID reports whether an id of a source can be published as it is: every format can
// hold it, and it is harmless where a reader makes it clickable.
func IsID(s string) bool {
	return len(s) <= longestID && lint.IsID(s) && !runs(s)
}

// runs reports IRIs that a reader who makes ids clickable would execute or open
// from the reader's own machine.
func runs(iri string) bool {
	scheme, _, _ := strings.Cut(strings.ToLower(iri), ":")
	switch scheme {
	case "javascript", "vbscript", "data", "file", "blob", "about", "view-source":
		return true
	}
	return false
}
