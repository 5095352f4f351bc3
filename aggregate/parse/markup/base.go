package markup

import (
	"bytes"
	"net/url"
)

// base is the URL that relative references at the current place are resolved
// against; nil when unknown.
func (l *lifter) base() *url.URL { return l.bases[len(l.bases)-1].base }

// rebase takes note of an xml:base attribute (XML Base §4.2: it is itself resolved
// against the base around it).
func (l *lifter) rebase(t token, tag []byte) {
	value := attrOf(tag, "xml:base")
	if value == "" || len(l.stack) == 0 { // the root's is the document's
		return
	}
	if base := joinBase(l.base(), value, l.result.entities); base != nil {
		l.bases = append(l.bases, scope{depth: len(l.stack) + 1, base: base})
	} else {
		l.remark("base-unusable", t.start)
	}
}

// joinBase returns the base that an xml:base attribute makes of the one around it,
// nil when it makes none.
func joinBase(base *url.URL, value string, own *entities) *url.URL {
	return ParseBase(Resolve(base, decodeEntities(value, own)))
}

// writeTag copies a tag. In the scope of an xml:base its references are made
// absolute and the attribute itself is renamed: gofeed would take a base for a
// directory, against RFC 3986.
func (l *lifter) writeTag(t token, tag []byte) {
	if len(l.bases) == 1 && bytes.IndexByte(tag, '&') < 0 && !bytes.Contains(tag, []byte("xml:base")) {
		return
	}
	l.flush(t.start)
	l.out = l.appendTag(l.out, tag)
	l.copied = t.end
}

// appendTag appends a tag with absolute references in the scope of an xml:base.
func (l *lifter) appendTag(out, tag []byte) []byte {
	if len(l.bases) == 1 {
		return appendTag(out, tag, l.result.entities)
	}
	base := l.base()
	return rewriteAttrs(out, renameBase(tag), l.result.entities, func(name, value string) string {
		switch name {
		case "href", "src", "url", "uri":
			return Resolve(base, value)
		}
		return value
	})
}

// appendTag appends a tag without xml:base and with the entities of its
// attributes, which encoding/xml would not know, decoded.
func appendTag(out, tag []byte, own *entities) []byte {
	tag = renameBase(tag)
	if bytes.IndexByte(tag, '&') < 0 {
		return append(out, tag...)
	}
	return rewriteAttrs(out, tag, own, func(_, value string) string { return value })
}

func renameBase(tag []byte) []byte {
	if !bytes.Contains(tag, []byte("xml:base")) {
		return tag
	}
	return bytes.ReplaceAll(tag, []byte("xml:base"), []byte("xml-base"))
}

// rewriteAttrs appends a tag whose attribute values are what change makes of
// them. own are the document's entities.
func rewriteAttrs(
	out, tag []byte, own *entities, change func(name, value string) string,
) []byte {
	n := 1
	for n < len(tag)-1 && !endsTagName(tag[n]) {
		n++
	}
	out = append(out, tag[:n]...)
	for a := range attrs(tag) {
		if !isSafeName(a.name) {
			continue
		}
		out = append(append(append(out, ' '), a.name...), `="`...)
		value := change(string(a.name), decodeEntities(string(a.value), own))
		out = append(append(out, escapeAttr(value)...), '"')
	}
	if tag[len(tag)-2] == '/' {
		out = append(out, '/')
	}
	return append(out, '>')
}

// isSafeName reports whether the name of an attribute has nothing that would make
// other markup of its tag.
func isSafeName(name []byte) bool { return !bytes.ContainsAny(name, "<>\"'&") }
