package markup

import (
	"bytes"
	"strings"

	"github.com/coranto/coranto/aggregate/parse/markup/tags"
	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

const atomNamespace = "http://www.w3.org/2005/Atom"

// fixNamespaces corrects misspelt namespaces in the root element: gofeed would find
// no entries and no error, or not know an extension. It reports whether Atom's was
// among them.
func fixNamespaces(body []byte, root Root, own *text.Entities) (fixed []byte, renamed bool) {
	tag, rest, ok := rootTag(body)
	if !ok || !bytes.Contains(tag, []byte("xmlns")) {
		return body, false
	}
	changed := false
	fixed = rewriteAttrs(make([]byte, 0, len(tag)+64), tag, own, func(name, value string) string {
		if !strings.HasPrefix(name, "xmlns") || name == "xmlns" && root != RootAtom {
			return value
		}
		known := knownNamespace(value)
		if known == "" || known == value || known == atomNamespace && !isMisspeltAtom(value) {
			return value
		}
		changed = true
		renamed = renamed || known == atomNamespace
		return known
	})
	if !changed {
		return body, false
	}
	return append(fixed, rest...), renamed
}

// knownNamespace returns the namespace that gofeed knows for one that differs only
// by its case, scheme, host prefix, version or a last slash; "" for all others.
func knownNamespace(namespace string) string {
	s := strings.ToLower(strings.TrimSpace(namespace))
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	switch strings.TrimRight(strings.TrimPrefix(s, "www."), "/#") {
	case "w3.org/2005/atom", "purl.org/atom/ns":
		return atomNamespace
	case "itunes.com/dtds/podcast-1.0.dtd", "example.com/dtds/podcast-1.0.dtd":
		return "http://www.itunes.com/DTDs/PodCast-1.0.dtd"
	case "purl.org/dc/elements/1.1", "purl.org/dc/elements/1.0":
		return "http://purl.org/dc/elements/1.1/"
	case "purl.org/dc/terms":
		return "http://purl.org/dc/terms/"
	case "search.yahoo.com/mrss", "video.search.yahoo.com/mrss", "tools.search.yahoo.com/mrss":
		return "http://search.yahoo.com/mrss/"
	case "purl.org/rss/1.0/modules/content":
		return "http://purl.org/rss/1.0/modules/content/"
	case "purl.org/rss/1.0/modules/syndication":
		return "http://purl.org/rss/1.0/modules/syndication/"
	case "wellformedweb.org/commentapi":
		return "http://wellformedweb.org/commentAPI/"
	case "backend.userland.com/creativecommonsrssmodule":
		return "http://backend.userland.com/creativeCommonsRssModule"
	case "rssnamespace.org/feedburner/ext/1.0":
		return "http://rssnamespace.org/feedburner/ext/1.0"
	}
	return ""
}

// isMisspeltAtom reports whether a namespace that is meant for Atom's is written
// otherwise than the two that gofeed knows.
func isMisspeltAtom(namespace string) bool {
	return namespace != atomNamespace && namespace != "http://purl.org/atom/ns#"
}

// rootTag splits body, which begins with its root element, behind the root's tag.
func rootTag(body []byte) (tag, rest []byte, ok bool) {
	s := tags.Scan(body)
	t, ok := s.Next()
	if !ok || t.Start != 0 {
		return nil, body, false
	}
	return body[:t.End], body[t.End:], true
}

// readRoot reads the base, the language and the namespaces that the root element
// sets.
func (d *Document) readRoot() {
	tag, _, ok := rootTag(d.source)
	if !ok {
		return
	}
	if d.Root == RootAtom && !bytes.Contains(tag, []byte("xmlns")) {
		d.remarkAbove("namespace-missing")
	}
	d.Language = tags.AttrOf(tag, "xml:lang")
	for a := range tags.Attrs(tag) {
		if prefix, ok := bytes.CutPrefix(a.Name, []byte("xmlns:")); ok {
			if d.Namespaces == nil {
				d.Namespaces = make(map[string]string)
			}
			d.Namespaces[string(prefix)] = text.Decode(string(a.Value), d.entities)
		}
	}
	if value := tags.AttrOf(tag, "xml:base"); value != "" {
		if joined := text.JoinBase(d.Base, value, d.entities); joined != nil {
			d.Base = joined
		} else {
			d.remarkAbove("base-unusable")
		}
	}
}

// dropNamespaces removes the default namespace from the elements that feeds are
// made of, and the prefix of items from all elements that have it: either hides
// them when it is bound to a wrong namespace. The entries of an RSS feed become items.
func dropNamespaces(body []byte, root Root) []byte {
	prefix := itemPrefix(body)
	out := make([]byte, 0, len(body))
	copied := 0
	s := tags.Scan(body)
	for {
		t, ok := s.Next()
		if !ok {
			return append(out, body[copied:]...)
		}
		name := t.Name
		if len(prefix) > 0 && bytes.Equal(t.Prefix(), prefix) {
			name = t.Local()
		}
		entry := root == RootRSS && tags.SameName(t.Local(), []byte("entry"))
		if entry {
			name = []byte("item")
		}
		switch {
		case entry && t.Kind == tags.End:
			out = append(append(out, body[copied:t.Start]...), "</item>"...)
			copied = t.End
		case t.Kind == tags.Start && isFrame(tags.Lower(t.Local())):
			out = append(out, body[copied:t.Start]...)
			out = appendUnbound(out, body[t.Start:t.End], name)
			copied = t.End
		case len(name) < len(t.Name):
			at := t.Start + bytes.Index(body[t.Start:t.End], t.Name)
			out = append(out, body[copied:at]...)
			copied = at + len(prefix)
		}
	}
}

// itemPrefix returns the prefix of the first item with its colon; empty when it has
// none.
func itemPrefix(body []byte) []byte {
	s := tags.Scan(body)
	for {
		t, ok := s.Next()
		if !ok {
			return nil
		}
		if t.Kind == tags.Start && tags.IsItem(t.Local()) {
			return t.Prefix()
		}
	}
}

// appendUnbound appends a start tag called name without a default namespace.
func appendUnbound(out, tag, name []byte) []byte {
	out = append(append(out, '<'), name...)
	for a := range tags.Attrs(tag) {
		if string(a.Name) == "xmlns" || !isSafeName(a.Name) {
			continue
		}
		out = append(append(append(out, ' '), a.Name...), `="`...)
		out = append(append(out, bytes.ReplaceAll(a.Value, []byte(`"`), []byte("&#34;"))...), '"')
	}
	return append(out, '>')
}

// isFrame reports whether an element holds a feed or its items.
func isFrame(name string) bool {
	switch name {
	case "rss", "rdf", "channel", "item", "feed", "entry":
		return true
	}
	return false
}
