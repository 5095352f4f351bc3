package coranto

import (
	"errors"
	"fmt"
	"strings"
)

// Slug is the name of a category in URLs and file names: 1 to 64 lower-case
// letters, digits and hyphens, beginning and ending with a letter or digit.
type Slug string

// ErrSlug reports a text that can't be a slug.
var ErrSlug = errors.New("not a slug: use 1 to 64 of a–z, 0–9 and - (not first or last)")

// ParseSlug checks s. The error wraps ErrSlug.
func ParseSlug(s string) (Slug, error) {
	if s == "" || len(s) > 64 || s[0] == '-' || s[len(s)-1] == '-' {
		return "", fmt.Errorf("%q is %w", s, ErrSlug)
	}
	for _, r := range s {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-", r) {
			return "", fmt.Errorf("%q is %w", s, ErrSlug)
		}
	}
	return Slug(s), nil
}

// Category is a partition of items that we publish, with a page and feeds.
type Category struct {
	Slug        Slug
	Title       string // "" means the slug
	Description string // plain text
	Limit       int    // items in its feeds; 0 means the site's limit
	Language    string // BCP 47; "" means the site's
	Image       string // absolute URL of a picture for its feeds; "" means the site's
	Order       Order
	Formerly    []Slug // names it had before, oldest first: their addresses lead to this one

	Include []string // an item of any source with one of these words is filed here too
	Exclude []string // an item with one of these words is kept out, whatever its source
}

// Order is what decides which items of a category come first. Either order is
// total and stable: an item keeps its place when it is edited or found again.
type Order string

// The orders. "" means OrderPublished.
const (
	OrderPublished Order = "published" // the newest by the date of the source
	OrderArrival   Order = "arrival"   // the one that was stored last
)
