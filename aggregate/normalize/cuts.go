package normalize

import (
	"slices"
	"unicode/utf8"

	"github.com/coranto/coranto/aggregate/parse"
)

// cuts tells of names that are longer, and lists that have more, than is kept.
func (n *normalizer) cuts(it *parse.Item) {
	people := slices.Concat(it.Authors, it.Contributors)
	if len(it.Authors) > manyPeople || len(it.Contributors) > manyPeople ||
		slices.ContainsFunc(people, func(p parse.Person) bool { return isLong(p.Name, longName) }) {
		n.problem("people-cut", "there are very many authors or very long names; they were cut")
	}
	if len(it.Tags) > manyTags ||
		slices.ContainsFunc(it.Tags, func(t parse.Tag) bool { return isLong(t.Term, longTag) }) {
		n.problem("tags-cut", "there are very many or very long tags; they were cut")
	}
	if isLong(it.Rights, longRights) {
		n.problem("rights-cut", "the rights are a very long text; it was cut")
	}
}

// isLong reports whether s has more than most characters.
func isLong(s string, most int) bool { return len(s) > most && utf8.RuneCountInString(s) > most }
