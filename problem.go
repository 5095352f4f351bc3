package coranto

import "fmt"

// Problem is something an operator should know about a result that was used all
// the same: a repaired feed, a guessed charset, a dropped item. It travels
// beside the result it belongs to. A reader never sees one.
type Problem struct {
	Code  string `json:"code"`            // stable, lower case with hyphens: "charset-guessed"
	Place string `json:"place,omitempty"` // where: "item 3", "line 20", a URL; "" means the whole
	Text  string `json:"text"`            // one sentence for the operator
}

// String is the problem on one line.
func (p Problem) String() string {
	if p.Place == "" {
		return fmt.Sprintf("%s (%s)", p.Text, p.Code)
	}
	return fmt.Sprintf("%s: %s (%s)", p.Place, p.Text, p.Code)
}
