package normalize

import (
	"fmt"
	"strings"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/parse"
	"github.com/coranto/coranto/aggregate/sanitize"
	"github.com/coranto/coranto/internal/vocabulary"
)

// extensions carries the elements and members of an item over. Parse has told what
// its vocabulary forbids; here an address may turn out to be none.
func (n *normalizer) extensions(it *parse.Item) ([]coranto.Extension, map[string]string) {
	members, _ := vocabulary.Members(it.Members)
	cleaner := vocabulary.Cleaner{
		URL:  func(s string) string { return sanitize.URL(s, n.base) },
		Text: sanitize.Line,
	}
	kept, lost := cleaner.Clean(it.Extensions)
	if len(lost.Broken) > 0 {
		n.problem("extension-invalid", fmt.Sprintf("without what they must hold, these elements "+
			"were left out: %s", strings.Join(lost.Broken, ", ")))
	}
	if lost.Cut > 0 {
		n.problem("extensions-cut", fmt.Sprintf("%d elements were too many and were left out", lost.Cut))
	}
	return kept, members
}
