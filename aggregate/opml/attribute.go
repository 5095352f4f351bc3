package opml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of what is kept of an outline.
const (
	maxAttributes = 32
	maxName       = 64   // bytes
	maxValue      = 2048 // bytes
)

// xmlSpace is the namespace of the prefix xml, which nobody declares.
const xmlSpace = "http://www.w3.org/XML/1998/namespace"

// ErrAttribute reports an attribute that can't be kept.
var ErrAttribute = errors.New("not an attribute that is kept")

// CheckAttribute reports whether an outline may have an attribute besides those
// that a Subscription has fields for: one with a name of XML, maybe with a
// prefix, and not too long. Of htmlUrl only web addresses without a password
// may be. The error wraps ErrAttribute.
func CheckAttribute(name, value string) error {
	switch {
	case !isName(name):
		return fmt.Errorf("%w: %q is no name of XML", ErrAttribute, name)
	case len(name) > maxName || len(value) > maxValue:
		return fmt.Errorf("%w: %q is too long", ErrAttribute, name)
	case strings.EqualFold(name, "xmlUrl"), strings.EqualFold(name, "title"), name == "xmlns":
		return fmt.Errorf("%w: %q is said elsewhere", ErrAttribute, name)
	case !isSpelled(name):
		return fmt.Errorf("%w: %q is written in other letters", ErrAttribute, name)
	case name == "htmlUrl" && !isHome(value):
		return fmt.Errorf("%w: %q is no http or https address", ErrAttribute, name)
	case !isText(value):
		return fmt.Errorf("%w: %q has control characters", ErrAttribute, name)
	}
	return nil
}

// isSpelled reports whether a name that OPML knows is written as OPML does.
func isSpelled(name string) bool {
	for _, known := range []string{"text", "type", "htmlUrl"} {
		if strings.EqualFold(name, known) {
			return name == known
		}
	}
	return true
}

// isName reports a name of XML with at most one prefix (Namespaces in XML §3),
// of letters, digits and the few signs that are usual.
func isName(name string) bool {
	prefix, local, found := strings.Cut(name, ":")
	if !found {
		return isPart(name)
	}
	return isPart(prefix) && isPart(local)
}

func isPart(s string) bool {
	for i, r := range s {
		usual := r == '_' || unicode.IsLetter(r)
		if !usual && (i == 0 || r != '-' && r != '.' && !unicode.IsDigit(r)) {
			return false
		}
	}
	return s != ""
}

// isText reports what XML can hold (XML §2.2).
func isText(s string) bool {
	for _, r := range s {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\ufffe' || r == '\uffff' {
			return false
		}
	}
	return utf8.ValidString(s)
}

func isHome(value string) bool {
	address, ok := web(value)
	if !ok {
		return false
	}
	u, err := url.Parse(address)
	return err == nil && u.User == nil
}

// own is an attribute of OPML itself, whatever the case of its name.
func own(t xml.StartElement, name string) (value string, given bool) {
	for _, a := range t.Attr {
		if a.Name.Space == "" && strings.EqualFold(a.Name.Local, name) {
			value, given = a.Value, true
		}
	}
	return value, given
}

// declare notes the namespaces of an element.
func (p *parser) declare(t xml.StartElement) {
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" && a.Value != xmlSpace {
			p.prefixes[a.Value] = a.Name.Local
		}
	}
}

// attributes are those of an outline that are kept: not its address and title, not
// its text where that is the title, and not the type of a feed where that says no
// more than that it is one.
func (p *parser) attributes(t xml.StartElement, title, text string) map[string]string {
	kept := make(map[string]string)
	if text != "" {
		p.keep(kept, title, "text", text)
	}
	for _, a := range t.Attr {
		name, value := a.Name.Local, strings.TrimSpace(a.Value)
		switch {
		case a.Name.Space == "xmlns":
			continue // kept with what uses it
		case a.Name.Space != "":
			p.foreign(kept, title, a.Name, value)
			continue
		}
		switch strings.ToLower(name) {
		case "xmlurl", "title", "text", "xmlns":
		case "type":
			if address, _ := own(t, "xmlUrl"); address == "" || !strings.EqualFold(value, "rss") {
				p.keep(kept, title, "type", value)
			}
		case "htmlurl":
			if value != "" {
				p.keep(kept, title, "htmlUrl", value)
			}
		default:
			p.keep(kept, title, name, value)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}

// foreign keeps an attribute of a namespace with the prefix that it was written
// with, and what declares that. A prefix that was not declared stands for itself.
func (p *parser) foreign(kept map[string]string, title string, name xml.Name, value string) {
	prefix, declared := p.prefixes[name.Space]
	if !declared {
		prefix = name.Space
	}
	full, declaration := prefix+":"+name.Local, "xmlns:"+prefix
	if prefix == "xml" {
		p.keep(kept, title, full, value)
		return
	}
	space, used := kept[declaration]
	switch {
	case used && space != name.Space:
		p.problem("attribute-dropped", title,
			fmt.Sprintf("the prefix of %q stands for two namespaces", full))
	case !used && len(kept)+2 > maxAttributes:
		p.problem("attribute-dropped", title, tooMany(full).Error())
	case p.keep(kept, title, full, value) && !used:
		if !p.keep(kept, title, declaration, name.Space) {
			delete(kept, full)
		}
	}
}

// keep takes an attribute that can be kept, and notes one that can't.
func (p *parser) keep(kept map[string]string, title, name, value string) bool {
	err := CheckAttribute(name, value)
	if _, known := kept[name]; err == nil && !known && len(kept) >= maxAttributes {
		err = tooMany(name)
	}
	if err != nil {
		p.problem("attribute-dropped", title, err.Error())
		return false
	}
	kept[name] = value
	return true
}

func tooMany(name string) error {
	return fmt.Errorf("%w: %q is one of more than %d", ErrAttribute, name, maxAttributes)
}
