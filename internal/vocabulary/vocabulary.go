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
	"slices"
	"strings"

	"github.com/coranto/coranto"
)

// amount says how much of a post an element gives away.
type amount int

const (
	fact    amount = iota // what title, number and address are; the zero value
	excerpt               // a picture or a short text
	full                  // as much as the post's own text
)

// element says what an element may hold.
type element struct {
	text     form            // of its own text; nil means it has none
	attrs    map[string]form // that it may have
	needs    []string        // attributes without which it means nothing
	children []string
	many     bool // may be there more than once
	gives    amount
}

// lookup finds an element by its name.
func lookup(name string) (element, bool) {
	prefix, _, _ := strings.Cut(name, ":")
	var e element
	var ok bool
	switch prefix {
	case "itunes":
		e, ok = itunes[name]
	case "podcast", "psc":
		e, ok = podcast[name]
	case "media":
		e, ok = media[name]
	case "georss", "gml", "geo":
		e, ok = places[name]
	case "thr", "slash":
		e, ok = discussions[name]
	}
	return e, ok
}

// Prefixes lists the usual prefixes of the vocabularies that items may use.
func Prefixes() []string {
	return []string{"geo", "georss", "gml", "itunes", "media", "podcast", "psc", "slash", "thr"}
}

// Namespace is what a prefix of Prefixes stands for; "" for any other.
func Namespace(prefix string) string {
	switch prefix {
	case "geo":
		return "http://www.w3.org/2003/01/geo/wgs84_pos#"
	case "georss":
		return "http://www.georss.org/georss"
	case "gml":
		return "http://www.opengis.net/gml"
	case "itunes":
		return "http://www.itunes.com/dtds/podcast-1.0.dtd"
	case "media":
		return "http://search.yahoo.com/mrss/"
	case "podcast":
		return "https://podcastindex.org/namespace/1.0"
	case "psc":
		return "http://podlove.org/simple-chapters"
	case "slash":
		return "http://purl.org/rss/1.0/modules/slash/"
	case "thr":
		return "http://purl.org/syndication/thread/1.0"
	}
	return ""
}

// Prefix is the usual prefix of a namespace, however it is spelt: scheme, case
// and a last slash make no difference. It is "" for one that is not listed.
func Prefix(namespace string) string {
	plain := plainNamespace(namespace)
	switch plain {
	case "github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md":
		return "podcast"
	case "podlove.org/simple-chapters/":
		return "psc"
	}
	for _, prefix := range Prefixes() {
		if plain == plainNamespace(Namespace(prefix)) {
			return prefix
		}
	}
	return ""
}

func plainNamespace(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	return strings.TrimRight(s, "/#")
}

// Child is the full name of the child of parent that is called local, "" when
// parent has no such child.
func Child(parent, local string) string {
	e, _ := lookup(parent)
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
	_, ok := lookup(name)
	return ok
}

// Cut leaves of the elements of an item what may be published in a mode: excerpts
// take no long text along, titles neither text nor picture.
func Cut(list []coranto.Extension, mode coranto.Republish) []coranto.Extension {
	most := full
	switch mode {
	case coranto.RepublishExcerpt:
		most = excerpt
	case coranto.RepublishTitle:
		most = fact
	default:
		return list
	}
	return cut(list, most)
}

func cut(list []coranto.Extension, most amount) []coranto.Extension {
	var kept []coranto.Extension
	for _, e := range list {
		if rule, ok := lookup(e.Name); ok && rule.gives <= most {
			e.Children = cut(e.Children, most)
			kept = append(kept, e)
		}
	}
	return kept
}
