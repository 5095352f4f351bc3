// Package classify decides which categories an item is filed in, by the
// operator's words. It never makes up a category: a source's own tags are only
// places where words are looked for.
//
// # Filing
//
// An item is filed in the categories its source names, if it has one of the
// source's include words or the source has none, and in every category of which
// it has an include word. A category's exclude words keep it out of that
// category, the source's exclude words out of all.
//
// # Words
//
// Words are looked for in the title, summary, tags and author names of an item
// and in the text of its content. Case does not matter (Unicode simple
// folding). A word matches whole words only, "go" matches "Go!" and "Go语言" but
// not "good"; an edge of it that is no letter or digit matches anywhere, so
// "c++" matches "C++17" and ".net" matches "ASP.NET". A word with a character of
// a script that does not put spaces between words (Han, Kana, Hangul, Thai, …)
// matches anywhere. A phrase matches across any white space, but not from one
// field into the next.
package classify

import (
	"slices"

	"github.com/coranto/coranto"
)

// Options configures a Classifier. The zero value files items only where their
// source says.
type Options struct {
	Categories []coranto.Category // those whose Include or Exclude have a say; order is free
}

// Classifier files items. It is safe for concurrent use.
type Classifier struct {
	categories []category
}

// category is a category with words.
type category struct {
	slug             coranto.Slug
	include, exclude words
}

// New prepares a Classifier for the categories.
func New(opts Options) *Classifier {
	c := &Classifier{}
	for _, cat := range opts.Categories {
		prepared := category{cat.Slug, prepare(cat.Include), prepare(cat.Exclude)}
		if len(prepared.include)+len(prepared.exclude) > 0 {
			c.categories = append(c.categories, prepared)
		}
	}
	return c
}

// File returns the categories that an item of src belongs to, sorted and without
// duplicates; nil when there are none. Text is the plain text of the item's
// content; "" leaves the summary to speak for it. The item is not changed.
func (c *Classifier) File(src coranto.Source, it *coranto.Item, text string) []coranto.Slug {
	include, exclude := prepare(src.Include), prepare(src.Exclude)
	var s subject
	if len(c.categories)+len(include)+len(exclude) > 0 {
		s = newSubject(it, text)
	}
	if s.hasAny(exclude) {
		return nil
	}
	var filed []coranto.Slug
	if len(include) == 0 || s.hasAny(include) {
		filed = slices.Clone(src.Categories)
	}
	for _, cat := range c.categories {
		if s.hasAny(cat.include) {
			filed = append(filed, cat.slug)
		}
	}
	filed = slices.DeleteFunc(filed, func(slug coranto.Slug) bool { return c.excludes(slug, s) })
	if len(filed) == 0 {
		return nil
	}
	slices.Sort(filed)
	return slices.Compact(filed)
}

// excludes reports whether a category keeps an item out.
func (c *Classifier) excludes(slug coranto.Slug, s subject) bool {
	return slices.ContainsFunc(c.categories, func(cat category) bool {
		return cat.slug == slug && s.hasAny(cat.exclude)
	})
}
