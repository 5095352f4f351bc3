package sanitize

import "golang.org/x/net/html/atom"

// math begins a formula. One that is never closed would make the rest of the
// document one: then its text goes on without it.
func (w *walker) math(selfClosing bool) {
	if selfClosing || !w.closes(atom.Math) {
		return
	}
	if w.structural() {
		w.openCell()
	}
	if w.hidden() {
		w.mute(element{atom.Math, formula})
		return
	}
	w.beginFormula(element{atom.Math, formula}, "math")
	if w.muted == 0 {
		w.formula = len(w.stack)
	}
}

// beginFormula writes the start tag of an element of MathML.
func (w *walker) beginFormula(el element, name string) {
	start := len(w.out)
	if w.muted == 0 {
		w.out = append(w.out, '<')
		w.out = append(w.out, name...)
		for _, a := range w.attrs {
			if key := string(a.key); mathAttr(key) {
				w.put(key, string(a.val))
			}
		}
		w.out = append(w.out, '>')
	}
	w.push(el, name)
	w.stack[len(w.stack)-1].start = start
}

// startInFormula handles a start tag within a formula, where only MathML is
// written: HTML within it is where parsers disagree. A block ends the formula,
// as in browsers; then and for what is dropped anyway it reports false.
func (w *walker) startInFormula(el element, name string, selfClosing bool) bool {
	switch el.kind {
	case drop:
		return false
	case block, heading, item, table, part, void, image, frame, media:
		w.popTo(w.formula - 1)
		return false
	case fallback:
		w.z.NextIsNotRawText()
		return true
	}
	if !mathElement(name) || mathToken(w.top().name) {
		return true
	}
	w.beginFormula(element{kind: formulae}, name)
	if selfClosing {
		w.pop()
	}
	return true
}

// endInFormula handles an end tag within a formula. It reports false for the
// end of something around the formula.
func (w *walker) endInFormula(el element, name string) bool {
	switch el.kind {
	case block, heading, item, table, part:
		return false
	}
	for i := len(w.stack) - 1; i >= w.formula-1; i-- {
		if w.stack[i].name == name {
			w.popTo(i)
			break
		}
	}
	return true
}

// mathToken reports whether an element of MathML holds only text.
func mathToken(name string) bool {
	switch name {
	case "mi", "mn", "mo", "ms", "mtext", "mspace":
		return true
	}
	return false
}

// mathElement reports whether an element of MathML is kept (MathML Core §2.1).
func mathElement(name string) bool {
	switch name {
	case "mrow", "mfrac", "msqrt", "mroot", "mstyle", "merror", "mpadded", "mphantom", "mfenced",
		"menclose", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts",
		"mprescripts", "mtable", "mtr", "mtd", "semantics":
		return true
	}
	return mathToken(name)
}

// mathAttr reports whether an attribute of MathML is kept. None holds a URL.
func mathAttr(key string) bool {
	switch key {
	case "display", "displaystyle", "mathvariant", "scriptlevel", "stretchy", "fence", "separator",
		"largeop", "movablelimits", "lspace", "rspace", "linethickness", "accent", "accentunder",
		"columnalign", "rowalign", "columnspan", "rowspan", "width", "height", "depth", "alttext",
		"dir":
		return true
	}
	return false
}
