package parse

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/json"

	"github.com/coranto/coranto/aggregate/parse/byline"
	"github.com/coranto/coranto/aggregate/parse/elements"
	"github.com/coranto/coranto/aggregate/parse/markup/text"
)

// people reads the names of people as RSS and Dublin Core write them, one or
// more in each text. A person named twice is listed once.
func (p *parser) people(texts ...string) []Person {
	var people []Person
	for _, s := range texts {
		written := p.text(s, text.Loose)
		if person, ok := byline.Elements(written.Value); ok {
			people = p.addPerson(people, Person(person))
			continue
		}
		for _, person := range byline.List(written.Address()) {
			people = p.addPerson(people, Person(person))
		}
	}
	return people
}

func (p *parser) addPerson(people []Person, person Person) []Person {
	if person == (Person{}) {
		return people
	}
	if p.isFull(len(people)) || slices.Contains(people, person) {
		return people
	}
	return append(people, person)
}

func (p *parser) atomPeople(people []*atom.Person) []Person {
	var list []Person
	for _, person := range people {
		name := p.plain(person.Name, text.Plain)
		read := Person{Name: name, Email: byline.Email(p.plain(person.Email, text.Plain))}
		if read.Email == "" && strings.Contains(name, "@") {
			read = Person(byline.Read(name))
			read.Name = cmp.Or(read.Name, name)
		}
		read.URI = p.textURL(person.URI)
		if read.Name == "" {
			p.problem("person-without-name", "An author or contributor has no name.")
		}
		list = p.addPerson(list, read)
	}
	return list
}

// atomExtensionPeople reads Atom person elements inside another format.
func (p *parser) atomExtensionPeople(people []ext.Extension) []Person {
	var list []Person
	for _, e := range people {
		list = append(list, p.atomPeople([]*atom.Person{
			{Name: elements.Child(e, "name"), Email: elements.Child(e, "email"), URI: elements.Child(e, "uri")},
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
		read := Person{Name: text.FoldSpace(author.Name), Avatar: p.webURL(author.Avatar)}
		if byline.IsEmail(author.URL) {
			read.Email = byline.Email(author.URL)
		} else {
			read.URI = p.webURL(author.URL)
		}
		list = p.addPerson(list, read)
	}
	return list
}
