// Package byline reads the names of people as RSS and Dublin Core write them: in one
// text, with addresses beside them in a dozen ways.
//
// # The contract
//
// A text gives people, never an error: what can't be told apart is the name, and a text
// without one gives the zero Person. Texts are plain, without references or tags except
// where a function says so. URI is as written, and Avatar is never filled. Addresses
// are recognized, not validated.
package byline

import (
	"slices"
	"strings"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

// List splits a list of addresses ("a@b.c, d@e.f") and reads each. A comma
// in a text without several addresses belongs to the name ("King, Jr.").
func List(s string) []coranto.Person {
	if strings.Count(s, "@") < 2 {
		return []coranto.Person{Read(s)}
	}
	separator := ","
	if strings.Contains(s, ";") {
		separator = ";" // then a comma belongs to a name
	}
	s = strings.NewReplacer(" and ", separator, " & ", separator).Replace(s)
	var people []coranto.Person
	for part := range strings.SplitSeq(s, separator) {
		people = append(people, Read(part))
	}
	return people
}

// Read understands "Name", "a@b.c", "a@b.c (Name)", "Name (a@b.c)" and
// "Name <a@b.c>". What is in parentheses without being an address belongs to
// the name: "Bob (CEO)".
func Read(s string) coranto.Person {
	s = strings.TrimSpace(s)
	rest, inner, found := cutLast(s, "(", ")")
	if !found {
		rest, inner, found = cutLast(s, "<", ">")
	}
	switch {
	case found && IsEmail(inner):
		return coranto.Person{Name: cleanName(rest), Email: Email(inner)}
	case found && IsEmail(rest):
		return coranto.Person{Name: cleanName(inner), Email: Email(rest)}
	case IsEmail(s):
		return coranto.Person{Email: Email(s)}
	case text.IsWebURL(s):
		return coranto.Person{URI: s}
	}
	return readLoose(s)
}

// readLoose finds the address among the words of s: "Name, a@b.c".
func readLoose(s string) coranto.Person {
	words := strings.Fields(s)
	for i, word := range words {
		if address := strings.Trim(word, "()<>[],;:\"'"); IsEmail(address) {
			name := strings.Join(slices.Delete(words, i, i+1), " ")
			return coranto.Person{Name: cleanName(name), Email: Email(address)}
		}
	}
	return coranto.Person{Name: cleanName(s)}
}

// cutLast cuts the text between the last open and a final close out of s.
func cutLast(s, open, end string) (rest, inner string, found bool) {
	i := strings.LastIndex(s, open)
	if i < 0 || !strings.HasSuffix(s, end) {
		return s, "", false
	}
	return strings.TrimSpace(s[:i]), strings.TrimSpace(s[i+len(open) : len(s)-len(end)]), true
}

func cleanName(s string) string {
	return strings.Trim(text.FoldSpace(s), `"' ,`)
}

// Email returns an e-mail address as written without "mailto:" and what follows a
// question mark. It does not look whether s is one.
func Email(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
		s = s[7:]
	}
	s, _, _ = strings.Cut(s, "?")
	return s
}

// IsEmail reports whether s looks like an e-mail address, with "mailto:" or without.
func IsEmail(s string) bool {
	local, domain, found := strings.Cut(Email(s), "@")
	return found && local != "" && domain != "" && !strings.ContainsAny(local+domain, " \t\n()<>@,;/")
}

// Elements reads a person written in Atom's elements where RSS has a text: value is
// markup. It reports false when none of them is there.
func Elements(value string) (coranto.Person, bool) {
	inner := func(name string) string {
		s, _ := Element(value, name)
		return s
	}
	person := coranto.Person{Name: inner("name"), Email: inner("email"), URI: inner("uri")}
	return person, person != coranto.Person{}
}

// Element returns the plain text of the first element called name, which has no
// attributes, in value, which is markup. It reports false when there is none.
func Element(value, name string) (string, bool) {
	_, rest, _ := strings.Cut(value, "<"+name+">")
	s, _, found := strings.Cut(rest, "</"+name+">")
	if !found {
		return "", false
	}
	return text.FoldSpace(text.HTMLText(s)), true
}
