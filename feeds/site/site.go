// Package site makes the HTML pages of a publication, with their stylesheet and
// icon: the newest items by day, the same for a category or a source, a page
// for each item, lists of categories and sources, and a page that explains how
// to subscribe.
//
// A page is a function of the store and the Site: no clock, no cookie, no
// script, no request to another host but for the images and media that items
// themselves name. Every page carries the autodiscovery links of the site's
// feeds and of its own scope, in one language of the interface (English or
// Chinese, after Site.Language); each item is marked with its own language and
// direction. Nothing in a page needs more than style-src 'self', and all text
// but Entry.Content, which is sanitized HTML, is escaped by html/template.
package site

import (
	"cmp"
	"context"
	"embed"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
)

//go:embed words/*.json
var files embed.FS

// Pages makes the pages of one site. It keeps nothing but its templates and is
// safe for concurrent use.
type Pages struct {
	reader   *feeds.Reader
	formats  []feeds.Format
	site     feeds.Site
	words    *words
	language string // of the words
	base     string // path of the site's URL without its last slash: "" or "/planet"
	theme    *Theme
	plain    *Theme // the built-in one, which stands in for templates that fail
	log      *slog.Logger
}

// New returns the pages of what reader reads, which link to feeds in the given
// formats, in the built-in theme. The error is one of the embedded files, so none in
// a built program.
func New(reader *feeds.Reader, formats []feeds.Format) (*Pages, error) {
	plain, err := builtIn()
	if err != nil {
		return nil, fmt.Errorf("read built-in theme: %w", err)
	}
	p := &Pages{
		reader:  reader,
		formats: formats,
		site:    reader.Site(),
		theme:   plain,
		plain:   plain,
		log:     slog.New(slog.DiscardHandler),
	}
	if p.words, p.language, err = readWords(p.site.Language); err != nil {
		return nil, err
	}
	if u, err := url.Parse(p.site.URL); err == nil {
		p.base = strings.TrimSuffix(u.EscapedPath(), "/")
	}
	return p, nil
}

// Dressed is the same pages in a theme; nil means the one that p has. What its
// templates fail on is told to log.
func (p *Pages) Dressed(theme *Theme, log *slog.Logger) *Pages {
	dressed := *p
	dressed.theme, dressed.log = cmp.Or(theme, p.theme), log
	return &dressed
}

// Page makes the document at a path, which begins with "/" and, but for the
// stylesheet and the icon, ends with one. ETag and the coded twins are left
// empty. The error wraps feeds.ErrNotFound when no page has that path.
func (p *Pages) Page(ctx context.Context, path string) (*feeds.Document, error) {
	switch path {
	case feeds.StylePath:
		return &feeds.Document{Path: path, MediaType: "text/css; charset=utf-8", Body: p.theme.style}, nil
	case feeds.IconPath:
		return &feeds.Document{Path: path, MediaType: "image/svg+xml", Body: p.theme.icon}, nil
	case feeds.CategoriesPath:
		return p.categoriesPage(ctx)
	case feeds.SourcesPath:
		return p.sourcesPage(ctx)
	case feeds.SubscribePath:
		return p.subscribePage(ctx)
	}
	return p.scopedPage(ctx, path)
}

// scopedPage makes the pages whose paths carry a name: items and lists.
func (p *Pages) scopedPage(ctx context.Context, path string) (*feeds.Document, error) {
	if rest, ok := strings.CutPrefix(path, "/item/"); ok {
		if id, ok := itemID(rest); ok {
			return p.itemPage(ctx, id)
		}
	}
	if scope, rest, ok := cutScope(path); ok {
		if rest == "" {
			return p.listPage(ctx, scope, coranto.ItemID{})
		}
		rest, older := strings.CutPrefix(rest, "before/")
		if before, ok := itemID(rest); older && ok {
			return p.listPage(ctx, scope, before)
		}
	}
	return nil, fmt.Errorf("page %s: %w", path, feeds.ErrNotFound)
}

// cutScope splits a path into the scope it begins with and the rest.
func cutScope(path string) (scope feeds.Scope, rest string, ok bool) {
	if after, found := strings.CutPrefix(path, "/category/"); found {
		name, rest, ok := strings.Cut(after, "/")
		slug, err := coranto.ParseSlug(name)
		return feeds.CategoryScope(slug), rest, ok && err == nil
	}
	if after, found := strings.CutPrefix(path, "/source/"); found {
		name, rest, ok := strings.Cut(after, "/")
		return feeds.SourceScope(coranto.SourceID(name)), rest, ok && name != ""
	}
	rest, ok = strings.CutPrefix(path, "/")
	return feeds.Scope{}, rest, ok
}

// itemID reads the last segment of a path. Only the one spelling that we write
// is an id, so that no page has two addresses.
func itemID(segment string) (coranto.ItemID, bool) {
	name, slash := strings.CutSuffix(segment, "/")
	id, err := coranto.ParseItemID(name)
	return id, slash && err == nil && id.String() == name
}

// document renders a view with the template of its kind.
func (p *Pages) document(kind string, modified time.Time, v view) (*feeds.Document, error) {
	f := v.shared()
	body, err := p.render(kind, v)
	if err != nil {
		return nil, fmt.Errorf("page %s: %w", f.Path, err)
	}
	return &feeds.Document{
		Path:      f.Path,
		MediaType: "text/html; charset=utf-8",
		Body:      body,
		Modified:  modified,
		NoIndex:   f.NoIndex,
	}, nil
}

// render makes a page with the theme or, when its template fails on what this page
// shows, with the built-in one.
func (p *Pages) render(kind string, v view) ([]byte, error) {
	body, err := p.theme.render(kind, v)
	if err == nil || p.theme == p.plain {
		return body, err
	}
	p.log.Error("template of the theme failed; the built-in one was used",
		"url", v.shared().Path, "err", err)
	return p.plain.render(kind, v)
}

// href is the address of one of our paths as pages link to it.
func (p *Pages) href(path string) string { return p.base + path }

// absolute is the public address of one of our paths; only a site without a URL
// has none, and gets the path.
func (p *Pages) absolute(path string) string {
	if p.site.URL == "" {
		return path
	}
	return p.site.Absolute(path)
}
