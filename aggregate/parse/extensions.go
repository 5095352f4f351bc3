package parse

import (
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"github.com/coranto/coranto/aggregate/parse/markup"
	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

// atomPrefixes are the keys under which gofeed keeps Atom elements that stand
// inside another format.
func atomPrefixes() []string { return []string{"atom", "atom10", "atom03"} }

// extensions returns the elements prefix:name of x, in document order.
func extensions(x ext.Extensions, prefix, name string) []ext.Extension { return x[prefix][name] }

// atomExtensions returns the Atom elements called name inside another format.
func atomExtensions(x ext.Extensions, name string) []ext.Extension {
	var found []ext.Extension
	for _, prefix := range atomPrefixes() {
		found = append(found, x[prefix][name]...)
	}
	return found
}

// firstValue returns the first text among the elements named "prefix:name".
func firstValue(x ext.Extensions, names ...string) string {
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

// values returns the texts of all elements named "prefix:name".
func values(x ext.Extensions, names ...string) []string {
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

// firstChild returns the text of e's first child called name, as gofeed has it.
func firstChild(e ext.Extension, name string) string {
	if c := e.Children[name]; len(c) > 0 {
		return strings.TrimSpace(c[0].Value)
	}
	return ""
}

// child returns the plain text of e's first child called name.
func (p *parser) child(e ext.Extension, name string) string {
	return p.plain(firstChild(e, name), text.Plain)
}

// rescued returns the texts of the elements called name that gofeed would drop.
func rescued(x ext.Extensions, name string) []string {
	return values(x, markup.RescuePrefix+":"+name)
}

// keptAttr returns an attribute of the feed or item that gofeed does not keep
// itself; lift has written it into an element of its own.
func keptAttr(x ext.Extensions, name string) string {
	for _, e := range x[markup.RescuePrefix]["attrs"] {
		return e.Attrs[name]
	}
	return ""
}
