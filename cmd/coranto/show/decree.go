package show

import (
	"fmt"

	"github.com/coranto/coranto/cmd/coranto/term"
)

// Decree is what the operator did to stored items.
type Decree struct {
	Verb  string `json:"verb"` // unpublish, republish, pin or unpin
	What  string `json:"what"`
	Items int    `json:"items"`
}

// Text implements View.
func (d *Decree) Text(out term.Output) error {
	text := map[string]string{
		"unpublish": "%s taken down: gone from every feed and page, and not stored again",
		"republish": "%s may come back: at the next visit, if the source still lists it",
		"pin":       "%s pinned: kept whatever the limits say",
		"unpin":     "%s no longer pinned",
	}[d.Verb]
	_, err := fmt.Fprintf(out, text+"\n", Plural(d.Items, "item"))
	return err
}
