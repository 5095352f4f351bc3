package lint

import (
	"maps"
	"strconv"
	"strings"
	"time"
)

// atom checks RFC 4287.
func (r *report) atom(root *node) {
	r.children(root, feedRules(), "atom:")
	r.selfLink(root, "MissingSelf")
	r.order(root, "atom:entry", Error, "MisplacedMetadata")
	r.alternates(root)
	r.history(root)
	r.language(root)
	entries := root.all("atom:entry")
	if len(entries) == 0 && !root.has("atom:author") {
		r.at(root, Error, "MissingElement", "a feed without entries lacks an author")
	}
	ids, times := make(map[string]bool), make(map[string]bool)
	for _, e := range entries {
		r.entry(e)
		if id := e.first("atom:id"); id != nil {
			r.unique(id, Warning, "DuplicateEntries", ids)
		}
		if updated := e.first("atom:updated"); updated != nil {
			r.unique(updated, Warning, "DuplicateUpdated", times)
		}
	}
}

func feedRules() map[string]rule {
	return map[string]rule{
		"atom:id":          must(permanent),
		"atom:title":       must(textConstruct),
		"atom:updated":     must(stamped, plausible),
		"atom:subtitle":    one(textConstruct),
		"atom:rights":      one(textConstruct),
		"atom:generator":   one(notBlank),
		"atom:icon":        one(notBlank, iri),
		"atom:logo":        one(notBlank, iri),
		"atom:author":      some(person),
		"atom:contributor": some(person),
		"atom:category":    some(category),
		"atom:link":        some(link),
		"atom:entry":       some(),

		"fh:archive":       one(empty),
		"fh:complete":      one(empty),
		"at:deleted-entry": some(deletedEntry),
	}
}

func (r *report) entryRules() map[string]rule {
	rules := map[string]rule{
		"atom:id":          must(permanent),
		"atom:title":       must(textConstruct),
		"atom:updated":     must(stamped, plausible),
		"atom:published":   one(stamped, plausible),
		"atom:summary":     one(textConstruct),
		"atom:content":     one(textConstruct),
		"atom:rights":      one(textConstruct),
		"atom:source":      one(atomSource),
		"atom:author":      some(person),
		"atom:contributor": some(person),
		"atom:category":    some(category),
		"atom:link":        some(link),
	}
	maps.Copy(rules, r.extensionRules())
	return rules
}

func (r *report) entry(e *node) {
	r.children(e, r.entryRules(), "atom:")
	r.historyInEntry(e)
	r.alternates(e)
	r.language(e)
	source := e.first("atom:source")
	if !e.has("atom:author") && !e.parent.has("atom:author") &&
		(source == nil || !source.has("atom:author")) {
		r.at(e, Error, "MissingElement", "neither entry, source nor feed names an author")
	}
	if e.has("atom:content") {
		return
	}
	if !e.has("atom:summary") {
		r.at(e, Warning, "MissingTextualContent", "entry has neither content nor summary")
	}
	for _, l := range e.all("atom:link") {
		if rel(l) == "alternate" {
			return
		}
	}
	r.at(e, Error, "MissingContentOrAlternate", "entry has neither content nor an alternate link")
}

func atomSource(r *report, n *node) {
	rules := feedRules()
	delete(rules, "at:deleted-entry")
	for _, name := range []string{"atom:id", "atom:title", "atom:updated"} {
		if !n.has(name) {
			r.at(n, Warning, "MissingSourceElement", "source lacks %s", name)
		}
		loose := rules[name]
		loose.required = false
		rules[name] = loose
	}
	delete(rules, "atom:entry")
	r.children(n, rules, "atom:")
	r.alternates(n)
	r.language(n)
}

// alternates reports two alternate links of one type and language (RFC 4287
// §4.1.1 and §4.1.2).
func (r *report) alternates(n *node) {
	seen := make(map[string]bool)
	for _, l := range n.all("atom:link") {
		key := l.attrs["type"] + " " + l.attrs["hreflang"]
		if rel(l) != "alternate" {
			continue
		}
		if seen[key] {
			r.at(l, Error, "DuplicateAtomLink", "second alternate link of type %q", l.attrs["type"])
		}
		seen[key] = true
	}
}

