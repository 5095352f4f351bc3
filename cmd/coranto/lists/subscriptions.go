package lists

import (
	"cmp"
	"slices"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/opml"
	"github.com/coranto/coranto/cmd/coranto/config"
)

// Subscriptions are the sources of a file, in the folders that an import found and
// in one for each other category, under its title.
func Subscriptions(c *config.Config) opml.List {
	titles := make(map[coranto.Slug]string)
	for _, cat := range c.Site.Categories {
		titles[cat.Slug] = cat.Title
	}
	list := opml.List{Folders: c.Folders, Subscriptions: make([]opml.Subscription, len(c.Sources))}
	for i, src := range c.Sources {
		outline := c.Outlines[i]
		sub := opml.Subscription{Title: src.Title, Feed: src.URL, Attributes: outline.Attributes}
		sub.Folders = slices.DeleteFunc(slices.Clone(outline.Folders), func(path opml.Path) bool {
			return len(path) > 0 && !filed(src.Categories, titles, path[len(path)-1:])
		})
		names := slices.Concat(sub.Folders...)
		for _, slug := range src.Categories {
			if !slices.ContainsFunc(names, func(name string) bool { return isNamed(slug, titles[slug], name) }) {
				sub.Folders = append(sub.Folders, opml.Path{cmp.Or(titles[slug], string(slug))})
			}
		}
		list.Subscriptions[i] = sub
	}
	return list
}

// filed reports whether one of the categories has the name of a folder.
func filed(categories []coranto.Slug, titles map[coranto.Slug]string, name opml.Path) bool {
	return slices.ContainsFunc(categories, func(s coranto.Slug) bool { return isNamed(s, titles[s], name[0]) })
}
