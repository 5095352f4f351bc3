package jsondoc

import (
	"encoding/json"
	"strings"
)

// Credit is who published an item first, as Coranto says it in `_source` of an item
// (feeds/format/JSONFEED.md). What is not known is "".
type Credit struct {
	About    string `json:"about"`
	ID       string `json:"id"`
	Title    string `json:"title"`
	Home     string `json:"home_page_url"`
	Feed     string `json:"feed_url"`
	Icon     string `json:"icon"`
	Language string `json:"language"`
	Rights   string `json:"rights"`  // of the item
	License  string `json:"license"` // of the item
}

// ReadCredit reads a `_source`; ok is false for one that means something else.
func ReadCredit(text string) (c Credit, ok bool) {
	if json.Unmarshal([]byte(text), &c) != nil || !strings.HasSuffix(c.About, "/feeds/format/JSONFEED.md") {
		return Credit{}, false
	}
	return c, c.Title != "" || c.Feed != ""
}
