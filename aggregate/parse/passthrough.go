package parse

import (
	"maps"
	"slices"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/parse/markup/text"
	"github.com/coranto/coranto/internal/vocabulary"
)

// usualPrefixes says which prefixes of a document stand for vocabularies that have
// another prefix usually. gofeed knows the namespaces of some of them only.
func usualPrefixes(namespaces map[string]string) map[string]string {
	var usual map[string]string
	for prefix, namespace := range namespaces {
		if name := vocabulary.Prefix(namespace); name != "" && name != prefix {
			if usual == nil {
				usual = make(map[string]string)
			}
			usual[prefix] = name
		}
	}
	return usual
}

// rename gives the elements of x their usual prefixes.
func (p *parser) rename(x ext.Extensions) {
	for _, prefix := range p.unusual(x) {
		usual := p.usualPrefix(prefix)
		if x[usual] == nil {
			x[usual] = make(map[string][]ext.Extension)
		}
		for name, elements := range x[prefix] {
			x[usual][name] = append(x[usual][name], elements...)
		}
	}
}

// unusual lists the prefixes in x that are others usually, in order.
func (p *parser) unusual(x ext.Extensions) []string {
	var list []string
	for prefix := range x {
		if p.usualPrefix(prefix) != "" {
			list = append(list, prefix)
		}
	}
	slices.Sort(list)
	return list
}

// usualPrefix is the usual one for a prefix of the document, "" when that is it. A
// namespace without a prefix stands for itself in gofeed.
func (p *parser) usualPrefix(prefix string) string {
	if strings.Contains(prefix, "/") {
		return vocabulary.Prefix(prefix)
	}
	return p.usual[prefix]
}

// passThrough keeps the elements of x that are published again. gofeed keeps the
// order of elements of one name only, so they are sorted by name.
func (p *parser) passThrough(item *Item, x ext.Extensions) {
	var found []coranto.Extension
	for _, prefix := range vocabulary.Prefixes() {
		for _, local := range slices.Sorted(maps.Keys(x[prefix])) {
			name := prefix + ":" + local
			if !vocabulary.Known(name) {
				continue
			}
			for i := range x[prefix][local] {
				found = append(found, p.element(name, &x[prefix][local][i]))
			}
		}
	}
	p.keepExtensions(item, found)
}

// element translates an element with the children that its vocabulary knows.
func (p *parser) element(name string, e *ext.Extension) coranto.Extension {
	out := coranto.Extension{
		Name: name, Value: p.plain(e.Value, text.Loose), Attrs: e.Attrs,
	}
	for _, local := range slices.Sorted(maps.Keys(e.Children)) {
		child := vocabulary.Child(name, local)
		if child == "" {
			continue
		}
		for i := range e.Children[local] {
			out.Children = append(out.Children, p.element(child, &e.Children[local][i]))
		}
	}
	return out
}

// keepExtensions adds what is fit to be published of the elements found.
func (p *parser) keepExtensions(item *Item, found []coranto.Extension) {
	if len(found) == 0 {
		return
	}
	cleaner := vocabulary.Cleaner{URL: p.webURL, Text: strings.TrimSpace}
	kept, lost := cleaner.Clean(found)
	item.Extensions = kept
	if len(lost.Broken) > 0 {
		p.problem("extension-invalid", "Without what they must hold, these elements were left out: %s.",
			strings.Join(lost.Broken, ", "))
	}
	if lost.Cut > 0 {
		p.problem("extensions-cut", "The item has %d elements too many, which were left out.", lost.Cut)
	}
}
