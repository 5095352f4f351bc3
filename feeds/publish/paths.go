package publish

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
)

// Paths yields the path of every document there is: those that exist once, then
// the feeds and pages of the site, of each category and of each source, then
// the pages of items. It ends after the first error. It reads the store in
// small steps: what is committed meanwhile may be missed, and of what is removed
// meanwhile Get finds no document any more.
func (p *Publisher) Paths(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		w := &walker{p, func(path string) bool { return yield(path, nil) }}
		if err := w.all(ctx); err != nil {
			yield("", err)
		}
	}
}

// walker yields paths until yield returns false. Its methods report whether to
// go on.
type walker struct {
	*Publisher
	yield func(string) bool
}

func (w *walker) all(ctx context.Context) error {
	scopes, err := w.scopes(ctx)
	if err != nil {
		return err
	}
	if more, err := w.singles(ctx); err != nil || !more {
		return err
	}
	for _, scope := range scopes {
		if more, err := w.scope(ctx, scope); err != nil || !more {
			return err
		}
	}
	return w.items(ctx)
}

// scopes are the whole site, the categories and the sources.
func (w *walker) scopes(ctx context.Context) ([]feeds.Scope, error) {
	scopes := []feeds.Scope{{}}
	slugs, err := w.categories(ctx)
	if err != nil {
		return nil, err
	}
	for _, slug := range slugs {
		scopes = append(scopes, feeds.CategoryScope(slug))
	}
	sources, err := w.reader.Sources(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range sources {
		scopes = append(scopes, feeds.SourceScope(s.ID))
	}
	return scopes, nil
}

// singles yields the documents that exist once, and the parts of the sitemap.
func (w *walker) singles(ctx context.Context) (more bool, err error) {
	paths := []string{feeds.RobotsPath, feeds.OPMLPath}
	if w.pages != nil {
		paths = append(paths, feeds.StylePath, feeds.IconPath)
		paths = append(paths, feeds.CategoriesPath, feeds.SourcesPath, feeds.SubscribePath)
	}
	if url := w.Site().URL; url != "" {
		m, err := w.sitemap(ctx)
		if err != nil {
			return false, err
		}
		paths = append(paths, feeds.SitemapPath)
		if m.split() {
			for _, part := range w.sitemapParts(m) {
				paths = append(paths, "/"+strings.TrimPrefix(part.Loc, url))
			}
		}
	}
	for _, path := range paths {
		if !w.yield(path) {
			return false, nil
		}
	}
	return true, nil
}

// scope yields the feeds and the pages of a scope.
func (w *walker) scope(ctx context.Context, scope feeds.Scope) (more bool, err error) {
	for _, f := range w.formats {
		if !w.yield(scope.Path() + f.File) {
			return false, nil
		}
	}
	if more, err := w.archives(ctx, scope); err != nil || !more {
		return false, err
	}
	if w.pages == nil {
		return true, nil
	}
	if !w.yield(scope.Path()) {
		return false, nil
	}
	return w.older(ctx, scope)
}

// archives yields the archived documents of a scope.
func (w *walker) archives(ctx context.Context, scope feeds.Scope) (more bool, err error) {
	numbers, err := w.reader.Archives(ctx, scope)
	if err != nil {
		return false, err
	}
	for _, n := range numbers {
		for _, f := range w.formats {
			if !w.yield(archiveTag(scope, n) + f.File) {
				return false, nil
			}
		}
	}
	return true, nil
}

// older yields the pages of a scope but the first. It holds the ids of a few pages
// at a time.
func (w *walker) older(ctx context.Context, scope feeds.Scope) (more bool, err error) {
	var ids []coranto.ItemID // from PageContext before the page that begins at start
	start := 0
	for r, err := range w.heads(ctx, scope) {
		if err != nil {
			return false, err
		}
		// One more than PageEnd looks at: with the last of them there is a next page.
		if ids = append(ids, r.Item.ID); len(ids)-start <= feeds.PageAhead {
			continue
		}
		start += feeds.PageEnd(ids, start)
		if !w.yield(scope.OlderPath(ids[start-1])) {
			return false, nil
		}
		if done := start - feeds.PageContext; done > 0 {
			ids = slices.Delete(ids, 0, done)
			start = feeds.PageContext
		}
	}
	for start < len(ids) {
		if start += feeds.PageEnd(ids, start); start == len(ids) {
			break
		}
		if !w.yield(scope.OlderPath(ids[start-1])) {
			return false, nil
		}
	}
	return true, nil
}

func (w *walker) items(ctx context.Context) error {
	if w.pages == nil {
		return nil
	}
	for r, err := range w.heads(ctx, feeds.Scope{}) {
		if err != nil {
			return err
		}
		if !w.yield(feeds.ItemPath(r.Item.ID)) {
			return nil
		}
	}
	return nil
}
