package sanitize

import "golang.org/x/net/html/atom"

// kind says how the walk treats an element.
type kind uint8

const (
	unwrap   kind = iota // the tags go, the content stays
	drop                 // goes with its content
	block                // ends an open paragraph
	heading              // a block that ends an open heading
	item                 // li, dt, dd: a block that ends its predecessor
	table                // the table itself
	part                 // what makes up a table
	phrase               // text with a meaning or a look
	ruby                 // rt, rp: ends its predecessor within a ruby
	void                 // has no content
	image                // img
	source               // source, track: only within their owners
	frame                // iframe
	media                // video, audio
	formula              // math
	formulae             // an element of MathML within math
	fallback             // noscript
)

// element is one kind of element under the name it is published with.
type element struct {
	tag  atom.Atom
	kind kind
}

// lookup says how to treat the element with this tag. Those unknown to HTML are
// unwrapped.
func lookup(tag atom.Atom) element {
	tag = canonical(tag)
	switch tag {
	case atom.P, atom.Div, atom.Blockquote, atom.Ul, atom.Ol, atom.Dl, atom.Figure,
		atom.Figcaption, atom.Details, atom.Summary, atom.Pre:
		return element{tag, block}
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return element{tag, heading}
	case atom.Li, atom.Dt, atom.Dd:
		return element{tag, item}
	case atom.Table:
		return element{tag, table}
	case atom.Caption, atom.Colgroup, atom.Col, atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr,
		atom.Td, atom.Th:
		return element{tag, part}
	case atom.A, atom.Abbr, atom.B, atom.Bdi, atom.Bdo, atom.Cite, atom.Code, atom.Del, atom.Dfn,
		atom.Em, atom.I, atom.Ins, atom.Kbd, atom.Mark, atom.Picture, atom.Q, atom.Ruby, atom.S,
		atom.Samp, atom.Small, atom.Span, atom.Strong, atom.Sub, atom.Sup, atom.Time, atom.U,
		atom.Var:
		return element{tag, phrase}
	case atom.Rt, atom.Rp:
		return element{tag, ruby}
	case atom.Br, atom.Wbr, atom.Hr:
		return element{tag, void}
	case atom.Img:
		return element{tag, image}
	case atom.Source, atom.Track:
		return element{tag, source}
	}
	return element{tag, rareKind(tag)}
}

// rareKind is the kind of the elements that few posts contain.
func rareKind(tag atom.Atom) kind {
	switch tag {
	case atom.Iframe:
		return frame
	case atom.Video, atom.Audio:
		return media
	case atom.Math:
		return formula
	case atom.Noscript:
		return fallback
	case atom.Script, atom.Style, atom.Template, atom.Object, atom.Applet, atom.Canvas, atom.Svg,
		atom.Select, atom.Datalist, atom.Textarea, atom.Title, atom.Dialog, atom.Noembed,
		atom.Noframes, atom.Frameset, atom.Plaintext, atom.Xmp, atom.Annotation,
		atom.AnnotationXml, atom.Progress, atom.Meter:
		return drop
	}
	return unwrap
}

// canonical is the tag that an element is published with instead of its own.
func canonical(tag atom.Atom) atom.Atom {
	switch tag {
	case atom.Section, atom.Article, atom.Aside, atom.Header, atom.Footer, atom.Main, atom.Nav,
		atom.Address, atom.Center, atom.Hgroup, atom.Form, atom.Fieldset:
		return atom.Div
	case atom.Dir, atom.Menu:
		return atom.Ul
	case atom.Listing:
		return atom.Pre
	case atom.Strike:
		return atom.S
	case atom.Tt:
		return atom.Code
	case atom.Image:
		return atom.Img
	}
	return tag
}

// parts reports whether the element parts the text before it from the text
// after it.
func (e element) parts() bool {
	switch e.kind {
	case block, heading, item, table, part, image, frame, media:
		return true
	}
	return e.tag == atom.Br || e.tag == atom.Hr || e.tag == atom.Option || e.tag == atom.Legend
}

// raw reports whether the tokenizer takes the content of the element as text
// (HTML §13.2.6.4.7).
func (e element) raw() bool {
	switch e.tag {
	case atom.Iframe, atom.Noembed, atom.Noframes, atom.Noscript, atom.Plaintext, atom.Script,
		atom.Style, atom.Textarea, atom.Title, atom.Xmp:
		return true
	}
	return false
}

// special reports whether the element stops the search for a list item that a
// new one would end (HTML §13.2.4.2), of those that are published.
func (e element) special() bool {
	switch e.kind {
	case block, heading, item, table, part, drop:
		return e.tag != atom.Div && e.tag != atom.P
	}
	return false
}

// formatting reports whether the element goes on in the next block when a block
// ends the paragraph it is in.
func (e element) formatting() bool {
	switch e.tag {
	case atom.A, atom.B, atom.Code, atom.Em, atom.I, atom.S, atom.Small, atom.Strong, atom.U:
		return true
	}
	return false
}

// removable reports whether the element is left out when it has no content.
func (e element) removable() bool {
	switch e.kind {
	case block, heading, phrase, table:
		return true
	}
	return false
}
