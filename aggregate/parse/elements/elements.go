// Package elements looks up the elements of other vocabularies that gofeed keeps
// with a feed or an item: under the prefix that is usual for a vocabulary, in
// document order within a name.
package elements

import (
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"github.com/coranto/coranto/aggregate/parse/markup"
)

// atomPrefixes are the keys under which gofeed keeps Atom elements that stand
// inside another format.
func atomPrefixes() []string { return []string{"atom", "atom10", "atom03"} }

// All returns the elements prefix:name of x, in document order.
func All(x ext.Extensions, prefix, name string) []ext.Extension { return x[prefix][name] }

// Atom returns the Atom elements called name inside another format.
func Atom(x ext.Extensions, name string) []ext.Extension {
	var found []ext.Extension
	for _, prefix := range atomPrefixes() {
		found = append(found, x[prefix][name]...)
	}
	return found
}

// First returns the first text among the elements named "prefix:name".
func First(x ext.Extensions, names ...string) string {
	for _, qualified := range names {
		prefix, name, _ := strings.Cut(qualified, ":")
		for _, e := range x[prefix][name] {
			if v := strings.TrimSpace(e.Value); v != "" {
				return v
			}
		}
	}
	return ""
}

// Values returns the texts of all elements named "prefix:name".
func Values(x ext.Extensions, names ...string) []string {
	var found []string
	for _, qualified := range names {
		prefix, name, _ := strings.Cut(qualified, ":")
		for _, e := range x[prefix][name] {
			if v := strings.TrimSpace(e.Value); v != "" {
				found = append(found, v)
			}
		}
	}
	return found
}

// Child returns the text of e's first child called name, as gofeed has it.
func Child(e ext.Extension, name string) string {
	if c := e.Children[name]; len(c) > 0 {
		return strings.TrimSpace(c[0].Value)
	}
	return ""
}

// Rescued returns the texts of the elements called name that gofeed would drop.
func Rescued(x ext.Extensions, name string) []string {
	return Values(x, markup.RescuePrefix+":"+name)
}

// Kept returns an attribute of the feed or item that gofeed does not keep
// itself; lift has written it into an element of its own.
func Kept(x ext.Extensions, name string) string {
	for _, e := range x[markup.RescuePrefix]["attrs"] {
		return e.Attrs[name]
	}
	return ""
}
