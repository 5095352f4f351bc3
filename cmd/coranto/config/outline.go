package config

import (
	"github.com/goccy/go-yaml/ast"

	"github.com/coranto/coranto/aggregate/opml"
)

// outlineAttributes takes the attributes that a source has in OPML.
func outlineAttributes(to *map[string]string) setter {
	return func(d *decoder, n ast.Node) {
		pairs, _ := d.pairs(n)
		set := make(map[string]string, len(pairs))
		for _, pair := range pairs {
			value, ok := d.scalar(pair.Value)
			if !ok {
				continue
			}
			name := nameOf(pair)
			if err := opml.CheckAttribute(name, value); err != nil {
				d.wrong(pair, err.Error(), "leave it out")
				continue
			}
			set[name] = value
		}
		if len(set) > 0 {
			*to = set
		}
	}
}
