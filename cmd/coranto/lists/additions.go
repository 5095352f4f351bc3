// Package lists stands between the operator's file and the lists of subscriptions that
// other readers write and import: it appends the one to the other, and makes a list of
// the file. What a list says and the file has no word for is kept with the sources.
package lists

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/opml"
	"github.com/coranto/coranto/cmd/coranto/config"
	"github.com/coranto/coranto/cmd/coranto/config/edit"
	"github.com/coranto/coranto/internal/host"
	"github.com/coranto/coranto/internal/slug"
)

// Additions are sources and categories on their way into the operator's file: see New.
type Additions struct {
	More  edit.Additions // what is to be appended
	Known int            // of those to be added: in the file already

	config *config.Config
	ids    map[coranto.SourceID]bool
	urls   map[string]bool         // by host.Key
	titles map[coranto.Slug]string // of all categories; "" where the file gives none
}

// New begins additions to a file.
func New(c *config.Config) *Additions {
	a := &Additions{
		config: c, ids: make(map[coranto.SourceID]bool), urls: make(map[string]bool),
		titles: make(map[coranto.Slug]string),
	}
	for _, src := range c.Sources {
		a.ids[src.ID], a.urls[host.Key(src.URL)] = true, true
		for _, s := range src.Categories {
			a.titles[s] = ""
		}
	}
	for _, cat := range c.Site.Categories {
		a.titles[cat.Slug] = cat.Title
	}
	return a
}

// Add notes a subscription, its folders as titles of categories, unless its
// address is there already. The error says why the file can't have the address.
func (a *Additions) Add(sub opml.Subscription) error {
	address, err := config.Address(sub.Feed)
	if err != nil {
		return err
	}
	key := host.Key(address)
	if a.urls[key] {
		a.Known++
		return nil
	}
	a.urls[key] = true
	src := coranto.Source{ID: a.freeID(address, sub.Title), URL: address, Title: sub.Title}
	for _, name := range slices.Concat(sub.Folders...) {
		if s := a.category(name); !slices.Contains(src.Categories, s) {
			src.Categories = append(src.Categories, s)
		}
	}
	outline := config.Outline{Attributes: sub.Attributes}
	if !a.plain(sub.Folders) {
		outline.Folders = sub.Folders
	}
	a.More.Sources = append(a.More.Sources, edit.Addition{Source: src, Outline: outline})
	return nil
}

// plain reports whether folders are what categories alone would be written as.
func (a *Additions) plain(folders []opml.Path) bool {
	for _, path := range folders {
		if len(path) != 1 || cmp.Or(a.titles[a.category(path[0])], path[0]) != path[0] {
			return false
		}
	}
	return true
}

// category is the slug of a category with this title. Titles that differ get
// slugs that differ, in the order in which they come: "C", "C++" and "C#" are c,
// c-2 and c-3.
func (a *Additions) category(name string) coranto.Slug {
	base := slug.Make(name)
	s := coranto.Slug(base)
	for n := 2; a.isAnother(s, name); n++ {
		s = coranto.Slug(slug.Make(fmt.Sprintf("%.58s-%d", base, n)))
	}
	title, known := a.titles[s]
	if known && title != "" {
		return s
	}
	a.titles[s] = name
	if name != string(s) {
		a.More.Categories = append(a.More.Categories, coranto.Category{Slug: s, Title: name})
	}
	return s
}

// isAnother reports whether the slug is that of a category with another title.
// One without title is meant by what could be its name, written with spaces or
// capitals.
func (a *Additions) isAnother(s coranto.Slug, name string) bool {
	title, known := a.titles[s]
	return known && !isNamed(s, title, name)
}

// isNamed reports whether a folder's name is that of a category.
func isNamed(s coranto.Slug, title, name string) bool {
	if title == "" {
		return strings.NewReplacer(" ", "-", "_", "-").Replace(strings.ToLower(name)) == string(s)
	}
	return strings.EqualFold(title, name)
}

// freeID is an id for people: from the title, or from the address when there is
// none or another source has it.
func (a *Additions) freeID(address, title string) coranto.SourceID {
	id := config.SourceID(cmp.Or(title, address))
	if title != "" {
		id = coranto.SourceID(slug.Make(title))
	}
	if a.ids[id] {
		id = config.SourceID(address)
	}
	for n := 2; a.ids[id]; n++ {
		id = coranto.SourceID(slug.Make(fmt.Sprintf("%.58s-%d", config.SourceID(address), n)))
	}
	a.ids[id] = true
	return id
}

// Write appends to the file, in one step. Without anything new the file is left alone:
// a server that runs would read it again.
func (a *Additions) Write() error {
	text, err := os.ReadFile(a.config.Path)
	if err != nil {
		return fmt.Errorf("read config: %w", err)
	}
	longer, err := edit.Append(a.config.Path, text, a.More)
	if err != nil || bytes.Equal(longer, text) {
		return err
	}
	if err := edit.Replace(a.config.Path, longer); err != nil {
		return fmt.Errorf("write config: %w", err)
	}
	return nil
}
