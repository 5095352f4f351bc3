package vocabulary

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// mostMembers is how many bytes of JSON one item takes along.
const mostMembers = 4 << 10

// Members returns the extensions of a JSON Feed item that may be published again:
// names that begin with an underscore and are none of ours, values that are JSON as
// every reader takes it, made compact. They are nobody's to interpret. What is too much is left out, the
// last names first; lost counts what is left out for that or for its form.
func Members(in map[string]string) (kept map[string]string, lost int) {
	if len(in) == 0 {
		return nil, 0
	}
	size := 0
	for _, name := range slices.Sorted(maps.Keys(in)) {
		if isOurs(name) {
			continue
		}
		value, ok := compact(in[name])
		if !ok || !isMember(name) || size+len(name)+len(value) > mostMembers {
			lost++
			continue
		}
		size += len(name) + len(value)
		if kept == nil {
			kept = make(map[string]string, len(in))
		}
		kept[name] = value
	}
	return kept, lost
}

// isOurs reports whether we write a member of that name ourselves.
func isOurs(name string) bool { return name == "_source" || name == "_extensions" }

func isMember(name string) bool {
	return len(name) > 1 && len(name) <= 64 && name[0] == '_' &&
		strings.Trim(name, lettersAndDigits+"_-.") == ""
}

func compact(value string) (string, bool) {
	if len(value) > 4*mostMembers || !utf8.ValidString(value) {
		return "", false
	}
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(value)); err != nil {
		return "", false
	}
	return b.String(), interoperable(b.String())
}
