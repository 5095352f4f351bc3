package export

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/coranto/coranto/feeds"
)

// longestName is the longest part of a file's name, in bytes, with room for the
// extension of a coded copy on any file system.
const longestName = 200

// fileName is the name of the file of the document at a path, below the folder.
// Its parts are letters, digits, hyphens, underscores and dots, and neither begin
// nor end with a dot: what a path may hold that some system reads otherwise (a
// colon, a percent sign, a control character, another script's direction) is
// refused, and so are the names of devices.
func fileName(documentPath string) (string, error) {
	name, ok := strings.CutPrefix(documentPath, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	if !ok || !fs.ValidPath(name) {
		return "", fmt.Errorf("document %q can't be a file", documentPath)
	}
	for part := range strings.SplitSeq(name, "/") {
		if !safePart(part) {
			return "", fmt.Errorf("document %q can't be a file: no name for one is %q", documentPath, part)
		}
	}
	return name, nil
}

func safePart(part string) bool {
	if len(part) > longestName || part[0] == '.' || part[len(part)-1] == '.' {
		return false
	}
	for _, c := range []byte(part) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return !device(part)
}

// device reports the names of devices that Windows has in every folder, whatever
// the extension.
func device(part string) bool {
	base, _, _ := strings.Cut(strings.ToLower(part), ".")
	switch base {
	case "con", "prn", "aux", "nul":
		return true
	}
	digit := len(base) == 4 && base[3] >= '0' && base[3] <= '9'
	return digit && (strings.HasPrefix(base, "com") || strings.HasPrefix(base, "lpt"))
}

// rank orders documents by who links to them: what everything uses, items, older
// pages and archives, feeds, pages of scopes, then the lists, and the home page
// last.
func rank(documentPath string) int {
	switch documentPath {
	case feeds.StylePath, feeds.IconPath:
		return 0
	case feeds.OPMLPath, feeds.SitemapPath, feeds.RobotsPath:
		return 5
	case feeds.CategoriesPath, feeds.SourcesPath, feeds.SubscribePath:
		return 6
	case "/":
		return 7
	}
	switch {
	case strings.HasPrefix(documentPath, "/item/"):
		return 1
	case strings.Contains(documentPath, "/before/"), strings.Contains(documentPath, "/archive/"):
		return 2
	case !strings.HasSuffix(documentPath, "/"):
		return 3
	}
	return 4
}

// byRank compares documents as they are put in their places.
func byRank(a, b string) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b)) }

// parents yields the folders that a file is in, the innermost first.
func parents(name string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for dir := path.Dir(name); dir != "." && yield(dir); dir = path.Dir(dir) {
		}
	}
}
