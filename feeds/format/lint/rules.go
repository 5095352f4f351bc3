package lint

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// rule says what a child element may be.
type rule struct {
	required bool
	many     bool // may be there more than once
	checks   []check
}

// check looks at one element.
type check func(r *report, n *node)

// one, some and must are the rules of a child that may be there once, may be
// there any number of times, and must be there once.
func one(checks ...check) rule  { return rule{checks: checks} }
func some(checks ...check) rule { return rule{many: true, checks: checks} }
func must(checks ...check) rule { return rule{required: true, checks: checks} }

// children checks those of n against the rules of its kind. Elements of a
// namespace that has no rule here are let through.
func (r *report) children(n *node, rules map[string]rule, own string) {
	seen := make(map[string]bool)
	for _, c := range n.children {
		rule, known := rules[c.name]
		switch {
		case !known && (isOwn(c.name, own) || isUnknown(c.name)):
			r.at(c, Error, "UndefinedElement", "%s has no element %s", n.name, c.name)
		case known && seen[c.name] && !rule.many:
			r.at(c, Error, "DuplicateElement", "%s holds more than one %s", n.name, c.name)
		}
		seen[c.name] = true
		badText(r, c)
		for _, check := range rule.checks {
			check(r, c)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		if rules[name].required && !seen[name] {
			r.at(n, Error, missing(n.name, name), "%s lacks %s", n.name, name)
		}
	}
}

// missing is the rule of a child that is not there.
func missing(parent, child string) string {
	if parent == "channel" {
		return "Missing" + strings.ToUpper(child[:1]) + child[1:]
	}
	return "MissingElement"
}

// isOwn reports whether an element is in the format's own namespace, whose
// prefix is given.
func isOwn(name, own string) bool {
	p, _, found := strings.Cut(name, ":")
	return (own == "" && !found) || (own != "" && p+":" == own)
}

func badText(r *report, n *node) {
	if c, bad := badCharacter(n.text); bad {
		r.at(n, Warning, "BadCharacters", "%s holds %U", n.name, c)
	}
	if line := doubled(n.text); line != "" {
		r.at(n, Warning, "BadCharacters", "%s holds UTF-8 that was read as Latin-1: %s", n.name, excerpt(line))
	}
}

func notBlank(r *report, n *node) {
	if n.value() == "" {
		r.at(n, Warning, "NotBlank", "%s is empty", n.name)
	}
}

// noHTML checks an element that holds plain text. The RSS Profile allows
// character references for text that only looks like HTML.
func noHTML(r *report, n *node) {
	marked := bytes.Contains(n.raw, []byte("&#x"))
	switch {
	case endTag.MatchString(n.text), !marked && looksHTML(n.text):
		r.at(n, Warning, "ContainsHTML", "%s holds HTML: %s", n.name, excerpt(n.text))
	case !marked && tagStart.MatchString(n.text):
		r.at(n, Warning, "CharacterData", "%s may be taken for HTML: %s", n.name, excerpt(n.text))
	}
}

// isHTML checks an element whose text is a piece of HTML.
func isHTML(r *report, n *node) {
	if ref := relativeReference(n.text); ref != "" {
		r.at(n, Warning, "ContainsRelRef", "%s refers to %s", n.name, excerpt(ref))
	}
	lower := strings.ToLower(n.text)
	for _, tag := range []string{"script", "iframe", "object", "embed", "form", "meta"} {
		if strings.Contains(lower, "<"+tag) {
			r.at(n, Warning, "SecurityRisk", "%s holds the element %s", n.name, tag)
		}
	}
}

func uri(r *report, n *node) { r.uriValue(n, n.name, n.value()) }

// uriValue checks an absolute URI that an element or an attribute holds.
func (r *report) uriValue(n *node, name, value string) {
	switch {
	case !IsIRI(value):
		r.at(n, Error, invalid(value, "InvalidFullLink"), "%s is no full address: %s",
			name, excerpt(value))
	case !isURI(value):
		r.at(n, Error, "UriNotIri", "%s holds characters that are not ASCII: %s", name, excerpt(value))
	default:
		r.known(n, value)
	}
}

// iriValue checks an absolute IRI.
func (r *report) iriValue(n *node, name, value string) {
	if !IsIRI(value) {
		r.at(n, Error, invalid(value, "InvalidIRI"), "%s is no full IRI: %s", name, excerpt(value))
		return
	}
	r.known(n, value)
}

// invalid is the rule that an address breaks which is none.
func invalid(value, otherwise string) string {
	switch lower := strings.ToLower(value); {
	case strings.HasPrefix(lower, "tag:"):
		return "InvalidTAG"
	case strings.HasPrefix(lower, "urn:uuid:"):
		return "InvalidUUID"
	}
	return otherwise
}

// known reports addresses of a scheme that only its inventor knows.
func (r *report) known(n *node, value string) {
	if !KnownScheme(value) {
		r.at(n, Warning, "SchemeNotIANARegistered", "nobody knows the scheme of %s", excerpt(value))
	}
}

// KnownScheme reports whether validators know the scheme of an address. Those whose name
// has something but letters pass unlooked.
func KnownScheme(address string) bool {
	scheme, _, _ := strings.Cut(strings.ToLower(address), ":")
	return strings.ContainsAny(scheme, "0123456789+.-") || strings.Contains(" "+schemes+" ", " "+scheme+" ")
}

// schemes are those that validators know: what IANA had registered when they were made.
const schemes = "ftp http https gopher mailto news nntp telnet wais file prospero cid mid vemmi " +
	"service imap nfs acap rtsp tip pop data dav opaquelocktoken sip sips tel fax modem ldap urn " +
	"go ipp tftp mupdate pres im mtqp dict snmp crid tag dns info aaa aaas cap iax icap iris msrp " +
	"msrps shttp thismessage tv xmpp"

func languageCode(r *report, n *node) {
	r.languageValue(n, n.name, n.value())
}

func (r *report) languageValue(n *node, name, value string) {
	if !KnownLanguage(value) {
		r.at(n, Error, "InvalidLanguage", "%s is no language code: %s", name, excerpt(value))
	}
}

func count(r *report, n *node) {
	if v, err := strconv.Atoi(n.value()); err != nil || v <= 0 {
		r.at(n, Error, "InvalidPositiveInteger", "%s is no positive number: %s", n.name, excerpt(n.text))
	}
}

func address(r *report, n *node) {
	mail, _, _ := strings.Cut(n.value(), " ")
	if !mailForm.MatchString(mail) {
		r.at(n, Error, "InvalidContact", "%s is no email address: %s", n.name, excerpt(n.text))
	}
}

// attribute is one that an element must have; the second result is false, with
// a finding, when it is missing.
func (r *report) attribute(n *node, name string) (string, bool) {
	value, ok := n.attrs[name]
	if !ok {
		r.at(n, Error, "MissingAttribute", "%s lacks the attribute %s", n.name, name)
	}
	return value, ok
}

// unique reports a value that another element of the kind has had.
func (r *report) unique(n *node, level Level, rule string, seen map[string]bool) {
	value := n.value()
	if seen[value] {
		r.at(n, level, rule, "%s is there twice: %s", n.name, excerpt(value))
	}
	seen[value] = true
}

// selfLink checks that the document names the place where it is published.
func (r *report) selfLink(n *node, missing string) {
	for _, l := range n.all("atom:link") {
		if l.attrs["rel"] != "self" {
			continue
		}
		if href := l.attrs["href"]; r.self != "" && href != r.self {
			r.at(l, Warning, "SelfDoesntMatchLocation", "self is %s, published at %s", href, r.self)
		}
		return
	}
	r.at(n, Warning, missing, "%s has no link rel=self", n.name)
}

// excerpt is the beginning of a text, quoted.
func excerpt(s string) string {
	const most = 60
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strconv.Quote(s)
}
