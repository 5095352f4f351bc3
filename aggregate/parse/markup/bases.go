package markup

import "net/url"

// joinBase returns the base that an xml:base attribute makes of the one around it,
// nil when it makes none.
func joinBase(base *url.URL, value string, own *entities) *url.URL {
	return ParseBase(Resolve(base, decodeEntities(value, own)))
}

// bases are the URLs that relative references are resolved against while elements
// open and close: the outermost, and those of the elements with one of their own.
type bases struct {
	outer *url.URL // nil when unknown
	own   []scope
}

// scope is an element with an xml:base of its own.
type scope struct {
	depth int
	base  *url.URL
}

// current returns the base where elements are open as noted; nil when it is unknown.
func (b *bases) current() *url.URL {
	if n := len(b.own); n > 0 {
		return b.own[n-1].base
	}
	return b.outer
}

// isOuter reports whether no open element has a base of its own.
func (b *bases) isOuter() bool { return len(b.own) == 0 }

// enter notes the base of an element that opens as one of depth.
func (b *bases) enter(depth int, base *url.URL) { b.own = append(b.own, scope{depth, base}) }

// leave forgets the bases of all elements but the outermost of the number depth.
func (b *bases) leave(depth int) {
	for n := len(b.own) - 1; n >= 0 && b.own[n].depth > depth; n-- {
		b.own = b.own[:n]
	}
}
