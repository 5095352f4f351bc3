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
	if value == "" {
		return
	}
	if base := joinBase(l.base(), value); base != nil {
		l.bases = append(l.bases, scope{depth: len(l.stack) + 1, base: base})
	}
}

// joinBase returns the base that an xml:base attribute makes of the one around it,
// nil when it makes none.
func joinBase(base *url.URL, value string) *url.URL {
	return ParseBase(Resolve(base, decodeEntities(value, nil)))
}

// writeTag copies a tag. In the scope of an xml:base its references are made
// absolute and the attribute itself is renamed: gofeed would take a base for a
// directory, against RFC 3986.
func (l *lifter) writeTag(t token, tag []byte) {
	plain := len(l.bases) == 1 && bytes.IndexByte(tag, '&') < 0
	if plain {
		return
	}
	l.flush(t.start)
	if len(l.bases) > 1 {
		l.out = l.appendResolved(l.out, tag)
	} else {
		l.out = appendTag(l.out, tag)
	}
	l.copied = t.end
	if n := len(l.bases) - 1; t.kind == emptyTag && n > 0 && l.bases[n].depth > len(l.stack) {
		l.bases = l.bases[:n]
	}
}

// appendTag appends a tag without xml:base and with the entities of its
// attributes, which encoding/xml would not know, decoded.
func appendTag(out, tag []byte) []byte {
	tag = bytes.ReplaceAll(tag, []byte("xml:base"), []byte("xml-base"))
	if bytes.IndexByte(tag, '&') < 0 {
		return append(out, tag...)
	}
	return rewriteAttrs(out, tag, func(_, value string) string { return value })
}

// appendResolved is appendTag with absolute references.
func (l *lifter) appendResolved(out, tag []byte) []byte {
	tag = bytes.ReplaceAll(tag, []byte("xml:base"), []byte("xml-base"))
	base := l.base()
	return rewriteAttrs(out, tag, func(name, value string) string {
		switch name {
		case "href", "src", "url", "uri":
			return Resolve(base, value)
		}
		return value
	})
}

// rewriteAttrs appends a tag whose attribute values are what change makes of
// them.
func rewriteAttrs(out, tag []byte, change func(name, value string) string) []byte {
	n := bytes.IndexAny(tag, " \t\r\n/>")
	if n < 0 {
		return append(out, tag...)
	}
	out = append(out, tag[:n]...)
	for a := range attrs(tag) {
		out = append(append(append(out, ' '), a.name...), `="`...)
		value := change(string(a.name), decodeEntities(string(a.value), nil))
		out = append(append(out, escapeAttr(value)...), '"')
	}
	if tag[len(tag)-2] == '/' {
		out = append(out, '/')
	}
	return append(out, '>')
}
