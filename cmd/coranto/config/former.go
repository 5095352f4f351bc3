package config

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"

	"github.com/coranto/coranto"
)

// formerName is a name that a category had before.
type formerName struct {
	slug coranto.Slug
	at   ast.Node // where the file says so
	now  coranto.Slug
}

// formerNames takes the names that a category had before, in their order.
func formerNames(to *[]formerName) setter {
	return func(d *decoder, n ast.Node) {
		d.list(n, func(n ast.Node) {
			var one []coranto.Slug
			slugs(&one)(d, n)
			for _, slug := range one {
				*to = append(*to, formerName{slug: slug, at: n})
			}
		})
	}
}

// checkFormer sees to it that an old address leads to one place, and that nothing
// new appears under it.
func (c *Config) checkFormer(d *decoder) {
	named := make(map[coranto.Slug]bool, len(c.Site.Categories))
	for _, cat := range c.Site.Categories {
		named[cat.Slug] = true
	}
	now := make(map[coranto.Slug]coranto.Slug, len(c.former))
	for _, old := range c.former {
		other, taken := now[old.slug]
		switch {
		case named[old.slug]:
			d.wrong(old.at, fmt.Sprintf("%q is a category of its own", old.slug),
				"take it out of categories, or out of this list")
		case taken:
			d.wrong(old.at, fmt.Sprintf("%q is a former name of %q already", old.slug, other),
				"list it once: its address can lead to one place only")
		default:
			now[old.slug] = old.now
		}
	}
	for i := range c.Sources {
		for _, slug := range c.Sources[i].Categories {
			if other, renamed := now[slug]; renamed {
				d.wrong(d.keyNode(c.places[i], "categories"),
					fmt.Sprintf("%q is a former name of the category %q", slug, other),
					fmt.Sprintf("write %s here", other))
			}
		}
	}
}
