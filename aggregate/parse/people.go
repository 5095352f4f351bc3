package parse

import (
	"slices"
	"strings"

	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/json"

	"github.com/coranto/coranto/aggregate/parse/markup"
)

// people reads the names of people as RSS and Dublin Core write them, one or
// more in each text. A person named twice is listed once.
func (p *parser) people(texts ...string) []Person {
	var people []Person
	for _, s := range texts {
		text := p.text(s, markup.Loose)
		if person, ok := elementPerson(text.Value); ok {
			people = addPerson(people, person)
			continue
		}
		for _, person := range readPeople(text.Address()) {
			people = addPerson(people, person)
		}
	}
	return people
}

// elementPerson reads a person written in Atom's elements where RSS has a text.
func elementPerson(value string) (Person, bool) {
	inner := func(name string) string {
		_, rest, _ := strings.Cut(value, "<"+name+">")
		s, _, found := strings.Cut(rest, "</"+name+">")
		if !found {
			return ""
		}
		return markup.FoldSpace(markup.HTMLText(s))
	}
	person := Person{Name: inner("name"), Email: inner("email"), URI: inner("uri")}
	return person, person != Person{}
}

func addPerson(people []Person, person Person) []Person {
	if person == (Person{}) {
		return people
	}
	if slices.Contains(people, person) {
		return people
	}
	return append(people, person)
}

// readPeople splits a list of addresses ("a@b.c, d@e.f") and reads each. A comma
// in a text without several addresses belongs to the name ("King, Jr.").
func readPeople(s string) []Person {
	if strings.Count(s, "@") < 2 {
		return []Person{readPerson(s)}
	}
	separator := ","
	if strings.Contains(s, ";") {
		separator = ";" // then a comma belongs to a name
	}
	s = strings.NewReplacer(" and ", separator, " & ", separator).Replace(s)
	var people []Person
	for part := range strings.SplitSeq(s, separator) {
		people = append(people, readPerson(part))
	}
	return people
}

// readPerson understands "Name", "a@b.c", "a@b.c (Name)", "Name (a@b.c)" and
// "Name <a@b.c>". What is in parentheses without being an address belongs to
// the name: "Bob (CEO)".
func readPerson(s string) Person {
	s = strings.TrimSpace(s)
	rest, inner, found := cutLast(s, "(", ")")
	if !found {
		rest, inner, found = cutLast(s, "<", ">")
	}
	switch {
	case found && isEmail(inner):
		return Person{Name: cleanName(rest), Email: email(inner)}
	case found && isEmail(rest):
		return Person{Name: cleanName(inner), Email: email(rest)}
	case isEmail(s):
		return Person{Email: email(s)}
	case markup.IsWebURL(s):
		return Person{URI: s}
	}
	return readLoosePerson(s)
}

// readLoosePerson finds the address among the words of s: "Name, a@b.c".
func readLoosePerson(s string) Person {
	words := strings.Fields(s)
	for i, word := range words {
		if address := strings.Trim(word, "()<>[],;:\"'"); isEmail(address) {
			name := strings.Join(slices.Delete(words, i, i+1), " ")
			return Person{Name: cleanName(name), Email: email(address)}
		}
	}
	return Person{Name: cleanName(s)}
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
	return strings.Trim(markup.FoldSpace(s), `"' ,`)
}

func email(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
		s = s[7:]
	}
	s, _, _ = strings.Cut(s, "?")
	return s
}

func isEmail(s string) bool {
	local, domain, found := strings.Cut(email(s), "@")
	return found && local != "" && domain != "" && !strings.ContainsAny(local+domain, " \t\n()<>@,;/")
}

func (p *parser) atomPeople(people []*atom.Person) []Person {
	var list []Person
	for _, person := range people {
		name := p.text(person.Name, markup.Plain).Plain()
		read := Person{Name: name, Email: email(p.text(person.Email, markup.Plain).Plain())}
		if read.Email == "" && strings.Contains(name, "@") {
			read = readPerson(name)
		}
		read.URI = p.textURL(person.URI)
		if read.Name == "" {
			p.problem("person-without-name", "An author or contributor has no name.")
		}
		list = addPerson(list, read)
	}
	return list
}

// atomExtensionPeople reads Atom person elements inside another format.
func (p *parser) atomExtensionPeople(elements []ext.Extension) []Person {
	var list []Person
	for _, e := range elements {
		list = append(list, p.atomPeople([]*atom.Person{
			{Name: firstChild(e, "name"), Email: firstChild(e, "email"), URI: firstChild(e, "uri")},
		})...)
	}
	return list
}

func (p *parser) jsonPeople(one *json.Author, many []*json.Author) []Person {
	if len(many) == 0 && one != nil {
		many = []*json.Author{one}
	}
	var list []Person
	for _, author := range many {
		if author == nil {
			continue
		}
		read := Person{Name: markup.FoldSpace(author.Name), Avatar: p.webURL(author.Avatar)}
		if isEmail(author.URL) {
			read.Email = email(author.URL)
		} else {
			read.URI = p.webURL(author.URL)
		}
		list = addPerson(list, read)
	}
	return list
}
