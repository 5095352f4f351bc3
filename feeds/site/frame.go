package site

import (
	"cmp"
	"context"
	"html"
	"html/template"
	"mime"
	"slices"

	"github.com/coranto/coranto"
	"github.com/coranto/coranto/feeds"
	"github.com/coranto/coranto/storage"
)

// Categories in the line under the masthead; the rest are a click away.
const navCategories = 14

// frame is what all pages share; each view embeds one.
type frame struct {
	W           *words
	Lang        string // of the interface
	Base        string
	Title       string // of the document
	Topic       string // the same without the site's
	Description string
	Canonical   string
	Origin      feedLink // the feed an item came from; zero on other pages
	NoIndex     bool
	Feeds       []feedLink // for autodiscovery, the page's own scope first
	SiteFeeds   []feedLink // the site's, for the foot
	SiteTitle   string
	SiteLang    string // "" when it is Lang
	Front       bool   // the site's title is the page's heading
	Path        string
	Nav         []link
	Home        string
}

// view is what a template is given: a struct that embeds a frame.
type view interface{ shared() *frame }

func (f *frame) shared() *frame { return f }

// link is a link to one of our pages.
type link struct {
	Href, Text string
	Lang       string // of Text; "" when it is that of the interface, or unknown
	Current    bool
}

// feedLink is the address of a feed with what autodiscovery says of it.
type feedLink struct {
	Href   string
	URL    string            // absolute
	Type   template.HTMLAttr // the attribute type="…" with the media type without parameters
	Title  string            // "Go — Example (Atom)"
	Format string            // "Atom"
}

// frame fills what a page shares with all others; title is "" on the front page.
func (p *Pages) frame(path, title string) frame {
	f := frame{
		W:         p.words,
		Lang:      p.language,
		Base:      p.base,
		Title:     p.site.Title,
		Topic:     cmp.Or(title, p.site.Title),
		Canonical: p.absolute(path),
		SiteTitle: p.site.Title,
		Path:      path,
		SiteFeeds: p.feedLinks(feeds.Scope{}, p.site.Title),
		Home:      coranto.HomeURL,
	}
	if title != "" {
		f.Title = title + " — " + p.site.Title
	}
	if f.Lang != p.site.Language {
		f.SiteLang = p.site.Language
	}
	f.Feeds = f.SiteFeeds
	return f
}

// navigated is a frame with the line of categories.
func (p *Pages) navigated(ctx context.Context, path, title string) (frame, error) {
	f := p.frame(path, title)
	categories, err := p.reader.Categories(ctx)
	if err != nil {
		return frame{}, err
	}
	for _, c := range categories[:min(len(categories), navCategories)] {
		f.Nav = append(f.Nav, p.categoryLink(c.Category, path))
	}
	return f, nil
}

func (p *Pages) categoryLink(c coranto.Category, current string) link {
	path := feeds.CategoryScope(c.Slug).Path()
	l := link{Href: p.href(path), Text: c.Title, Current: path == current}
	if c.Language != p.language {
		l.Lang = c.Language
	}
	return l
}

// scoped puts the feeds of a scope before the site's, and returns them.
func (p *Pages) scoped(f *frame, scope feeds.Scope, title string) []feedLink {
	if scope.By == storage.All {
		return f.SiteFeeds
	}
	own := p.feedLinks(scope, title+" — "+p.site.Title)
	f.Feeds = append(slices.Clone(own), f.SiteFeeds...)
	return own
}

// feedLinks are the feeds of a scope in every format.
func (p *Pages) feedLinks(scope feeds.Scope, title string) []feedLink {
	links := make([]feedLink, len(p.formats))
	for i, format := range p.formats {
		path := scope.Path() + format.File
		links[i] = feedLink{
			Href:   p.href(path),
			URL:    p.absolute(path),
			Type:   typeAttribute(format.MediaType),
			Title:  title + " (" + format.Title + ")",
			Format: format.Title,
		}
	}
	return links
}

// typeAttribute is the attribute that names a media type, without parameters. It
// is made here because html/template would write the plus sign as a reference,
// which programs that look for feeds with a pattern don't understand.
func typeAttribute(mediaType string) template.HTMLAttr {
	return template.HTMLAttr(`type="` + html.EscapeString(bareType(mediaType)) + `"`)
}

// bareType is a media type without its parameters.
func bareType(mediaType string) string {
	bare, _, err := mime.ParseMediaType(mediaType)
	if err != nil {
		return mediaType
	}
	return bare
}