func (r *report) language(n *node) {
	if lang, ok := n.attrs["xml:lang"]; ok {
		r.languageValue(n, "xml:lang", lang)
	}
}

func iri(r *report, n *node) { r.iriValue(n, n.name, n.value()) }

func stamped(r *report, n *node) {
	if _, err := time.Parse(time.RFC3339, n.text); err != nil {
		r.at(n, Error, "InvalidRFC3339Date", "%s is no date: %s", n.name, excerpt(n.text))
	}
}

func textConstruct(r *report, n *node) {
	kind, given := n.attrs["type"]
	switch {
	case !given, kind == "text":
		if endTag.MatchString(n.text) || looksHTML(n.text) {
			r.at(n, Warning, "ContainsUndeclaredHTML", "%s holds HTML: %s", n.name, excerpt(n.text))
		}
	case kind == "html":
		isHTML(r, n)
	case kind == "xhtml":
		if len(n.children) != 1 || !strings.HasSuffix(n.children[0].name, ":div") {
			r.at(n, Error, "MissingXhtmlDiv", "%s does not hold one div", n.name)
		}
		return
	case n.name != "atom:content" || !IsMediaType(kind):
		r.at(n, Error, "InvalidTextType", "type of %s is %q", n.name, kind)
	}
	if _, elsewhere := n.attrs["src"]; !elsewhere {
		notBlank(r, n)
	}
	for _, c := range n.children {
		r.at(c, Error, "UndefinedElement", "%s holds the element %s", n.name, c.name)
	}
}

func person(r *report, n *node) {
	r.children(n, map[string]rule{
		"atom:name": must(notBlank, noHTML), "atom:uri": one(iri), "atom:email": one(address),
	}, "atom:")
}

func category(r *report, n *node) {
	if term, ok := r.attribute(n, "term"); ok && strings.TrimSpace(term) == "" {
		r.at(n, Warning, "AttrNotBlank", "category has an empty term")
	}
	if v, ok := n.attrs["scheme"]; ok {
		r.iriValue(n, "scheme of category", v)
	}
	if looksHTML(n.attrs["label"]) {
		r.at(n, Warning, "ContainsHTML", "label holds HTML: %s", excerpt(n.attrs["label"]))
	}
}

// rel is the relation of a link; RFC 4287 §4.2.7.2 says what its absence means.
func rel(l *node) string {
	if v, ok := l.attrs["rel"]; ok {
		return v
	}
	return "alternate"
}

// link checks an atom:link, in Atom and in RSS.
func link(r *report, n *node) {
	if v, ok := n.attrs["href"]; !ok {
		r.at(n, Error, "MissingHref", "link has no href")
	} else {
		r.iriValue(n, "href", v)
	}
	if v := rel(n); !registered(v) && !IsIRI(v) {
		r.at(n, Warning, "UnregisteredAtomLinkRel", "rel is %s", excerpt(v))
	}
	if v, ok := n.attrs["type"]; ok && !IsMediaType(v) {
		r.at(n, Error, "InvalidMIMEType", "type of link is %s", excerpt(v))
	} else if ok && rel(n) == "self" && !isFeedType(v) {
		r.at(n, Warning, "SelfNotAtom", "type of the self link is %s", excerpt(v))
	}
	linkHints(r, n)
}

// linkHints checks what a link says of its target without being asked.
func linkHints(r *report, n *node) {
	if v, ok := n.attrs["hreflang"]; ok {
		r.languageValue(n, "hreflang", v)
	}
	if v, ok := n.attrs["length"]; ok {
		if size, err := strconv.ParseInt(v, 10, 64); err != nil || size < 0 {
			r.at(n, Error, "InvalidNonNegativeInteger", "length of link is %s", excerpt(v))
		}
	}
	if v, ok := n.attrs["title"]; ok && (looksHTML(v) || strings.TrimSpace(v) == "") {
		r.at(n, Warning, "ContainsHTML", "title of link is %s", excerpt(v))
	}
}

// registered reports whether a relation may be named without an IRI.
func registered(rel string) bool {
	switch rel {
	case "alternate", "current", "describedby", "edit", "edit-media", "enclosure", "first", "hub",
		"last", "license", "next", "next-archive", "payment", "prev-archive", "previous", "related",
		"replies", "search", "self", "service", "up", "via":
		return true
	}
	return false
}
