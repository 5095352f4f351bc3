package byline

import (
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/coranto/coranto"
)

func TestList(t *testing.T) {
	tests := []struct {
		text string
		want []coranto.Person
	}{
		{"Ann", []coranto.Person{{Name: "Ann"}}},
		{"ann@example.org", []coranto.Person{{Email: "ann@example.org"}}},
		{"ann@example.org (Ann)", []coranto.Person{{Name: "Ann", Email: "ann@example.org"}}},
		{"Ann (ann@example.org)", []coranto.Person{{Name: "Ann", Email: "ann@example.org"}}},
		{"Ann <ann@example.org>", []coranto.Person{{Name: "Ann", Email: "ann@example.org"}}},
		{"Ann, ann@example.org", []coranto.Person{{Name: "Ann", Email: "ann@example.org"}}},
		{"Bob (CEO)", []coranto.Person{{Name: "Bob (CEO)"}}},
		{"a@b.example, c@d.example", []coranto.Person{{Email: "a@b.example"}, {Email: "c@d.example"}}},
		{"a@b.example (A) and c@d.example (C)", []coranto.Person{
			{Name: "A", Email: "a@b.example"}, {Name: "C", Email: "c@d.example"}}},
		{`"B, A" <a@b.example>; "D, C" <c@d.example>`, []coranto.Person{
			{Name: "B, A", Email: "a@b.example"}, {Name: "D, C", Email: "c@d.example"}}},
		{"mailto:ann@example.org", []coranto.Person{{Email: "ann@example.org"}}},
		{"King, Jr.", []coranto.Person{{Name: "King, Jr."}}},
		{"https://ann.example/", []coranto.Person{{URI: "https://ann.example/"}}},
		{"", []coranto.Person{{}}},
	}
	for _, tt := range tests {
		if got := List(tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("List(%q) = %+v, want %+v", tt.text, got, tt.want)
		}
	}
}

func TestElements(t *testing.T) {
	tests := []struct {
		value string
		want  coranto.Person
		found bool
	}{
		{"<name>A <b>B</b></name><email>a@b.example</email>", coranto.Person{Name: "A B", Email: "a@b.example"}, true},
		{"\n<uri>http://a.example/</uri>", coranto.Person{URI: "http://a.example/"}, true},
		{"<name>never ends", coranto.Person{}, false},
		{"Ann", coranto.Person{}, false},
	}
	for _, tt := range tests {
		if got, found := Elements(tt.value); got != tt.want || found != tt.found {
			t.Errorf("Elements(%q) = %+v, %v, want %+v, %v", tt.value, got, found, tt.want, tt.found)
		}
	}
}

func TestEmail(t *testing.T) {
	tests := []struct {
		text, want string
		is         bool
	}{
		{" MailTo:a@b.example?subject=x ", "a@b.example", true},
		{"a@b.example", "a@b.example", true},
		{"@ann", "@ann", false},
		{"a@b c", "a@b c", false},
		{"https://a.example/@ann", "https://a.example/@ann", false},
	}
	for _, tt := range tests {
		if got := Email(tt.text); got != tt.want {
			t.Errorf("Email(%q) = %q, want %q", tt.text, got, tt.want)
		}
		if got := IsEmail(tt.text); got != tt.is {
			t.Errorf("IsEmail(%q) = %v, want %v", tt.text, got, tt.is)
		}
	}
}

// FuzzList holds that any text gives people, and that characters stay whole.
func FuzzList(f *testing.F) {
	for _, seed := range []string{"Ann <a@b.example>", "a@b.c (漢), d@e.f", "<name>A</name>", "(a@b.c", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		people := List(text)
		if len(people) == 0 {
			t.Errorf("List(%q) is empty, want at least one", text)
		}
		if person, ok := Elements(text); ok {
			people = append(people, person)
		}
		for _, person := range people {
			if utf8.ValidString(text) && !utf8.ValidString(person.Name+person.Email+person.URI) {
				t.Errorf("person of %q = %+q, want whole characters", text, person)
			}
		}
	})
}
