package markup

import (
	"bytes"
	"net/url"

	"github.com/coranto/coranto/aggregate/parse/markup/tags"
	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

// rebase takes note of an xml:base attribute (XML Base §4.2: it is itself resolved
// against the base around it).
func (l *lifter) rebase(t tags.Token, tag []byte) {
	value := tags.AttrOf(tag, "xml:base")
	if value == "" || len(l.stack) == 0 { // the root's is the document's
		return
	}
	if base := text.JoinBase(l.bases.Current(), value, l.result.entities); base != nil {
		l.bases.Enter(len(l.stack)+1, base)
	} else {
		l.remark("base-unusable", t.Start)
	}
}

// writeTag copies a tag. In the scope of an xml:base its references are made
// absolute and the attribute itself is renamed: gofeed would take a base for a
// directory, against RFC 3986.
func (l *lifter) writeTag(t tags.Token, tag []byte) {
	shielded := l.shielded(t, tag)
	if l.bases.IsOuter() && bytes.IndexByte(tag, '&') < 0 && shielded == "" &&
		!bytes.Contains(tag, []byte("xml:base")) && !l.scanner.Unquoted(tag) {
		return
	}
	l.flush(t.Start)
	if shielded == "" {
		l.out = l.appendTag(l.out, tag)
	} else {
		l.out = rewriteAttrs(l.out, l.appendTag(nil, tag), nil, func(name, value string) string {
			if name == shielded {
				return Verbatim + value
			}
			return value
		})
	}
	l.copied = t.End
}

// Verbatim is what the skeleton has before the value of an attribute that gofeed would
// change: as no address begins so, it leaves it alone.
const Verbatim = ":"

// shielded returns the name of the attribute of a tag that must be kept from gofeed,
// which writes each href and scheme anew; "" when there is none.
func (l *lifter) shielded(t tags.Token, tag []byte) string {
	switch string(t.Local()) {
	case "category":
		if l.root == RootAtom && !l.isForeign(t) && !isStable(tags.AttrOf(tag, "scheme")) {
			return "scheme"
		}
	case "link":
		if bytes.HasSuffix([]byte(tags.AttrOf(tag, "href")), []byte("#")) {
			return "href"
		}
	}
	return ""
}

// isStable reports whether an address stays as it is when it is read and written.
func isStable(s string) bool {
	u, err := url.Parse(s)
	return err != nil || u.String() == s
}

// appendTag appends a tag with absolute references in the scope of an xml:base.
func (l *lifter) appendTag(out, tag []byte) []byte {
	if l.bases.IsOuter() && !l.scanner.Unquoted(tag) {
		return appendTag(out, tag, l.result.entities)
	}
	base := l.bases.Current()
	return rewriteAttrs(out, renameBase(tag), l.result.entities, func(name, value string) string {
		switch name {
		case "href", "src", "url", "uri":
			return text.Resolve(base, value)
		}
		return value
	})
}

// appendTag appends a tag without xml:base and with the entities of its
// attributes, which encoding/xml would not know, decoded.
func appendTag(out, tag []byte, own *text.Entities) []byte {
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
	out, tag []byte, own *text.Entities, change func(name, value string) string,
) []byte {
	out = append(out, tags.Head(tag)...)
	for a := range tags.Attrs(tag) {
		if !isSafeName(a.Name) {
			continue
		}
		out = append(append(append(out, ' '), a.Name...), `="`...)
		value := change(string(a.Name), text.Decode(string(a.Value), own))
		out = append(append(out, text.EscapeAttr(value)...), '"')
	}
	if tag[len(tag)-2] == '/' {
		out = append(out, '/')
	}
	return append(out, '>')
}

// isSafeName reports whether the name of an attribute has nothing that would make
// other markup of its tag.
func isSafeName(name []byte) bool { return !bytes.ContainsAny(name, "<>\"'&") }
