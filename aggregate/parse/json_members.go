package parse

import (
	"bytes"
	stdjson "encoding/json"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/internal/vocabulary"
)

// jsonMembers reads the members of items whose names begin with an underscore: the
// extensions of JSON Feed, which gofeed drops. body is what feed was read from.
func (p *parser) jsonMembers(feed *Feed, body []byte) {
	if !bytes.Contains(body, []byte(`"_`)) {
		return
	}
	var document struct {
		Items []map[string]stdjson.RawMessage
	}
	if stdjson.Unmarshal(body, &document) != nil {
		return
	}
	items := document.Items[:0]
	for _, members := range document.Items {
		if members != nil {
			items = append(items, members)
		}
	}
	if len(items) != len(feed.Items) {
		return // some were left out as too many, nobody can say which
	}
	for i, members := range items {
		p.itemMembers(&feed.Items[i], members)
	}
}

// itemMembers gives an item what its members say.
func (p *parser) itemMembers(item *Item, members map[string]stdjson.RawMessage) {
	document := p.problems
	p.problems = item.Problems
	defer func() { item.Problems, p.problems = p.problems, document }()
	extra := make(map[string]string)
	for name, value := range members {
		if name == "_extensions" {
			var own struct{ Elements []coranto.Extension }
			if stdjson.Unmarshal(value, &own) == nil {
				p.keepExtensions(item, own.Elements)
			}
		} else if len(name) > 0 && name[0] == '_' {
			extra[name] = string(value)
		}
	}
	var lost int
	if item.Members, lost = vocabulary.Members(extra); lost > 0 {
		p.problem("members-cut", "%d extensions of the item were too long or not in form and "+
			"were left out.", lost)
	}
}
