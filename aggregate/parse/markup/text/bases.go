package text

import "net/url"

// JoinBase returns the base that an xml:base attribute makes of the one around it,
// nil when it makes none.
func JoinBase(base *url.URL, value string, own *Entities) *url.URL {
	return ParseBase(Resolve(base, Decode(value, own)))
}

// Bases are the URLs that relative references are resolved against while elements
// open and close: the outermost, and those of the elements with one of their own.
type Bases struct {
	Outer *url.URL // nil when unknown
	own   []scope
}

// scope is an element with an xml:base of its own.
type scope struct {
	depth int
	base  *url.URL
}

// Current returns the base where elements are open as noted; nil when it is unknown.
func (b *Bases) Current() *url.URL {
	if n := len(b.own); n > 0 {
		return b.own[n-1].base
	}
	return b.Outer
}

// IsOuter reports whether no open element has a base of its own.
func (b *Bases) IsOuter() bool { return len(b.own) == 0 }

// Enter notes the base of an element that opens as one of depth.
func (b *Bases) Enter(depth int, base *url.URL) { b.own = append(b.own, scope{depth, base}) }

// Leave forgets the bases of all elements but the outermost of the number depth.
func (b *Bases) Leave(depth int) {
	for n := len(b.own) - 1; n >= 0 && b.own[n].depth > depth; n-- {
		b.own = b.own[:n]
	}
}
