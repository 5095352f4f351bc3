package publish

import (
	"context"
	"fmt"
	"html"
	"strings"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/storage"
)

// Moved tells where a path leads that names a category as it was called before.
// The new path may have no document either. Nothing is published at the old one.
func (p *Publisher) Moved(path string) (now string, ok bool) {
	scope, rest := cutScope(strings.TrimSuffix(path, "/") + "/")
	if scope.By != storage.ByCategory {
		return "", false
	}
	slug, ok := p.Site().Renamed(coranto.Slug(scope.Value))
	if !ok {
		return "", false
	}
	if !strings.HasSuffix(path, "/") {
		rest = strings.TrimSuffix(rest, "/")
	}
	return feeds.CategoryScope(slug).Path() + rest, true
}

// FormerPaths lists the paths that a document had while its category was called
// otherwise: those that Moved leads from to path.
func (p *Publisher) FormerPaths(path string) (old []string) {
	scope, rest := cutScope(path)
	if scope.By != storage.ByCategory {
		return nil
	}
	for _, slug := range p.Site().Category(coranto.Slug(scope.Value)).Formerly {
		old = append(old, feeds.CategoryScope(slug).Path()+rest)
	}
	return old
}

// File is what a file at a path holds, where nobody answers with a redirect: the
// document; at the former path of a feed the feed as it is today, and in the place of a
// page one that leads on. The error is that of Get.
func (p *Publisher) File(ctx context.Context, path string) (*Edition, error) {
	now, moved := p.Moved(path)
	if !moved {
		return p.Get(ctx, path)
	}
	e, err := p.Get(ctx, now)
	if err != nil {
		return nil, err
	}
	doc := e.Document
	doc.Path = path
	if strings.HasSuffix(path, "/") {
		doc.Body = p.signpost(path, now)
	}
	return newEdition(&doc, p.coders, nil), nil
}

// signpost is a page that leads from its path to another one. The way is relative, so
// that it is right wherever the files are put.
func (p *Publisher) signpost(path, to string) []byte {
	way := html.EscapeString(strings.Repeat("../", strings.Count(path, "/")-1) + to[1:])
	canonical := ""
	if site := p.Site().URL; site != "" {
		canonical = fmt.Sprintf("<link rel=\"canonical\" href=\"%s\">\n", html.EscapeString(site+to[1:]))
	}
	return fmt.Appendf(nil, `<!DOCTYPE html>
<html lang="%s">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>%s</title>
%s<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url=%s">
<p><a href="%[4]s">%[2]s</a></p>
</html>
`, html.EscapeString(p.Site().Language), html.EscapeString(p.Site().Title), canonical, way)
}
