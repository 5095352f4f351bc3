package publish

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/storage"
)

// Tags that are no path of a scope or item.
const (
	tagLists      = "lists"      // shows every source or category, or something of each
	tagCategories = "categories" // links to the categories
)

// tagsOf tells from its path what a document shows: the paths of its scope and
// item, and the tags above. A change drops the documents of the tags it touches.
func tagsOf(path string) []string {
	switch path {
	case feeds.StylePath, feeds.IconPath, feeds.RobotsPath:
		return nil
	case feeds.OPMLPath, feeds.SitemapPath, sitemapPagesPath:
		return []string{tagLists}
	case feeds.CategoriesPath, feeds.SourcesPath:
		return []string{tagLists, tagCategories}
	case feeds.SubscribePath:
		return []string{tagCategories}
	}
	if strings.HasPrefix(path, itemPrefix) {
		return []string{path, tagCategories}
	}
	if scope, number, _, ok := cutArchive(path); ok {
		return []string{archiveTag(scope, number), archivesTag(scope)}
	}
	scope, rest := cutScope(path)
	if rest == "" || strings.HasSuffix(rest, "/") {
		return []string{scope.Path(), tagCategories}
	}
	return []string{scope.Path()}
}

const itemPrefix = "/item/"

// cutScope splits a path into the scope that it is in and the rest.
func cutScope(path string) (scope feeds.Scope, rest string) {
	path = strings.TrimPrefix(path, "/")
	kind, below, _ := strings.Cut(path, "/")
	name, rest, named := strings.Cut(below, "/")
	switch {
	case named && kind == "category":
		return feeds.CategoryScope(coranto.Slug(name)), rest
	case named && kind == "source":
		return feeds.SourceScope(coranto.SourceID(name)), rest
	}
	return feeds.Scope{}, path
}

// feedAt finds the scope and format of the feed at a path.
func (p *Publisher) feedAt(path string) (scope feeds.Scope, format feeds.Format, ok bool) {
	scope, file := cutScope(path)
	for _, f := range p.formats {
		if f.File == file {
			return scope, f, validScope(scope)
		}
	}
	return feeds.Scope{}, feeds.Format{}, false
}

// cutArchive splits the path of an archived document into its scope, its number and
// its file. There is one spelling of each number.
func cutArchive(path string) (scope feeds.Scope, number int, file string, ok bool) {
	scope, rest := cutScope(path)
	rest, ok = strings.CutPrefix(rest, "archive/")
	digits, file, found := strings.Cut(rest, "/")
	number, err := strconv.Atoi(digits)
	ok = ok && found && err == nil && number > 0 && strconv.Itoa(number) == digits
	return scope, number, file, ok && validScope(scope)
}

// archivesTag is that of all archived documents of a scope, archiveTag that of one.
func archivesTag(s feeds.Scope) string { return s.Path() + "archive/" }

func archiveTag(s feeds.Scope, number int) string {
	return archivesTag(s) + strconv.Itoa(number) + "/"
}

// archivedAt finds the scope, number and format of the archived document at a path.
func (p *Publisher) archivedAt(path string) (scope feeds.Scope, number int, format feeds.Format, ok bool) {
	scope, number, file, ok := cutArchive(path)
	i := slices.IndexFunc(p.formats, func(f feeds.Format) bool { return f.File == file })
	if !ok || i < 0 {
		return feeds.Scope{}, 0, feeds.Format{}, false
	}
	return scope, number, p.formats[i], true
}

// validScope keeps out of the store what can't be a name in it.
func validScope(s feeds.Scope) bool {
	if s.By != storage.ByCategory {
		return true
	}
	_, err := coranto.ParseSlug(s.Value)
	return err == nil
}

func notFound(path string) error { return fmt.Errorf("%s: %w", path, feeds.ErrNotFound) }
