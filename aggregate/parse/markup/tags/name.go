package tags

import (
	"bytes"
	"strings"
)

// SameName compares names as gofeed does, which takes no notice of case.
func SameName(a, b []byte) bool { return len(a) == len(b) && bytes.EqualFold(a, b) }

// Lower returns a name in lower case.
func Lower(name []byte) string {
	for _, c := range name {
		if c >= 'A' && c <= 'Z' {
			return strings.ToLower(string(name))
		}
	}
	return internName(name)
}

// internName returns the names that most documents are made of without a copy.
func internName(name []byte) string {
	switch string(name) {
	case "item":
		return "item"
	case "entry":
		return "entry"
	case "title":
		return "title"
	case "link":
		return "link"
	case "description":
		return "description"
	case "guid":
		return "guid"
	case "category":
		return "category"
	case "content":
		return "content"
	case "encoded":
		return "encoded"
	case "id":
		return "id"
	case "updated":
		return "updated"
	}
	return string(name)
}

// IsItem reports whether elements of this local name, in any case of letters, are
// items.
func IsItem(local []byte) bool {
	switch len(local) {
	case len("item"):
		return bytes.EqualFold(local, []byte("item"))
	case len("entry"):
		return bytes.EqualFold(local, []byte("entry"))
	}
	return false
}
