// Package classify decides which categories an item is filed in.
package classify

import "github.com/coranto/coranto"

// Options configures a Classifier. The zero value files items only where their
// source says.
type Options struct {
	Categories []coranto.Category
}

// Classifier files items. It is safe for concurrent use.
type Classifier struct{ categories []coranto.Category }

// New prepares a Classifier for the categories.
func New(opts Options) *Classifier { return &Classifier{categories: opts.Categories} }

// File returns the categories that it belongs to, sorted and without duplicates.
func (c *Classifier) File(src coranto.Source, it *coranto.Item, text string) []coranto.Slug {
	return src.Categories
}
