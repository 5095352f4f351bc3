// Package vocabulary lists the elements beyond RSS and Atom that an item takes
// along from its source's feed to ours: podcasts, media, places, discussions.
//
// # The contract
//
// Elements is the whole list: what is not in it, with these attributes and these
// children, does not pass, from whatever source and in whatever store. What does
// pass has the form its vocabulary asks for: addresses are absolute, numbers are
// numbers, texts are plain and bounded. So the wing that reads and the wing that
// publishes trust the same list and never each other. A new element is a line of
// it.
//
// The package keeps nothing and does no input or output.
package vocabulary

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/coranto/coranto"
)

// amount says how much of a post is given away.
type amount int

const (
	fact    amount = iota // titles, names, numbers, addresses
	excerpt               // pictures and short texts too
	full                  // all of it
)

// element says what an element may hold.
type element struct {
	text     form     // of its own text; nil means it has none
	attrs    forms    // that it may have
	needs    []string // attributes without which it means nothing
	children []string
	enough   string // the attribute with which it means something without children
	many     bool   // may be there more than once
	// picture reports whether one with these attributes may be one; nil means none is.
	picture func(attrs map[string]string) bool
}

// table is a part of the list, by the names of elements.
type table map[string]*element

// forms are those of attributes, by their names.
type forms map[string]form

// elements is the list. It is made when it is first asked for and never changed.
var elements = sync.OnceValue(func() table {
	list := make(table)
	for _, part := range []table{
		itunes(), episodes(), episodeFiles(), payments(), media(), mediaTerms(), places(), discussions(),
	} {
		maps.Copy(list, part)
	}
	return list
})

// Child is the full name of the child of parent that is called local, "" when
// parent has no such child.
func Child(parent, local string) string {
	e := elements()[parent]
	if e == nil {
		return ""
	}
	i := slices.IndexFunc(e.children, func(name string) bool {
		_, own, _ := strings.Cut(name, ":")
		return own == local
	})
	if i < 0 {
		return ""
	}
	return e.children[i]
}

// Known reports whether name is an element of the list.
func Known(name string) bool {
	_, ok := elements()[name]
	return ok
}

// Cut leaves of the elements of an item, as Clean returned them, what may be
// published in a mode: excerpts take no long text along, titles neither text nor
// picture. What then lacks what it must hold goes as a whole.
func Cut(list []coranto.Extension, mode coranto.Republish) []coranto.Extension {
	same := func(s string) string { return s }
	cleaner := Cleaner{URL: same, Text: same}
	switch mode {
	case coranto.RepublishExcerpt:
		list, _ = cleaner.clean(list, excerpt)
	case coranto.RepublishTitle:
		list, _ = cleaner.clean(list, fact)
	}
	return list
}
