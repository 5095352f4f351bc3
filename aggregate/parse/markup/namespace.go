package markup

import (
	"bytes"
	"strings"
)

const atomNamespace = "http://www.w3.org/2005/Atom"

// fixNamespaces corrects misspelt namespaces of Atom in the root element, and
// reports whether there were any: gofeed would find no entries and no error.
func fixNamespaces(body []byte, root Root) ([]byte, bool) {
	tag, rest, ok := rootTag(body)
	if !ok || root != RootAtom && !bytes.Contains(bytes.ToLower(tag), []byte("2005/atom")) {
		return body, false
	}
	changed := false
	fixed := rewriteAttrs(make([]byte, 0, len(tag)+32), tag, func(name, value string) string {
		if strings.HasPrefix(name, "xmlns") && isMisspeltAtom(value) {
			changed = true
			return atomNamespace
		}
		return value
	})
	if !changed {
		return body, false
	}
	return append(fixed, rest...), true
}

// isMisspeltAtom reports whether a namespace is Atom's but for its case, scheme,
// host prefix or a last slash.
func isMisspeltAtom(namespace string) bool {
	if namespace == atomNamespace {
		return false
	}
	s := strings.ToLower(strings.TrimSpace(namespace))
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	s = strings.TrimRight(strings.TrimPrefix(s, "www."), "/#")
	return s == "w3.org/2005/atom" || s == "purl.org/atom/ns" && !strings.HasSuffix(namespace, "/ns#")
}

// rootTag splits body, which begins with its root element, behind the root's tag.
func rootTag(body []byte) (tag, rest []byte, ok bool) {
	s := scanner{b: body}
	t, ok := s.next()
	if !ok || t.start != 0 {
		return nil, body, false
	}
	return body[:t.end], body[t.end:], true
}

// readRoot reads the base, the language and the namespaces that the root element
// sets.
func (d *Document) readRoot() {
	tag, _, ok := rootTag(d.source)
	if !ok {
		return
	}
	d.Language = attrOf(tag, "xml:lang")
	for a := range attrs(tag) {
		if prefix, ok := bytes.CutPrefix(a.name, []byte("xmlns:")); ok {
			if d.Namespaces == nil {
				d.Namespaces = make(map[string]string)
			}
			d.Namespaces[string(prefix)] = decodeEntities(string(a.value), nil)
		}
	}
	if value := attrOf(tag, "xml:base"); value != "" {
		if joined := joinBase(d.Base, value); joined != nil {
			d.Base = joined
		} else {
			d.remarkAbove("base-unusable")
		}
	}
}

// dropNamespaces removes the default namespace from the elements that feeds are
// made of, which hides their children when it is wrong.
func dropNamespaces(body []byte) []byte {
	out := make([]byte, 0, len(body))
	copied := 0
	s := scanner{b: body}
	for {
		t, ok := s.next()
		if !ok {
			return append(out, body[copied:]...)
		}
		if t.kind != startTag || !isFrame(lowerName(t.local())) {
			continue
		}
		out = append(out, body[copied:t.start]...)
		out = appendUnbound(out, body[t.start:t.end], t)
		copied = t.end
	}
}

// appendUnbound appends a tag without the declaration of its own namespace.
func appendUnbound(out, tag []byte, t token) []byte {
	own := "xmlns"
	if prefix, _, found := bytes.Cut(t.name, []byte(":")); found {
		own = "xmlns:" + string(prefix)
	}
	out = append(append(out, '<'), t.name...)
	for a := range attrs(tag) {
		value := string(a.value)
		if string(a.name) == own {
			if own == "xmlns" {
				continue
			}
			value = atomNamespace
		}
		out = append(append(append(out, ' '), a.name...), `="`...)
		out = append(append(out, strings.ReplaceAll(value, `"`, "&#34;")...), '"')
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
