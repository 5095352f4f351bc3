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
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
)

//go:embed templates/*.html assets/* words/*.json
var files embed.FS

// Pages makes the pages of one site. It keeps nothing but its templates and is
// safe for concurrent use.
type Pages struct {
	reader    *feeds.Reader
	formats   []feeds.Format
	site      feeds.Site
	words     *words
	language  string // of the words
	base      string // path of the site's URL without its last slash: "" or "/planet"
	templates map[string]*template.Template
	style     []byte
	icon      []byte
}

// New returns the pages of what reader reads, which link to feeds in the given
// formats. The error is one of the embedded files, so none in a built program.
func New(reader *feeds.Reader, formats []feeds.Format) (*Pages, error) {
	p := &Pages{reader: reader, formats: formats, site: reader.Site()}
	var err error
	if p.words, p.language, err = readWords(p.site.Language); err != nil {
		return nil, err
	}
	if u, err := url.Parse(p.site.URL); err == nil {
		p.base = strings.TrimSuffix(u.EscapedPath(), "/")
	}
	if p.templates, err = parseTemplates(); err != nil {
		return nil, err
	}
	if p.style, err = files.ReadFile("assets/style.css"); err != nil {
		return nil, fmt.Errorf("read stylesheet: %w", err)
	}
	if p.icon, err = files.ReadFile("assets/icon.svg"); err != nil {
		return nil, fmt.Errorf("read icon: %w", err)
	}
	return p, nil
}

// parseTemplates parses each kind of page together with what all share.
func parseTemplates() (map[string]*template.Template, error) {
	parsed := make(map[string]*template.Template)
	shared := []string{"templates/layout.html", "templates/parts.html"}
	kinds := []string{"list", "item", "source", "categories", "sources", "subscribe", "problem"}
	for _, kind := range kinds {
		t, err := template.ParseFS(files, append(shared, "templates/"+kind+".html")...)
		if err != nil {
			return nil, fmt.Errorf("parse template %s: %w", kind, err)
		}
		parsed[kind] = t
	}
	return parsed, nil
}

// Page makes the document at a path, which begins with "/" and, but for the
// stylesheet and the icon, ends with one. ETag and the coded twins are left
// empty. The error wraps feeds.ErrNotFound when no page has that path.
func (p *Pages) Page(ctx context.Context, path string) (*feeds.Document, error) {
	switch path {
	case feeds.StylePath:
		return &feeds.Document{Path: path, MediaType: "text/css; charset=utf-8", Body: p.style}, nil
	case feeds.IconPath:
		return &feeds.Document{Path: path, MediaType: "image/svg+xml", Body: p.icon}, nil
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

func (p *Pages) render(kind string, v view) ([]byte, error) {
	var b bytes.Buffer
	if err := p.templates[kind].ExecuteTemplate(&b, "layout.html", v); err != nil {
		return nil, fmt.Errorf("render %s: %w", kind, err)
	}
	return b.Bytes(), nil
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
