package normalize

import (
	"strings"

	"github.com/coranto/coranto/aggregate/parse"
)

// address is where a post is read: its link, or a GUID that is a web address. One
// that says it is no permalink is still the best there is.
func address(it *parse.Item) string {
	scheme, _, found := strings.Cut(it.ID, "://")
	if it.Link == "" && found && (scheme == "http" || scheme == "https") {
		return it.ID
	}
	return it.Link
}
